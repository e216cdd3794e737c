"""Code the lexicon's example sentences and compare with what each entry says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from teletipo.enrich.events.coder import EventCoder
from teletipo.enrich.events.entry import Entry, Example, Expected
from teletipo.enrich.model import Draft, Stage
from teletipo.records import Event, Participant, RawItem
from teletipo.settings import Settings, load_settings

PUBLISHED = datetime(2025, 3, 12, 15, tzinfo=UTC)
"""Wednesday; relative days in examples count from it."""


@dataclass(slots=True)
class Outcome:
    """An example and how its coding differs; an empty text if it does not."""

    entry: Entry
    example: Example
    difference: str


def draft_of(text: str, language: str, number: int = 0) -> Draft:
    """A draft of one bare sentence, published at PUBLISHED."""
    item = RawItem(provider="example", item_id=str(number), published_at=PUBLISHED, body=text, language=language)
    return Draft(item=item, text=text, language=language)


def reading_stages(settings: Settings) -> list[Stage]:
    """Annotation, entities and events: the part of the enricher that sentences need."""
    from teletipo.enrich.annotate import AnnotateStage
    from teletipo.enrich.entities import EntityLinker

    return [AnnotateStage(settings), EntityLinker(settings), EventCoder(settings)]


def run(language: str, entries: Iterable[Entry], model: str | None = None) -> Iterator[Outcome]:
    """Code every example of the entries."""
    options = {f"model_{language}": model} if model else {}
    stages = reading_stages(load_settings(event_threshold=0.2, **options))
    pairs = [(entry, example) for entry in entries for example in entry.examples]
    drafts = [draft_of(example.text, language, n) for n, (_, example) in enumerate(pairs)]
    for stage in stages:
        stage(drafts)
    for (entry, example), draft in zip(pairs, drafts, strict=True):
        yield Outcome(entry, example, difference(example.expected, draft.events))


def difference(expected: tuple[Expected, ...], events: list[Event]) -> str:
    """What is missing or wrong, in one line; other events than the expected ones count only where none is expected."""
    if not expected:
        return f"expected none, got {' | '.join(_show(e) for e in events)}" if events else ""
    left = list(events)
    for want in expected:
        found = next((e for e in left if not _fault(want, e)), None)
        if found is None:
            got = " | ".join(_show(e) for e in events) or "nothing"
            near = next((e for e in left if e.type == want.type), None)
            fault = _fault(want, near) if near else "missing"
            return f"expected {want.type}{'/' + want.mode if want.mode else ''} {want.cameo}: {fault}; got {got}"
        left.remove(found)
    return ""


def _fault(want: Expected, got: Event) -> str:
    if (want.type, want.mode, want.cameo) != (got.type, got.mode, got.cameo):
        return "another coding"
    if want.modality and want.modality != got.modality:
        return f"modality {got.modality}"
    for name, names, people in (("actors", want.actors, got.actors), ("recipients", want.recipients, got.recipients)):
        if names is not None and not _people(names, people):
            return f"{name} {[p.text for p in people]}"
    return ""


def _people(names: tuple[str, ...], people: list[Participant]) -> bool:
    if len(names) != len(people):
        return False
    return all(
        any(n == p.country or n.casefold() in p.text.casefold() or n.casefold() in p.name.casefold() for p in people)
        for n in names
    )


def _show(e: Event) -> str:
    who = " + ".join(p.country or p.text for p in e.actors)
    whom = " + ".join(p.country or p.text for p in e.recipients)
    return f"{e.type}{'/' + e.mode if e.mode else ''} {e.cameo} {e.modality} «{e.trigger.text}» {who} > {whom} ({e.confidence})"
