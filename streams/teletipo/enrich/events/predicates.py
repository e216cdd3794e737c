"""The predicate-argument layer: who stands in which relation to a verb or an event noun, with the syntax undone.

Passives (ser, se, participles), relative clauses, inherited subjects of infinitives, gerunds and coordinated verbs, subjects
dropped since the clause before, nouns behind light verbs, phrases that the parser hung on the wrong noun.
"""

from __future__ import annotations

from teletipo.enrich.events.antecedents import antecedents
from teletipo.enrich.events.arguments import SUBJECTS, Argument, Predicate, is_label, is_temporal
from teletipo.enrich.events.objects import bare_object, shared_objects
from teletipo.enrich.events.relatives import antecedent_of, is_relative, relation_of
from teletipo.enrich.events.subjects import inherited, subject_around
from teletipo.enrich.events.view import NAMING, NOMINAL, VERBAL, View
from teletipo.enrich.events.voice import is_passive, is_reflexive, outcome_of

_OBLIQUE = frozenset(
    {
        "obl",
        "nmod",
        "obl:agent",
        "obl:arg",
        "advmod",
        "iobj",
        "obj",
        "advcl",
        "xcomp",
        "ccomp",
        "acl",
        "obl:unmarked",
        "obl:tmod",
        "dep",
    }
)


class Predicates:
    """Builds predicates of one article, each once."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.words = view.grammar
        self._verbs: dict[int, Predicate] = {}
        self._long: dict[str, list[tuple[str, ...]]] = {}
        for phrase in view.grammar.phrases["long_prepositions"]:
            self._long.setdefault(phrase[0], []).append(phrase)
        self._nouns: dict[int, Predicate] = {}

    # verbs

    def verb(self, i: int) -> Predicate:
        """The predicate of a verb or participle."""
        if i not in self._verbs:
            predicate = Predicate(i, False, i)
            self._verbs[i] = predicate  # before it is filled: inherited subjects may come back here
            self._fill_verb(predicate)
        return self._verbs[i]

    def _fill_verb(self, p: Predicate) -> None:
        view, i = self.view, p.token
        p.reflexive = is_reflexive(view, i)
        participle = view.morph(i, "VerbForm") == "Part" or (view.pos[i] == "ADJ" and view.lower[i] != view.lemma[i])
        outcome = outcome_of(view, i)
        p.passive = outcome is not None or is_passive(view, i, participle)
        for c in view.children[i]:
            if c != outcome and not is_label(view, c, i):
                self._child(p, c)
        modified = antecedent_of(view, i, self._modified(i))
        if participle and modified is not None and not p.heads("subject") and not self._compound_tense(i):
            p.passive = p.passive or bool(self.words["reflexive"])
            if not p.passive and view.dep[modified] == "conj" and view.pos[view.head[modified]] in NOMINAL:
                modified = view.head[modified]  # "The US and the Taliban signed": a past that was read as a participle
            p.arguments.append(Argument("subject", modified))
        elif modified is not None and is_relative(view, i):
            relation = relation_of(view, i)
            if relation != "object" or not p.heads("object"):
                p.arguments.append(Argument(relation, modified))
            if relation != "subject":
                p.arguments += [Argument("subject", h, near=True) for h in subject_around(view, modified, i, self.verb)]
        elif modified is not None and not p.heads("subject") and view.morph(i, "VerbForm") == "Fin":
            p.arguments.append(Argument("subject", modified, near=True))
        self._hung_elsewhere(p)
        own = view.dep[i] == "amod" and view.head[i] > i and any(view.dep[c] == "nsubj" for c in view.children[i])
        if own and not self.words["reflexive"] and not p.heads("object"):
            p.passive = False  # "A court sentenced opposition politician X"
            p.arguments.append(Argument("object", view.head[i], near=True))
        if not p.heads("subject") and not p.passive:
            self._before_its_object(p)
        if not (p.passive or p.reflexive or p.heads("object") or p.heads("clause") or view.lemma[i] in self.words["motion"]):
            for c in shared_objects(view, i):
                self._child(p, c)
        if not (p.passive or self.words["reflexive"] or p.heads("object") or p.heads("clause") or view.dep[i] == "amod"):
            behind = bare_object(view, i)
            if behind is not None and behind not in p.heads("subject"):
                p.arguments.append(Argument("object", behind, near=True))
        if not p.heads("subject"):
            p.arguments += [Argument("subject", h, near=True) for h in inherited(view, p, self.verb)]
        p.arguments += [Argument("subject", a) for s in p.heads("subject") for a in antecedents(view, s)]
        if (
            modified is not None
            and view.lemma[modified] in self.words["documents"]
            and (view.lower[i].endswith("ing") or (is_relative(view, i) and modified in p.heads("subject")))
        ):
            p.arguments += [Argument("subject", h, near=True) for h in self._author(modified)]
        if p.passive:
            self._undo_passive(p)

    def _author(self, document: int) -> list[int]:
        """ "released a statement criticising …": whoever released it criticises."""
        view, up = self.view, self.view.head[document]
        return self.verb(up).heads("subject")[:2] if up != document and view.pos[up] in VERBAL else []

    def _child(self, p: Predicate, c: int) -> None:
        view, dep = self.view, self.view.dep[c]
        if dep in SUBJECTS:
            if view.lower[c] in self.words["relatives"] and view.pos[c] == "PRON":
                return
            if view.pos[c] in NOMINAL or view.pos[c] == "ADJ" or view.pos[c] in VERBAL:
                p.arguments.append(Argument("subject", c))
            return
        if dep in ("ccomp", "xcomp") and (view.pos[c] in VERBAL or view.pos[c] == "ADJ"):
            p.arguments.append(Argument("clause", c))
            case = view.case(c)
            if case:
                p.arguments.append(Argument(case, c))
            return
        if dep not in _OBLIQUE:
            return
        case = self._relation_case(c)
        if self._tied(case, c):
            return
        if case is not None:
            if dep in ("advcl", "acl") and case not in self.words["prepositions"]:
                return
            p.arguments.append(Argument(case, c))
            if dep in ("advcl", "acl") and view.pos[c] in VERBAL and case in ("a", "con", "to", "de"):
                p.arguments.append(Argument("clause", c))
        elif dep in ("obj", "dep") and view.pos[c] in NAMING and not is_temporal(view, c):
            p.arguments.append(Argument("object", c))
        elif dep == "iobj" and view.pos[c] in NOMINAL:
            p.arguments.append(Argument("iobj", c))
        elif dep == "obl:unmarked" and view.pos[c] == "PROPN" and not is_temporal(view, c):
            p.arguments.append(Argument("object", c))

    def _tied(self, case: str | None, c: int) -> bool:
        """ "policías leales al presidente": the phrase belongs to the word before it, whatever the tree says."""
        view = self.view
        before = next((t for t in range(c - 1, max(-1, c - 5), -1) if view.pos[t] == "ADP"), 0) - 1
        return case in ("a", "to") and before >= 0 and not self.words["tied"].isdisjoint(view.forms(before))

    def _relation_case(self, c: int) -> str | None:
        """The preposition of a phrase, long ones ("por parte de") included."""
        view = self.view
        first = c
        for child in view.children[c]:
            if child < first and view.dep[child] in ("case", "fixed", "mark", "det", "nummod", "amod", "compound"):
                first = min(first, child)
        for at in range(max(0, first - 3), first + 1):
            for phrase in self._long.get(view.lower[at], ()):
                if at + len(phrase) >= first and at + len(phrase) <= c and view.phrase_at(at, phrase):
                    return " ".join(phrase)
        return view.case(c)

    def _modified(self, i: int) -> int | None:
        """The noun that a participle or relative clause modifies."""
        view = self.view
        if view.dep[i] in ("acl", "acl:relcl", "amod") and view.pos[view.head[i]] in NOMINAL:
            return view.head[i]
        return None

    def _before_its_object(self, p: Predicate) -> None:
        """English "Choque held talks", a past that the parser took for an adjective of its object."""
        view, i = self.view, p.token
        if self.words["reflexive"] or view.dep[i] != "amod" or i == 0 or view.head[i] < i:
            return
        if view.pos[i - 1] != "PROPN":
            return
        name = i - 1
        while view.dep[name].startswith(("flat", "compound")) and view.head[name] < i:
            name = view.head[name]
        if view.head[name] != view.head[i] or view.dep[name] not in ("compound", "nmod:poss"):
            p.arguments += [Argument("subject", name, near=True), Argument("object", view.head[i], near=True)]

    def _compound_tense(self, i: int) -> bool:
        """Whether a participle has an auxiliary ("que había convocado"): then its clause is no reduced one."""
        return any(self.view.dep[c].startswith("aux") for c in self.view.children[i])

    def _hung_elsewhere(self, p: Predicate) -> None:
        """Phrases after the verb that the parser hung on its object or on a date ("el martes en Orán")."""
        view, i = self.view, p.token
        for a in list(p.arguments):
            if a.head > i and a.relation not in ("clause", "subject") and view.pos[a.head] not in VERBAL:
                self._adopt(p, a.head)
        for c in view.children[i]:
            if c > i and is_temporal(view, c):
                self._adopt(p, c)
        if view.lemma[i] in self.words["object_control"]:
            for h in p.heads("object"):
                p.arguments += [Argument("clause", c, near=True) for c in view.children[h] if c > h and self._infinitive(c)]

    def _infinitive(self, c: int) -> bool:
        """ "ordered two papers to close": the parser may hang the infinitive on the object."""
        view = self.view
        return view.dep[c] == "acl" and view.pos[c] in VERBAL and view.case(c) in ("to", "a")

    def _adopt(self, p: Predicate, head: int) -> None:
        view = self.view
        described = [g for c in view.children[head] if view.dep[c] == "amod" for g in view.children[c]]
        below = [*view.children[head], *(g for g in described if view.case(g) not in ("a", "to"))]  # "leales al presidente"
        if view.lemma[head] in self.words["measures"]:  # "a batch of peacekeepers from Liberia"
            counted = [c for c in view.children[head] if c > head and view.case(c) in self.words["genitive"]]
            below += [g for c in counted for g in view.children[c]]
        for c in below:
            if c > head and view.dep[c] in ("nmod", "obl", "obj") and view.pos[c] in NOMINAL:
                case = self._relation_case(c)
                if case is not None and case not in self.words["genitive"]:
                    p.arguments.append(Argument(case, c, near=True))

    def _undo_passive(self, p: Predicate) -> None:
        agents = [a for a in p.arguments if a.relation in self.words["agent"] and self.view.pos[a.head] in NAMING]
        rest = [a for a in p.arguments if a not in agents and not (agents and self._apposed_to(agents[-1].head, a, p))]
        for a in rest:
            if a.relation == "subject":
                a.relation = "object"
        if not any(a.relation == "object" for a in rest):
            behind = self._right_of(p.token)
            if behind is not None:
                rest.append(Argument("object", behind, near=True))
        for a in agents:
            a.relation = "subject"
        p.arguments = [*agents, *rest]

    def _apposed_to(self, agent: int, a: Argument, p: Predicate) -> bool:
        """ "fue recibido por su par, Cyril Ramaphosa": a bare name behind the agent and a comma is the agent's."""
        view = self.view
        bare = a.relation == "object" and view.pos[a.head] == "PROPN" and p.heads("subject")
        return bool(bare) and a.head > agent and "," in view.lower[agent : a.head] and view.case(a.head) is None

    def _agents(self, i: int) -> list[int]:
        """Who did what a participle says: "un ataque perpetrado por X", "an attack carried out by X"."""
        verb = self.verb(i)
        return [h for h in verb.heads("subject") if verb.passive and self._relation_case(h) in self.words["agent"]]

    def _right_of(self, i: int) -> int | None:
        """The bare noun phrase behind a passive without subject ("fueron atacados, según la ONU, los vecinos")."""
        view = self.view
        last = min(i + 14, view.sentences[view.sentence_of[i]][1])
        for t in range(i + 1, last):
            if view.pos[t] in VERBAL and view.morph(t, "VerbForm") == "Fin":
                return None
            if (
                view.pos[t] in ("NOUN", "PROPN")
                and not is_temporal(view, t)
                and view.case(t) is None
                and view.head[t] not in range(i + 1, t)
            ):
                return t
        return None

    # nouns

    def noun(self, i: int) -> Predicate:
        """The predicate of an event noun, with what a light verb adds."""
        if i not in self._nouns:
            predicate = Predicate(i, True, None)
            self._nouns[i] = predicate
            self._fill_noun(predicate)
        return self._nouns[i]

    def _fill_noun(self, p: Predicate) -> None:
        view, i = self.view, p.token
        for c in view.children[i]:
            dep = view.dep[c]
            if dep in (
                "nmod",
                "obl",
                "acl",
                "compound",
                "nmod:poss",
                "amod",
                "nmod:desc",
                "flat",
                "det",
                "det:poss",
                "obj",
                "appos",
                "advcl",
                "ccomp",
            ):
                case = self._relation_case(c)
                if (view.lemma[c] in self.words["possessives"] and c < i) or case in ("'s", "’s") or dep == "nmod:poss":
                    p.arguments.append(Argument("poss", c))
                elif case is not None and view.pos[c] in NAMING:
                    p.arguments.append(Argument(case, c))
                elif dep in ("amod", "compound", "nmod:desc", "flat") or (dep == "nmod" and c < i):
                    p.arguments.append(Argument("adj", c))
                elif dep in ("acl", "advcl", "ccomp") and view.pos[c] in VERBAL:
                    p.arguments.append(Argument("clause", c))
        agent = next(iter(self.words["agent"]))
        for c in list(view.children[i]):
            if view.dep[c] in ("nmod", "amod") and c > i:
                self._adopt(p, c)
            if view.dep[c] in ("acl", "amod") and c > i and view.lemma[c] in self.words["light"]:
                p.arguments += [Argument(agent, h, near=True) for h in self._agents(c)]
        if not any(a.relation in self.words["prepositions"] and a.relation not in self.words["genitive"] for a in p.arguments):
            self._after_noun(p)
        for relation in ("entre", "between"):
            for first in p.heads(relation)[:1]:
                joined = [
                    c for c in view.children[i] if view.dep[c] == "conj" and first < c < first + 12 and view.case(c) is None
                ]
                p.arguments += [Argument(relation, c, near=True) for c in joined]
        p.carrier = self._carrier(p)

    def _after_noun(self, p: Predicate) -> None:
        """A phrase right behind the noun or its "de" phrase that the parser hung on the verb."""
        view, i = self.view, p.token
        last = max([i, *(a.head for a in p.arguments if a.relation in self.words["genitive"])])
        end = min(last + 9, view.sentences[view.sentence_of[i]][1])
        for t in range(last + 1, end):
            if view.pos[t] in VERBAL or view.lower[t] in (";", ":", "."):
                return
            if view.pos[t] in ("NOUN", "PROPN"):
                case = self._relation_case(t)
                if case in (
                    "contra",
                    "entre",
                    "por",
                    "por parte de",
                    "against",
                    "between",
                    "by",
                    "on",
                    "with",
                    "con",
                    "a manos de",
                ) and t not in [a.head for a in p.arguments]:
                    p.arguments.append(Argument(case, t, near=True))
                    return

    def _carrier(self, p: Predicate) -> int | None:
        """The verb that carries the noun's tense; a light verb gives its subject and phrases too."""
        view, i = self.view, p.token
        while view.lemma[view.head[i]] in self.words["stages"] and view.case(i) in self.words["genitive"] and view.head[i] != i:
            i = view.head[i]  # "una nueva ronda de conversaciones"
        up = view.head[i]
        if up == i or view.pos[up] not in VERBAL:
            return view.clause_verb(i)
        lemma = view.lemma[up]
        agent = next(iter(self.words["agent"]))
        role = (
            "subject"
            if view.dep[i] in SUBJECTS
            else "object"
            if view.dep[i] in ("obj", "dep", "compound", "obl", "xcomp")
            else None
        )
        above = self.verb(up)
        if i in above.heads("object"):
            role = "object"
        elif i in above.heads("subject"):
            role = "subject"
        if lemma in self.words["answering"] and self._relation_case(i) in self.words["answered_with"]:
            p.arguments += [Argument(agent, h, near=True) for h in above.heads("subject")]
        elif lemma in self.words["light"] and role == "object":
            self._lend(p, above)
        elif lemma in self.words["passive_light"] and role == "object":
            p.arguments += [Argument("object", h, near=True) for h in above.heads("subject")]
        return up

    def _lend(self, p: Predicate, above: Predicate) -> None:
        have = {a.head for a in p.arguments}
        for a in above.arguments:
            if a.head in have or a.head == p.token or a.relation in ("clause", "object"):
                continue
            p.arguments.append(Argument(a.relation, a.head, near=a.near))
