"""What is counted and logged of each transaction."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable

from teletipo.lifecycle import Noted
from teletipo.worker.metrics import Metrics
from teletipo.worker.owner import Delivered
from teletipo.worker.plan import Read, Step

log = logging.getLogger(__name__)


def count(metrics: Metrics, delivered: Delivered) -> None:
    """Count what a transaction brought out, and log what a person should know."""
    for step, made in delivered.steps:
        for record in made.outgoing:
            metrics.published.labels(record.topic).inc()
        for note in made.noted:
            _count_decision(metrics, step, note)
        if made.failure:
            metrics.dead_letters.labels(made.failure.type).inc()
            log.warning("%s: dead letter, %s: %s", step.key, made.failure.type, made.failure.message)


def _count_decision(metrics: Metrics, step: Step, note: Noted) -> None:
    metrics.decisions.labels(note.verdict).inc()
    if note.verdict == "kill_unmatched":
        metrics.kills_unmatched.inc()
    level = logging.WARNING if note.warning else logging.INFO if step.retract or note.verdict == "released" else logging.DEBUG
    log.log(level, "%s: version %s %s, %s", step.key, note.version, note.verdict, note.reason)


def count_inputs(metrics: Metrics, reads: Iterable[Read]) -> None:
    """Count inputs that were delivered: by provider, what was odd in them, what could not be read."""
    for one in reads:
        if one.fault is not None:
            kind = type(one.fault).__name__
            metrics.dead_letters.labels(kind).inc()
            log.warning("input %d-%d: dead letter, %s: %s", one.raw.partition, one.raw.offset, kind, one.fault)
        if one.parsed is None or one.misplaced:
            continue
        provider = one.parsed.item.provider[:100]
        metrics.items.labels(provider).inc()
        metrics.last_item.labels(provider).set(time.time())
        for why, names in (("unknown", one.parsed.unknown), ("nulled", one.parsed.nulled)):
            for name in names[:20]:
                metrics.fields.labels(why, name[:60] if why == "nulled" else "*").inc()
