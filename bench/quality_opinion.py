"""Published events of opinion articles that a reader has judged, each alone: the share that is right.

`bench/sets/opinion_events.tsv` has article, start of the trigger, type and answer; the text is in the corpora. The judged
events were published on 2026-11-25 in articles that nothing was tuned on, and none is for tuning. What a later coder no longer
publishes is not counted, what it publishes anew is not judged.
"""

from __future__ import annotations

import csv
import gzip
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import orjson
from teletipo.enrich.enricher import build_stages
from teletipo.enrich.model import Draft
from teletipo.records import RawItem
from teletipo.settings import Settings

from training.errors import CorpusError
from training.paths import Corpora

LABELS = Path(__file__).parent / "sets" / "opinion_events.tsv"
UNIT = 16
_SLACK = 8
"""Characters by which a trigger may have moved since it was judged."""

Answers = dict[str, list[tuple[int, str, bool]]]
Row = tuple[str, float | str, str]


def answers(path: Path) -> dict[str, Answers]:
    """By language and article: start of the trigger, type, whether it is right."""
    found: dict[str, Answers] = defaultdict(lambda: defaultdict(list))
    with open(path, encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows, delimiter="\t"):
            found[row["language"]][row["item"]].append((int(row["start"]), row["type"], row["right"] == "1"))
    return found


def articles(corpora: Corpora, language: str, told: Answers) -> list[dict[str, Any]]:
    """The articles of the corpora for which there are answers."""
    with gzip.open(corpora.path(f"text/{language}-articles.jsonl.gz"), "rt", encoding="utf-8") as lines:
        return [row for line in lines if (row := orjson.loads(line))["item_id"] in told]


def answer_for(told: list[tuple[int, str, bool]], kind: str, start: int) -> bool | None:
    """Whether an event of a type whose trigger starts there is right; None for one that nobody has judged."""
    return next((right for at, type_, right in told if type_ == kind and abs(at - start) <= _SLACK), None)


def judged(corpora: Corpora, language: str, told: Answers) -> Counter[bool]:
    """How many of the published events were judged right, and how many wrong."""
    drafts = [
        Draft(RawItem(row["provider"], row["item_id"], headline=row["headline"], body=row["body"], language=language))
        for row in articles(corpora, language, told)
    ]
    stages = build_stages(Settings(log_level="ERROR"))
    for start in range(0, len(drafts), UNIT):
        for stage in stages:
            stage(drafts[start : start + UNIT])
    counts: Counter[bool] = Counter()
    for draft in drafts:
        for event in draft.events:
            right = answer_for(told[draft.item.item_id], event.type, event.trigger.start)
            if right is not None:
                counts[right] += 1
    return counts


def run(final: bool) -> list[Row]:
    """Rows (what, share, counts); `final` changes nothing."""
    try:
        corpora = Corpora.find()
    except CorpusError as error:
        return [("events of opinion articles", "-", str(error))]
    rows: list[Row] = []
    for language, told in answers(LABELS).items():
        counts = judged(corpora, language, told)
        total = counts[True] + counts[False]
        aside = f"{counts[True]} of {total} published events that a reader has judged"
        rows.append((f"events of opinion articles, {language}: right", counts[True] / max(total, 1), aside))
    return rows
