"""The event coder: from a parsed article to its events."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from teletipo import __version__, codebook
from teletipo.enrich.events import confidence, dates
from teletipo.enrich.events.claims import claimant
from teletipo.enrich.events.content import promised, with_content
from teletipo.enrich.events.date_grammar import DateMatch
from teletipo.enrich.events.dedup import merge
from teletipo.enrich.events.features import features_of, noise_of
from teletipo.enrich.events.identity import event_id
from teletipo.enrich.events.lexicon import Lexicon, known_verbs, load_lexicon
from teletipo.enrich.events.matching import Match, Matcher, Rejected, word_at
from teletipo.enrich.events.modality import Status, status_of
from teletipo.enrich.events.participants import Cast, Side
from teletipo.enrich.events.places import Places
from teletipo.enrich.events.predicates import Predicates
from teletipo.enrich.events.sides import assign, bare_right, below, both_before, complete, lent, meant
from teletipo.enrich.events.timing import attach
from teletipo.enrich.events.view import VERBAL, View, build
from teletipo.enrich.model import Draft
from teletipo.gazetteer import Gazetteer
from teletipo.records import Event, Place, Span
from teletipo.settings import Settings

log = logging.getLogger(__name__)
CODER = f"teletipo-events {__version__}"
LANGUAGES = ("es", "en")
SENTENCE_TOKENS = 250
"""Longer sentences are skipped and counted: no wire writes them, and the work on one grows faster than its length."""
SECONDS_PER_TOKEN = 0.0005
"""Time budget of an article: what is left of it after that is skipped and counted."""
_VERBAL_ACTS = frozenset({"AGREE", "REQUEST", "ACCUSE", "REJECT", "THREATEN", "PROTEST", "CONCEDE", "SUPPORT", "SANCTION"})
_HARM = frozenset({"SANCTION", "COERCE", "ASSAULT", "PROTEST", "REJECT", "MOBILIZE"})
_YIELDING = frozenset({"CONCEDE", "RETREAT", "AID", "COOPERATE"})
_FUTURE = frozenset({"CONSULT", "SUPPORT", "COOPERATE", "AID"})


@dataclass(slots=True)
class Coded:
    """One event before it becomes a record, with what it was made of."""

    match: Match
    type: str
    mode: str | None
    cameo: str
    status: Status
    actors: list[Side]
    recipients: list[Side]
    claimed_by: Side | None
    days: DateMatch | None
    place: Place | None
    trigger: tuple[int, int]
    contexts: list[str]
    features: dict[str, float] = field(default_factory=dict)
    confidence: float = 0.0
    also: list[tuple[int, int]] = field(default_factory=list)


@dataclass(slots=True)
class Trace:
    """Everything the coder considered in an article, for `teletipo explain` and for training."""

    coded: list[Coded] = field(default_factory=list)
    dropped: list[tuple[Match, str]] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    skipped: int = 0
    view: View | None = None


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
        return _Article(draft, self.lexicons[draft.language], self.gazetteer).run()

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
            identity = event_id(article_id, coded.type, actors, recipients, first_day, counts[base])
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
            contexts=coded.contexts,
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


class _Article:
    """The work on one article."""

    def __init__(self, draft: Draft, lexicon: Lexicon, gazetteer: Gazetteer) -> None:
        assert draft.doc is not None
        assert draft.language is not None
        self.draft = draft
        self.lexicon = lexicon
        self.gazetteer = gazetteer
        self.view = build(draft.doc, draft.language, known_verbs(lexicon))
        self.cast = Cast(self.view, draft.entities, gazetteer)
        self.predicates = Predicates(self.view)
        self.matcher = Matcher(self.view, lexicon, self.cast, self.predicates)
        self.home, self.countries = self._countries()
        self._noise_cache: dict[str, float] | None = None
        self.places = Places(self.view, self.cast, self.countries)
        self.anchor = self._anchor()

    def run(self) -> Trace:
        """Find, code, score and merge the events of the article."""
        trace = Trace(view=self.view, rejected=self.matcher.rejected)
        matches = self._matches(trace)
        kept = self._without_content(matches, trace)
        for match in kept:
            coded = self._code(match, trace)
            if coded is not None:
                trace.coded.append(coded)
        self._from_lead(trace.coded)
        trace.coded = merge(trace.coded, self.view)
        return trace

    def _noise(self) -> dict[str, float]:
        if self._noise_cache is None:
            self._noise_cache = noise_of(self.view)
        return self._noise_cache

    def _from_lead(self, coded: list[Coded]) -> None:
        """A headline has the day and place of the lead, where the same people act (coding.md, 2 and 15)."""
        start = self.draft.body_start
        if not start:
            return
        view = self.view
        lead = next((n for n, (a, _) in enumerate(view.sentences) if view.start[a] >= start and view.lower[a].strip()), None)
        sources = [c for c in coded if view.sentence_of[c.match.predicate.token] == lead and c.days is not None]
        for title in coded:
            if title.trigger[0] >= start or title.days is not None or not title.actors:
                continue
            names = {s.key() for s in title.actors}
            for source in sources:
                if (
                    names <= {s.key() for s in (*source.actors, *source.recipients)}
                    and source.status.modality == title.status.modality
                ):
                    title.days = source.days
                    title.place = title.place or source.place
                    break

    def _matches(self, trace: Trace) -> list[Match]:
        deadline = time.perf_counter() + 0.25 + SECONDS_PER_TOKEN * len(self.view.lower)
        over: set[int] = set()
        out: list[Match] = []
        taken: set[int] = set()
        for i in self.matcher.candidates():
            number = self.view.sentence_of[i]
            first, last = self.view.sentences[number]
            if last - first > SENTENCE_TOKENS or time.perf_counter() > deadline:
                over.add(number)
                continue
            if i in taken:
                continue
            match = self.matcher.match(i)
            if match is not None:
                out.append(match)
                taken.update(range(match.first, match.last + 1) if match.predicate.nominal else [match.first])
        trace.skipped = len(over)
        return out

    def _without_content(self, matches: list[Match], trace: Trace) -> list[Match]:
        """Drop what is only the content of a verbal act, or a noun that an entry's own condition used up."""
        hidden: dict[int, str] = {}
        for match in matches:
            for t in match.required:
                if (
                    t != match.predicate.token
                    and self.view.pos[t] in ("NOUN", "PROPN", "X")
                    and abs(t - match.predicate.token) < 25
                ):
                    hidden.setdefault(t, f"part of {self.view.lower[match.predicate.token]!r}")
            if self._reports(match, matches):
                hidden.setdefault(match.predicate.token, "reports what stands before it")
            elif match.entry.type in _VERBAL_ACTS:
                for t in self._content_tokens(match):
                    hidden.setdefault(t, f"content of {self.view.lower[match.predicate.token]!r}")
        out = []
        for match in matches:
            reason = hidden.get(match.predicate.token)
            if reason is None:
                out.append(match)
            else:
                trace.dropped.append((match, reason))
        return out

    def _reports(self, match: Match, matches: list[Match]) -> bool:
        """ ", acusó el ministro" behind a whole sentence only says who claims it."""
        view, token = self.view, match.predicate.token
        if match.predicate.nominal or view.lemma[token] not in view.grammar["claim_verbs"]:
            return False
        for other in matches:
            t = other.predicate.token
            if (
                t < token
                and view.sentence_of[t] == view.sentence_of[token]
                and view.head[t] == token
                and view.dep[t] in ("ccomp", "parataxis")
            ):
                return True
            if t < token and view.sentence_of[t] == view.sentence_of[token] and view.lower[token - 1] == ",":
                return not any(c > token and view.dep[c] in ("ccomp", "xcomp") for c in view.children[token])
        return False

    def _content_tokens(self, match: Match) -> list[int]:
        view, token = self.view, match.predicate.token
        out: list[int] = []
        subjects = set(match.predicate.heads("subject"))
        for c in view.children[token]:
            if c in subjects or view.dep[c] in ("conj", "parataxis", "punct", "cc", "cop", "aux", "appos"):
                continue
            if c < token and view.dep[c] != "ccomp" and not (view.dep[c] in ("obl", "nmod") and match.predicate.nominal):
                continue
            case = view.case(c)
            if case in (
                "tras",
                "después",
                "antes",
                "después de",
                "after",
                "before",
                "durante",
                "during",
                "luego",
                "en",
                "in",
                "at",
                "on",
                "mientras",
                "while",
            ):
                continue
            if (
                view.dep[c] == "advcl"
                and view.morph(c, "VerbForm") in ("Ger",)
                and match.entry.type not in ("ACCUSE", "THREATEN")
            ):
                continue
            if view.dep[c] == "advcl" and view.morph(c, "VerbForm") == "Fin" and case is None and not match.entry.content:
                continue
            if match.entry.type in ("SUPPORT", "CONCEDE", "SANCTION") and view.dep[c] not in ("ccomp", "obj", "nmod"):
                continue
            out += view.subtree(c)
        return out

    def _code(self, match: Match, trace: Trace) -> Coded | None:
        view, entry = self.view, match.entry
        status = status_of(view, match)
        if status.dropped:
            trace.dropped.append((match, status.dropped))
            return None
        assert entry.type is not None
        if (reason := self._background(match, status)) is not None:
            trace.dropped.append((match, reason))
            return None
        kind, mode, cameo = entry.type, entry.mode, entry.cameo
        if entry.content:
            coding, _ = with_content(match, view, self.lexicon, self.matcher)
            mode, cameo = coding.mode, coding.cameo
        elif entry.refine:
            mode, cameo = self._refined(match, mode, cameo)
        actors, recipients = assign(match, self.cast, self.lexicon)
        if not (actors and recipients):
            self._lend(match, actors, recipients)
        if not actors:
            actors = bare_right(match, self.cast)
        if not recipients and actors:
            recipients = meant(match, self.cast, actors) or below(match, self.cast, actors)
        if not actors and self._says_both(match):
            actors = both_before(view, match.predicate.token, self.cast)
        if kind == "CONSULT" and mode is None and not actors and len(recipients) > 1:
            actors, recipients = recipients, []
        kind, mode, cameo = self._future(match, status, kind, mode, cameo)
        threat = self._threat(match, status, kind, cameo)
        if threat is not None:
            kind, mode, cameo = threat
            status.modality, status.future = "asserted", False
            actors, recipients = self._threatened(match, actors, recipients)
        heads = {s.head for s in (*actors, *recipients) if s.kind != "place"}
        place = self.places.of(match, kind, entry.mode == "visit", heads)
        country = (place.country if place else None) or self._near_country(match) or self.home
        military = kind == "COOPERATE" and cameo == "062"
        actors = complete(actors, "military" if military else kind, country, self.view.grammar["abroad"])
        recipients = complete(recipients, "", country, self.view.grammar["abroad"])
        claimed = (
            claimant(view, match, self.cast, self.predicates, actors)
            if kind not in ("ACCUSE", "REJECT", "THREATEN", "REQUEST") or match.predicate.nominal
            else None
        )
        if claimed:
            claimed = complete([claimed], "", country, self.view.grammar["abroad"])[0]
        days = attach(view, match, self.anchor, status)
        if (
            status.modality == "asserted"
            and days
            and self.anchor
            and days.first > self.anchor
            and kind not in ("ACCUSE", "REQUEST")
        ):
            status.modality = "planned"
            kind, mode, cameo = self._future(match, status, kind, mode, cameo)
        coded = Coded(
            match, kind, mode, cameo, status, actors, recipients, claimed, days, place,
            self._trigger(match), self._contexts(match),
        )  # fmt: skip
        coded.features = features_of(coded, view, self.draft.body_start, self.anchor, self._noise())
        coded.confidence = confidence.score(coded.features)
        return coded

    def _lend(self, match: Match, actors: list[Side], recipients: list[Side]) -> None:
        nouns = [
            m
            for t in match.required
            if t != match.predicate.token and self.view.lemma[t] in self.lexicon.nouns and (m := self.matcher.match(t))
        ]
        more_actors, more_recipients = lent(match, self.cast, self.lexicon, nouns)
        for t in match.required:
            if not more_actors and t != match.predicate.token and self.view.pos[t] in ("NOUN", "ADJ", "PROPN"):
                heads = [h for r in ("entre", "between") for h in self.predicates.noun(t).heads(r)]
                more_actors = [s for h in heads for s in self.cast.sides(h)]
        taken = {s.head for s in (*actors, *recipients)}
        if not actors:
            actors += [s for s in more_actors if s.head not in taken]
        if not recipients:
            recipients += [s for s in more_recipients if s.head not in taken and all(s.key() != a.key() for a in actors)]

    def _threat(self, match: Match, status: Status, kind: str, cameo: str) -> tuple[str, str | None, str] | None:
        """ "Si X no …, impondrá sanciones": the announced harm under a condition is a threat (coding.md, 11)."""
        if status.modality not in ("planned", "hypothetical") or kind not in _HARM or match.predicate.nominal:
            return None
        view, token = self.view, match.predicate.token
        first, last = view.sentences[view.sentence_of[token]]
        if view.lower[first : first + 2] != ["de", "no"] and not any(
            view.dep[t] == "mark" and view.lower[t] in view.grammar["threat_marks"] and view.head[t] != token
            for t in range(first, last)
        ):
            return None
        name = codebook.content_of(cameo)
        found = codebook.content_classes().get(name) if name else None
        return "THREATEN", found.threat if found else None, found.codes.get("13", "130") if found else "130"

    def _threatened(self, match: Match, actors: list[Side], recipients: list[Side]) -> tuple[list[Side], list[Side]]:
        """The speaker threatens, and whoever must meet the condition is threatened."""
        view, token = self.view, match.predicate.token
        speaker = claimant(view, match, self.cast, self.predicates, [])
        first, last = view.sentences[view.sentence_of[token]]
        for t in range(first, last):
            if view.dep[t] == "mark" and view.lower[t] in view.grammar["threat_marks"] and view.pos[view.head[t]] in VERBAL:
                subjects = self.predicates.verb(view.head[t]).heads("subject")
                found = [s for h in subjects for s in self.cast.sides(h) if not s.place_only]
                if found and all(f.key() != a.key() for f in found for a in actors):
                    recipients = found
                    break
        return [speaker] if speaker else actors, recipients

    def _background(self, match: Match, status: Status) -> str | None:
        """Habits, refusals that were not made, and what only dates something else (coding.md, 4)."""
        view, token = self.view, match.predicate.token
        words = view.grammar
        if match.entry.type == "REJECT" and status.modality == "denied":
            return "a refusal that was not made"
        first, last = view.sentences[view.sentence_of[token]]
        if any(view.lower[t] in words["habits"] for t in range(max(first, token - 4), min(last, token + 5))):
            return "habitual"
        described = view.dep[token] == "amod" and token < view.head[token] and not match.predicate.nominal
        if described and (token == first or view.pos[token - 1] not in ("NOUN", "PROPN", "ADV", "PUNCT")):
            return "only describes"
        if match.predicate.nominal and view.lemma[view.head[token]] in words["phases"] and token - view.head[token] in (2, 3):
            phase = view.head[token]
            if any(view.lower[t] in words["since"] for t in range(max(first, phase - 3), phase)):
                return "only dates something else"
        return None

    def _future(self, match: Match, status: Status, kind: str, mode: str | None, cameo: str) -> tuple[str, str | None, str]:
        """What is announced becomes AGREE or CONCEDE (coding.md, 6)."""
        if kind == "AGREE" and status.modality == "asserted":
            status.modality = "planned"
        if status.modality == "denied" and status.future and kind in _YIELDING and not match.predicate.nominal:
            name = codebook.content_of(cameo)
            found = codebook.content_classes().get(name) if name else None
            status.modality, status.future = "asserted", False
            return "REJECT", found.mode if found else None, found.codes.get("12", "120") if found else "120"
        if status.modality == "planned" and kind in _FUTURE:
            return "AGREE", None, promised(match, cameo, self.view, self.lexicon, self.matcher)
        if status.modality == "planned" and kind == "RETREAT":
            name = codebook.content_of(cameo)
            code = codebook.content_classes()[name].codes.get("03") if name else None
            if mode == "resign":
                return kind, mode, cameo
            return "CONCEDE", None, code or "035"
        return kind, mode, cameo

    def _refined(self, match: Match, mode: str | None, cameo: str) -> tuple[str | None, str]:
        view, token = self.view, match.predicate.token
        first, last = view.sentences[view.sentence_of[token]]
        near = range(max(first, token - 15), min(last, token + 18))
        for row in self.lexicon.refinements:
            named = row.type == match.entry.type and any(word_at(view, t, row.words) for t in near)
            if named and not any(word_at(view, t, row.unless) for t in near):
                return row.mode, row.cameo
        return mode, cameo

    def _says_both(self, match: Match) -> bool:
        view = self.view
        for relation in ("subject", "de", "entre", "of", "between"):
            for h in match.predicate.heads(relation):
                if view.lower[h] in view.grammar["both"] or any(view.lower[c] in view.grammar["both"] for c in view.children[h]):
                    return True
        return False

    def _trigger(self, match: Match) -> tuple[int, int]:
        view, token = self.view, match.predicate.token
        first, last = match.first, match.last
        if not match.predicate.nominal:
            while (
                first > 0
                and view.sentence_of[first - 1] == view.sentence_of[token]
                and (
                    (view.lower[first - 1] in view.grammar["reflexive"])
                    or (view.dep[first - 1].startswith("aux") and view.head[first - 1] == token)
                )
            ):
                first -= 1
        sides = {a.head for a in match.predicate.arguments if a.relation in ("subject", "iobj")}
        for t in match.required:
            if (
                t in sides
                or abs(t - token) > 7
                or view.sentence_of[t] != view.sentence_of[token]
                or view.pos[t] == "PROPN"
                or self.cast.sector_at(t)
            ):
                continue
            first, last = min(first, t), max(last, t)
        return view.start[first], view.end[last]

    def _contexts(self, match: Match) -> list[str]:
        view, token = self.view, match.predicate.token
        first, last = view.sentences[view.sentence_of[token]]
        out = list(match.entry.contexts)
        for t in range(first, last):
            name = self.lexicon.contexts.get(view.lemma[t])
            if name and name not in out:
                out.append(name)
        return out[:4]

    def _near_country(self, match: Match) -> str | None:
        """The one state that the sentence speaks of, if it is one."""
        view = self.view
        first, last = view.sentences[view.sentence_of[match.predicate.token]]
        found = set(self.cast.evidence(view.start[first], view.end[last - 1]))
        return found.pop() if len(found) == 1 else None

    def _countries(self) -> tuple[str | None, dict[str, float]]:
        """The home state of the article (dateline, else the state named most), and weights for places of the same name."""
        counts: Counter[str] = Counter()
        for entity in self.draft.entities:
            if entity.country:
                counts[entity.country] += len(entity.mentions)
        if not counts:
            counts.update(self.cast.evidence(0, min(3000, len(self.draft.text))))
        home = None
        if self.draft.dateline:
            home = self._dateline_place(self.draft.dateline)
        if home:
            counts[home] += 2
        if home is None and counts:
            (top, n), *rest = counts.most_common(2)
            if not rest or n > rest[0][1]:
                home = top
        total = sum(counts.values()) or 1
        return home, {k: v / total for k, v in counts.items()}

    def _dateline_place(self, dateline: str) -> str | None:
        name = dateline.split(",")[0].split("(")[0].strip(" .-–—").title()
        place = self.gazetteer.place(name, language=self.draft.language or "es") if name else None
        return place.country if place else self.gazetteer.country(name, self.draft.language or "es")

    def _anchor(self) -> date | None:
        """The day of publication in the zone of the dateline's place, else the provider's, else UTC."""
        published = self.draft.item.published_at
        if published is None:
            return None
        zone: tzinfo = self.draft.time_zone or UTC
        if self.draft.dateline:
            name = self.draft.dateline.split(",")[0].split("(")[0].strip(" .-–—").title()
            place = self.gazetteer.place(name, language=self.draft.language or "es") if name else None
            if place is not None and place.time_zone:
                try:
                    zone = ZoneInfo(place.time_zone)
                except (ZoneInfoNotFoundError, ValueError):
                    log.warning("time zone %s of %s is unknown here", place.time_zone, place.name)
        moment = published if published.tzinfo else published.replace(tzinfo=UTC)
        return datetime.astimezone(moment, zone).date()


def is_verbal(view: View, i: int) -> bool:
    """Whether a token is a verb for the coder."""
    return view.pos[i] in VERBAL
