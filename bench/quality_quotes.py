"""Precision and recall of quotes and speakers on the hand-marked sets of tests/enrich/quotes/data."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import spacy
from teletipo.enrich.quotes import QuoteFinder
from teletipo.records import Quote
from teletipo.settings import Settings

DATA = Path(__file__).parents[1] / "tests" / "enrich" / "quotes" / "data"
PIPELINES = Path(__file__).parents[1] / "streams" / "teletipo" / "pipelines"
_MARK = re.compile(r"⟦(~?)([\d,]+)([sc]?) |⟧")


@dataclass(slots=True)
class Gold:
    """A hand-marked quote: its span, and the spans that may be given as its speaker and cue."""

    span: tuple[int, int]
    direct: bool
    speakers: list[tuple[int, int]] = field(default_factory=list)
    cues: list[tuple[int, int]] = field(default_factory=list)


@dataclass(slots=True)
class Tally:
    """Counts of one kind of quotes."""

    gold: int = 0
    found: int = 0
    right: int = 0
    exact: int = 0
    speakers: int = 0
    speakers_right: int = 0

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.gold + self.found) if self.gold + self.found else 1.0


def parse(marked: str) -> tuple[str, list[Gold]]:
    """Plain text and marks of `⟦1 quote⟧`, `⟦~1 indirect quote⟧`, `⟦1s speaker⟧`, `⟦1c cue⟧`; marks nest."""
    text: list[str] = []
    length = at = 0
    stack: list[tuple[re.Match[str], int]] = []
    quotes: dict[str, Gold] = {}
    others: list[tuple[str, str, tuple[int, int]]] = []
    for match in _MARK.finditer(marked):
        piece = marked[at : match.start()]
        text.append(piece)
        length += len(piece)
        at = match.end()
        if match[0] != "⟧":
            stack.append((match, length))
            continue
        opening, start = stack.pop()
        if opening[3]:
            others += [(number, opening[3], (start, length)) for number in opening[2].split(",")]
        else:
            quotes[opening[2]] = Gold((start, length), not opening[1])
    text.append(marked[at:])
    for number, kind, span in others:
        (quotes[number].speakers if kind == "s" else quotes[number].cues).append(span)
    return "".join(text), list(quotes.values())


def overlap(a: tuple[int, int], b: tuple[int, int]) -> float:
    """Shared characters as a part of both together."""
    shared = min(a[1], b[1]) - max(a[0], b[0])
    return max(0, shared) / (max(a[1], b[1]) - min(a[0], b[0]))


def score(gold: list[Gold], found: list[Quote], tallies: dict[bool, Tally]) -> list[str]:
    """Add one text to the tallies; a quote is right where it shares 80 % with the mark. Returns what was wrong."""
    faults = []
    left = list(found)
    for quote in found:
        tallies[quote.direct].found += 1
    for mark in gold:
        tally = tallies[mark.direct]
        tally.gold += 1
        match = next((q for q in left if q.direct == mark.direct and overlap((q.start, q.end), mark.span) >= 0.8), None)
        if match is None:
            faults.append(f"missed {mark.direct} {mark.span}")
            continue
        left.remove(match)
        tally.right += 1
        tally.exact += (match.start, match.end) == mark.span
        tally.speakers += 1
        said = (match.speaker.start, match.speaker.end) if match.speaker else None
        right = said is None if not mark.speakers else said is not None and any(overlap(said, s) > 0 for s in mark.speakers)
        tally.speakers_right += right
        if not right:
            faults.append(f"speaker of {match.text!r}: {match.speaker and match.speaker.text!r}")
    return faults + [f"extra {q.direct} {q.text!r}" for q in left]


def measure(name: str, verbose: bool = False) -> dict[bool, Tally]:
    """Tallies of direct (True) and indirect (False) quotes on one set."""
    finder = QuoteFinder(Settings())
    pipelines: dict[str, Any] = {}
    tallies = {True: Tally(), False: Tally()}
    for line in (DATA / f"{name}.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        language = row["language"]
        if language not in pipelines:
            pipelines[language] = spacy.load(PIPELINES / f"{language}_teletipo")
        text, gold = parse(row["marked"])
        faults = score(gold, finder.find(pipelines[language](text), text, language, []), tallies)
        if verbose and faults:
            print(row["id"], text, *faults, sep="\n    ")
    return tallies


def run(final: bool) -> list[tuple[str, float, str]]:
    """Rows (figure, value, aim) for bench/quality.py: the development sets, with `final` the blind set too."""
    rows = []
    for name in ("marked", "fresh", "blind") if final else ("marked", "fresh"):
        tallies = measure(name)
        both = list(tallies.values())
        speakers = sum(t.speakers_right for t in both) / max(1, sum(t.speakers for t in both))
        rows += [
            (f"quotes {name}: direct F1", tallies[True].f1, "0.88"),
            (f"quotes {name}: indirect F1", tallies[False].f1, "0.70"),
            (f"quotes {name}: speaker right", speakers, "0.88"),
        ]
    return rows


if __name__ == "__main__":
    import sys

    for which in sys.argv[1:] or ["marked"]:
        for direct, tally in measure(which, verbose=True).items():
            print(which, "direct" if direct else "indirect", f"F1 {tally.f1:.3f}", tally)
