"""Loaded pipelines multiply matrices by numpy, on one thread, with the annotation that BLIS gives."""

from __future__ import annotations

import pytest
import spacy
from teletipo.enrich.annotate import PIPELINES
from thinc.api import NumpyOps
from threadpoolctl import threadpool_info

TEXTS = {
    "es": "El canciller viajó a Lima para reunirse con su homólogo peruano, y ambos firmaron un acuerdo de cooperación.",
    "en": "The foreign minister flew to Lima to meet his Peruvian counterpart, and both signed a cooperation agreement.",
}


@pytest.mark.parametrize("language", sorted(TEXTS))
def test_plain_spacy_load_multiplies_by_numpy_on_one_thread(language: str) -> None:
    nlp = spacy.load(PIPELINES / f"{language}_teletipo")
    networks = [pipe.model for _name, pipe in nlp.pipeline if hasattr(pipe, "model")]
    assert len(networks) == 4
    assert all(node.ops.use_blis is False for network in networks for node in network.walk())
    assert {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"} == {1}


@pytest.mark.parametrize("language", sorted(TEXTS))
def test_the_annotation_is_that_of_blis(language: str) -> None:
    ours = spacy.load(PIPELINES / f"{language}_teletipo")
    other = spacy.load(PIPELINES / f"{language}_teletipo")
    for _name, pipe in other.pipeline:
        for node in pipe.model.walk() if hasattr(pipe, "model") else ():
            node.ops = NumpyOps()
    one, two = ours(TEXTS[language]), other(TEXTS[language])
    assert [(t.pos_, t.dep_, t.head.i, t.ent_type_) for t in one] == [(t.pos_, t.dep_, t.head.i, t.ent_type_) for t in two]
