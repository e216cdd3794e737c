"""The event coder: from a parsed article to its events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from teletipo import __version__, codebook
from teletipo.enrich.events import dates
from teletipo.enrich.events.article import ArticleCoder
from teletipo.enrich.events.coded import Coded, Trace
from teletipo.enrich.events.identity import event_id
from teletipo.enrich.events.lexicon import Lexicon, load_lexicon
from teletipo.enrich.events.view import View
from teletipo.enrich.model import Draft
from teletipo.gazetteer import Gazetteer
from teletipo.records import Event, Span
from teletipo.settings import Settings

CODER = f"teletipo-events {__version__}"
LANGUAGES = ("es", "en")


class EventCoder:
    """Fills `draft.events`, sorted by the start of their triggers."""

    name = "events"

    def __init__(self, settings: Settings) -> None:
        self.threshold = settings.event_threshold
        self.gazetteer = Gazetteer.load(settings)
        self.lexicons: dict[str, Lexicon] = {code: load_lexicon(code) for code in LANGUAGES}

    def __call__(self, drafts: Sequence[Draft]) -> None:
        """Code all drafts; one without annotation or lexicon says so in `skipped`."""
        for draft in drafts:
            if draft.doc is None or draft.language not in self.lexicons:
                draft.skipped.setdefault(self.name, "no pipeline or lexicon for the language")
                continue
            trace = self.trace(draft)
            draft.events = self._records(draft, trace)
            if trace.skipped:
                draft.skipped[self.name] = f"{trace.skipped} sentences over the budget"

    def trace(self, draft: Draft) -> Trace:
        """Code one draft and keep all that was considered."""
        assert draft.doc is not None
        assert draft.language is not None
        return ArticleCoder(draft, self.lexicons[draft.language], self.gazetteer).run()

    def _records(self, draft: Draft, trace: Trace) -> list[Event]:
        view = trace.view
        if view is None:
            return []
        kept = [c for c in trace.coded if c.confidence >= self.threshold]
        kept.sort(key=lambda c: (c.trigger[0], c.trigger[1], c.type))
        article_id = f"{draft.item.provider}:{draft.item.item_id}"
        counts: Counter[str] = Counter()
        out = []
        for coded in kept:
            actors = [s.participant for s in coded.actors]
            recipients = [s.participant for s in coded.recipients]
            first_day = coded.days.first.isoformat() if coded.days else None
            base = event_id(article_id, coded.type, actors, recipients, first_day, 0)
            same = counts[base]
            identity = event_id(article_id, coded.type, actors, recipients, first_day, same) if same else base
            counts[base] += 1
            out.append(self._record(draft, view, coded, identity))
        return out

    def _record(self, draft: Draft, view: View, coded: Coded, identity: str) -> Event:
        first, last = view.sentences[view.sentence_of[coded.match.predicate.token]]
        while first < last - 1 and not view.lower[first].strip():
            first += 1
        while last - 1 > first and not view.lower[last - 1].strip():
            last -= 1
        item = draft.item
        return Event(
            id=identity,
            revision=draft.revision,
            article_id=f"{item.provider}:{item.item_id}",
            article_version=item.version or 0,
            provider=item.provider,
            language=draft.language,
            published_at=item.published_at,
            url=item.url,
            type=coded.type,  # type: ignore[arg-type]
            mode=coded.mode,
            contexts=list(dict.fromkeys([*codebook.contexts_of(coded.cameo), *coded.contexts]))[:4],
            cameo=coded.cameo,
            quad_class=codebook.types()[coded.type].quad,
            goldstein=codebook.goldstein(coded.cameo),
            modality=coded.status.modality,
            actors=[s.participant for s in coded.actors],
            recipients=[s.participant for s in coded.recipients],
            claimed_by=coded.claimed_by.participant if coded.claimed_by else None,
            date=dates.record(coded.days) if coded.days else None,
            place=coded.place,
            sentence=_span(view.text, view.start[first], view.end[last - 1]),
            trigger=_span(view.text, *coded.trigger),
            confidence=coded.confidence,
            coder=CODER,
            also=[_span(view.text, *span) for span in coded.also],
        )


def _span(text: str, start: int, end: int) -> Span:
    return Span(start, end, text[start:end])
