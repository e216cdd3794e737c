"""Whether a condition of a lexicon entry holds of an act: a word, phrase or kind of participant in a relation to it."""

from __future__ import annotations

from teletipo.enrich.events.arguments import Predicate
from teletipo.enrich.events.entry import Condition
from teletipo.enrich.events.participants import Cast
from teletipo.enrich.events.roles import ARMED
from teletipo.enrich.events.view import VERBAL, View


class Conditions:
    """Tries conditions on the acts of one article."""

    def __init__(self, view: View, cast: Cast) -> None:
        self.view = view
        self.cast = cast

    def holds(self, p: Predicate, relation: str, condition: Condition) -> int | None:
        """The token by which a condition holds, or None."""
        view = self.view
        number = view.sentence_of[p.token]
        likely = condition.possible(view.words_in(number))  # most conditions have no word in the sentence
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
                if not self._bare_object(p):
                    heads += [h for r in ("a", "iobj") for h in p.heads(r)]
                if p.reflexive:
                    heads += p.heads("subject")
        elif relation == "subject" and p.nominal:
            heads += [h for r in (*self.view.grammar["genitive"], "por", "by", "poss", "adj") for h in p.heads(r)]
        elif relation == "clause":
            heads += [h for r in ("a", "de", "con", "to") for h in p.heads(r) if self.view.pos[h] in VERBAL]
        return heads

    def _bare_object(self, p: Predicate) -> bool:
        """ "envió un mensaje a los militares": where a thing is the object, whom "a" marks gets it."""
        return any(self.view.pos[h] == "NOUN" and self.view.case(h) is None for h in p.heads("object"))

    def _near_object(self, p: Predicate, condition: Condition) -> int | None:
        """A word of the condition just after the verb with no verb between, for trees that lost the object."""
        view, i = self.view, p.token
        end = min(i + 16, view.sentences[view.sentence_of[i]][1])
        for t in range(i + 1, end):
            if view.pos[t] in VERBAL or view.lower[t] in (";", ":", ".") or _complement(view, t):
                return None
            if view.pos[t] not in ("NOUN", "PROPN"):
                continue
            case = view.case(t)
            marked = case == "a" and t - i <= 6 and (p.nominal or not self._bare_object(p))
            if case is not None and not marked and not (p.nominal and case in view.grammar["genitive"]):
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


def _complement(view: View, t: int) -> bool:
    """The "que" of "reconoció que los gobiernos …": what stands behind it is of another clause."""
    return view.dep[t] == "mark" and view.lower[t] in view.grammar["relatives"]


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
