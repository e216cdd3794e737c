"""Which phrases are joined to a noun as further participants ("Perú, Chile y dos ONG"), and which only look like it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from teletipo.enrich.events.appositions import is_set_off
from teletipo.enrich.events.subjects import is_stranded
from teletipo.enrich.events.view import NAMING, View

if TYPE_CHECKING:
    from teletipo.enrich.events.participants import Side

_PARTIES = frozenset({"a", "con", "with", "to", "entre", "between"})
"""Prepositions that may be repeated before each of several participants."""
_MOST = 12


def coordinated(view: View, head: int) -> list[int]:
    """Heads of a noun phrase and of those joined to it, in order of the text."""
    out, stack = [head], [head]
    while stack and len(out) < _MOST:
        node = stack.pop()
        for c in view.children[node]:
            if view.dep[c] != "conj" or view.pos[c] not in NAMING:
                continue
            if not _adverbial(view, c, head) and not is_stranded(view, c):
                out.append(c)
                stack.append(c)
    joined = any(view.dep[c] == "cc" for h in out for c in view.children[h])
    return sorted(out) if joined else [h for h in sorted(out) if h == head or not is_set_off(view, h)]


def _adverbial(view: View, i: int, head: int) -> bool:
    """A phrase of its own ("en Lima y en Quito"), or one that belongs to the last of those joined ("opositores a Lasso")."""
    case = view.case(i)
    if case is None or case in view.grammar["genitive"]:
        return False
    return case not in _PARTIES or (case in ("a", "to") and view.case(head) != case)


def share_state(view: View, sides: Sequence[Side]) -> list[Side]:
    """ "jueces y fiscales bielorrusos", "Israeli soldiers and settlers": what says the state of one says the other's."""
    out = list(sides)
    for k in range(len(out) - 1):
        first, second = out[k], out[k + 1]
        if not _bare(view, second.head):
            continue
        if first.said and _lacks(second):
            out[k + 1] = _of(second, first.participant.country)
        elif second.said and _lacks(first) and _behind(view, second):
            out[k] = _of(first, second.participant.country)
    return out


def _lacks(side: Side) -> bool:
    return side.kind == "role" and side.participant.country is None


def _bare(view: View, head: int) -> bool:
    """A noun of the same phrase: with an article or a number of its own another one begins."""
    return not any(c < head and view.dep[c].startswith(("det", "nummod", "nmod:poss")) for c in view.children[head])


def _behind(view: View, side: Side) -> bool:
    """Whether what says its state stands behind the noun, as the last word of those joined."""
    return side.kind == "role" and side.participant.end > view.end[side.head]


def _of(side: Side, country: str | None) -> Side:
    return replace(side, participant=replace(side.participant, country=country))
