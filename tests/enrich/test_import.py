"""What `spacy.load` of a pipeline imports through the entry points must not be the whole enricher."""

from __future__ import annotations

import subprocess
import sys

import pytest
import teletipo.enrich


def test_components_of_a_pipeline_do_not_import_the_enricher() -> None:
    code = (
        "import sys, importlib.metadata as m\n"
        "points = [p for group in ('spacy_factories', 'spacy_architectures') for p in m.entry_points(group=group)]\n"
        "ours = [p.load() for p in points if p.value.startswith('teletipo.')]\n"
        "assert len(ours) >= 3, ours\n"
        "print(*sorted(name for name in sys.modules if name.startswith('teletipo.')))"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=240).stdout.split()
    assert "teletipo.enrich.components.lemmatizer" in loaded
    assert not [name for name in loaded if name.startswith(("teletipo.enrich.e", "teletipo.records", "teletipo.wires"))], loaded


def test_the_names_of_the_package_are_there_when_asked_for() -> None:
    assert {getattr(teletipo.enrich, name).__module__ for name in ("Enricher", "Task", "Enriched", "Failed")} == {
        "teletipo.enrich.enricher",
        "teletipo.enrich.model",
    }
    with pytest.raises(AttributeError, match="Nothing"):
        _ = teletipo.enrich.Nothing
