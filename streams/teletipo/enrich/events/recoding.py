"""What the rest of the sentence makes of an act: a threat, a promise, a finer mode, or only background."""

from __future__ import annotations

from teletipo import codebook
from teletipo.enrich.events.conditions import word_at
from teletipo.enrich.events.content import promised
from teletipo.enrich.events.lexicon import Lexicon
from teletipo.enrich.events.matching import Match, Matcher
from teletipo.enrich.events.modality import Status
from teletipo.enrich.events.participants import Side
from teletipo.enrich.events.view import View
from teletipo.records import Place

_FIRST_YEAR = 1900
_LONGEST_PHRASE = 6
_HARM = frozenset({"SANCTION", "COERCE", "ASSAULT", "PROTEST", "REJECT", "MOBILIZE"})
_YIELDING = frozenset({"CONCEDE", "RETREAT", "AID", "COOPERATE"})
_FUTURE = frozenset({"CONSULT", "SUPPORT", "COOPERATE", "AID"})


def threat(view: View, match: Match, status: Status, kind: str, cameo: str) -> tuple[str, str | None, str] | None:
    """ "Si X no …, impondrá sanciones": the announced harm under a condition is a threat (coding.md, 11)."""
    if status.modality not in ("planned", "hypothetical") or kind not in _HARM or match.predicate.nominal:
        return None
    token = match.predicate.token
    first, last = view.sentences[view.sentence_of[token]]
    if view.lower[first : first + 2] != ["de", "no"] and not any(
        view.dep[t] == "mark" and view.lower[t] in view.grammar["threat_marks"] and view.head[t] != token
        for t in range(first, last)
    ):
        return None
    name = codebook.content_of(cameo)
    found = codebook.content_classes().get(name) if name else None
    return "THREATEN", found.threat if found else None, found.codes.get("13", "130") if found else "130"


def background(view: View, match: Match, status: Status) -> str | None:
    """Habits, refusals that were not made, and what only dates something else (coding.md, 4)."""
    token = match.predicate.token
    words = view.grammar
    if match.entry.type == "REJECT" and status.modality == "denied":
        return "a refusal that was not made"
    if match.predicate.nominal and (view.lemma[view.head[token]] in words["rights"] or _not_done_but(match, view, status)):
        return "only spoken of"
    if match.predicate.nominal and _kind_of_place(match, view):
        return "says what a place is for"
    if match.predicate.nominal and _behind(match, view, "supposing"):
        return "only supposed"
    if match.predicate.nominal and match.entry.type in ("SUPPORT", "AID") and view.case(token) in ("sin", "without"):
        return "not done, in passing"  # "without Brazil's backing"
    if match.predicate.nominal and _behind(match, view, "backdrops"):
        return "only the background"
    first, last = view.sentences[view.sentence_of[token]]
    if _long_ago(match, view, range(first, last)):
        return "before 1900"
    if not match.predicate.nominal and _formerly(view, token):
        return "said of former days"
    if match.predicate.nominal and not match.predicate.arguments and _says_nothing(view, range(first, last)):
        return "said of nobody"
    if any(view.lower[t] in words["habits"] for t in range(max(first, token - 4), min(last, token + 5))):
        return "habitual"
    described = view.dep[token] == "amod" and token < view.head[token] and not match.predicate.nominal
    if described and (token == first or view.pos[token - 1] not in ("NOUN", "PROPN", "ADV", "PUNCT")):
        return "only describes"
    if _stands_so(view, token) and not match.predicate.nominal:
        return "only describes"
    if token > 1 and view.lower[token - 1] == "-" and view.end[token - 1] == view.start[token] and not match.predicate.nominal:
        return "only describes"  # "Iranian-backed", "UN-brokered"
    if match.predicate.nominal and view.lemma[view.head[token]] in words["phases"] and token - view.head[token] in (2, 3):
        phase = view.head[token]
        if any(view.lower[t] in words["since"] for t in range(max(first, phase - 3), phase)):
            return "only dates something else"
    return None


def _stands_so(view: View, token: int) -> bool:
    """ "el clan respaldado por Siria", "las tropas desplegadas en Mali", "el banco estaba respaldado": how things stand."""
    if view.lemma[token] not in view.grammar["standing"] or view.morph(token, "VerbForm") != "Part":
        return False
    helpers = {view.lemma[c] for c in view.children[token] if view.dep[c].startswith(("aux", "cop"))}
    return "estar" in helpers or (view.dep[token] in ("acl", "amod") and not helpers)


def _long_ago(match: Match, view: View, sentence: range) -> bool:
    """ "was stormed by the Swedes in 1648": a year before 1900 in the act's own clause (coding.md, 1)."""
    years = [
        t
        for t in view.years_in(view.sentence_of[match.predicate.token])
        if int(view.lower[t]) < _FIRST_YEAR and t > sentence[0] and view.lower[t - 1] in view.grammar["of_years"]
    ]
    if not years:
        return False
    verb = view.clause_verb(match.predicate.token)
    return any(t in match.predicate.heads(view.lower[t - 1]) or view.clause_verb(t) == verb for t in years)


def _formerly(view: View, verb: int) -> bool:
    """ "Kennedy once warned", "had once been attacked"; not "once arrested, he said", which is "as soon as"."""
    helpers = [t for t in view.children[verb] if t < verb and view.dep[t].startswith("aux")]
    start = min([verb, *helpers])
    said = any(
        view.lower[t] in view.grammar["formerly"]
        and view.lower[t - 1] not in view.grammar["once_more"]
        and view.lower[t + 1] not in view.grammar["once_more"]
        for t in range(max(1, start - 1), verb)
    )
    return said and (view.morph(verb, "VerbForm") == "Fin" or bool(helpers))


def _says_nothing(view: View, sentence: range) -> bool:
    """ "Why do some protests succeed and others fail?": a sentence in the present that names nobody, no place and no number."""
    finite = [t for t in sentence if view.morph(t, "VerbForm") == "Fin" and view.morph(t, "Tense")]
    bare = all(view.pos[t] not in ("PROPN", "NUM") and not view.named[t] for t in sentence)
    return bare and bool(finite) and all(view.morph(t, "Tense") == "Pres" for t in finite)


def _behind(match: Match, view: View, name: str) -> bool:
    """Whether an act stands right behind a phrase: "en caso de un ataque", "en un contexto marcado por la ofensiva"."""
    first = view.sentences[view.sentence_of[match.first]][0]
    near = range(max(first, match.first - _LONGEST_PHRASE - 2), match.first)
    return any(match.first - t <= len(phrase) + 2 for t in near for phrase in view.phrases_at(t, name))


def _kind_of_place(match: Match, view: View) -> bool:
    """ "un centro de detención", "a detention camp": not who is detained there, but what it is."""
    token = match.first
    up = view.head[match.predicate.token]
    if view.lemma[up] not in view.grammar["facilities"]:
        return False
    bare = not any(view.dep[t].startswith(("det", "nummod", "nmod:poss")) for t in view.children[match.predicate.token])
    return bare and (
        view.lower[token - 1] in view.grammar["genitive"] if up < token else view.dep[token].startswith(("compound", "amod"))
    )


def _not_done_but(match: Match, view: View, status: Status) -> bool:
    """ "no toleraremos el vandalismo": what is denied is the verb, and it does not do the noun."""
    token = match.predicate.token
    verb, words = view.head[token], view.grammar
    does = (
        words["light"] | words["planned"] | words["planned_nominal"] | words["cancel"] | words["passive_light"] | words["exist"]
    )
    return status.modality == "denied" and view.dep[token] == "obj" and view.lemma[verb] not in does


def announced(
    match: Match, status: Status, kind: str, mode: str | None, cameo: str, view: View, lexicon: Lexicon, matcher: Matcher
) -> tuple[str, str | None, str]:
    """What is announced becomes AGREE or CONCEDE (coding.md, 6)."""
    if kind == "AGREE" and status.modality == "asserted":
        status.modality = "planned"
    if status.modality == "denied" and status.future and kind in _YIELDING and not match.predicate.nominal:
        name = codebook.content_of(cameo)
        found = codebook.content_classes().get(name) if name else None
        status.modality, status.future = "asserted", False
        return "REJECT", found.mode if found else None, found.codes.get("12", "120") if found else "120"
    if status.modality == "planned" and kind in _FUTURE:
        return "AGREE", None, promised(match, cameo, view, lexicon, matcher)
    if status.modality == "planned" and kind == "RETREAT":
        name = codebook.content_of(cameo)
        code = codebook.content_classes()[name].codes.get("03") if name else None
        if mode == "resign":
            return kind, mode, cameo
        return "CONCEDE", None, code or "035"
    return kind, mode, cameo


def refined(view: View, match: Match, mode: str | None, cameo: str, lexicon: Lexicon) -> tuple[str | None, str]:
    """A finer mode and code by what the doer is ("un atacante suicida", "government jets"), else by a word beside the act."""
    token = match.predicate.token
    rows = [row for row in lexicon.refinements if row.type == match.entry.type]
    doers = [t for h in match.predicate.heads("subject") for t in (h, *view.children[h])]
    for row in rows:
        if any(word_at(view, t, row.words) for t in doers) and not any(word_at(view, t, row.unless) for t in doers):
            return row.mode, row.cameo
    first, last = view.sentences[view.sentence_of[token]]
    near = range(max(first, token - 15), min(last, token + 18))
    present = view.words_in(view.sentence_of[token])
    for row in rows:
        if not row.words.possible(present):
            continue
        named = any(word_at(view, t, row.words) for t in near)
        if named and not any(word_at(view, t, row.unless) for t in near):
            return row.mode, row.cameo
    return mode, cameo


def neutral_ground(place: Place | None, actors: list[Side]) -> bool:
    """Whether two states meet in a third (CAMEO 044)."""
    states = {s.participant.country for s in actors}
    if place is None or place.country is None or None in states:
        return False
    return len(states) == 2 and place.country not in states
