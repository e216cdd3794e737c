"""The lexicons as they ship, and what the check says of wrong entries."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from teletipo import codebook, languages
from teletipo.cli.lexicon import lexicon
from teletipo.enrich.events.entry import Fault, parse_coding, read_entry
from teletipo.enrich.events.examples import run
from teletipo.enrich.events.lexicon import load_lexicon, read_entries

CLASSES = {"agreement": ["acuerdo", "alto el fuego"]}
PATTERNS = {"to": {}, "sides": {}}


@pytest.mark.parametrize("language", ["es", "en"])
def test_every_shipped_entry_is_right_and_has_an_example(language: str) -> None:
    entries, faults = read_entries(language)
    assert faults == []
    assert all(entry.examples for entry in entries)
    assert {entry.type for entry in entries} >= set(codebook.types())
    assert len({phrase for e in entries for phrase in (*e.verbs, *e.nouns)}) > 900


@pytest.mark.parametrize("language", ["es", "en"])
def test_most_examples_are_coded_as_they_say(language: str) -> None:
    outcomes = list(run(language, load_lexicon(language).entries))
    right = sum(1 for outcome in outcomes if not outcome.difference)
    assert right / len(outcomes) > 0.8


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"nouns": ["x"], "type": "SIGN"}, "no PLOVER type 'SIGN'"),
        ({"verbs": ["x"], "type": "SUPPORT", "cameo": "190"}, "does not belong to SUPPORT"),
        ({"verbs": ["x"], "type": "CONSULT", "mode": "demo"}, "CONSULT has no mode 'demo'"),
        ({"verbs": ["x"], "type": "SUPPORT", "require": {"object": ["@nothing"]}}, "no word class @nothing"),
        ({"verbs": ["x"], "type": "SUPPORT", "require": {"object": ["#KING"]}}, "no tag #KING"),
        ({"verbs": ["x"], "type": "SUPPORT", "pattern": "sideways"}, "no pattern 'sideways'"),
        ({"verbs": ["x"], "type": "SUPPORT", "objekt": ["y"]}, "unknown key 'objekt'"),
        ({"type": "SUPPORT"}, "neither verbs nor nouns"),
        ({"verbs": ["x"], "type": "SUPPORT", "examples": ["Sin flecha."]}, "lacks '=> CODING'"),
    ],
)
def test_a_wrong_entry_is_named_with_what_to_write(row: dict, message: str) -> None:
    with pytest.raises(Fault, match=message.replace("'", ".")):
        read_entry(row, "test", CLASSES, PATTERNS)


def test_codings_of_examples_are_read() -> None:
    assert parse_coding("none") == ()
    (one,) = parse_coding("ACCUSE/disapprove 114 asserted: POL > RUS + BLR")
    assert (one.type, one.mode, one.cameo, one.modality) == ("ACCUSE", "disapprove", "114", "asserted")
    assert one.actors == ("POL",)
    assert one.recipients == ("RUS", "BLR")


def test_check_and_find_speak_in_lines() -> None:
    done = CliRunner().invoke(lexicon, ["check", "-l", "es"])
    assert done.exit_code == 0
    assert "0 faults" in done.output
    assert "SUPPORT 057" in CliRunner().invoke(lexicon, ["find", "firmar", "-l", "es"]).output
    assert set(languages.available()) >= {"es", "en"}
