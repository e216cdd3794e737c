"""What is only said in a verbal act is no event of its own (coding.md, 4)."""

from __future__ import annotations

from teletipo.enrich.events.matching import Match
from teletipo.enrich.events.view import VERBAL, View

_VERBAL_ACTS = frozenset({"AGREE", "REQUEST", "ACCUSE", "REJECT", "THREATEN", "PROTEST", "CONCEDE", "SUPPORT", "SANCTION"})
_CIRCUMSTANCE = frozenset(
    {
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
    }
)
"""Prepositions of phrases that say when or where: what stands in them is not what was said."""

_TOLD_MARKS = frozenset({"como", "cuando", "as", "when"})
_REASONED = frozenset({"ACCUSE", "SANCTION"})
"""Acts whose reason is what their object did: "expulsó a los concejales que pactaron con X"."""
_REACH = 12
"""Words between a noun and the verb of its relative clause."""

_AIMS = frozenset({"contra", "por", "para", "de", "against", "over", "about", "for", "of", "to"})
"""Prepositions of what a protest is about; what else stands with it ("con bloqueos de rutas", "debido a un paro") is told."""


def without_content(view: View, matches: list[Match], dropped: list[tuple[Match, str]]) -> list[Match]:
    """Drop what is only the content of a verbal act, or a noun that an entry's own condition used up."""
    hidden: dict[int, str] = {}
    for match in matches:
        for t in match.required:
            if t != match.predicate.token and view.pos[t] in ("NOUN", "PROPN", "X") and abs(t - match.predicate.token) < 25:
                hidden.setdefault(t, f"part of {view.lower[match.predicate.token]!r}")
    for match in matches:
        if match.predicate.token in hidden:
            continue  # what is no act of its own has no content of its own
        if _reports(view, match, matches):
            hidden.setdefault(match.predicate.token, "reports what stands before it")
        elif _rules_out(view, match):
            hidden.setdefault(match.predicate.token, "says that something is not so")
        elif match.entry.type in _VERBAL_ACTS:
            for t in _content_tokens(view, match):
                hidden.setdefault(t, f"content of {view.lower[match.predicate.token]!r}")
    out = []
    for match in matches:
        reason = hidden.get(match.predicate.token)
        if reason is None:
            out.append(match)
        else:
            dropped.append((match, reason))
    return out


def _reports(view: View, match: Match, matches: list[Match]) -> bool:
    """ ", acusó el ministro" behind a whole sentence only says who claims it."""
    token = match.predicate.token
    if match.predicate.nominal or view.lemma[token] not in view.grammar["claim_verbs"] | view.grammar["ruling_out"]:
        return False
    doers = match.predicate.heads("subject")
    if any(t > token and t not in doers for t in match.required):
        return False  # ", anunció el envío de tropas" does what it says
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


def _rules_out(view: View, match: Match) -> bool:
    """ "descartó que vaya a bombardear": the act is the bombing, which is denied (coding.md, 13), and not a refusal."""
    token = match.predicate.token
    if match.predicate.nominal or view.lemma[token] not in view.grammar["ruling_out"]:
        return False
    return any(c > token and view.dep[c] in ("ccomp", "xcomp") and _finite(view, c) for c in view.children[token])


def _finite(view: View, verb: int) -> bool:
    auxiliaries = (c for c in view.children[verb] if view.dep[c].startswith("aux") or view.dep[c] == "cop")
    return any(view.morph(t, "VerbForm") == "Fin" for t in (verb, *auxiliaries))


def _content_tokens(view: View, match: Match) -> list[int]:
    token = match.predicate.token
    out: list[int] = []
    subjects = set(match.predicate.heads("subject"))
    for c in view.children[token]:
        if c in subjects or view.dep[c] in ("conj", "parataxis", "punct", "cc", "cop", "aux", "appos"):
            continue
        if c < token and view.dep[c] != "ccomp" and not (view.dep[c] in ("obl", "nmod") and match.predicate.nominal):
            continue
        case = view.case(c)
        if case in _CIRCUMSTANCE:
            continue
        if match.entry.type == "PROTEST" and not _aim(view, c, case):
            continue
        if view.dep[c] == "advcl" and view.morph(c, "VerbForm") in ("Ger",) and match.entry.type not in ("ACCUSE", "THREATEN"):
            continue
        if view.dep[c] == "advcl" and view.morph(c, "VerbForm") == "Fin" and case is None and not match.entry.content:
            continue
        if match.entry.type in ("SUPPORT", "CONCEDE", "SANCTION") and view.dep[c] not in ("ccomp", "obj", "nmod"):
            continue
        out += _without_asides(view, c, match)
    return out


def _aim(view: View, c: int, case: str | None) -> bool:
    """Whether a part of a protest says what it is about, and not what happened before or beside it."""
    if view.dep[c] in ("ccomp", "xcomp"):
        return True
    return case in _AIMS and not (view.dep[c] == "advcl" and view.morph(c, "Mood") == "Ind")


def _without_asides(view: View, head: int, match: Match) -> list[int]:
    """The tokens below a head but for what the article tells itself: asides, scenes, what stands beside the act's own noun."""
    out: list[int] = []
    stack = [head]
    while stack and len(out) < 120:
        node = stack.pop()
        out.append(node)
        joined = node in match.required  # "provocó críticas y manifestaciones"
        stack.extend(
            c
            for c in view.children[node]
            if not _aside(view, c, match) and not _scene(view, c) and not (joined and view.dep[c] == "conj")
        )
    return out


def _aside(view: View, c: int, match: Match) -> bool:
    """What the article tells itself: a relative clause behind a comma or in the past ("the ship that was attacked"), a clause
    that says since when or as whom ("como denunció el ministro"), a noun that takes the sentence up (", acusación que …")."""
    if view.dep[c] == "advcl":
        return _finite(view, c) and any(view.dep[m] == "mark" and view.lower[m] in _TOLD_MARKS for m in view.children[c])
    if view.dep[c] == "appos":
        return view.lower[c - 1] == "," and any(view.dep[g].startswith("acl") and g > c for g in view.children[c])
    if not view.dep[c].startswith("acl"):
        return False
    between = view.lower[max(view.head[c] + 1, c - _REACH) : c]
    if view.grammar["relatives"].isdisjoint(between):
        return False
    return "," in between or (match.entry.type not in _REASONED and _told(view, c))


def _told(view: View, verb: int) -> bool:
    verbs = [verb, *(c for c in view.children[verb] if view.dep[c].startswith("aux"))]
    finite = [t for t in verbs if view.morph(t, "Mood") == "Ind" and view.morph(t, "Tense") != "Fut"]
    return any(view.morph(t, "Tense") == "Past" or view.lemma[t] in ("haber", "have") for t in finite)


def _scene(view: View, c: int) -> bool:
    """ ", tras las protestas", "a raíz de las protestas": what goes on meanwhile, or why; some phrases say so without a comma."""
    for t in range(max(1, c - 6), c):
        kinds = ("given", "scenes") if view.lower[t - 1] == "," else ("given",)
        if any(True for kind in kinds for _ in view.phrases_at(t, kind)):
            return not any(view.pos[k] in VERBAL for k in range(t, c))
    return False
