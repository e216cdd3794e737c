"""From a finished draft to the records of the contract."""

from __future__ import annotations

from datetime import datetime

from teletipo.enrich.model import Draft, Enriched
from teletipo.records import Article, Event, Participant, Processing


def assemble(draft: Draft, coder: str, milliseconds: dict[str, float], enriched_at: datetime) -> Enriched:
    """The article record and the event records of a draft that has passed all stages."""
    for event in draft.events:
        event.revision = draft.revision
    article = _article(draft, coder)
    if draft.received_at is not None and article.processing is not None:
        article.processing.received_at = draft.received_at
        article.processing.enriched_at = enriched_at
        article.processing.milliseconds = milliseconds
    if not draft.publish_text:
        _empty_texts(article)
        for event in draft.events:
            _empty_event_texts(event)
    return Enriched(article, draft.events)


def _article(draft: Draft, coder: str) -> Article:
    item = draft.item
    return Article(
        id=item.key,
        provider=item.provider,
        item_id=item.item_id,
        version=item.version or 0,
        revision=draft.revision,
        supersedes=draft.supersedes,
        status=item.status,
        change=item.change,
        retracted=False,
        retraction=None,
        embargoed_until=item.embargoed_until,
        published_at=item.published_at,
        updated_at=item.updated_at,
        headline=draft.headline,
        subheadline=draft.subheadline,
        slug=item.slug,
        byline=draft.byline,
        dateline=draft.dateline,
        located=item.located,
        summary=item.summary,
        subjects=item.subjects,
        urgency=item.urgency,
        credit=item.credit,
        usage_terms=item.usage_terms,
        ed_note=item.ed_note,
        url=item.url,
        source=item.source,
        related=item.related,
        origin=item.origin,
        text=draft.text,
        removed=draft.removed,
        language=draft.language,
        language_confidence=draft.language_confidence,
        language_declared=item.language,
        entities=draft.entities,
        quotes=draft.quotes,
        sentiment=draft.sentiment,
        event_ids=[event.id for event in draft.events],
        processing=Processing(coder=coder, pipeline=draft.pipeline, skipped=draft.skipped),
    )


def _empty_texts(article: Article) -> None:
    """The provider's text may not be passed on: offsets, names and codes stay, every quoted word goes."""
    article.text = ""
    article.headline = article.subheadline = article.summary = None
    for removed in article.removed:
        removed.text = ""
    for entity in article.entities:
        for mention in entity.mentions:
            mention.text = ""
        for evidence in entity.sentiment.evidence:
            evidence.text = ""
    for evidence in article.sentiment.evidence if article.sentiment else ():
        evidence.text = ""
    for quote in article.quotes:
        quote.text = ""
        if quote.speaker:
            quote.speaker.text = ""
        if quote.cue:
            quote.cue.text = ""


def _empty_event_texts(event: Event) -> None:
    participants: list[Participant | None] = [*event.actors, *event.recipients, event.claimed_by]
    for participant in participants:
        if participant:
            participant.text = ""
    if event.date:
        event.date["text"] = ""
    for span in (event.sentence, event.trigger, *event.also):
        span.text = ""
