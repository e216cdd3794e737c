"""Time by stage against the budget of one article, on one core: the invented wire articles of bench/sets, in units as a worker has them."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from pathlib import Path

from teletipo.enrich.enricher import build_stages
from teletipo.enrich.model import Draft
from teletipo.records import RawItem
from teletipo.settings import Settings

ARTICLES = [Path(__file__).parent / "sets" / f"events_{language}_articles.jsonl" for language in ("es", "en")]
UNIT = 16
BUDGET = {"annotate": 65, "events": 15, "sentiment": 8, "entities": 6, "quotes": 3, "clean and language": 3}
"""Per cent of the enrichment time."""
WORDS_PER_SECOND = 13_000
"""What the whole is to do on one core: with the budget it gives each stage a time of its own, whatever the others take."""
_TOGETHER = {"clean": "clean and language", "language": "clean and language"}

Row = tuple[str, float | str, str]


def drafts() -> list[Draft]:
    """The articles, language by language, so that a unit holds one language."""
    rows = [json.loads(line) for path in ARTICLES for line in path.read_text("utf-8").splitlines()]
    return [
        Draft(RawItem("bench", str(n), headline=row["headline"], body=row["body"], language=row["language"]))
        for n, row in enumerate(rows)
    ]


def measure() -> tuple[dict[str, float], int]:
    """Seconds of processor time of each stage, and the words read; one round before it warms what is cached."""
    stages = build_stages(Settings(log_level="ERROR"))
    seconds: dict[str, float] = defaultdict(float)
    for warm in (False, True):
        articles = drafts()
        for start in range(0, len(articles), UNIT):
            unit = articles[start : start + UNIT]
            for stage in stages:
                started = time.process_time()
                stage(unit)
                if warm:
                    seconds[_TOGETHER.get(stage.name, stage.name)] += time.process_time() - started
    return dict(seconds), sum(len(article.text.split()) for article in articles)


def run(final: bool) -> list[Row]:
    """Rows (stage, per cent of the time, budget and time); `final` changes nothing."""
    seconds, words = measure()
    total = sum(seconds.values())
    rows: list[Row] = [
        (
            f"time: {name}, per cent",
            f"{100 * seconds[name] / total:.1f}",
            f"{budget} ({seconds[name] * 1e6 / words:.1f} µs a word; at that speed {budget * 1e4 / WORDS_PER_SECOND:.1f})",
        )
        for name, budget in BUDGET.items()
    ]
    return [*rows, ("time: words a second on one core", f"{words / total:,.0f}", f"{WORDS_PER_SECOND:,}")]


if __name__ == "__main__":
    for figure, value, aim in run(False):
        print(f"{figure:40} {value:>8}   {aim}")
