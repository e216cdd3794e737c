"""What is said of nobody, or of a time before 1900, is no event."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from teletipo.enrich.model import Draft

Coded = Callable[..., Draft]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The fortress was stormed by the Danes in 1716."),
        ("en", "The Treaty of Kiel, signed in 1814, gave the islands to Denmark."),
        ("es", "La ciudad fue atacada por los franceses en 1808."),
        ("en", "Governments fall; the protests go on."),
        ("en", "Why do some protests work while others fade?"),
    ],
)
def test_no_event(language: str, text: str, coded: Coded) -> None:
    assert [e.type for e in coded(text, language).events] == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The protests went on in Tbilisi on Monday.", "PROTEST"),
        ("Police arrested 1850 protesters in Lagos on Monday.", "COERCE"),
        ("Norway and Chile renewed a treaty of 1898 on Monday and signed a protocol.", "SUPPORT"),
    ],
)
def test_what_is_told_of_today_stays(text: str, kind: str, coded: Coded) -> None:
    assert kind in [e.type for e in coded(text, "en").events]
