"""Sides that the act's own phrases do not name: behind the verb, below its object, meant by a pronoun, lent by another noun."""

from __future__ import annotations

from collections.abc import Sequence

from teletipo.enrich.events.claims import claimant
from teletipo.enrich.events.coded import Coded
from teletipo.enrich.events.lexicon import Lexicon
from teletipo.enrich.events.matching import Match
from teletipo.enrich.events.participants import Cast, Side
from teletipo.enrich.events.predicates import Predicates
from teletipo.enrich.events.references import same_party
from teletipo.enrich.events.roles import ARMED
from teletipo.enrich.events.sides import assign, is_forum, unique
from teletipo.enrich.events.view import NOMINAL, VERBAL, View

_BELOW = frozenset(
    {
        "ACCUSE",
        "SUPPORT",
        "PROTEST",
        "COERCE",
        "AID",
        "REJECT",
        "REQUEST",
        "THREATEN",
        "AGREE",
        "SANCTION",
        "MOBILIZE",
        "RETREAT",
        "CONCEDE",
    }
)


_BELOW_RELATIONS = frozenset({"object", "clause", "con", "a", "contra", "against", "with", "to", "de", "of", "for", "ante"})


def bare_right(match: Match, cast: Cast) -> list[Side]:
    """All sides of a reciprocal act whose subject stands behind it: "Establecieron relaciones Tuvalu y Armenia"."""
    view, token = cast.view, match.predicate.token
    out: list[Side] = []
    if match.predicate.nominal or match.entry.pattern != "sides":
        return out
    for t in range(token + 1, min(token + 14, view.sentences[view.sentence_of[token]][1])):
        if view.pos[t] in ("VERB", "AUX", "SCONJ") or view.lower[t] in (",", ";", ":", "."):
            break
        if view.pos[t] == "PROPN" and view.case(t) is None and not view.dep[t].startswith("flat"):
            side = cast.side(t)
            if side is not None and not side.place_only:
                out.append(side)
    return unique(out)


_TARGETS = frozenset({"contra", "en contra de", "frente a", "ante", "against", "outside", "in front of"})
_BENEFICIARIES = frozenset({"CVL", "REF", "MED", "EDU", "REL", "JRN"})
"""Whom words of others concern without being spoken to ("un corredor para los desplazados")."""
_STRIKING = frozenset({"riot", "vandalize", "obstruct"})
"""Protests that are done to a thing, whose owner is the other side ("ocuparon la sede del Ministerio")."""
_WHERE = frozenset({"en", "in", "at"})
_TOWARDS = frozenset({"a", "con", "to", "with", "from", "by"})
_OTHERS_THINGS = frozenset({"SUPPORT", "ACCUSE", "REJECT"})
_STANDS_FOR_NOBODY = frozenset({"GOV", "MIL"})


def below(match: Match, cast: Cast, actors: list[Side]) -> list[Side]:
    """Whom an act concerns that names nobody directly: the first participant in its object ("la decisión de Honduras")."""
    entry = match.entry
    if entry.type == "PROTEST" and entry.mode in _STRIKING and (found := _owners_of_things(match, cast, actors)):
        return found
    if (entry.type == "ASSAULT" or entry.pattern == "visit") and not match.predicate.nominal:
        return _owners_of_things(match, cast, actors)
    if entry.type not in _BELOW or entry.pattern == "act" or (entry.pattern == "sides" and entry.type != "AGREE"):
        return []
    if entry.pattern == "sides" and len(actors) > 1:
        return []
    p = match.predicate
    if entry.type == "REQUEST" and (asked := _asked(match, cast, actors)):
        return asked
    if entry.type in _OTHERS_THINGS and any(_has_possessive(cast.view, h) for h in p.heads("object")):
        return []  # "respaldará su candidatura": whose it is another act says
    relations = _TARGETS if entry.type == "PROTEST" else _BELOW_RELATIONS
    if entry.type == "ACCUSE":  # "denunció ante la OEA": the forum is not the accused
        relations = relations - {relation for relation, side in entry.args.items() if side == "none" and relation != "object"}
    if entry.type in ("AGREE", "AID") and (goals := _goals(match, cast, actors)):
        return goals
    for head in (a.head for a in p.arguments if a.relation in relations and a.head > p.token):
        if entry.type == "ACCUSE" and is_forum(cast, head):
            continue
        if found := _first_below(head, match, cast, actors):
            return found
    return []


def _goals(match: Match, cast: Cast, actors: list[Side]) -> list[Side]:
    """To whom a thing promised goes, wherever it hangs ("acordaron destinar los intereses de los activos rusos a Ucrania")."""
    view, token = cast.view, match.predicate.token
    for head in (a.head for a in match.predicate.arguments if a.relation in ("clause", "object") and a.head > token):
        for t in view.subtree(head, 40):
            goal = view.case(t) in ("a", "to") and view.pos[t] in NOMINAL and view.head[t] in (head, token)
            if goal and (found := [s for s in cast.sides(t) if _concerned(s, match, actors, owns=True)]):
                return found
    return []


def _has_possessive(view: View, head: int) -> bool:
    return any(c < head and view.lemma[c] in view.grammar["possessives"] for c in view.children[head])


def owners_before(match: Match, cast: Cast, actors: list[Side], told: Sequence[Coded]) -> list[Side]:
    """Whose a taken thing is: "raided the offices of X and confiscated its servers", by whom the act before concerned."""
    if match.entry.pattern not in ("take", "to") or match.entry.type != "COERCE" or not told:
        return []
    if not any(_has_possessive(cast.view, h) for h in match.predicate.heads("object")):
        return []
    last = told[-1]
    near = cast.view.sentence_of[match.predicate.token] - cast.view.sentence_of[last.match.predicate.token] <= 1
    ours = any(same_party(s, a) for s in last.actors for a in actors)
    return [s for s in last.recipients if not any(same_party(s, a) for a in actors)] if near and ours else []


def shared(match: Match, cast: Cast, predicates: Predicates) -> list[Side]:
    """The doer of a joined verb whose own "subject" is the thing behind it ("… y le incautaron el pasaporte")."""
    view, p = cast.view, match.predicate
    up = view.head[p.token]
    if p.nominal or p.passive or view.dep[p.token] != "conj" or view.pos[up] not in VERBAL or not p.heads("subject"):
        return []
    if any(h < p.token or cast.sides(h) for h in p.heads("subject")):
        return []
    return unique([s for h in predicates.verb(up).heads("subject") for s in cast.doers(h) if not s.place_only])


def _first_below(head: int, match: Match, cast: Cast, actors: list[Side]) -> list[Side]:
    view, token = cast.view, match.predicate.token
    within = view.subtree(head, 40)
    joined = [c for c in within if c != head and view.dep[c] in ("conj", "parataxis") and _opens_clause(view, c)]
    end = min((view.subtree(c)[0] for c in joined), default=len(view.lower))  # "…, and lawmakers urged": another clause begins
    for t in within:
        if t >= end:
            return []
        if t != head and _opens_clause(view, t):
            return _towards(t, head, match, cast, actors)
        if t <= token or any(
            view.lower[c] in view.grammar["conditional_marks"] for c in view.children[t] if view.dep[c] == "mark"
        ):
            return []
        if view.pos[t] == "ADJ" and cast.side(view.head[t]) is None:
            found = [side] if (side := cast.demonym(t)) else []
        else:
            found = cast.sides(t) if view.pos[t] in NOMINAL else []
        theirs = view.dep[t] == "nmod:poss" or view.case(t) in view.grammar["genitive"]
        owns = theirs and view.head[t] == head and match.entry.type != "REQUEST"
        if (
            view.case(t) in _WHERE
            or (match.entry.type == "REJECT" and view.case(t) in _TARGETS)
            or _sent(view, t, cast)
            or _spoken_of(match, head, view, t)
        ):
            continue  # "negó que X …" speaks of X; "rehusó entregar misiles a X" refuses X something
        promised = match.entry.type == "AGREE" and view.case(t) in ("a", "to")
        promised |= (
            match.entry.type == "THREATEN" and view.head[t] == head and view.dep[t] == "obj"
        )  # "threatened to kill any elder"
        found = [s for s in found if _concerned(s, match, actors, owns or promised)]
        if found:
            return found
    return []


def _asked(match: Match, cast: Cast, actors: list[Side]) -> list[Side]:
    """Who is to do what is demanded: the subject of the clause ("demanded that the minister apologise")."""
    view = cast.view
    for a in match.predicate.arguments:
        if a.relation == "clause" and a.head > match.predicate.token:
            heads = [c for c in view.children[a.head] if view.dep[c] == "nsubj" and match.predicate.token < c < a.head]
            found = [s for h in heads for s in cast.sides(h) if not s.place_only and all(s.key() != o.key() for o in actors)]
            if found:
                return unique(found)
    return []


def _spoken_of(match: Match, head: int, view: View, t: int) -> bool:
    """Within the clause of a refusal only those are concerned to whom, with whom or by whom it was; of a meeting refused, all."""
    return (
        match.entry.type == "REJECT"
        and match.entry.mode != "meet"
        and view.pos[head] in VERBAL
        and (view.case(t) not in _TOWARDS or view.morph(head, "VerbForm") == "Fin")
    )


def _towards(verb: int, head: int, match: Match, cast: Cast, actors: list[Side]) -> list[Side]:
    """Whom a relative clause of the object names as its goal ("la ayuda que prestaba a Sudáfrica")."""
    view = cast.view
    if view.head[verb] != head or not view.dep[verb].startswith("acl"):
        return []
    goals = [c for c in view.children[verb] if c > verb and view.case(c) in _TOWARDS]
    return [s for c in goals for s in cast.sides(c) if _concerned(s, match, actors)]


def _opens_clause(view: View, t: int) -> bool:
    """A verb with tense: what follows is another clause, not the object."""
    if not view.dep[t].startswith(("acl", "conj", "parataxis", "advcl")) or view.pos[t] not in VERBAL:
        return False
    if any(view.dep[c].startswith("nsubj") for c in view.children[t]):
        return True
    return any(view.morph(v, "VerbForm") == "Fin" for v in (t, *view.children[t]) if v == t or view.dep[v].startswith("aux"))


def _sent(view: View, t: int, cast: Cast) -> bool:
    """Soldiers and police as the bare object of a Spanish verb are what is sent, not who gets it."""
    side = cast.side(t)
    return view.grammar.language == "es" and view.dep[t] == "obj" and side is not None and side.sector in ARMED


def _owners_of_things(match: Match, cast: Cast, actors: list[Side]) -> list[Side]:
    """Whose the thing is that was struck, by its adjective: "posiciones kurdas", "la sede del Partido X"."""
    view = cast.view
    for head in match.predicate.heads("object"):
        for c in view.children[head]:
            if view.dep[c] in ("amod", "compound") and (side := cast.demonym(c)) and _concerned(side, match, actors):
                return [side]
        owners = [c for c in view.children[head] if c > head and view.case(c) in view.grammar["genitive"]]
        if (
            match.entry.type in ("ASSAULT", "PROTEST")
            and owners
            and (side := cast.side(owners[0]))
            and side.kind in ("org", "role")
        ):
            return [] if any(same_party(side, a) for a in actors) else [side]
    return []


def _concerned(side: Side, match: Match, actors: list[Side], owns: bool = False) -> bool:
    """Whether a participant within the object may be the other side; `owns`: the object is theirs ("the doctors' demand")."""
    if side.place_only or any(same_party(side, a) for a in actors):
        return False
    if side.kind == "role" and side.participant.country is None and side.sector in _STANDS_FOR_NOBODY:
        return False
    if side.kind == "org" and side.participant.country is None and side.sector is None:
        return False
    return owns or side.kind != "role" or side.sector not in _BENEFICIARIES or match.entry.type in ("COERCE", "RETREAT", "AID")


def perpetrators(match: Match, cast: Cast) -> list[Side]:
    """Who did violence that only its description tells: "un ataque … perpetrado por X", "blamed on X"."""
    view = cast.view
    if match.entry.type not in ("ASSAULT", "COERCE", "PROTEST"):
        return []
    for start in (match.predicate.token, *match.required):
        last = min(start + 35, view.sentences[view.sentence_of[start]][1])
        for t in range(start + 1, last):
            if view.lemma[t] not in view.grammar["perpetrate"] or view.pos[t] not in ("VERB", "ADJ"):
                continue
            for s in range(t + 1, min(t + 14, last)):
                if view.lower[s] in view.grammar["perpetrated_by"]:
                    sides = (cast.sides(k) for k in range(s + 1, min(s + 6, last)) if view.pos[k] in NOMINAL)
                    if found := next((x for x in sides if x and not x[0].place_only), None):
                        return found
                elif view.pos[s] in VERBAL:
                    break
    return []


def victims(match: Match, cast: Cast, predicates: Predicates) -> list[Side]:
    """Who was hurt in an act of violence that names no target: "dejando tres civiles muertos", "killing four people"."""
    view, token = cast.view, match.predicate.token
    if match.entry.type != "ASSAULT" or match.entry.pattern == "sides":
        return []
    last = view.sentences[view.sentence_of[token]][1]
    for t in range(token + 1, last):
        if view.pos[t] not in VERBAL or view.lemma[t] not in view.grammar["harm"] or token not in view.ancestors(t):
            continue
        verb = predicates.verb(t)
        heads = verb.heads("object") if view.lemma[t] not in view.grammar["suffer"] else verb.heads("subject")
        found = [s for h in heads for s in cast.sides(h) if s.kind in ("role", "person") and not s.place_only]
        if found:
            return unique(found)
    return []


def carried(match: Match, cast: Cast, before: list[Side]) -> list[Side]:
    """Whom a dropped subject means (Spanish): whom the sentence before is about, if the number fits."""
    view, p = cast.view, match.predicate
    if p.nominal or view.grammar.language != "es" or p.heads("subject") or (p.reflexive and not match.entry.reflexive):
        return []
    verbs = [p.token, *(c for c in view.children[p.token] if view.dep[c].startswith("aux"))]
    finite = next((t for t in verbs if view.morph(t, "VerbForm") == "Fin"), None)
    if finite is None or view.morph(finite, "Person") not in ("3", ""):
        return []
    several = len(before) > 1 or any(view.morph(s.head, "Number") == "Plur" for s in before)
    return before if several == (view.morph(finite, "Number") == "Plur") else []


def subject_before(number: int, cast: Cast, predicates: Predicates) -> list[Side]:
    """Whom the sentence before this one is about: the subject of its main clause."""
    view = cast.view
    earlier = view.sentence_before(number)
    roots = range(*view.sentences[earlier]) if earlier >= 0 else ()
    for root in (t for t in roots if view.head[t] == t and view.pos[t] in VERBAL):
        verb = predicates.verb(root)
        heads = verb.heads("object") if verb.passive else verb.heads("subject")
        return unique([s for h in heads for s in cast.sides(h) if not s.place_only])
    return []


def lent(cast: Cast, lexicon: Lexicon, nouns: list[Match]) -> tuple[list[Side], list[Side]]:
    """Sides from an event noun that the entry's condition used up: "murieron en un bombardeo de la aviación"."""
    for noun in nouns:
        actors, recipients = assign(noun, cast, lexicon)
        if actors or recipients:
            return actors, recipients
    return [], []


def threatened(
    match: Match, cast: Cast, predicates: Predicates, actors: list[Side], recipients: list[Side]
) -> tuple[list[Side], list[Side]]:
    """The speaker threatens, and whoever must meet the condition is threatened."""
    view, token = cast.view, match.predicate.token
    speaker = claimant(view, match, cast, predicates, [])
    first, last = view.sentences[view.sentence_of[token]]
    for t in range(first, last):
        if view.dep[t] == "mark" and view.lower[t] in view.grammar["threat_marks"] and view.pos[view.head[t]] in VERBAL:
            subjects = predicates.verb(view.head[t]).heads("subject")
            found = [s for h in subjects for s in cast.sides(h) if not s.place_only]
            if found and all(f.key() != a.key() for f in found for a in actors):
                recipients = found
                break
    return [speaker] if speaker else actors, recipients
