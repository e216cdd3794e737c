"""Which phrases are joined to a noun as further participants ("Perú, Chile y dos ONG"), and which only look like it."""

from __future__ import annotations

from teletipo.enrich.events.appositions import is_set_off
from teletipo.enrich.events.subjects import is_stranded
from teletipo.enrich.events.view import NAMING, View

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
            if not _adverbial(view, c) and not is_stranded(view, c):
                out.append(c)
                stack.append(c)
    joined = any(view.dep[c] == "cc" for h in out for c in view.children[h])
    return sorted(out) if joined else [h for h in sorted(out) if h == head or not is_set_off(view, h)]


def _adverbial(view: View, i: int) -> bool:
    case = view.case(i)
    return case is not None and case not in view.grammar["genitive"] and case not in _PARTIES
