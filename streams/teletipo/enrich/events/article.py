"""The coding of one article: match, code, score and merge."""

from __future__ import annotations

import time

from teletipo.enrich.events import confidence
from teletipo.enrich.events.aims import give_aims
from teletipo.enrich.events.claims import claimant
from teletipo.enrich.events.coded import Coded, Trace
from teletipo.enrich.events.content import with_content
from teletipo.enrich.events.day_sharing import share_days
from teletipo.enrich.events.dedup import merge
from teletipo.enrich.events.deeds import accused_in, blamed, deed_of
from teletipo.enrich.events.demands import addressed
from teletipo.enrich.events.features import features_of, noise_of, things_of
from teletipo.enrich.events.indirect_sides import (
    bare_right,
    below,
    carried,
    lent,
    owners_before,
    perpetrators,
    shared,
    subject_before,
    threatened,
    victims,
)
from teletipo.enrich.events.lexicon import Lexicon, known_verbs
from teletipo.enrich.events.matching import Match, Matcher
from teletipo.enrich.events.modality import status_of
from teletipo.enrich.events.participants import Cast, Side
from teletipo.enrich.events.place_sharing import share_places
from teletipo.enrich.events.places import Places
from teletipo.enrich.events.predicates import Predicates
from teletipo.enrich.events.recoding import announced, background, neutral_ground, refined, threat
from teletipo.enrich.events.references import answered, helped, meant
from teletipo.enrich.events.setting import day_of_publication, home_and_countries
from teletipo.enrich.events.sides import assign
from teletipo.enrich.events.states import Whereabouts, complete
from teletipo.enrich.events.timing import attach
from teletipo.enrich.events.verbal_content import without_content
from teletipo.enrich.events.view import build
from teletipo.enrich.model import Draft
from teletipo.gazetteer import Gazetteer

SENTENCE_TOKENS = 250
"""Longer sentences are skipped and counted: no wire writes them, and the work on one grows faster than its length."""
SECONDS_PER_TOKEN = 0.0005
"""Processor time that an article may take: what is left of it after that is skipped and counted."""


class ArticleCoder:
    """The work on one article."""

    def __init__(self, draft: Draft, lexicon: Lexicon, gazetteer: Gazetteer) -> None:
        assert draft.doc is not None
        assert draft.language is not None
        self.draft = draft
        self.lexicon = lexicon
        self.gazetteer = gazetteer
        self.view = build(draft.doc, draft.text, draft.language, known_verbs(lexicon))
        self.cast = Cast(self.view, draft.entities, gazetteer)
        self.predicates = Predicates(self.view)
        self.matcher = Matcher(self.view, lexicon, self.cast, self.predicates)
        self.home, self.countries = home_and_countries(draft, self.cast)
        self._noise_cache: dict[str, float] | None = None
        self._subjects: dict[int, list[Side]] = {}
        self.places = Places(self.view, self.cast, self.countries, self.home)
        self.anchor = day_of_publication(draft, gazetteer)

    def run(self) -> Trace:
        """Find, code, score and merge the events of the article."""
        trace = Trace(view=self.view, misfits=self.matcher.misfits)
        matches = self._matches(trace)
        kept = without_content(self.view, matches, trace.dropped)
        for match in kept:
            coded = self._code(match, trace)
            if coded is not None:
                trace.coded.append(coded)
        share_days(trace.coded, self.view)
        share_places(trace.coded, self.view)
        give_aims(trace.coded, self.view, self.lexicon, self.matcher)
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
        deadline = time.thread_time() + 0.25 + SECONDS_PER_TOKEN * len(self.view.lower)
        current, late = -1, False
        over: set[int] = set()
        out: list[Match] = []
        taken: set[int] = set()
        for i in self.matcher.candidates():
            number = self.view.sentence_of[i]
            first, last = self.view.sentences[number]
            if number != current:  # the clock is a system call: once a sentence is enough, for its length has a bound
                current, late = number, time.thread_time() > deadline
            if late or last - first > SENTENCE_TOKENS:
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

    def _code(self, match: Match, trace: Trace) -> Coded | None:
        view, entry = self.view, match.entry
        status = status_of(view, match)
        if status.dropped:
            trace.dropped.append((match, status.dropped))
            return None
        assert entry.type is not None
        if (reason := background(view, match, status)) is not None:
            trace.dropped.append((match, reason))
            return None
        kind, mode, cameo = entry.type, entry.mode, entry.cameo
        if entry.content:
            coding, _ = with_content(match, view, self.lexicon, self.matcher)
            mode, cameo = coding.mode, coding.cameo
        elif entry.refine or (kind == "CONSULT" and mode is None and cameo != "045"):
            mode, cameo = refined(view, match, mode, cameo, self.lexicon)
        actors, recipients = self._sides(match, trace.coded)
        kind, mode, cameo = announced(match, status, kind, mode, cameo, view, self.lexicon, self.matcher)
        threatens = threat(view, match, status, kind, cameo)
        if threatens is not None:
            kind, mode, cameo = threatens
            status.modality, status.future = "asserted", False
            actors, recipients = threatened(match, self.cast, self.predicates, actors, recipients)
        heads = {s.head for s in (*actors, *recipients) if s.kind != "place"}
        place = self.places.of(match, kind, entry.mode == "visit", heads)
        if kind == "CONSULT" and mode is None and cameo != "045" and neutral_ground(place, actors):
            mode, cameo = "third-party", "044"
        where = Whereabouts(place.country if place else None, self._near_country(match), self.home, bool(self.draft.dateline))
        military = kind == "COOPERATE" and cameo == "062"
        done = complete(actors, "military" if military else kind, self.cast, where, recipients)
        suffered = "suffered" if kind in ("ASSAULT", "COERCE") else ""
        actors, recipients = done, complete(recipients, suffered, self.cast, where, actors)
        claimed = (
            claimant(view, match, self.cast, self.predicates, actors)
            if kind not in ("ACCUSE", "REJECT", "THREATEN", "REQUEST") or match.predicate.nominal
            else None
        )
        if claimed:
            claimed = complete([claimed], "", self.cast, where)[0]
        days = attach(view, match, self.anchor, status)
        if (
            status.modality == "asserted"
            and days
            and self.anchor
            and days.first > self.anchor
            and kind not in ("ACCUSE", "REQUEST")
        ):
            status.modality = "planned"
            kind, mode, cameo = announced(match, status, kind, mode, cameo, view, self.lexicon, self.matcher)
        coded = Coded(
            match, kind, mode, cameo, status, actors, recipients, claimed, days, place,
            self._trigger(match), self._contexts(match),
        )  # fmt: skip
        if not coded.recipients and entry.pattern not in ("act", "sides", "visit") and not deed_of(match, self.matcher, view):
            coded.recipients = helped(coded, self.cast, trace.coded, self.home) or answered(coded, self.cast, trace.coded)
        things = things_of(match, self.cast, self.lexicon.patterns[entry.pattern].verb | entry.args)
        coded.features = features_of(coded, view, self.draft.body_start, self.anchor, self._noise(), things)
        coded.confidence = confidence.score(coded.features)
        return coded

    def _sides(self, match: Match, told: list[Coded]) -> tuple[list[Side], list[Side]]:
        """Actors and recipients: by the entry's pattern, then by what the words around them say."""
        cast, kind = self.cast, match.entry.type or ""
        actors, recipients = assign(match, cast, self.lexicon, told)
        deed = deed_of(match, self.matcher, self.view)
        if deed is not None:
            recipients = blamed(match, deed, cast, self.lexicon, actors, recipients, told)
        elif not recipients and (accused := accused_in(match, cast, self.predicates, actors)) is not None:
            return actors or carried(match, cast, self._before(match)), accused
        elif not (actors and recipients):
            self._lend(match, actors, recipients)
        if not actors:
            actors = bare_right(match, cast)
        if match.entry.pattern == "host":
            actors = actors or meant(match, cast, recipients, self._before(match), told)
        elif match.entry.pattern != "suffer":
            actors = actors or shared(match, cast, self.predicates) or carried(match, cast, self._before(match))
        if deed is not None and actors:
            return actors, recipients
        if not recipients and match.entry.pattern not in ("act", "sides", "host"):
            recipients = meant(match, cast, actors, self._before(match), told)
        if not recipients and actors:
            recipients = owners_before(match, cast, actors, told) or below(match, cast, actors)
        actors = actors or perpetrators(match, cast)
        if not recipients:
            recipients = addressed(match, cast, self.lexicon, self.matcher, actors)
        if not recipients:
            recipients = victims(match, cast, self.predicates)
        if kind == "CONSULT" and match.entry.mode is None and not actors and len(recipients) > 1:
            return recipients, []
        return actors, [s for s in recipients if all(s.participant.start != a.participant.start for a in actors)]

    def _before(self, match: Match) -> list[Side]:
        """Whom the sentence before is about."""
        number = self.view.sentence_of[match.predicate.token]
        if number not in self._subjects:
            self._subjects[number] = subject_before(number, self.cast, self.predicates)
        return self._subjects[number]

    def _lend(self, match: Match, actors: list[Side], recipients: list[Side]) -> None:
        nouns = [
            m
            for t in match.required
            if t != match.predicate.token and self.view.lemma[t] in self.lexicon.nouns and (m := self.matcher.match(t))
        ]
        more_actors, more_recipients = lent(self.cast, self.lexicon, nouns)
        for t in match.required:
            if not more_actors and t != match.predicate.token and self.view.pos[t] in ("NOUN", "ADJ", "PROPN"):
                heads = [h for r in ("entre", "between") for h in self.predicates.noun(t).heads(r)]
                more_actors = [s for h in heads for s in self.cast.sides(h)]
        taken = {s.head for s in (*actors, *recipients)}
        if not actors:
            actors += [s for s in more_actors if s.head not in taken]
        if not recipients:
            recipients += [s for s in more_recipients if s.head not in taken and all(s.key() != a.key() for a in actors)]

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
