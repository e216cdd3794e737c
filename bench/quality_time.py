"""Time by stage against the budget of one article, on one core, in units as a worker has them.

On news as it is found, articles taken evenly from the corpora (where they are there), and on the invented wire articles of
bench/sets, which are short and have an event every thirty words.
"""

from __future__ import annotations

import gzip
import itertools
import json
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from teletipo.enrich.enricher import build_stages
from teletipo.enrich.model import Draft
from teletipo.records import RawItem
from teletipo.settings import Settings
from teletipo.worker.units import keep_loaded

from training.errors import CorpusError
from training.paths import Corpora

INVENTED = [Path(__file__).parent / "sets" / f"events_{language}_articles.jsonl" for language in ("es", "en")]
UNIT = 16
EVERY = 50
ROUNDS = 3
BUDGET = {"annotate": 65, "events": 15, "sentiment": 8, "entities": 6, "quotes": 3, "clean and language": 3}
"""Per cent of the enrichment time."""
WORDS_PER_SECOND = 13_000
"""What the whole is to do on one core: with the budget it gives each stage a time of its own, whatever the others take."""
_TOGETHER = {"clean": "clean and language", "language": "clean and language"}

Row = tuple[str, float | str, str]
Article = tuple[str | None, str, str]
"""Headline, body, language."""


def invented() -> list[Article]:
    """Language by language, so that a unit holds one language."""
    rows = [json.loads(line) for path in INVENTED for line in path.read_text("utf-8").splitlines()]
    return [(row["headline"], row["body"], row["language"]) for row in rows]


def found(corpora: Corpora) -> list[Article]:
    """Every fiftieth article of the corpora's Spanish and English news."""
    articles = []
    for language in ("es", "en"):
        with gzip.open(corpora.path(f"text/{language}-articles.jsonl.gz"), "rt", encoding="utf-8") as lines:
            rows = [json.loads(line) for line in itertools.islice(lines, 0, None, EVERY)]
        articles += [(row["headline"], row["body"], language) for row in rows]
    return articles


def measure(articles: Sequence[Article]) -> tuple[dict[str, float], int, int]:
    """Seconds of processor time of each stage in the fastest of ROUNDS rounds, the words read and the events found.

    The interpreter fits itself to what it runs often: a round before warms it, as a worker is warm after a minute. Garbage is
    looked for as in a worker's processes.
    """
    stages = build_stages(Settings(log_level="ERROR"))
    keep_loaded()
    best: dict[str, float] = {}
    words = events = 0
    for _round in range(ROUNDS + 1):
        seconds: dict[str, float] = defaultdict(float)
        words = events = 0
        for start in range(0, len(articles), UNIT):
            rows = enumerate(articles[start : start + UNIT], start)
            unit = [Draft(RawItem("bench", str(n), headline=h, body=b, language=c)) for n, (h, b, c) in rows]
            for stage in stages:
                started = time.process_time()
                stage(unit)
                seconds[_TOGETHER.get(stage.name, stage.name)] += time.process_time() - started
            words += sum(len(draft.text.split()) for draft in unit)
            events += sum(len(draft.events) for draft in unit)
        if _round and (not best or sum(seconds.values()) < sum(best.values())):
            best = dict(seconds)
    return best, words, events


def rows_of(name: str, articles: Sequence[Article]) -> list[Row]:
    """The table of one kind of articles."""
    seconds, words, events = measure(articles)
    total = sum(seconds.values())
    title = f"time, {name}"
    rows: list[Row] = [
        (
            f"{title}: {stage}, per cent",
            f"{100 * seconds[stage] / total:.1f}",
            f"{budget} ({seconds[stage] * 1e6 / words:.1f} µs a word; at that speed {budget * 1e4 / WORDS_PER_SECOND:.1f})",
        )
        for stage, budget in BUDGET.items()
    ]
    aside = f"{WORDS_PER_SECOND:,} ({len(articles)} articles, {words:,} words, an event every {words / max(events, 1):.0f})"
    return [*rows, (f"{title}: words a second on one core", f"{words / total:,.0f}", aside)]


def run(final: bool) -> list[Row]:
    """Rows (stage, per cent of the time, budget and time); `final` changes nothing."""
    try:
        news = rows_of("news as found", found(Corpora.find()))
    except CorpusError as error:
        news = [("time, news as found", "-", str(error))]
    return [*news, *rows_of("invented, dense with events", invented())]


if __name__ == "__main__":
    for figure, value, aim in run(False):
        print(f"{figure:55} {value:>8}   {aim}")
