"""Whole articles against what a reader finds in them: entities, countries, quotes, speakers, tone, what cleaning takes out.

The sets are bench/sets/articles_*.toml. Marks in headline and body: `⟪P1 name⟫` a mention of person 1 (O organisation, L place,
M other; `L1|O1` either type, `P1?` a mention that may be left out), `⟦1 …⟧` direct and `⟦~1 …⟧` indirect quote 1, `⟦1s …⟧` its
speaker, `⟦1c …⟧` its cue, `⟦x …⟧` what is to be removed. `speakers` are further right speakers of a quote, `optional_quotes`
neither wanted nor wrong, `countries` those of entities ("": none; entities not named there are open).

`python -m bench.quality articles` prints the figures of both sets; `python -m bench.quality_articles dev` every fault of one.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from teletipo.enrich import Enriched, Enricher, Task
from teletipo.records import Article, RawItem
from teletipo.settings import load_settings

from bench.quality_quotes import Gold, Tally, score

SETS = Path(__file__).parent / "sets"
_REMOVED = re.compile(r"⟦x ([^⟧]*)⟧ ?")
_MARK = re.compile(r"⟦(~?)([\d,]+)([sc]?) |⟪([A-Z0-9|]+)(\??) |⟧|⟫")
_TYPES = {"P": "PER", "O": "ORG", "L": "LOC", "M": "MISC"}
Span = tuple[int, int]


@dataclass(slots=True)
class Thing:
    """An entity as marked."""

    types: set[str] = field(default_factory=set)
    wanted: set[Span] = field(default_factory=set)
    allowed: set[Span] = field(default_factory=set)


@dataclass(slots=True)
class Marked:
    """An article as marked: its clean text with spans in it."""

    text: str
    removed: list[str]
    things: dict[str, Thing]
    quotes: list[Gold]


def parse(row: dict[str, Any]) -> Marked:
    """Plain text and spans of one article of a set."""
    removed = [match[1] for match in _REMOVED.finditer(row["body"])]
    lines = [line.strip() for line in _REMOVED.sub("", row["body"]).split("\n")]
    source = row["headline"] + "\n\n" + "\n".join(line for line in lines if line)
    pieces: list[str] = []
    length = at = 0
    stack: list[tuple[re.Match[str], int]] = []
    things: dict[str, Thing] = {}
    quotes: dict[str, Gold] = {}
    parts: list[tuple[str, str, Span]] = []
    for match in _MARK.finditer(source):
        pieces.append(source[at : match.start()])
        length += match.start() - at
        at = match.end()
        if match[0] not in "⟧⟫":
            stack.append((match, length))
            continue
        opening, start = stack.pop()
        if opening[4]:
            thing = things.setdefault(opening[4].partition("|")[0], Thing())
            thing.types |= {_TYPES[key[0]] for key in opening[4].split("|")}
            (thing.allowed if opening[5] else thing.wanted).add((start, length))
        elif opening[3]:
            parts += [(number, opening[3], (start, length)) for number in opening[2].split(",")]
        else:
            quotes[opening[2]] = Gold((start, length), not opening[1])
    text = "".join([*pieces, source[at:]])
    for number, kind, span in parts:
        if number in quotes:
            (quotes[number].speakers if kind == "s" else quotes[number].cues).append(span)
    for number, speakers in row.get("speakers", {}).items():
        quotes[number].speakers += [m.span() for name in speakers for m in re.finditer(re.escape(name), text)]
    return Marked(text, removed, things, list(quotes.values()))


def entity_faults(marked: Marked, article: Article, countries: dict[str, str], counts: Counter[str]) -> list[str]:
    """Add one article to the counts: an entity is right if its type, all its mentions and no others came out."""
    faults = []
    taken: set[str] = set()
    for key, thing in marked.things.items():
        spans = thing.wanted | thing.allowed
        best = max(article.entities, key=lambda e: len({(m.start, m.end) for m in e.mentions} & spans), default=None)
        found = {(m.start, m.end) for m in best.mentions} if best is not None else set()
        if best is None or not found & spans:
            if thing.wanted:
                counts["wanted"] += 1
                faults.append(f"{key} missing: {[marked.text[a:b] for a, b in sorted(thing.wanted)]}")
            continue
        counts["wanted"] += 1
        taken.add(best.id)
        wrong = []
        if best.type not in thing.types:
            wrong.append(f"type {best.type}")
        wrong += [f"without {marked.text[a:b]!r}" for a, b in sorted(thing.wanted - found)]
        wrong += [f"with {marked.text[a:b]!r}" for a, b in sorted(found - spans) if not _describes(marked.text[a:b], best.type)]
        counts["right"] += not wrong
        if wrong:
            faults.append(f"{key} {best.name}: {'; '.join(wrong)}")
        if key in countries:
            counts["countries"] += 1
            counts["countries right"] += (best.country or "") == countries[key]
            if (best.country or "") != countries[key]:
                faults.append(f"{key} {best.name}: country {best.country}, not {countries[key] or None}")
    extra = [e for e in article.entities if e.id not in taken]
    counts["found"] += len(taken) + len(extra)
    return faults + [f"extra {e.type} {e.name}: {[m.text for m in e.mentions]}" for e in extra]


def _describes(mention: str, kind: str) -> bool:
    """A description in apposition may be a mention or not; the marks leave them out."""
    return (kind == "PER" and mention[:1].islower()) or mention.split()[0] in ("El", "La", "Su", "The")


def measure(name: str, verbose: bool = False) -> tuple[Counter[str], dict[bool, Tally]]:
    """Counts of one set and tallies of direct (True) and indirect (False) quotes; with `verbose` every fault is printed."""
    enricher = Enricher(load_settings())
    counts: Counter[str] = Counter()
    tallies = {True: Tally(), False: Tally()}
    for row in tomllib.loads((SETS / f"articles_{name}.toml").read_text("utf-8"))["articles"]:
        marked = parse(row)
        body = _MARK.sub("", row["body"].replace("⟦x ", ""))
        item = RawItem("bench", row["id"], headline=_MARK.sub("", row["headline"]), body=body)
        (result,) = enricher.enrich([Task(item)])
        assert isinstance(result, Enriched), result
        article = result.article
        counts["articles"] += 1
        faults = []
        counts["languages right"] += article.language == row["language"]
        removed = [part.text for part in article.removed]
        counts["cleaned"] += article.text == marked.text and removed == marked.removed
        if removed != marked.removed:
            faults.append(f"removed {removed} instead of {marked.removed}")
        if article.text != marked.text:
            faults.append(f"text: {article.text}")
        else:
            faults += entity_faults(marked, article, row["countries"], counts)
            optional = set(row.get("optional_quotes", ()))
            faults += score(marked.quotes, [quote for quote in article.quotes if quote.text not in optional], tallies)
        label = article.sentiment.label if article.sentiment else None
        counts["tones right"] += label == row["tone"]
        if label != row["tone"]:
            faults.append(f"tone {label} {article.sentiment and article.sentiment.score}, not {row['tone']}")
        if verbose and faults:
            print(row["id"], row["style"], *faults, sep="\n    ")
    return counts, tallies


def rows_of(name: str, verbose: bool = False) -> list[tuple[str, float, str]]:
    """Rows (figure, value, aim) of one set."""
    counts, tallies = measure(name, verbose)
    speakers = sum(t.speakers for t in tallies.values())
    return [
        (f"articles {name}: entities F1, all mentions", 2 * counts["right"] / (counts["wanted"] + counts["found"]), "1.00"),
        (f"articles {name}: countries right", counts["countries right"] / counts["countries"], "1.00"),
        (f"articles {name}: direct quotes F1", tallies[True].f1, "0.88"),
        (f"articles {name}: indirect quotes F1", tallies[False].f1, "0.70"),
        (f"articles {name}: speaker right", sum(t.speakers_right for t in tallies.values()) / speakers, "0.88"),
        (f"articles {name}: cleaned exactly", counts["cleaned"] / counts["articles"], "1.00"),
        (f"articles {name}: language right", counts["languages right"] / counts["articles"], "1.00"),
        (f"articles {name}: tone right", counts["tones right"] / counts["articles"], "0.78 / 0.88"),
    ]


def run(final: bool) -> list[tuple[str, float, str]]:
    """Rows of both sets; `final` changes nothing: both have been looked at."""
    return [row for name in ("dev", "held") for row in rows_of(name)]


if __name__ == "__main__":
    for which in sys.argv[1:] or ["dev", "held"]:
        for figure, value, aim in rows_of(which, verbose=len(sys.argv) > 1):
            print(f"{figure:45} {value:.3f}   {aim}")
