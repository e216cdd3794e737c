"""The agent that one writes first from the documentation of Faust and spaCy; `bench.stream` measures the worker against it.

    NAIVE_BROKER=localhost:9092 NAIVE_PIPELINES=training/work/stock faust -A bench.naive_agent worker

One agent, one record at a time, `nlp(text)` where the record is read, and what was found sent on; everything else is as Faust
has it: JSON, at least once, its own commits. The two pipelines are spaCy's small configuration (`python -m training.stock`).
"""

from __future__ import annotations

import os
from typing import Any

import faust
import spacy

app = faust.App("naive", broker=f"kafka://{os.environ.get('NAIVE_BROKER', 'localhost:9092')}")
raw = app.topic("naive.news.raw")
events = app.topic("naive.news.events")

pipelines = {
    language: spacy.load(os.path.join(os.environ.get("NAIVE_PIPELINES", "training/work/stock"), language))
    for language in ("es", "en")
}


@app.agent(raw)
async def annotate(records: faust.StreamT[Any]) -> None:
    """Entities and sentences of each item."""
    async for key, record in records.items():
        doc = pipelines[record["language"]](f"{record['headline']}\n{record['body']}")
        await events.send(
            key=key,
            value={
                "entities": [{"text": ent.text, "type": ent.label_, "start": ent.start_char} for ent in doc.ents],
                "sentences": [{"start": sent.start_char, "end": sent.end_char} for sent in doc.sents],
            },
        )
