"""`teletipo explain`: what was coded in a text, and why."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click
import orjson
from rich.console import Console
from rich.text import Text

from teletipo.errors import InvalidRecord

COLOURS = {"trigger": "bold yellow", "actor": "green", "recipient": "red", "date": "cyan", "place": "magenta"}


@click.command()
@click.argument("file", type=click.File("r", encoding="utf-8"), default="-")
@click.option("--language", "-l", help="Language of the text; default: found out.")
@click.option("--headline", help="Headline of the text.")
@click.option("--published", type=click.DateTime(["%Y-%m-%d"]), help="Day of publication, for relative days; default today.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
def explain(file: Any, language: str | None, headline: str | None, published: datetime | None, as_json: bool) -> None:
    """Show for a text (FILE, or standard input) what was coded, which entry fired, and what was considered and blocked."""
    body = file.read()
    if not body.strip():
        raise InvalidRecord(f"{file.name}: empty; give a text to explain")
    report = _report(body, language, headline, published or datetime.now(UTC))
    if as_json:
        click.echo(orjson.dumps(report, option=orjson.OPT_INDENT_2).decode())
        return
    console = Console(highlight=False, soft_wrap=True)
    for line in _lines(report):
        console.print(line)


def _report(body: str, language: str | None, headline: str | None, published: datetime) -> dict[str, Any]:
    from teletipo.enrich.clean import Cleaner
    from teletipo.enrich.events.coder import EventCoder
    from teletipo.enrich.events.examples import reading_stages
    from teletipo.enrich.language import LanguageIdentifier
    from teletipo.enrich.model import Draft, Stage
    from teletipo.records import RawItem
    from teletipo.settings import load_settings

    settings = load_settings()
    stages: list[Stage] = [Cleaner(settings), LanguageIdentifier(settings), *reading_stages(settings)]
    moment = published if published.tzinfo else published.replace(tzinfo=UTC)
    item = RawItem(provider="explain", item_id="text", published_at=moment, headline=headline, body=body, language=language)
    draft = Draft(item=item, language=language)
    for stage in stages:
        stage([draft])
    coder = next(s for s in stages if isinstance(s, EventCoder))
    if draft.doc is None or draft.language not in coder.lexicons:
        raise InvalidRecord(f"language {draft.language!r} has no event lexicon; there are {', '.join(coder.lexicons)}")
    trace = coder.trace(draft)
    view = trace.view
    assert view is not None
    return {
        "language": draft.language,
        "threshold": coder.threshold,
        "events": [
            {
                "sentence": view.text[view.start[a] : view.end[b - 1]],
                "sentence_start": view.start[a],
                "trigger": list(c.trigger),
                "type": c.type,
                "mode": c.mode,
                "cameo": c.cameo,
                "modality": c.status.modality,
                "entry": c.match.entry.name,
                "confidence": c.confidence,
                "published": c.confidence >= coder.threshold,
                "actors": [
                    [s.participant.start, s.participant.end, s.participant.country, s.participant.sector] for s in c.actors
                ],
                "recipients": [
                    [s.participant.start, s.participant.end, s.participant.country, s.participant.sector] for s in c.recipients
                ],
                "claimed_by": c.claimed_by.participant.text if c.claimed_by else None,
                "date": [c.days.start, c.days.end, c.days.first.isoformat(), c.days.last.isoformat()] if c.days else None,
                "place": [c.place.start, c.place.end, c.place.country] if c.place else None,
                "features": sorted(c.features),
                "also": [view.text[s:e] for s, e in c.also],
            }
            for c in trace.coded
            for a, b in [view.sentences[view.sentence_of[c.match.predicate.token]]]
        ],
        "dropped": [
            {"word": view.lower[m.predicate.token], "entry": m.entry.name, "reason": reason} for m, reason in trace.dropped
        ],
        "rejected": [{"word": view.lower[r.token], "entry": r.entry.name, "reason": r.reason} for r in trace.rejected],
        "skipped_sentences": trace.skipped,
    }


def _lines(report: dict[str, Any]) -> list[Text]:
    lines: list[Text] = []
    for event in report["events"]:
        lines.append(_marked(event))
        coding = f"{event['type']}{'/' + event['mode'] if event['mode'] else ''} {event['cameo']} {event['modality']}"
        below = "" if event["published"] else f", below the threshold {report['threshold']}"
        lines.append(Text(f"  {coding}  confidence {event['confidence']}{below}"))
        lines.append(Text(f"  entry {event['entry']}; features: {', '.join(event['features'])}"))
        for name in ("actors", "recipients"):
            for _, _, country, sector in event[name]:
                lines.append(Text(f"  {name[:-1]}: {country or '-'} {sector or '-'}"))
        if event["claimed_by"]:
            lines.append(Text(f"  claimed by: {event['claimed_by']}"))
        if event["date"]:
            lines.append(Text(f"  date: {event['date'][2]} to {event['date'][3]}"))
        if event["also"]:
            lines.append(Text(f"  also worded: {' | '.join(event['also'])}"))
    if not report["events"]:
        lines.append(Text("no event"))
    for kind, title in (("dropped", "not coded"), ("rejected", "did not fit")):
        for row in report[kind]:
            lines.append(Text(f"{title}: {row['word']!r} ({row['entry']}): {row['reason']}", style="dim"))
    if report["skipped_sentences"]:
        lines.append(Text(f"{report['skipped_sentences']} sentences skipped: over the budget"))
    return lines


def _marked(event: dict[str, Any]) -> Text:
    """The sentence with trigger and sides in brackets and colours."""
    base, sentence = event["sentence_start"], event["sentence"]
    spans = [(*event["trigger"], "trigger")]
    spans += [(s, e, "actor") for s, e, *_ in event["actors"]]
    spans += [(s, e, "recipient") for s, e, *_ in event["recipients"]]
    if event["date"]:
        spans.append((*event["date"][:2], "date"))
    if event["place"]:
        spans.append((*event["place"][:2], "place"))
    out, at = Text(), 0
    for start, end, kind in sorted(spans):
        low, high = start - base, end - base
        if low < at or high > len(sentence):
            continue
        out.append(sentence[at:low])
        out.append(f"[{kind} {sentence[low:high]}]", style=COLOURS[kind])
        at = high
    out.append(sentence[at:])
    return out
