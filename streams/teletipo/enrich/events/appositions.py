"""What stands in apposition to a noun ("la canciller alemana, Annalena Baerbock"), also where the tree says otherwise."""

from __future__ import annotations

from teletipo.enrich.events.view import VERBAL, View

_APPOSED = frozenset({"appos", "flat", "compound", "nmod:desc", "flat:name", "name"})


def apposed(view: View, i: int) -> list[int]:
    """What stands in apposition to a noun."""
    near = [c for c in view.children[i] if abs(c - i) < 14]
    return [c for c in near if view.dep[c] in _APPOSED or (view.dep[c] == "conj" and c > i and _lone(view, c))]


def _lone(view: View, i: int) -> bool:
    return is_set_off(view, i) and not any(view.dep[c] == "cc" for c in view.children[i])


def is_set_off(view: View, i: int) -> bool:
    """A phrase behind a comma in no list ("the United States, Manila's treaty ally,") is an apposition."""
    first = min([i, *(c for c in view.children[i] if view.dep[c] not in ("punct", "cc"))])
    return first > 0 and view.lower[first - 1] == ","


def is_personal(view: View, head: int) -> bool:
    """Whether a noun that is no known role may be a person's: with article or possessive, as subject or behind "a"."""
    if view.pos[head] != "NOUN" or not any(view.dep[c].startswith(("det", "nmod:poss")) for c in view.children[head]):
        return False
    return view.dep[head].startswith("nsubj") or (view.case(head) == "a" and view.dep[head] in ("obj", "iobj", "obl"))


def stretched(view: View, high: int) -> int:
    """The end of "su par de la India, Subrahmanyam Jaishankar": who it is stands behind, up to the next verb."""
    last = view.sentences[view.sentence_of[high - 1]][1]
    end = high
    while end < min(high + 9, last) and view.pos[end] not in VERBAL and view.lower[end] not in (".", ";", ":"):
        end += 1
    return end
