"""The enricher: the same code for the worker's processes and for `teletipo enrich`. Pure: no Kafka, no network, no state."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from teletipo import __version__
from teletipo.enrich.assemble import assemble
from teletipo.enrich.model import Draft, Enriched, Failed, Stage
from teletipo.errors import EnrichmentFailed, InputError
from teletipo.lifecycle import retracted_article
from teletipo.records import RawItem
from teletipo.settings import Settings
from teletipo.wires.profiles import profile_for

CODER = f"teletipo {__version__}"
"""Name and version of the coder, in every record that it made."""


@dataclass(slots=True)
class Task:
    """One item version to enrich, with the numbers that its records will carry.

    `received_at` is when the worker read it, in UTC; None outside the stream, where records carry no times of processing.
    """

    item: RawItem
    revision: int = 1
    supersedes: int | None = None
    received_at: datetime | None = None


def build_stages(settings: Settings) -> list[Stage]:
    """All stages in their order. Raises UserError if a pipeline or a data file cannot be used."""
    from teletipo.enrich.annotate import AnnotateStage
    from teletipo.enrich.clean import Cleaner
    from teletipo.enrich.entities import EntityLinker
    from teletipo.enrich.events import EventCoder
    from teletipo.enrich.language import LanguageIdentifier
    from teletipo.enrich.quotes import QuoteFinder
    from teletipo.enrich.sentiment import SentimentScorer

    return [
        Cleaner(settings),
        LanguageIdentifier(settings),
        AnnotateStage(settings),
        EntityLinker(settings),
        QuoteFinder(settings),
        EventCoder(settings),
        SentimentScorer(settings),
    ]


class Enricher:
    """Turns item versions into records. Loads pipelines and lexicons once, in the constructor."""

    def __init__(self, settings: Settings, stages: Sequence[Stage] | None = None) -> None:
        self.settings = settings
        self.stages = list(stages) if stages is not None else build_stages(settings)

    def enrich(self, tasks: Sequence[Task]) -> list[Enriched | Failed]:
        """Enrich a unit of items; the result has the same order. Never raises for what is in an item.

        A canceled or withheld item gives a retracted article. If a stage raises on a unit, its items are repeated one by
        one, so that only the guilty one fails.
        """
        done: dict[int, Enriched | Failed] = {}
        usable: list[int] = []
        for index, task in enumerate(tasks):
            if task.item.status == "usable":
                usable.append(index)
            else:
                done[index] = _retraction(task)
        for index, result in zip(usable, self._enrich_usable([tasks[i] for i in usable]), strict=True):
            done[index] = result
        return [done[index] for index in range(len(tasks))]

    def _enrich_usable(self, tasks: list[Task]) -> list[Enriched | Failed]:
        if not tasks:
            return []
        try:
            return list(self._run(tasks))
        except InputError as error:
            if len(tasks) == 1:
                return [Failed(tasks[0].item, error)]
        except Exception as error:
            # A stage must not raise; if one does, the item becomes a dead letter that names the defect, and the stream goes on.
            if len(tasks) == 1:
                return [Failed(tasks[0].item, EnrichmentFailed(_describe(error)))]
        return [result for task in tasks for result in self._enrich_usable([task])]

    def _run(self, tasks: list[Task]) -> list[Enriched]:
        drafts = [self._draft(task) for task in tasks]
        milliseconds: dict[str, float] = {}
        for stage in self.stages:
            started = time.perf_counter()
            try:
                stage(drafts)
            except InputError:
                raise
            except Exception as error:
                error.add_note(f"stage {stage.name}")
                raise
            milliseconds[stage.name] = round((time.perf_counter() - started) * 1000 / len(drafts), 3)
        enriched_at = datetime.now(UTC)
        return [assemble(draft, CODER, milliseconds, enriched_at) for draft in drafts]

    def _draft(self, task: Task) -> Draft:
        profile = profile_for(task.item.provider, tuple(self.settings.wires_profiles))
        return Draft(
            item=task.item,
            revision=task.revision,
            supersedes=task.supersedes,
            received_at=task.received_at,
            time_zone=profile.time_zone,
            publish_text=profile.publish_text,
        )


def _retraction(task: Task) -> Enriched:
    item = task.item
    article = retracted_article(
        item,
        version=item.version or 0,
        revision=task.revision,
        supersedes=task.supersedes,
        kind="killed" if item.status == "canceled" else "withheld",
        coder=CODER,
        received_at=task.received_at,
    )
    return Enriched(article, [])


def _describe(error: Exception) -> str:
    notes = ", ".join(getattr(error, "__notes__", ()))
    return f"{type(error).__name__}: {error} ({notes})"[:500]
