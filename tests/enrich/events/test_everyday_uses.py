"""Uses that name no act (entries of type none) stay none, and the English lexicon keeps its breadth."""

from __future__ import annotations

from teletipo.enrich.events.examples import run
from teletipo.enrich.events.lexicon import load_lexicon


def test_every_everyday_use_in_english_is_coded_as_nothing() -> None:
    entries = [entry for entry in load_lexicon("en").entries if "/uses_" in entry.name]
    wrong = [f"{o.example.text}: {o.difference}" for o in run("en", entries) if o.difference]
    assert len(entries) > 70
    assert wrong == []


def test_the_english_lexicon_has_nine_hundred_entries_of_all_types() -> None:
    entries = load_lexicon("en").entries
    assert len(entries) >= 900
    assert len({entry.type for entry in entries if entry.type}) == 16
