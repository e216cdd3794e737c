"""What runs in an enriching child process. Imported there afresh: nothing of Kafka or Faust belongs here."""

from __future__ import annotations

import gc
import os
import signal
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from teletipo.errors import UserError
from teletipo.lifecycle import Packed, pack
from teletipo.records import RawItem
from teletipo.settings import Settings

if TYPE_CHECKING:
    from datetime import datetime

    from teletipo.enrich import Enricher

_COLLECT_EVERY = 50_000
"""New objects between two searches for garbage. Python's 700 are passed dozens of times an item, whose objects hardly ever make
cycles."""

_settings: Settings | None = None
_enricher: Enricher | None = None


@dataclass(slots=True, frozen=True)
class Job:
    """One item version to enrich, with the numbers that its records will carry."""

    item: RawItem
    revision: int
    supersedes: int | None
    received_at: datetime

    @property
    def words(self) -> int:
        """Words of the body, roughly: what the time limit and the size of a unit are counted in."""
        return (self.item.body or "").count(" ") + 1


@dataclass(slots=True, frozen=True)
class Failure:
    """Why an item could not be enriched: what its dead letter says."""

    stage: str
    type: str
    message: str


Result = Packed | Failure


def begin(settings: Settings, parent: int) -> None:
    """Prepare a child: leave Ctrl-C and SIGTERM to the parent, end when the parent has died, load the pipelines.

    Whoever stops a service signals all its processes; the parent still wants what the children work on. The pipelines are
    loaded here, so that the time limit of the first unit does not run meanwhile.
    """
    global _settings
    _settings = settings
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, args=(parent,), daemon=True).start()
    warm_up()


def _end_with_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(0)


def _loaded() -> Enricher:
    global _enricher
    if _enricher is None:
        from teletipo.enrich import Enricher

        assert _settings is not None
        _enricher = Enricher(_settings)
        keep_loaded()
    return _enricher


def keep_loaded() -> None:
    """Pipelines and lexicons stay for the process's life: no search for garbage goes through them again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_COLLECT_EVERY, 10, 10)


def warm_up() -> str | None:
    """Load pipelines and lexicons. None, or the one line that says why they cannot be used."""
    try:
        _loaded()
    except UserError as error:
        return str(error)
    return None


def enrich(jobs: list[Job]) -> list[Result]:
    """Enrich a unit of items; finished bytes and event marks come back, in the same order."""
    from teletipo.enrich import Failed, Task

    tasks = [Task(job.item, job.revision, job.supersedes, job.received_at) for job in jobs]
    return [
        Failure(result.error.stage, type(result.error).__name__, str(result.error))
        if isinstance(result, Failed)
        else pack(result.article, result.events)
        for result in _loaded().enrich(tasks)
    ]
