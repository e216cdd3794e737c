"""Quotation marks: which stretches of a text stand between them. Text only, one pass, no language knowledge."""

from __future__ import annotations

import re
from dataclasses import dataclass

PAIRS = {"«": "»", "“": "”", "‘": "’", "„": "“", '"': '"', "'": "'", "‹": "›", "「": "」"}
CLOSERS = {"»", "”", "’", '"', "'", "›", "」"}
DASHES = "–—―-"
_CONTINUED = {"«": "«»", "“": "“”", '"': '"', "„": "„", "‘": "‘"}
_SIGNS = re.compile(r"[«»“”„‘’\"'‹›「」\n]")
_DIALOGUE = re.compile(r"(?:^|\n)[ \t]*([–—―-])[ \t]?(?=[^\W\d]|[¿¡…])")
_DOUBLE = '"“”'
_MAX_DEPTH = 4


@dataclass(slots=True)
class Stretch:
    """Text between two marks: `start`, `end` are inside the marks. `closed` is False where the closing mark is lost."""

    start: int
    end: int
    closed: bool
    depth: int
    kind: str

    @property
    def outer_start(self) -> int:
        """Where the opening mark stands."""
        return self.start - 1

    @property
    def outer_end(self) -> int:
        """After the closing mark."""
        return self.end + 1 if self.closed else self.end


def find_stretches(text: str) -> list[Stretch]:
    """All quoted stretches by their start; nested ones have a greater depth. A mark left open ends with its paragraph."""
    found: list[Stretch] = []
    open_marks: list[tuple[str, int]] = []
    skip = -1
    for match in _SIGNS.finditer(text):
        at = match.start()
        sign = text[at]
        if sign == "\n":
            skip = _end_of_paragraph(text, at, open_marks, found)
        elif at == skip:
            continue
        elif _closes(text, at, sign, open_marks):
            _close(sign, at, open_marks, found)
        elif sign in PAIRS and len(open_marks) < _MAX_DEPTH and _may_open(text, at, sign):
            open_marks.append((sign, at + 1))
    _lose(len(text), open_marks, found)
    found.sort(key=lambda stretch: (stretch.start, -stretch.end))
    return [stretch for stretch in found if text[stretch.start : stretch.end].strip()]


def dialogue_paragraphs(text: str) -> list[tuple[int, int]]:
    """Paragraphs that begin with a dash, without it: (start, end)."""
    spans = []
    for match in _DIALOGUE.finditer(text):
        end = text.find("\n", match.end())
        spans.append((match.end(), len(text) if end < 0 else end))
    return spans


def _end_of_paragraph(text: str, at: int, open_marks: list[tuple[str, int]], found: list[Stretch]) -> int:
    """Speech goes on where the next paragraph repeats the mark; then the offset of the repeated mark, else -1."""
    following = at + 1
    if len(open_marks) == 1 and following < len(text) and text[following] in _CONTINUED.get(open_marks[0][0], ""):
        return following
    _lose(at, open_marks, found)
    return -1


def _lose(end: int, open_marks: list[tuple[str, int]], found: list[Stretch]) -> None:
    for depth, (kind, start) in enumerate(open_marks):
        found.append(Stretch(start, end, False, depth, kind))
    open_marks.clear()


def _close(sign: str, at: int, open_marks: list[tuple[str, int]], found: list[Stretch]) -> None:
    """Close the innermost mark of this kind; marks inside it that were left open are lost there."""
    while open_marks:
        kind, start = open_marks.pop()
        fits = _ends(kind, sign)
        found.append(Stretch(start, at, fits, len(open_marks), kind))
        if fits:
            return


def _ends(kind: str, sign: str) -> bool:
    """Whether a sign may close a mark: its own, or another double one that a keyboard put in its place."""
    return PAIRS[kind] == sign or (kind in _DOUBLE and sign in _DOUBLE)


def _closes(text: str, at: int, sign: str, open_marks: list[tuple[str, int]]) -> bool:
    if open_marks and sign in _DOUBLE and open_marks[-1][0] in _DOUBLE and PAIRS[open_marks[-1][0]] != sign:
        return not _after_gap(text, at) and not text[at + 1 : at + 2].isalnum()
    if sign not in CLOSERS or not any(PAIRS[kind] == sign for kind, _ in open_marks):
        return False
    if sign in "'’":
        return not text[at + 1 : at + 2].isalnum()
    if sign == '"':
        # A straight mark after a space and before a letter opens a nested quotation, unless it is the one that is open.
        return not (_after_gap(text, at) and text[at + 1 : at + 2].isalnum() and open_marks[-1][0] != '"')
    return True


def _may_open(text: str, at: int, sign: str) -> bool:
    following = text[at + 1 : at + 2]
    if not following or following.isspace():
        return False
    return sign in "«“„‹「" or _after_gap(text, at)


def _after_gap(text: str, at: int) -> bool:
    return at == 0 or text[at - 1].isspace() or text[at - 1] in "([¿¡«“‘\"'–—-/:"
