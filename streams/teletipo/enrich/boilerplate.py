"""Recognise what publishers put around a story. The phrases are data: languages/*/boilerplate.toml.

All languages' phrases are tried on every text: it is cleaned before its language is known, and papers mix them.
Every test looks at a bounded piece of a paragraph, so that a paragraph of a million characters costs no more than a short one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from teletipo.languages import available, load

_LONGEST = 420
"""Characters beyond which a paragraph is never boilerplate as a whole (but for links that a phrase opens)."""
_LINK_MARK = r"\s*(?:[:|»>→]|[-–—]\s)"
_BULLETS = r"[^\w\"“”«»'‘’—–(\[-]{0,6}"
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_SIGNATURE = r"[A-Za-zñ]{1,5}(?:[-/][A-Za-zñ]{1,5}){0,6}"
_CLOSING = ("credit", "tail")
_SENTENCE_END = r"[.!?…»”\")\]]"


def _alternatives(phrases: Iterable[str]) -> str:
    return "|".join(re.escape(phrase) for phrase in sorted(set(phrases), key=lambda phrase: (-len(phrase), phrase)))


def _closing(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<={_SENTENCE_END})\s+(?:{'|'.join(patterns)})\.?$", re.IGNORECASE)


def _tables(name: str) -> list[dict[str, Any]]:
    return [load(language, name) for language in available()]


class Boilerplate:
    """The compiled phrases of all languages."""

    def __init__(self) -> None:
        tables = _tables("boilerplate")
        openers = [phrase for table in tables for phrase in table["related"]["openers"]]
        strict = [phrase for table in tables for phrase in table["related"]["strict"]]
        fillers = _alternatives(phrase for table in tables for phrase in table["related"]["fillers"])
        opened = rf"(?:{_alternatives(openers)})(?!\w)(?:\s(?:{fillers})(?!\w)){{0,5}}{_LINK_MARK}"
        directly = rf"(?:{_alternatives(strict)})\s*(?:[:|»>→])(?!.*[.!?]$)"
        self._link = re.compile(rf"{_BULLETS}(?:{opened}|{directly})\s*", re.IGNORECASE)
        self._bare_link = re.compile(rf"{_BULLETS}(?:{_alternatives(openers)})\W*", re.IGNORECASE)
        self._bracketed = re.compile(rf"\s?[(\[](?:{opened}|{directly})[^()\[\]\n]{{1,200}}[)\]]", re.IGNORECASE)
        self._inline = re.compile(rf"(?<=[.!?…»”\")])\s+(?:{opened})\s*[^\n]{{1,200}}", re.IGNORECASE)
        self._whole = [
            (
                kind,
                re.compile(
                    "|".join(f"(?:{pattern})" for table in tables for pattern in table[kind]["paragraphs"]), re.IGNORECASE
                ),
            )
            for kind in ("related", "subscription", "advertising", "credit", "tail")
        ]
        notes = _alternatives(opener for table in tables for opener in table["advisory"]["openers"])
        patterns = [pattern for table in tables for pattern in table["advisory"]["paragraphs"]]
        self._advisory = re.compile("|".join((rf"\((?:{notes})\b[^()]{{0,400}}\)", *patterns)), re.IGNORECASE)
        self._closing = [(kind, _closing(pattern for table in tables for pattern in table[kind]["inline"])) for kind in _CLOSING]
        self._guard = re.compile(
            rf"\b(?:{_alternatives(word for table in tables for word in table['guard']['words'])})\b", re.IGNORECASE
        )
        self._share_words = {word for table in tables for phrase in table["share"]["words"] for word in phrase.casefold().split()}
        self._share_alone = {phrase.casefold() for table in tables for phrase in table["share"]["alone"]}
        agencies = _alternatives(name for table in _tables("datelines") for name in table["agencies"])
        self._agency_line = re.compile(
            rf"\(?(?:(?:agencia|agencias|news agency)\s)?(?:{agencies})(?:[\s/,&y-]+(?:{agencies}))*\)?\.?(?:\s+{_SIGNATURE})?"
        )
        self._signature = re.compile(r"\(?[a-zñ]{2,5}(?:[-/][a-zñ]{1,5}){1,6}\)?\.?")
        self._agency_end = re.compile(
            rf"(?<={_SENTENCE_END})\s*(?:[-–—]{{1,2}}\s*)?"
            rf"(\((?:{agencies}|I|II|III|FIN|Fin|END)\)|(?:{agencies})(?:[/-](?:{agencies}))?(?:\s+[a-zñ]{{1,5}}(?:[-/][a-zñ]{{1,5}}){{0,6}})?"
            r"|[a-zñ]{2,5}(?:/[a-zñ]{2,5}){1,6}|\((?:c|C)\)\s[^\n]{2,60}|©\s?[^\n]{2,60})\.?$"
        )

    def kind(self, paragraph: str) -> str | None:
        """What a whole paragraph is, if it is no part of the story: related, subscription, advertising, share, credit, tail."""
        head = paragraph[:300]
        if self._link.match(head) and len(paragraph) <= _LONGEST:
            return "related"
        if len(paragraph) > _LONGEST:
            return None
        if self._bare_link.fullmatch(paragraph):
            return "related"
        bare = paragraph.strip(" *•·►▶➡👉🔴📲📱-–—_=")
        if self._agency_line.fullmatch(bare) or self._signature.fullmatch(paragraph) or (not bare and len(paragraph) > 2):
            return "tail"
        for kind, pattern in self._whole:
            if pattern.fullmatch(bare):
                return kind if kind == "credit" or not self.reports(bare) else None
        return "share" if self._is_share_bar(bare) else None

    def is_advisory(self, paragraph: str) -> bool:
        """Whether a paragraph before the story tells editors what is new in this version: "(Adds details, quote)"."""
        return len(paragraph) <= _LONGEST and self._advisory.fullmatch(paragraph) is not None

    def reports(self, paragraph: str) -> bool:
        """Whether the paragraph reports somebody's words; such a sentence is never boilerplate."""
        return self._guard.search(paragraph) is not None

    def is_open_link(self, paragraph: str) -> bool:
        """Whether the paragraph only announces a link, whose title is the next one: "Te puede interesar:"."""
        if len(paragraph) > 80:
            return False
        link = self._link.match(paragraph)
        return bool(link and link.end() >= len(paragraph.rstrip())) or bool(self._bare_link.fullmatch(paragraph))

    def _is_share_bar(self, paragraph: str) -> bool:
        if not paragraph or len(paragraph) > 160:
            return False
        folded = paragraph.casefold().strip(" .:")
        if folded in self._share_alone:
            return True
        words = _WORD.findall(folded)
        return len(words) >= 2 and all(word in self._share_words for word in words)

    def inline(self, paragraph: str) -> list[tuple[int, int, str]]:
        """Links and agency tails within a paragraph of the story: spans and kinds, in order, not overlapping."""
        spans: list[tuple[int, int, str]] = []
        if ":" in paragraph or "|" in paragraph:
            spans += [(m.start(), m.end(), "related") for m in self._bracketed.finditer(paragraph)]
            tail = max(0, len(paragraph) - 400)
            spans += [(m.start() + tail, len(paragraph), "related") for m in self._last_link(paragraph[tail:])]
        if paragraph.endswith((")", ").")):
            tail = max(0, len(paragraph) - _LONGEST)
            closing = ((kind, pattern.search(paragraph[tail:])) for kind, pattern in self._closing)
            spans += [(found.start() + tail, len(paragraph), kind) for kind, found in closing if found]
        tail = max(0, len(paragraph) - 120)
        end = self._agency_end.search(paragraph[tail:])
        if end and end.start() + tail > 0:
            spans.append((end.start() + tail, len(paragraph), "tail"))
        return _disjoint(spans)

    def _last_link(self, piece: str) -> list[re.Match[str]]:
        """A link that ends the paragraph: its title has no sentence after it, or the story would go with it."""
        found = self._inline.search(piece)
        if found is None or found.end() != len(piece):
            return []
        title = piece[found.start() + 1 :]
        return [] if re.search(r"(?<!\b[A-Z])[.!?…]\s+[A-ZÁÉÍÓÚÑ¿¡«“\"]", title) else [found]


def _disjoint(spans: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    kept: list[tuple[int, int, str]] = []
    for span in sorted(spans):
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept


@lru_cache(maxsize=1)
def boilerplate() -> Boilerplate:
    """The phrases, compiled once in a process. Raises LexiconError if a table is wrong."""
    return Boilerplate()
