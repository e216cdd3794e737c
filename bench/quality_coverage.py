"""Trigger coverage: the share of coded acts of which a word, names apart, is in the event lexicon.

Counted on words alone, before any condition of an entry: what is missing here no rule can find.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from teletipo.enrich.events.lexicon import Lexicon, known_verbs, load_lexicon
from teletipo.enrich.events.participants import fold
from teletipo.enrich.events.view import View, build
from teletipo.enrich.model import Draft

_WORDS = frozenset({"VERB", "AUX", "NOUN", "ADJ", "PROPN", "X"})


def _tokens(view: View, trigger: str) -> Iterator[int]:
    """Tokens of an article that are words of a trigger; its words need not stand together."""
    words = {word.strip(',;:.()"«»') for word in fold(trigger).split()}
    for i, lower in enumerate(view.lower):
        if view.pos[i] in _WORDS and not view.in_name(i) and fold(lower) in words:
            yield i


def _known(view: View, i: int, lexicon: Lexicon) -> bool:
    return any(form in lexicon.verbs or form in lexicon.nouns for form in view.forms(i))


def missing(rows: list[dict[str, Any]], drafts: list[Draft], language: str, key: str) -> tuple[int, Counter[str]]:
    """Number of acts, and the triggers of which no word is in the lexicon. `key`: the field that holds the trigger."""
    lexicon = load_lexicon(language)
    verbs = known_verbs(lexicon)
    total, unknown = 0, Counter[str]()
    for row, draft in zip(rows, drafts, strict=True):
        if draft.doc is None:
            continue
        view = build(draft.doc, draft.text, language, verbs)
        for event in row["events"]:
            if not event[key] or (event["cameo"].startswith("01") and not event["cameo"].startswith("016")):
                continue
            total += 1
            if not any(_known(view, i, lexicon) for i in _tokens(view, event[key])):
                unknown[event[key]] += 1
    return total, unknown


def print_coverage(name: str, total: int, unknown: Counter[str], show: bool) -> None:
    """One row, and with `show` the triggers that no entry knows."""
    known = total - unknown.total()
    print(f"{name}: trigger coverage, %: {100 * known / max(1, total):.1f} ({known}/{total})")
    if show:
        print("\n".join(f"  UNKNOWN {count} {trigger}" for trigger, count in unknown.most_common()))
