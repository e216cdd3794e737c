"""Scores of the training loop, and an earlier pipeline's weights in a deeper one."""

from __future__ import annotations

import pytest
from teletipo.enrich.annotate import PIPELINES, load_pipeline

from training import recipe
from training.loop import attachment, blank_pipeline, initialise, warm_start
from training.sentence import Sentence

TEXT = "El presidente ruso, Vladimir Putin, llegó el martes a Pyongyang."


@pytest.fixture(scope="module")
def parsed() -> Sentence:
    """The sentence as the shipped pipeline parses it."""
    doc = load_pipeline("es")(TEXT)
    return Sentence(
        words=[t.text for t in doc],
        spaces=[bool(t.whitespace_) for t in doc],
        pos=[t.pos_ for t in doc],
        morphs=[str(t.morph) for t in doc],
        heads=[t.head.i for t in doc],
        deps=[t.dep_ for t in doc],
        entities=["O"] * len(doc),
    )


def test_attachment_counts_punctuation(parsed: Sentence) -> None:
    comma = parsed.words.index(",")
    heads = list(parsed.heads or [])
    heads[comma] = comma + 4
    other = Sentence(words=parsed.words, spaces=parsed.spaces, heads=heads, deps=parsed.deps)
    share = (len(heads) - 1) / len(heads)
    assert attachment(load_pipeline("es"), [parsed]) == {"las": 1.0, "uas": 1.0}
    assert attachment(load_pipeline("es"), [other]) == {"las": share, "uas": share}


def test_a_deeper_network_starts_as_good_as_the_earlier_one(parsed: Sentence) -> None:
    from teletipo.enrich.components.lexicon import Lexicon

    earlier = load_pipeline("es")
    config = recipe.read_config("es")
    vectors = next(node for node in earlier.get_pipe("tok2vec").model.walk() if node.name == "teletipo_vectors")  # type: ignore[attr-defined]
    deeper = blank_pipeline(
        config | {"tok2vec": config["tok2vec"] | {"depth": config["tok2vec"]["depth"] + 1}},
        Lexicon.from_dict(vectors.attrs["lexicon"]),
    )
    initialise(deeper, {"own": [parsed]}, 1)
    assert warm_start(deeper, PIPELINES / "es_teletipo")[:1] == ["tok2vec"]
    docs = [earlier.make_doc(TEXT), deeper.make_doc(TEXT)]
    one, other = (nlp.get_pipe("tok2vec").predict([doc])[0] for nlp, doc in zip((earlier, deeper), docs, strict=True))  # type: ignore[attr-defined]
    assert abs(one - other).max() < 1e-4
