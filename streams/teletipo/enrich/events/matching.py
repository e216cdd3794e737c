"""Which entry a word of the text answers to: lookup by lemma, then its conditions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from teletipo.enrich.events.antecedents import words_near
from teletipo.enrich.events.arguments import Argument, Predicate
from teletipo.enrich.events.conditions import Conditions
from teletipo.enrich.events.entry import Entry
from teletipo.enrich.events.lexicon import Lexicon, Row
from teletipo.enrich.events.participants import Cast
from teletipo.enrich.events.predicates import Predicates
from teletipo.enrich.events.view import NAMING, NOMINAL, VERBAL, SentenceWords, View

_NEAR, _FAR = 5, 9
"""Tokens within which the particle of a verb may follow: "handed a suspected Dutch drug boss over"."""


_TOWARDS = frozenset({"a", "contra", "to", "against"})
"""Before whom or what an opposition opposes."""


@dataclass(slots=True)
class Match:
    """An entry that fits at a token; `last` is the last token of a phrase."""

    entry: Entry
    predicate: Predicate
    first: int
    last: int
    required: list[int] = field(default_factory=list)


Misfit: TypeAlias = tuple[Entry, int, str, str | None]
"""The fields of a Rejected: there are hundreds of them to an article, and few are looked at."""


@dataclass(slots=True)
class Rejected:
    """An entry that was considered and did not fit, with the reason, for `teletipo explain`."""

    entry: Entry
    token: int
    relation: str
    blocker: str | None
    """The word that blocked it; None where what it needs was not found."""

    @property
    def reason(self) -> str:
        """The reason in words."""
        return f"needs {self.relation}" if self.blocker is None else f"blocked by {self.relation} {self.blocker!r}"


class Matcher:
    """Matches the lexicon against one article."""

    def __init__(self, view: View, lexicon: Lexicon, cast: Cast, predicates: Predicates) -> None:
        self.view = view
        self.lexicon = lexicon
        self.cast = cast
        self.predicates = predicates
        self.conditions = Conditions(view, cast)
        self.misfits: list[Misfit] = []
        self._words_near: dict[int, SentenceWords | None] = {}

    def candidates(self) -> list[int]:
        """Tokens whose lemma begins a word of the lexicon."""
        view, verbs, nouns = self.view, self.lexicon.verbs, self.lexicon.nouns
        pos = view.pos
        return [
            i
            for i, (lemma, lower) in enumerate(zip(view.lemma, view.lower, strict=True))
            if (lemma in verbs and (pos[i] in VERBAL or pos[i] in ("ADJ", "NOUN", "PROPN")))
            or ((lemma in nouns or lower in nouns) and pos[i] in NAMING and not view.in_name(i))
        ]

    def match(self, i: int) -> Match | None:
        """The entry that a token answers to, or None; an entry of type none gives None as well."""
        view = self.view
        pos = view.pos[i]
        best: Match | None = None
        verbal = pos in VERBAL or (pos == "ADJ" and (view.lower[i] != view.lemma[i] or _predicative(view, i)))
        if verbal and not view.dep[i].startswith(("aux", "cop")):
            rows = self._likely(i, self.lexicon.verbs.get(view.lemma[i], ()))
            if pos != "ADJ":
                _drop_idle(rows)
            if rows:
                best = self._best(i, rows, self.predicates.verb(i))
        if best is None and pos in NAMING:
            rows = self._likely(i, self.lexicon.nouns.get(view.lemma[i]) or self.lexicon.nouns.get(view.lower[i], ()))
            _drop_idle(rows)
            if rows and not self._in_title(i):
                if pos == "ADJ":
                    best = self._adjective_first(i, rows)
                    return best if best is not None and best.entry.type else None
                present = [row for row in rows if len(row.phrase) == 1 or view.phrase_at(i, row.phrase)]
                best = self._best(i, present, self.predicates.noun(i)) if present else None
        return best if best is not None and best.entry.type else None

    def _likely(self, i: int, rows: Sequence[Row]) -> list[Row]:
        """The rows whose words are all in the sentence: of most acts' many wordings, one or two."""
        if not rows:
            return []
        number = self.view.sentence_of[i]
        here, near = self.view.words_in(number), self._near(number)
        forms, stems = here.forms, here.stems
        out = []
        for row in rows:
            if row.stems <= stems:
                for relation, singles, parts in row.needs:
                    if relation == "words" or near is here:
                        missing = singles.isdisjoint(forms) and parts.isdisjoint(stems)
                    else:
                        missing = near is not None and singles.isdisjoint(near.forms) and parts.isdisjoint(near.stems)
                    if missing:
                        self.misfits.append((row.entry, i, relation, None))
                        break
                else:
                    out.append(row)
        return out

    def _near(self, number: int) -> SentenceWords | None:
        if number not in self._words_near:
            self._words_near[number] = words_near(self.view, number)
        return self._words_near[number]

    def _in_title(self, i: int) -> bool:
        """ "el líder de la oposición", "grupos de la oposición": a noun that names people, and not what they do to somebody."""
        up = self.view.head[i]
        if self.cast.sector_at(i) == "OPP" and not any(self.view.case(c) in _TOWARDS for c in self.view.children[i]):
            return True
        return self.view.case(i) in self.view.grammar["genitive"] and all(self.cast.sector_at(t) for t in (i, up)) and up < i

    def _adjective_first(self, i: int, rows: Sequence[Row]) -> Match | None:
        """A noun phrase of the lexicon that begins with an adjective ("joint exercise"): its head is the last word."""
        for row in rows:
            last = self._phrase(i, row.phrase, True)
            if last is None or last == i or self.view.pos[last] not in NOMINAL:
                continue
            match = self._fits(row.entry, self.predicates.noun(last), last, last)
            if match is not None:
                match.first = i
                return match
        return None

    def _best(self, i: int, rows: Sequence[Row], predicate: Predicate) -> Match | None:
        """The first that fits: rows stand in the order of their rank."""
        for row in rows:
            phrase, entry = row.phrase, row.entry
            last = i if len(phrase) == 1 else self._phrase(i, phrase, predicate.nominal)
            if last is None:
                continue
            if predicate.nominal and self._compound(i, last):
                match = self._fits(entry, self.predicates.noun(last), last, last)
            else:
                match = self._fits(entry, self._with_particle(predicate, i, phrase, last), i, last)
            if match is not None:
                match.first = i
                return match
        return None

    def _compound(self, i: int, last: int) -> bool:
        """ "prisoner swap", "missile test": the head is the last word, and what governs it and hangs on it is the act's."""
        return last > i and i < self.view.head[i] <= last and self.view.dep[i].startswith(("compound", "amod", "nmod"))

    def _phrase(self, i: int, phrase: tuple[str, ...], nominal: bool) -> int | None:
        """Last token of a phrase that starts at a token; a verb's particle may stand a little off."""
        view = self.view
        if len(phrase) == 1:
            return i
        if view.phrase_at(i, phrase):
            return i + len(phrase) - 1
        if nominal:
            return None
        at = i
        for word in phrase[1:]:
            reach = at + (_FAR if word in view.grammar["adverb_particles"] else _NEAR)
            found = next(
                (t for t in range(at + 1, min(reach, len(view.lower))) if view.lower[t] == word or view.lemma[t] == word), None
            )
            if found is None or any(_parts(view, t) for t in range(at + 1, found)):
                return None
            at = found
        return at

    def _with_particle(self, predicate: Predicate, i: int, phrase: tuple[str, ...], last: int) -> Predicate:
        """What follows a preposition of "call for", "walk out of" is its object, whichever of them the parser ties to it."""
        if predicate.nominal or len(phrase) == 1 or self.view.pos[last] == "NOUN":  # "poner en libertad" is whole
            return predicate
        particles = phrase[1:]
        moved = [a for a in predicate.arguments if a.relation in particles]
        if not moved:
            return predicate
        arguments = [Argument("object", a.head, a.near) if a.relation in particles else a for a in predicate.arguments]
        return Predicate(i, False, predicate.carrier, predicate.passive, predicate.reflexive, arguments)

    def _fits(self, entry: Entry, predicate: Predicate, i: int, last: int) -> Match | None:
        if (
            not predicate.nominal
            and entry.reflexive is not None
            and entry.reflexive != predicate.reflexive
            and not self._participle(i)
        ):
            return None
        held: dict[str, int] = {}
        for relation in entry.order:
            at = self.conditions.holds(predicate, relation, entry.require[relation])
            if at is None:
                self.misfits.append((entry, i, relation, None))
                return None
            held[relation] = at
        required = [held[relation] for relation in entry.require]
        extra: list[Argument] = []
        for relation, found in zip(entry.require, required, strict=True):
            known = [a.relation for a in predicate.arguments if a.head == found]
            behind = relation == "subject" and known == ["object"] and not predicate.heads("subject")
            if found != i and (behind or (relation in ("subject", "object") and not known)):
                extra.append(Argument(relation, found, near=True))
        number = self.view.sentence_of[i]
        here, near = self.view.words_in(number), self._near(number)
        for relation, condition in entry.block.items():
            words = here if relation == "words" else near
            if words is not None and condition.local(relation) and not condition.possible(words):
                continue
            if (at := self.conditions.holds(predicate, relation, condition)) is not None:
                self.misfits.append((entry, i, relation, self.view.lower[at]))
                return None
        if extra:
            moved, filled = {e.head for e in extra}, {e.relation for e in extra}
            kept = [a for a in predicate.arguments if a.head not in moved and not (a.near and a.relation in filled)]
            predicate = Predicate(
                i, predicate.nominal, predicate.carrier, predicate.passive, predicate.reflexive, [*kept, *extra]
            )
        return Match(entry, predicate, i, last, required)

    def _participle(self, i: int) -> bool:
        """ "los concentrados ante el palacio", but not "han concentrado sus esfuerzos", where "se" would stand before "han"."""
        perfect = any(self.view.lemma[c] == "haber" and self.view.dep[c] == "aux" for c in self.view.children[i])
        return self.view.morph(i, "VerbForm") == "Part" and not perfect


def _drop_idle(rows: list[Row]) -> None:
    """Without the last rows of type none: they could only keep an entry from fitting that asks for less, and there is none."""
    while rows and rows[-1].entry.type is None:
        rows.pop()


def _parts(view: View, t: int) -> bool:
    """Whether a word between a verb and its particle shows that they are not of one phrase."""
    return (view.pos[t] in VERBAL and view.dep[t] != "amod") or view.dep[t] == "compound:prt"


def _predicative(view: View, i: int) -> bool:
    """An adjective that is said of its subject and governs an infinitive ("is willing to withdraw")."""
    below = {view.dep[c] for c in view.children[i]}
    return not below.isdisjoint(("xcomp", "ccomp", "advcl")) and (
        "cop" in below or view.dep[i] in ("acl", "advcl", "conj", "xcomp")
    )
