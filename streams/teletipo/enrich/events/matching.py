"""Which entry a word of the text answers to: lookup by lemma, then its conditions."""

from __future__ import annotations

from dataclasses import dataclass, field

from teletipo.enrich.events.arguments import Argument, Predicate
from teletipo.enrich.events.entry import Condition, Entry
from teletipo.enrich.events.lexicon import Lexicon
from teletipo.enrich.events.participants import Cast
from teletipo.enrich.events.predicates import Predicates
from teletipo.enrich.events.roles import ARMED
from teletipo.enrich.events.view import NAMING, NOMINAL, VERBAL, View


@dataclass(slots=True)
class Match:
    """An entry that fits at a token; `last` is the last token of a phrase."""

    entry: Entry
    predicate: Predicate
    first: int
    last: int
    required: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Rejected:
    """An entry that was considered and did not fit, with the reason, for `teletipo explain`."""

    entry: Entry
    token: int
    relation: str
    blocker: str | None = None
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
        self.rejected: list[Rejected] = []

    def candidates(self) -> list[int]:
        """Tokens whose lemma begins a word of the lexicon."""
        view, verbs, nouns = self.view, self.lexicon.verbs, self.lexicon.nouns
        return [
            i
            for i, lemma in enumerate(view.lemma)
            if (lemma in verbs and (view.pos[i] in VERBAL or view.pos[i] in ("ADJ", "NOUN", "PROPN")))
            or ((lemma in nouns or view.lower[i] in nouns) and view.pos[i] in NAMING and not view.in_name(i))
        ]

    def match(self, i: int) -> Match | None:
        """The entry that a token answers to, or None; an entry of type none gives None as well."""
        view = self.view
        best: tuple[float, Match] | None = None
        verbal = view.pos[i] in VERBAL or (view.pos[i] == "ADJ" and (view.lower[i] != view.lemma[i] or _predicative(view, i)))
        if verbal and not view.dep[i].startswith(("aux", "cop")):
            rows = self.lexicon.verbs.get(view.lemma[i], ())
            best = self._best(i, rows, self.predicates.verb(i), best) if rows else None
        if best is None and view.pos[i] in NAMING and not self._in_title(i):
            rows = self.lexicon.nouns.get(view.lemma[i]) or self.lexicon.nouns.get(view.lower[i], ())
            if view.pos[i] == "ADJ":
                return self._adjective_first(i, rows)
            if rows and any(self._phrase(i, phrase, True) is not None for phrase, _ in rows):
                best = self._best(i, rows, self.predicates.noun(i), None)
        if best is None or best[1].entry.type is None:
            return None
        return best[1]

    def _in_title(self, i: int) -> bool:
        """ "el líder de la oposición": a noun that names people, within what somebody is called, names no act."""
        up = self.view.head[i]
        return self.view.case(i) in self.view.grammar["genitive"] and all(self.cast.sector_at(t) for t in (i, up)) and up < i

    def _adjective_first(self, i: int, rows: tuple[tuple[tuple[str, ...], Entry], ...]) -> Match | None:
        """A noun phrase of the lexicon that begins with an adjective ("joint exercise"): its head is the last word."""
        best: tuple[float, Match] | None = None
        for phrase, entry in rows:
            last = self._phrase(i, phrase, True)
            if last is None or last == i or self.view.pos[last] not in NOMINAL:
                continue
            match = self._fits(entry, self.predicates.noun(last), last, last)
            if match is not None:
                match.first = i
                score = len(entry.require) + len(phrase)
                if best is None or score >= best[0]:
                    best = (score, match)
        return best[1] if best and best[1].entry.type else None

    def _best(
        self, i: int, rows: tuple[tuple[tuple[str, ...], Entry], ...], predicate: Predicate, best: tuple[float, Match] | None
    ) -> tuple[float, Match] | None:
        for phrase, entry in rows:
            last = i if len(phrase) == 1 else self._phrase(i, phrase, predicate.nominal)
            if last is None:
                continue
            if predicate.nominal and self._compound(i, last):
                match = self._fits(entry, self.predicates.noun(last), last, last)
            else:
                match = self._fits(entry, self._with_particle(predicate, i, phrase), i, last)
            if match is None:
                continue
            match.first = i
            score = len(entry.require) + 0.6 * (len(phrase) - 1) + (0.5 if entry.reflexive is not None else 0)
            if best is None or score >= best[0]:
                best = (score, match)
        return best

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
            found = next(
                (t for t in range(at + 1, min(at + 5, len(view.lower))) if view.lower[t] == word or view.lemma[t] == word), None
            )
            if found is None or any(view.pos[t] in VERBAL or view.dep[t] == "compound:prt" for t in range(at + 1, found)):
                return None
            at = found
        return at

    def _with_particle(self, predicate: Predicate, i: int, phrase: tuple[str, ...]) -> Predicate:
        """What follows a preposition of "call for", "walk out of" is its object, whichever of them the parser ties to it."""
        if predicate.nominal or len(phrase) == 1:
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
        required: list[int] = []
        extra: list[Argument] = []
        number = self.view.sentence_of[i]
        forms, within = self.view.sentence_forms(number), self._within(predicate, number)
        for relation, condition in entry.require.items():
            found = None if within and condition.absent(forms, relation) else self._holds(predicate, relation, condition)
            if found is None:
                self.rejected.append(Rejected(entry, i, relation))
                return None
            required.append(found)
            known = [a.relation for a in predicate.arguments if a.head == found]
            behind = relation == "subject" and known == ["object"] and not predicate.heads("subject")
            if found != i and (behind or (relation in ("subject", "object") and not known)):
                extra.append(Argument(relation, found, near=True))
        for relation, condition in entry.block.items():
            if within and condition.absent(forms, relation):
                continue
            if (found := self._holds(predicate, relation, condition)) is not None:
                self.rejected.append(Rejected(entry, i, relation, self.view.lower[found]))
                return None
        if extra:
            moved, filled = {e.head for e in extra}, {e.relation for e in extra}
            kept = [a for a in predicate.arguments if a.head not in moved and not (a.near and a.relation in filled)]
            predicate = Predicate(
                i, predicate.nominal, predicate.carrier, predicate.passive, predicate.reflexive, [*kept, *extra]
            )
        return Match(entry, predicate, i, last, required)

    def _participle(self, i: int) -> bool:
        return self.view.morph(i, "VerbForm") == "Part"

    def _holds(self, p: Predicate, relation: str, condition: Condition) -> int | None:
        """The token by which a condition holds, or None."""
        view = self.view
        number = view.sentence_of[p.token]
        likely = condition.possible(view.sentence_forms(number))  # most conditions have no word in the sentence
        if relation == "words":
            return self._in_clause(p.token, condition) if likely else None
        if relation == "modifier":
            return next(
                (c for c in [*view.children[p.token], p.token + 1] if c < len(view.lower) and self._word(c, condition)), None
            )
        for head in self._relation_heads(p, relation):
            for h in [head, *(c for c in view.children[head] if view.dep[c] == "conj"), *self._measured(head)]:
                if (likely or view.sentence_of[h] != number) and self._word(h, condition):
                    return h
                if self._tagged(h, condition, relation == "subject"):
                    return h
        if not likely and not condition.tags:
            return None
        if relation == "object":
            if condition.tags and self._clitic(p):
                return p.token
            return self._near_object(p, condition)
        if relation == "subject" and not p.nominal and not p.passive:
            return self._near_subject(p, condition)
        if relation in view.grammar["prepositions"] and not p.nominal:
            return self._near_preposition(p, relation, condition)
        return None

    def _within(self, p: Predicate, number: int) -> bool:
        """Whether all that stands in a relation to an act is in its sentence, as nearly always."""
        sentence_of = self.view.sentence_of
        return number not in self.view.crossed and all(sentence_of[a.head] == number for a in p.arguments)

    def _in_clause(self, token: int, condition: Condition) -> int | None:
        """The first word of the condition around a token, in its sentence."""
        view = self.view
        first, last = view.sentences[view.sentence_of[token]]
        low, high = max(first, token - 30), min(last, token + 30)
        begin = [t for t in range(max(0, low - 2), high) if not condition.beginnings.isdisjoint(view.all_forms[t])]
        if not begin:
            return None
        return next((t for t in range(max(low, begin[0]), min(high, begin[-1] + 3)) if self._word(t, condition)), None)

    def _measured(self, head: int) -> list[int]:
        """What is counted: "a batch of 200 peacekeepers", "a new round of drills"."""
        view = self.view
        if view.lemma[head] not in view.grammar["measures"] and view.pos[head] not in ("NUM", "SYM"):
            return []
        return [c for c in view.children[head] if c > head and view.dep[c] == "nmod" and view.case(c) in view.grammar["genitive"]]

    def _relation_heads(self, p: Predicate, relation: str) -> list[int]:
        heads = p.heads(relation)
        if relation == "object":
            if p.nominal:
                for genitive in self.view.grammar["genitive"]:
                    heads += p.heads(genitive)
                heads += p.heads("adj")
            else:
                heads += [h for r in ("a", "iobj") for h in p.heads(r)]
                if p.reflexive:
                    heads += p.heads("subject")
        elif relation == "subject" and p.nominal:
            heads += [h for r in (*self.view.grammar["genitive"], "por", "by", "poss", "adj") for h in p.heads(r)]
        elif relation == "clause":
            heads += [h for r in ("a", "de", "con", "to") for h in p.heads(r) if self.view.pos[h] in VERBAL]
        return heads

    def _near_object(self, p: Predicate, condition: Condition) -> int | None:
        """A word of the condition just after the verb with no verb between, for trees that lost the object."""
        view, i = self.view, p.token
        end = min(i + 16, view.sentences[view.sentence_of[i]][1])
        for t in range(i + 1, end):
            if view.pos[t] in VERBAL or view.lower[t] in (";", ":", "."):
                return None
            if view.pos[t] not in ("NOUN", "PROPN"):
                continue
            case = view.case(t)
            if case is not None and not (case == "a" and t - i <= 6) and not (p.nominal and case in view.grammar["genitive"]):
                continue
            if self._word(t, condition) or (t - i <= 6 and self._tagged(t, condition)):
                return t
        return None

    def _clitic(self, p: Predicate) -> bool:
        """An object pronoun before the verb: whom it means the entry cannot know."""
        view, before = self.view, p.token - 1
        if any(view.pos[h] == "PRON" and view.lower[h] in view.grammar["object_pronouns"] for h in p.heads("object")):
            return True
        return before >= 0 and view.lower[before] in view.grammar["object_pronouns"] and bool(view.grammar["reflexive"])

    def _near_subject(self, p: Predicate, condition: Condition) -> int | None:
        """A bare phrase right behind a verb without subject ("Dimite la consejera de Justicia")."""
        view, i = self.view, p.token
        if any(not a.near for a in p.arguments if a.relation == "subject"):
            return None
        end = min(i + 8, view.sentences[view.sentence_of[i]][1])
        for t in range(i + 1, end):
            if view.pos[t] in VERBAL or view.lower[t] in (";", ":", ".", ","):
                return None
            if view.dep[t].startswith(("flat", "compound", "nmod", "conj")):
                continue
            if (
                view.pos[t] in ("NOUN", "PROPN")
                and view.case(t) is None
                and (self._word(t, condition) or self._tagged(t, condition))
            ):
                return t
        return None

    def _near_preposition(self, p: Predicate, relation: str, condition: Condition) -> int | None:
        view, i = self.view, p.token
        end = min(i + 12, view.sentences[view.sentence_of[i]][1])
        for t in range(i + 1, end):
            if view.pos[t] in VERBAL and view.morph(t, "VerbForm") == "Fin":
                return None
            if (
                view.pos[t] in ("NOUN", "PROPN", "NUM")
                and self._word(t, condition)
                and (view.case(t) == relation or view.lower[t - 1] == relation)
            ):
                return t
        return None

    def _word(self, t: int, condition: Condition) -> bool:
        return word_at(self.view, t, condition)

    def _tagged(self, head: int, condition: Condition, doer: bool = False) -> bool:
        tags = condition.tags
        if not tags:
            return False
        for side in self.cast.doers(head) if doer else self.cast.sides(head):
            for tag in tags:
                if _carries(side.kind, side.sector, side.participant.country, side.place_only, tag):
                    return True
        return False


def _predicative(view: View, i: int) -> bool:
    """An adjective that is said of its subject and governs an infinitive ("is willing to withdraw")."""
    below = {view.dep[c] for c in view.children[i]}
    return not below.isdisjoint(("xcomp", "ccomp", "advcl")) and (
        "cop" in below or view.dep[i] in ("acl", "advcl", "conj", "xcomp")
    )


def _carries(kind: str, sector: str | None, country: str | None, place_only: bool, tag: str) -> bool:
    if tag == "#party":
        return not place_only
    if tag == "#state":
        return kind == "state" or (sector == "GOV" and country is not None)
    if tag == "#place":
        return kind in ("place", "state")
    if tag == "#person":
        return kind in ("person", "role")
    if tag == "#org":
        return kind == "org"
    if tag == "#armed":
        return sector in ARMED
    if tag == "#GOV" and (kind == "state" or sector == "ELI"):
        return True
    return sector == tag[1:]


def word_at(view: View, t: int, condition: Condition) -> bool:
    """Whether one of the condition's words or phrases starts at a token."""
    if not condition.singles.isdisjoint(view.all_forms[t]):
        return True
    if not condition.phrases:
        return False
    for back in (0, 1, 2):
        if t < back:
            break
        for form in view.all_forms[t - back]:
            for phrase in condition.phrases.get(form, ()):
                if (not back or len(phrase) == back + 1) and view.phrase_at(t - back, phrase):
                    return True
    return False
