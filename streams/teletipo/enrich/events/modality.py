"""Did it happen, is it announced, might it, is it said not to have (coding.md, 6, 11, 13)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from teletipo.enrich.events.advice import thought
from teletipo.enrich.events.hopes import only_thought_of
from teletipo.enrich.events.matching import Match
from teletipo.enrich.events.view import NOMINAL, VERBAL, View

Modality = Literal["asserted", "planned", "hypothetical", "denied"]
_ANNOUNCED = frozenset({"PROTEST", "ASSAULT", "MOBILIZE"})
_GOVERNED = frozenset({"xcomp", "ccomp", "advcl", "obj", "conj", "obl", "dep", "acl", "nsubj", "csubj"})


@dataclass(slots=True)
class Status:
    """The modality, and why the words are no event at all where they are not (`dropped`). `governor`: the verb above it."""

    modality: Modality = "asserted"
    dropped: str | None = None
    governor: int | None = None
    rumour: bool = False
    future: bool = False


def status_of(view: View, match: Match) -> Status:
    """Read tense, negation, modals, conditionals and what governs the act."""
    status = Status()
    p = match.predicate
    carrier = p.carrier if p.nominal else p.token
    if p.nominal:
        _noun(view, match, status)
        if _given(view, p.token):
            return status
    if carrier is not None and not (p.nominal and not _carries(view, p.token, carrier)):
        own = status.modality
        _verb(view, carrier, status, depth=0, nominal=p.nominal)
        if status.modality == "denied" != own and p.nominal and _does_more(view, p.token, carrier):
            status.modality = "asserted"
    if status.dropped is None and carrier is not None:
        status.dropped = thought(view, match, carrier)
        if status.dropped is None and not p.nominal and only_thought_of(view, carrier):
            status.dropped = "only thought of"
    if p.nominal and status.modality == "asserted" and _would_be(view, p.token):
        status.modality = "hypothetical"
    if p.nominal and carrier is not None and status.modality == "asserted":
        lemma = view.lemma[carrier]
        if lemma in view.grammar["cancel"]:
            status.modality = "denied"
        elif lemma in view.grammar["hypothetical"] | view.grammar["planned_nominal"] and _is_object(
            view, match.predicate.token, carrier
        ):
            status.modality = "hypothetical" if lemma in view.grammar["hypothetical"] else "planned"
    if status.modality == "asserted" and _called_for(view, match, carrier):
        _set(status, "planned")
    return status


def _does_more(view: View, noun: int, verb: int) -> bool:
    """ "The attack did not worry Oman": what is denied is what an act did, not that there was one."""
    words = view.grammar
    happens = words["exist"] | words["light"] | words["passive_light"] | words["cancel"] | words["claim_verbs"]
    passive = any(view.dep[c] == "aux:pass" for c in view.children[verb])
    return (
        view.dep[noun] == "nsubj"
        and not passive
        and view.lemma[verb] not in happens
        and any(view.dep[c] == "obj" for c in view.children[verb])
    )


def _called_for(view: View, match: Match, carrier: int | None) -> bool:
    """ "convocó una huelga", "anunció el envío de tropas": called for or announced, for a later day (coding.md, 13)."""
    if match.entry.type not in _ANNOUNCED or carrier is None or view.lemma[carrier] not in view.grammar["calling"]:
        return False
    if match.predicate.nominal and not _is_object(view, match.predicate.token, carrier):
        return False
    if match.predicate.token == carrier and not match.required:
        return False
    perfect = any(view.dep[c].startswith("aux") for c in view.children[carrier])
    return view.morph(carrier, "VerbForm") != "Part" or perfect  # "la marcha convocada por X" was held


def _given(view: View, noun: int) -> bool:
    """ "Se reunirán en medio de las protestas", "pese a la huelga": these there are, whatever is to come."""
    starts = (t for t in range(max(view.sentences[view.sentence_of[noun]][0], noun - 6), noun))
    for t in starts:
        for _ in view.phrases_at(t, "given"):
            if not any(view.pos[k] in VERBAL or view.lower[k] == "," for k in range(t, noun)):
                return True
    return False


def _carries(view: View, noun: int, verb: int) -> bool:
    return view.head[noun] == verb


def _would_be(view: View, noun: int) -> bool:
    """ "Un ataque marcaría el inicio de una escalada": the act whose effects are told in the conditional has not been."""
    verb = view.head[noun]
    if view.dep[noun] != "nsubj" or view.pos[verb] not in VERBAL:
        return False
    verbs = (verb, *(c for c in view.children[verb] if view.dep[c].startswith("aux")))
    return any(_conditional(view, t) for t in verbs) and all(view.lemma[t] != "haber" for t in verbs)


def _is_object(view: View, noun: int, verb: int) -> bool:
    return view.head[noun] == verb and view.dep[noun] in ("obj", "nsubj:pass", "ccomp", "dep")


def _noun(view: View, match: Match, status: Status) -> None:
    i = match.predicate.token
    around = [*view.children[i], *([i - 1] if i else [])]
    words = {view.lemma[c] for c in around if view.sentence_of[c] == view.sentence_of[i] and not _idle(view, c)}
    if words & view.grammar["future_adjectives"]:
        status.modality = "hypothetical" if words & view.grammar["hedges"] else "planned"
        status.future = status.modality == "planned"
    if words & view.grammar["supposed"]:
        status.rumour = True
    if words & view.grammar["negation"]:
        status.modality = "denied"


def _verb(view: View, v: int, status: Status, depth: int, nominal: bool) -> None:
    words = view.grammar
    if v > 0 and view.lower[v - 1] in ("sin", "without"):
        status.dropped = "not done, in passing"
        return
    if view.dep[v] == "conj" and _asked(view, view.head[v]):
        status.dropped = "conditional (whether)"
        return
    for c in view.children[v]:
        lemma, lower, dep = view.lemma[c], view.lower[c], view.dep[c]
        if dep == "mark" and lower in words["conditional_marks"]:
            status.dropped = f"conditional ({lower})"
            return
        if dep in ("mark", "advmod") and lower in words["temporal_marks"] and not _told(view, v):
            status.dropped = f"not told of one occasion ({lower})"
            return
        if dep.startswith("aux") or dep == "cop":
            if lower in words["reported_future"] and view.dep[v] in ("ccomp", "conj") and _announced(view, v):
                _set(status, "planned")
                status.future = True
            elif lemma in words["hypothetical"] or lower in words["hypothetical"]:
                _set(status, "hypothetical")
            elif lemma in words["planned_aux"] or lower in words["planned_aux"] or lower in ("'ll", "wo"):
                _set(status, "planned")
                status.future = True
            _tense(view, c, status, v)
        if lower in words["negation"] and c < v and not _only(view, c) and not _idle(view, c):
            status.modality = "denied"
        if lemma in words["supposed"] or lower in words["supposed"]:
            status.rumour = True
        if lemma in words["hedges"]:
            _set(status, "hypothetical")
    if (
        v > 0
        and view.lower[v - 1] in words["negation"]
        and view.sentence_of[v - 1] == view.sentence_of[v]
        and status.modality != "denied"
        and not _only(view, v - 1)
        and not _idle(view, v - 1)
    ):
        status.modality = "denied"
    if status.modality == "denied" and any(view.lower[c] in words["refusing_aux"] for c in view.children[v]):
        status.future = True
    if v > 1 and view.lower[v - 1] in words["reflexive"] and view.lower[v - 2] in words["negation"]:
        status.modality = "denied"
    _tense(view, v, status, v)
    _above(view, v, status, depth, nominal)


def _asked(view: View, v: int) -> bool:
    """ "The question is whether he arrests and jails them": a verb joined to one that is only asked about."""
    return any(view.dep[c] == "mark" and view.lower[c] in view.grammar["asking_marks"] for c in view.children[v])


def _told(view: View, v: int) -> bool:
    """Whether a clause stands in a past of the indicative, "cuando cargó la policía", and not "cuando cargue la policía"."""
    verbs = [v, *(c for c in view.children[v] if view.dep[c].startswith("aux") or view.dep[c] == "cop")]
    return any(view.morph(t, "Mood") == "Ind" and view.morph(t, "Tense") in ("Past", "Imp") for t in verbs)


def _idle(view: View, c: int) -> bool:
    """Whether a word of negation begins a phrase that denies nothing ("sin embargo", "no obstante", "no doubt")."""
    return any(True for _ in view.phrases_at(c, "idle_negation"))


def _only(view: View, c: int) -> bool:
    return c + 1 < len(view.lower) and view.lower[c + 1] in ("solo", "sólo", "solamente", "only", "just")


def _set(status: Status, modality: Modality) -> None:
    if status.modality != "denied":
        status.modality = modality
        status.future = status.future or modality == "planned"


def _tense(view: View, t: int, status: Status, v: int) -> None:
    if view.morph(t, "Tense") == "Fut":
        _set(status, "planned")
        status.future = True
    elif _conditional(view, t) and view.pos[t] in VERBAL:
        if t != v and view.lemma[t] == "haber":
            _set(status, "hypothetical")
            status.rumour = True
        elif _reported(view, v):
            _set(status, "planned")
        else:
            _set(status, "hypothetical")


def _conditional(view: View, t: int) -> bool:
    """ "marcaría", which the tagger takes for an imperfect at times: the infinitive and the ending."""
    lemma = view.lemma[t]
    return view.morph(t, "Mood") == "Cnd" or (lemma.endswith("r") and view.lower[t] in (lemma + "ía", lemma + "ían"))


def _reported(view: View, v: int) -> bool:
    return view.dep[v] in ("ccomp", "conj", "xcomp") and any(view.pos[a] in VERBAL for a in view.ancestors(v))


def _announced(view: View, v: int) -> bool:
    """Whether somebody says in the past what "would" be done, with no condition in the sentence."""
    first, last = view.sentences[view.sentence_of[v]]
    if any(view.lower[t] in view.grammar["conditional_marks"] for t in range(first, last)):
        return False
    said = view.grammar["claim_verbs"] | view.grammar["planned"]
    return any(view.pos[a] in VERBAL and view.lemma[a] in said for a in view.ancestors(v))


def _above(view: View, v: int, status: Status, depth: int, nominal: bool) -> None:
    """The verbs that govern this one."""
    up, dep = view.head[v], view.dep[v]
    words = view.grammar
    case = view.case(v)
    infinitive = view.morph(v, "VerbForm") in ("Inf", "Ger") or (case in ("to", "para", "a"))
    if (
        case in words["purpose"]
        and infinitive
        and view.lemma[up] not in words["planned"] | words["hypothetical"] | words["raising"]
        and dep in ("advcl", "acl", "obl")
    ):
        status.dropped = status.dropped or f"purpose ({case})"
        return
    if case in ("sin", "without"):
        status.dropped = status.dropped or "not done, in passing (sin)"
        return
    if up == v or dep not in _GOVERNED or depth > 4:
        return
    if view.pos[up] not in VERBAL:
        if view.pos[up] in NOMINAL and dep == "acl" and infinitive and not nominal:
            noun = view.lemma[up]
            if noun in words["intent_nouns"]:
                _set(status, "planned")
            elif noun in words["refusals"]:
                status.modality = "denied"
            elif noun in words["possible_nouns"]:
                _set(status, "hypothetical")
        return
    lemma = view.lemma[up]
    if (
        dep in ("xcomp", "ccomp", "obj", "obl", "csubj")
        or (dep == "advcl" and infinitive and case in ("a", "to", "con", "de"))
        or (dep == "nsubj" and not nominal)
    ):
        status.governor = up
        if lemma in words["denial"]:
            status.modality = "denied"
        elif lemma in words["hypothetical"] or (lemma in words["hypothetical"] and infinitive):
            _set(status, "hypothetical")
        elif (lemma in words["planned_aux"] and infinitive) or (
            lemma in words["planned"] and (infinitive or view.morph(v, "Mood") == "Sub")
        ):
            _set(status, "planned")
        elif view.morph(v, "Mood") == "Sub" and status.modality == "asserted" and lemma not in words["claim_verbs"]:
            _set(status, "hypothetical")
        if infinitive and status.dropped is None:
            _verb(view, up, status, depth + 1, nominal)
        elif lemma in words["claim_verbs"] | words["denial"]:
            _outer(view, up, status)
    elif dep == "conj" and infinitive and depth < 2:
        _above(view, up, status, depth + 1, nominal)


def _outer(view: View, v: int, status: Status) -> None:
    """A reporting verb that is negated itself leaves the act as it is; one under "podría" makes it possible."""
    for c in view.children[v]:
        if view.dep[c].startswith("aux") and view.lemma[c] in view.grammar["hypothetical"]:
            _set(status, "hypothetical")
