"""What English trees hide from the coder, on trees given by hand: pronouns, bare objects, pasts taken for passives, owners."""

from __future__ import annotations

import pytest
import spacy
from spacy.tokens import Doc
from teletipo.enrich.events.antecedents import antecedents, words_near
from teletipo.enrich.events.examples import reading_stages
from teletipo.enrich.events.objects import bare_object
from teletipo.enrich.events.view import View, build
from teletipo.enrich.events.voice import is_passive
from teletipo.enrich.model import Draft
from teletipo.records import Event, RawItem
from teletipo.settings import load_settings

VOCAB = spacy.blank("en").vocab
VERBS = frozenset({"say", "free", "meet", "declare", "send", "arrest"})


def tree(rows: str) -> View:
    """A view of a sentence: one token a line as "word lemma POS dep head [morph]"."""
    cells = [line.split() for line in rows.strip().splitlines()]
    doc = Doc(
        VOCAB,
        words=[c[0] for c in cells],
        lemmas=[c[1] for c in cells],
        pos=[c[2] for c in cells],
        deps=[c[3] for c in cells],
        heads=[int(c[4]) for c in cells],
        morphs=[c[5] if len(c) > 5 else "" for c in cells],
    )
    return build(doc, doc.text, "en", VERBS)


SAID = """
Kenya Kenya PROPN nsubj 1 Number=Sing
said say VERB ROOT 1 VerbForm=Fin
{pronoun} {pronoun} PRON nsubj 4
would would AUX aux 4
free free VERB ccomp 1 VerbForm=Inf
them they PRON obj 4
. . PUNCT punct 1
"""


def test_a_pronoun_after_said_is_who_said_it() -> None:
    view = tree(SAID.format(pronoun="it"))
    assert antecedents(view, 2) == [0]


def test_no_pronoun_no_antecedent() -> None:
    view = tree(SAID.format(pronoun="we"))
    assert antecedents(view, 2) == []


def test_a_pronoun_reaches_the_sentence_before_if_the_number_fits() -> None:
    rows = """
Rebels rebel NOUN nsubj 1 Number=Plur
met meet VERB ROOT 1 VerbForm=Fin
. . PUNCT punct 1
{pronoun} {pronoun} PRON nsubj 4
said say VERB ROOT 4 VerbForm=Fin
so so ADV advmod 4
. . PUNCT punct 4
"""
    assert antecedents(tree(rows.format(pronoun="They")), 3) == [0]
    assert antecedents(tree(rows.format(pronoun="He")), 3) == []


NEAR = """
Rebels rebel NOUN nsubj 1
met meet VERB ROOT 1 VerbForm=Fin
. . PUNCT punct 1
{pronoun} {pronoun} PRON nsubj 4
left leave VERB ROOT 4 VerbForm=Fin
. . PUNCT punct 4
"""


@pytest.mark.parametrize(("pronoun", "reached"), [("They", True), ("Nobody", False)])
def test_the_words_near_a_sentence_are_those_its_pronouns_may_mean(pronoun: str, reached: bool) -> None:
    near = words_near(tree(NEAR.format(pronoun=pronoun)), 1)
    assert near is not None
    assert ("rebels" in near.forms) is reached
    assert "leave" in near.forms


def test_what_hangs_on_another_sentence_may_be_near_any_word() -> None:
    assert words_near(tree(NEAR.format(pronoun="They").replace("NOUN nsubj 1", "NOUN nsubj 4")), 1) is None


def test_the_phrase_behind_a_verb_is_its_object_wherever_it_hangs() -> None:
    view = tree("""
Police police NOUN nsubj 1 Number=Sing
arrested arrest VERB ROOT 1 VerbForm=Fin
a a DET det 4
Somali Somali ADJ amod 4
man man NOUN obl 5
suspected suspect VERB advcl 1 VerbForm=Part
. . PUNCT punct 1
""")
    assert bare_object(view, 1) == 4


def test_a_preposition_or_a_day_behind_the_verb_is_no_object() -> None:
    view = tree("""
They they PRON nsubj 1
met meet VERB ROOT 1 VerbForm=Fin
Monday Monday PROPN obl 1
in in ADP case 4
Oslo Oslo PROPN obl 1
. . PUNCT punct 1
""")
    assert bare_object(view, 1) is None


def test_a_preposition_tied_to_part_of_a_name_is_that_of_the_name() -> None:
    view = tree("""
by by ADP case 1
Delhi Delhi PROPN compound 2
Police Police PROPN obl 3
arrested arrest VERB ROOT 3 VerbForm=Part
""")
    assert view.case(2) == "by"


def test_a_past_joined_to_an_active_verb_is_active() -> None:
    view = tree("""
Peru Peru PROPN nsubj 1
declared declare VERB ROOT 1 VerbForm=Fin
it it PRON obj 1
and and CCONJ cc 4
sent send VERB conj 1 VerbForm=Part
troops troop NOUN obj 4
. . PUNCT punct 1
""")
    assert not is_passive(view, 4, participle=True)


@pytest.fixture(scope="module")
def stages() -> list:
    return reading_stages(load_settings(event_threshold=0.3))


def events(stages: list, body: str) -> list[Event]:
    draft = Draft(item=RawItem(provider="t", item_id="1", body=body, language="en"), language="en", text=body)
    for stage in stages:
        stage([draft])
    return draft.events


@pytest.mark.parametrize(
    ("sentence", "kind", "actor", "recipient"),
    [
        ("Norway said it had expelled two Russian diplomats.", "SANCTION", "NOR", "RUS"),
        ("Peru is willing to provide medicine to Haiti.", "AGREE", "PER", "HTI"),
        ("Slovenia's government will not release the prisoners.", "REJECT", "SVN", None),
        ("Iran launched cyber attacks on Albania.", "COERCE", "IRN", "ALB"),
        ("Latvia's parliament voted to recognise Kosovo.", "SUPPORT", "LVA", "XKX"),
        ("Germany condemned the Turkish president's decision.", "ACCUSE", "DEU", "TUR"),
    ],
)
def test_an_english_sentence(stages: list, sentence: str, kind: str, actor: str, recipient: str | None) -> None:
    found = [e for e in events(stages, sentence) if e.type == kind]
    assert len(found) == 1
    assert [p.country for p in found[0].actors] == [actor]
    if recipient is not None:
        assert [p.country for p in found[0].recipients] == [recipient]


@pytest.mark.parametrize(
    "sentence", ["Iranian-backed militias patrol the market in Basra.", "A UN-brokered calendar hung in the hall in Oslo."]
)
def test_a_participle_behind_a_hyphen_only_describes(stages: list, sentence: str) -> None:
    assert [e.type for e in events(stages, sentence) if e.trigger.text in ("backed", "brokered")] == []
