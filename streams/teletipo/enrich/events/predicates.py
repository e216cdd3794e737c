"""The predicate-argument layer: who stands in which relation to a verb or an event noun, with the syntax undone.

Passives (ser, se, participles), relative clauses, inherited subjects of infinitives, gerunds and coordinated verbs, subjects
dropped since the clause before, nouns behind light verbs, phrases that the parser hung on the wrong noun.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from teletipo.enrich.events.view import NOMINAL, VERBAL, View

_SUBJECTS = ("nsubj", "csubj", "nsubj:pass", "csubj:pass", "nsubj:outer")
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


@dataclass(slots=True)
class Argument:
    """A phrase in a relation (docs/events.md) to the word that names the act. `near`: found by position, not by the tree."""

    relation: str
    head: int
    near: bool = False


@dataclass(slots=True)
class Predicate:
    """An act-naming word with its arguments. `carrier` is the verb whose tense and mood are the act's."""

    token: int
    nominal: bool
    carrier: int | None
    passive: bool = False
    reflexive: bool = False
    arguments: list[Argument] = field(default_factory=list)

    def heads(self, relation: str) -> list[int]:
        """Heads of the phrases in a relation."""
        return [a.head for a in self.arguments if a.relation == relation]


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
        p.reflexive = self._reflexive(i)
        participle = view.morph(i, "VerbForm") == "Part" or view.pos[i] == "ADJ"
        p.passive = self._passive(i, participle)
        for c in view.children[i]:
            self._child(p, c)
        modified = self._modified(i)
        if participle and modified is not None and not p.heads("subject"):
            p.passive = p.passive or bool(self.words["reflexive"])
            p.arguments.append(Argument("subject", modified))
        elif modified is not None and self._relative(i) and not p.heads("subject"):
            relation = self._relative_relation(i)
            p.arguments.append(Argument(relation, modified))
        self._hung_elsewhere(p)
        if not p.heads("subject"):
            self._inherit(p)
        if p.passive:
            self._undo_passive(p)

    def _reflexive(self, i: int) -> bool:
        if not self.words["reflexive"]:
            return False
        view = self.view
        if any(view.lower[c] in self.words["reflexive"] for c in view.children[i]):
            return True
        return (i > 0 and view.lower[i - 1] in self.words["reflexive"]) or (
            view.lower[i].endswith(("rse", "ndose", "rle")) and view.lower[i].endswith("se")
        )

    def _passive(self, i: int, participle: bool) -> bool:
        view = self.view
        if view.lower[i].endswith(("ing", "ndo")):
            return False
        if any(view.dep[c] in ("nsubj:pass", "aux:pass", "csubj:pass") for c in view.children[i]):
            return True
        if not participle:
            return False
        if not self._perfect(i) and self._reduced(i):
            return True
        for c in view.children[i]:
            if view.dep[c] in ("aux", "cop", "auxpass") and view.lemma[c] in self.words["passive"]:
                return True
            if (
                view.pos[c] in VERBAL
                and view.dep[c].startswith("aux")
                and view.lower[c]
                in (
                    "fue",
                    "fueron",
                    "sido",
                    "ser",
                    "era",
                    "será",
                    "serán",
                    "es",
                    "son",
                    "siendo",
                    "eran",
                    "sea",
                    "sean",
                    "fuera",
                    "fueran",
                )
            ):
                return True
        up = view.head[i]
        if up != i and view.lemma[up] in self.words["passive"] and view.dep[i] in ("xcomp", "ccomp", "obj", "amod", "advcl"):
            return True
        return i > 0 and view.lower[i - 1] in ("fue", "fueron", "sido", "ser", "será", "serán", "been", "being", "be")

    def _reduced(self, i: int) -> bool:
        """A bare participle is passive; in English only beside a finite verb or "by", else it is a past that was misread."""
        view = self.view
        if self.words["reflexive"]:
            return True
        if any(view.case(c) in self.words["agent"] for c in view.children[i]):
            return True
        first, last = view.sentences[view.sentence_of[i]]
        below = set(view.subtree(i))
        return any(t not in below and view.pos[t] in VERBAL and view.morph(t, "VerbForm") == "Fin" for t in range(first, last))

    def _perfect(self, i: int) -> bool:
        """ "ha firmado", "has signed": a participle that is active; in English also an -ing form or a bare past."""
        view = self.view
        if view.morph(i, "Tense") == "Pres" or view.lower[i].endswith(("ndo", "ing")):
            return True
        auxiliaries = [c for c in view.children[i] if view.dep[c].startswith("aux") or view.dep[c] == "cop"]
        if any(view.lemma[c] in ("haber", "have") or view.lower[c] in ("'ve", "had", "has") for c in auxiliaries):
            return True
        return any(view.lemma[t] in ("haber", "have") for t in range(max(0, i - 3), i) if view.pos[t] == "AUX")

    def _child(self, p: Predicate, c: int) -> None:
        view, dep = self.view, self.view.dep[c]
        if dep in _SUBJECTS:
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
        if case is not None:
            if dep in ("advcl", "acl") and case not in self.words["prepositions"]:
                return
            p.arguments.append(Argument(case, c))
            if dep in ("advcl", "acl") and view.pos[c] in VERBAL and case in ("a", "con", "to", "de"):
                p.arguments.append(Argument("clause", c))
        elif dep in ("obj", "dep") and view.pos[c] in NOMINAL | {"ADJ"} and not self._temporal(c):
            p.arguments.append(Argument("object", c))
        elif dep == "iobj" and view.pos[c] in NOMINAL:
            p.arguments.append(Argument("iobj", c))
        elif dep == "obl:unmarked" and view.pos[c] == "PROPN" and not self._temporal(c):
            p.arguments.append(Argument("object", c))

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

    def _temporal(self, c: int) -> bool:
        return (
            self.view.dep[c].endswith("tmod")
            or self.view.lemma[c] in _weekdays(self.view)
            or self.view.lower[c] in _weekdays(self.view)
        )

    def _modified(self, i: int) -> int | None:
        """The noun that a participle or relative clause modifies."""
        view = self.view
        if view.dep[i] in ("acl", "acl:relcl", "amod") and view.pos[view.head[i]] in NOMINAL:
            return view.head[i]
        return None

    def _relative(self, i: int) -> bool:
        view = self.view
        return view.dep[i].startswith("acl") and any(
            view.lower[t] in self.words["relatives"] or view.lemma[t] in self.words["relatives"]
            for t in range(max(view.head[i] + 1, i - 12), i)
        )

    def _relative_relation(self, i: int) -> str:
        """Whether the noun before "que" does it or has it done: a subject of its own inside the clause decides."""
        view = self.view
        for c in view.children[i]:
            if view.dep[c] in _SUBJECTS and view.lower[c] not in self.words["relatives"]:
                return "object"
        for t in range(max(view.head[i] + 1, i - 6), i):
            if (
                view.lower[t] in ("al", "quien", "quienes", "cual", "cuales", "whom")
                and t > 0
                and view.lower[t - 1] in ("a", "al")
            ):
                return "object"
        return "subject"

    def _hung_elsewhere(self, p: Predicate) -> None:
        """Phrases after the verb that the parser hung on its object or on a date ("el martes en Orán")."""
        view, i = self.view, p.token
        for a in list(p.arguments):
            if a.head > i and a.relation not in ("clause", "subject"):
                self._adopt(p, a.head)
        for c in view.children[i]:
            if c > i and self._temporal(c):
                self._adopt(p, c)

    def _adopt(self, p: Predicate, head: int) -> None:
        view = self.view
        below = [*view.children[head], *(g for c in view.children[head] if view.dep[c] == "amod" for g in view.children[c])]
        for c in below:
            if c > head and view.dep[c] in ("nmod", "obl", "obj") and view.pos[c] in NOMINAL:
                case = self._relation_case(c)
                if case is not None and case not in self.words["genitive"]:
                    p.arguments.append(Argument(case, c, near=True))

    def _inherit(self, p: Predicate) -> None:
        """A subject from the verb above, the coordinated one before, or the sentence before."""
        view, i = self.view, p.token
        up, dep = view.head[i], view.dep[i]
        if view.pos[up] in ("ADV", "ADP", "SCONJ") and up != i:
            up = view.head[up]  # "después de que recibiera": the clause hangs on "después"
        if (
            up != i
            and view.pos[up] in VERBAL | {"ADJ"}
            and not dep.startswith("acl")
            and dep not in ("nsubj", "csubj", "parataxis")
        ):
            above = self.verb(up)
            finite = view.morph(i, "VerbForm") == "Fin"
            if dep in ("conj", "xcomp", "advcl", "ccomp", "obl", "dep", "obj") and not (
                finite and dep in ("advcl",) and view.morph(i, "Number") != view.morph(up, "Number")
            ):
                relation = self._controller(above, dep, i)
                heads = above.heads(relation) or above.heads("subject")
                if dep == "conj" and above.passive and not p.passive:
                    heads = above.heads("object")
                p.arguments += [Argument("subject", h, near=True) for h in heads[:2]]
                if p.heads("subject"):
                    return
        if (
            up != i
            and view.pos[up] in NOMINAL
            and dep in ("acl", "conj", "appos", "parataxis")
            and not p.heads("subject")
            and dep == "acl"
            and view.morph(i, "VerbForm") == "Inf"
        ):
            return
        left = self._left_of(i)
        if left is not None:
            p.arguments += [Argument("subject", h, near=True) for h in [*self._joined_before(left), left]]
        elif view.morph(i, "VerbForm") != "Part":
            p.arguments += [Argument("subject", h, near=True) for h in self._subject_before(i)]

    def _controller(self, above: Predicate, dep: str, i: int) -> str:
        """For "instó a X a firmar" the object controls, else the subject."""
        if (
            dep in ("xcomp", "advcl", "ccomp")
            and self.view.morph(i, "VerbForm") == "Inf"
            and self.view.lemma[above.token] in self.words["object_control"]
        ):
            for relation in ("object", "a", "iobj"):
                if any(self.view.pos[h] in NOMINAL for h in above.heads(relation)):
                    return relation
        return "subject"

    def _subject_before(self, i: int) -> list[int]:
        """The subject of the finite verb before in the same sentence, of the same number, relative clauses left out."""
        view = self.view
        first = view.sentences[view.sentence_of[i]][0]
        for t in range(i - 1, max(first - 1, i - 40), -1):
            if view.lower[t] == ":":
                return []
            if view.pos[t] != "VERB" or view.morph(t, "VerbForm") != "Fin" or view.dep[t].startswith("acl"):
                continue
            if view.morph(t, "Number") != view.morph(i, "Number") and view.morph(i, "Number"):
                continue
            if heads := [a.head for a in self.verb(t).arguments if a.relation == "subject"]:
                return heads[:1]
        return []

    def _left_of(self, i: int) -> int | None:
        """The nearest bare noun phrase to the left in the same sentence with no verb between: what a broken tree hides."""
        view = self.view
        first = view.sentences[view.sentence_of[i]][0]
        t = i - 1
        while t >= first and i - t < 25:
            if view.pos[t] in VERBAL and not view.dep[t].startswith(("aux", "cop")):
                return None
            if view.lower[t] in (";", ":"):
                return None
            if view.pos[t] in ("NOUN", "PROPN") and not self._temporal(t):
                head = t
                while (
                    view.pos[view.head[head]] in NOMINAL
                    and first <= view.head[head] < i
                    and view.head[head] != head
                    and view.dep[head] not in _SUBJECTS
                    and not any(view.lower[k] == "," for k in range(view.head[head], head))
                ):
                    head = view.head[head]
                if view.case(head) is None and (not view.dep[head].startswith("obl")) and head < i:
                    return head
                t = min(head, t)
            t -= 1
        return None

    def _joined_before(self, head: int) -> list[int]:
        """The first of "Riad y Teherán" where the parser tied it to something else."""
        view = self.view
        if head >= 2 and view.dep[head] == "conj" and view.pos[head - 1] == "CCONJ" and view.pos[head - 2] == "PROPN":
            other = head - 2
            while view.dep[other].startswith("flat") and view.head[other] < other:
                other = view.head[other]
            return [other] if view.case(other) is None else []
        return []

    def _undo_passive(self, p: Predicate) -> None:
        agents = [a for a in p.arguments if a.relation in self.words["agent"] and self.view.pos[a.head] in NOMINAL]
        rest = [a for a in p.arguments if a not in agents]
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

    def _right_of(self, i: int) -> int | None:
        """The bare noun phrase behind a passive without subject ("fueron atacados, según la ONU, los vecinos")."""
        view = self.view
        last = min(i + 14, view.sentences[view.sentence_of[i]][1])
        for t in range(i + 1, last):
            if view.pos[t] in VERBAL and view.morph(t, "VerbForm") == "Fin":
                return None
            if (
                view.pos[t] in ("NOUN", "PROPN")
                and not self._temporal(t)
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
                elif case is not None and view.pos[c] in NOMINAL | {"ADJ"}:
                    p.arguments.append(Argument(case, c))
                elif dep in ("amod", "compound", "nmod:desc", "flat") or (dep == "nmod" and c < i):
                    p.arguments.append(Argument("adj", c))
                elif dep in ("acl", "advcl", "ccomp") and view.pos[c] in VERBAL:
                    p.arguments.append(Argument("clause", c))
        for c in list(view.children[i]):
            if view.dep[c] in ("nmod", "amod") and c > i:
                self._adopt(p, c)
        if not any(a.relation in self.words["prepositions"] and a.relation not in self.words["genitive"] for a in p.arguments):
            self._after_noun(p)
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
        up = view.head[i]
        if up == i or view.pos[up] not in VERBAL:
            return view.clause_verb(i)
        lemma = view.lemma[up]
        role = (
            "subject"
            if view.dep[i] in _SUBJECTS
            else "object"
            if view.dep[i] in ("obj", "dep", "compound", "obl", "xcomp")
            else None
        )
        above = self.verb(up)
        if i in above.heads("object"):
            role = "object"
        elif i in above.heads("subject"):
            role = "subject"
        if lemma in self.words["light"] and role == "object":
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


def _weekdays(view: View) -> frozenset[str]:
    return view.grammar["weekday_words"]
