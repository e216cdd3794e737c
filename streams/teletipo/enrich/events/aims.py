"""What a protest is for or against, which is the last digit of its CAMEO code: 1441 bars a road so that somebody resigns.

The words that introduce an aim ("contra", "en demanda de", "to demand") are in `aims.toml` of the language, what the aim is in
`content.toml`; the classes with a `protest` digit count (codebook/content.toml).
"""

from __future__ import annotations

from collections.abc import Iterator

from teletipo import codebook
from teletipo.enrich.events.coded import Coded
from teletipo.enrich.events.content import class_of
from teletipo.enrich.events.lexicon import Lexicon
from teletipo.enrich.events.matching import Match, Matcher
from teletipo.enrich.events.view import VERBAL, View

_SERIES = "14"
_FORMS = frozenset({"141", "142", "143", "144", "145"})
_POLICY = "2"


def give_aims(coded: list[Coded], view: View, lexicon: Lexicon, matcher: Matcher) -> None:
    """Finish the codes of protests; an aim that is told once holds for all that the same people do in the article."""
    protests = [c for c in coded if c.type == "PROTEST" and c.cameo in _FORMS and c.mode != "vandalize"]
    for event in protests:
        event.cameo += _aim(event.match, view, lexicon, matcher) or ""
    told = [c for c in protests if c.cameo not in _FORMS and c.actors]
    for event in protests:
        if event.cameo in _FORMS:
            other = next((c for c in told if _same_crowd(c, event, view)), None)
            event.cameo += other.cameo[-1] if other else ""


def _same_crowd(a: Coded, b: Coded, view: View) -> bool:
    names = [{s.participant.entity or view.lemma[s.head] for s in c.actors} for c in (a, b)]
    return bool(names[0] & names[1])


def _aim(match: Match, view: View, lexicon: Lexicon, matcher: Matcher) -> str | None:
    for mark, after in _marks(match, view, lexicon):
        head = _first_content(view, after)
        if head is None:
            continue
        name = class_of([head], None, view, lexicon, matcher, match.predicate.token)
        digit = codebook.content_classes()[name].codes.get(_SERIES) if name else None
        if digit:
            return digit
        if name is None and mark in lexicon.aims["against"] and view.pos[head] == "NOUN" and matcher.cast.side(head) is None:
            return _POLICY  # a thing that somebody decides, no person, crime or war
    return None


def _marks(match: Match, view: View, lexicon: Lexicon) -> Iterator[tuple[tuple[str, ...], int]]:
    """The words in the clause of a protest that introduce an aim, with the token behind them."""
    first, last = _clause(match, view)
    phrases = sorted((*lexicon.aims["against"], *lexicon.aims["for"]), key=len, reverse=True)
    firsts = frozenset(phrase[0] for phrase in phrases)
    t = first
    while t < last:
        begins = view.lower[t] in firsts or view.lemma[t] in firsts
        mark = next((p for p in phrases if view.phrase_at(t, p) and t + len(p) < last), None) if begins else None
        if mark is None or _of_another(match, view, lexicon, t):
            t += 1
            continue
        yield mark, t + len(mark)
        t += len(mark)


def _clause(match: Match, view: View) -> tuple[int, int]:
    """From a protest (its sentence, where its verb is the first) to another clause with a subject of its own."""
    token = match.predicate.token
    first, last = view.sentences[view.sentence_of[token]]
    if match.predicate.nominal:
        first = token
    for t in range(first, last):
        finite = view.pos[t] in VERBAL and view.morph(t, "VerbForm") == "Fin"
        if t == token or not finite or view.dep[t].startswith(("aux", "cop")):
            continue
        if t < token:
            first = token
        elif view.dep[t] in ("conj", "parataxis", "advcl") and any(view.dep[c].startswith("nsubj") for c in view.children[t]):
            return first, t
    return first, last


def _of_another(match: Match, view: View, lexicon: Lexicon, mark: int) -> bool:
    """Whether the words belong to another act named right before ("durante la protesta contra los impuestos")."""
    before = mark - 1
    if before < 0 or before in range(match.first, match.last + 1) or before in match.required:
        return False
    return any(
        view.lemma[t] in lexicon.nouns and view.pos[t] == "NOUN"
        for t in (before, view.head[before])
        if t != match.predicate.token
    )


def _first_content(view: View, start: int) -> int | None:
    """The head of the phrase that starts at a token."""
    t = next((t for t in range(start, min(start + 4, len(view.lower))) if view.pos[t] in ("NOUN", "PROPN", "ADJ", "VERB")), None)
    while t is not None and t < view.head[t] and view.dep[t] in ("amod", "compound", "nummod", "nmod:poss", "nmod", "det"):
        t = view.head[t]
    return t
