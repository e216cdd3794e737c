"""English trees set right before anything is read: main verbs that the parser took for participles of their own subject, nouns
for adjectives, two parties for one.

"Belarusian police detained 30 people, a rights group said", "Japan on Friday lifted sanctions", "Tens of thousands marched
through Rome": the past of most verbs looks like their participle, and a small parser often takes it for one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from teletipo.enrich.events.view import View

_NOUNS = frozenset({"NOUN", "PROPN", "NUM", "PRON"})
_PARTS = frozenset({"nmod", "conj", "compound", "flat", "appos", "nmod:desc"})
"""What a noun may be within the phrase of another."""
_NOUN_PLACES = frozenset({"nsubj", "nsubj:pass", "obj", "obl", "obl:agent", "nmod"})
_SUSPECT = _NOUN_PLACES | {"compound", "acl", "conj", "advcl", "amod"}
_GIVEN = frozenset(
    {"given", "granted", "offered", "awarded", "denied", "handed", "paid", "shown", "sent", "told", "asked", "named"}
)
"""Participles that may keep an object: "a minister granted asylum by Mexico"."""
_CONJUNCTIONS = frozenset({"after", "before", "since", "until", "as"})
"""Prepositions that may also begin a clause."""
_REACH = 80


def straighten(view: View, children_of: Callable[[View], list[Sequence[int]]]) -> bool:
    """Set right what the rules below know; `children_of` makes the lists of children anew. Whether a head was changed."""
    if view.grammar["reflexive"]:
        return False
    changed = False
    for t, dep in enumerate(view.dep):
        if dep in _SUSPECT and _set_right(view, t, dep):
            view.children = children_of(view)
            changed = True
    return changed


def _set_right(view: View, t: int, dep: str) -> bool:
    pos = view.pos[t]
    if pos == "ADJ" and dep in _NOUN_PLACES:
        _noun_of_adjective(view, t)
        return False
    if pos == "ADJ" and dep == "conj":
        return _describes_the_next(view, t)
    if pos == "NOUN" and dep == "compound" and view.head[t] > t:
        return _joined(view, t)
    if pos != "VERB" or not (view.morph(t, "Tense") == "Past" or view.lower[t].endswith("ed")):
        return False
    if dep == "acl" or (dep == "conj" and view.pos[view.head[t]] in _NOUNS):
        return _main_verb(view, t)
    if dep == "conj":
        return _behind_a_relative(view, t)
    if dep == "advcl":
        return _behind_a_conjunction(view, t) or _behind_a_participle(view, t)
    return dep == "amod" and t > 1 and view.head[t] > t and _behind_its_day(view, t)


def _noun_of_adjective(view: View, t: int) -> None:
    """ "the Israeli military", "the attorney general": with an article or a describing word of its own it is a noun."""
    if any(c < t and view.dep[c].startswith(("det", "amod", "compound", "nmod:poss")) for c in view.children[t]):
        view.pos[t] = "NOUN"


def _joined(view: View, first: int) -> bool:
    """ "the army and Russian mercenaries": two nouns, of which only the second is described by the adjective."""
    second = view.head[first]
    described = [c for c in view.children[first] if first < c < second and view.dep[c] == "conj" and view.pos[c] == "ADJ"]
    joints = [t for t in range(first, described[0]) if view.lower[t] == "and"] if described else []
    if not joints:
        return False
    root = view.head[second] == second
    view.head[first], view.dep[first] = (first if root else view.head[second]), view.dep[second]
    for c in view.children[second] if root else ():
        if c > second:
            view.head[c] = first
    view.head[second], view.dep[second] = first, "conj"
    view.head[described[0]], view.dep[described[0]] = second, "amod"
    view.head[joints[0]], view.dep[joints[0]] = second, "cc"
    return True


def _describes_the_next(view: View, t: int) -> bool:
    """ "the army and Russian mercenaries": the adjective is not joined to the first noun, but the noun behind it."""
    noun = t + 1
    if noun >= len(view.pos) or view.pos[noun] != "NOUN" or view.dep[noun] != "conj" or view.head[noun] != view.head[t]:
        return False
    view.dep[t] = "amod"
    for c in view.children[t]:
        if view.dep[c] == "cc":
            view.head[c] = noun
    view.head[t] = noun
    return True


def _main_verb(view: View, verb: int) -> bool:
    """A bare participle whose noun is the subject of a verb that has another one, or heads a sentence that has no verb."""
    noun = view.head[verb]
    if view.lower[verb] in _GIVEN or noun > verb or view.pos[noun] not in _NOUNS or not _bare(view, verb):
        return False
    while view.dep[noun] in _PARTS and view.head[noun] < noun:
        noun = view.head[noun]
    if any(view.dep[c] == "acl" and c > verb and view.pos[c] == "VERB" and not _ing(view, c) for c in view.children[noun]):
        return False  # "a lawyer accused of bribery fled": the last one is the verb
    other = view.head[noun]
    if view.dep[noun] == "nsubj" and other > verb and view.pos[other] == "VERB":
        second = next((c for c in view.children[other] if view.dep[c] == "nsubj" and verb < c < other), None)
        if second is None or "," not in view.lower[verb:second]:
            return False
        _raise(view, verb, noun, "ccomp" if view.lemma[other] in view.grammar["claim_verbs"] else "parataxis", other)
        return True
    if view.dep[noun] != "ROOT" or noun == view.head[verb] or not _ends(view, noun, verb) or _has_verb(view, noun, verb):
        return False
    _raise(view, verb, noun, "ROOT", verb)
    return True


def _bare(view: View, verb: int) -> bool:
    """Whether a participle has no auxiliary, subject, conjunction or doer of its own."""
    below = view.children[verb]
    if any(view.dep[c].startswith(("aux", "nsubj", "obl:agent", "mark")) for c in below):
        return False
    return not any(view.dep[g] == "case" and view.lower[g] in view.grammar["agent"] for c in below for g in view.children[c])


def _ing(view: View, t: int) -> bool:
    return view.lower[t].endswith("ing")


def _ends(view: View, root: int, verb: int) -> bool:
    """Whether the sentence ends with a full stop: in headlines and captions bare participles are what they seem."""
    return any(view.lower[t] == "." and view.head[t] == root for t in range(verb, min(len(view.head), verb + _REACH)))


def _has_verb(view: View, noun: int, verb: int) -> bool:
    """Whether the phrase that seems to be the whole sentence has a verb of its own: a copula, a clause beside it."""
    for c in view.children[noun]:
        joined = c > verb and view.pos[c] in ("VERB", "AUX") and view.dep[c] in ("conj", "parataxis")
        if joined or view.dep[c] in ("cop", "nsubj", "expl"):
            return True
    return False


def _behind_a_conjunction(view: View, verb: int) -> bool:
    """ "clashed after the court ordered the release": what seems to follow a preposition is the subject of a clause."""
    if verb == 0 or any(view.dep[c].startswith(("mark", "aux", "nsubj")) for c in view.children[verb]):
        return False
    subject = verb - 1
    while view.dep[subject] in _PARTS and view.head[subject] < subject:
        subject = view.head[subject]
    if (
        view.dep[subject] != "obl"
        or view.head[subject] != view.head[verb]
        or view.lower[verb - 1] in view.grammar["weekday_words"]
    ):
        return False
    mark = next((c for c in view.children[subject] if view.dep[c] == "case" and view.lower[c] in _CONJUNCTIONS), None)
    if mark is None:
        return False
    view.head[mark], view.dep[mark] = verb, "mark"
    view.head[subject], view.dep[subject] = verb, "nsubj"
    _finite(view, verb)
    return True


def _behind_a_participle(view: View, verb: int) -> bool:
    """ "Militants linked to X attacked a village": the first verb describes the subject, the second is the act."""
    first = view.head[verb]
    if first > verb or view.pos[first] != "VERB" or _ing(view, first) or view.morph(first, "Tense") != "Past":
        return False
    if "," in view.lower[first:verb] or any(
        c < verb and view.dep[c] in ("mark", "aux", "nsubj", "advmod") for c in view.children[verb]
    ):
        return False
    before = [c for c in view.children[first] if c < verb]
    subjects = [c for c in before if view.dep[c] == "nsubj" and c < first]
    governs = any(view.dep[c].startswith(("obj", "aux", "xcomp", "ccomp")) for c in before)
    if len(subjects) != 1 or governs or before[-1] < first:
        return False
    head, dep = (verb if view.head[first] == first else view.head[first]), view.dep[first]
    for c in view.children[first]:
        if c > verb:
            view.head[c] = verb
    view.head[first], view.dep[first] = subjects[0], "acl"
    _raise(view, verb, subjects[0], dep, head)
    return True


def _behind_a_relative(view: View, verb: int) -> bool:
    """ "Two sailors abducted by pirates were freed": of two verbs in a row without "and" the first describes the subject."""
    first, below = view.head[verb], view.children[verb]
    if view.pos[first] != "VERB" or first > verb or any(view.lower[t] in (",", "and", "but") for t in range(first, verb)):
        return False
    if not any(view.dep[c].startswith("aux") for c in below) or any(view.dep[c].startswith(("cc", "nsubj")) for c in below):
        return False
    before = [c for c in view.children[first] if c < verb]
    subjects = [c for c in before if view.dep[c] == "nsubj" and c < first]
    if len(subjects) != 1 or any(view.dep[c].startswith(("aux", "obj")) for c in before):
        return False
    view.head[verb], view.dep[verb] = (verb if view.head[first] == first else view.head[first]), view.dep[first]
    for c in view.children[first]:
        if c > verb:
            view.head[c] = verb
    passive = any(view.dep[c] == "aux:pass" for c in below)
    view.head[subjects[0]], view.dep[subjects[0]] = verb, "nsubj:pass" if passive else "nsubj"
    view.head[first], view.dep[first] = subjects[0], "acl"
    view.features[first] = {**view.features[first], "VerbForm": "Part", "Tense": "Past"}
    return True


def _behind_its_day(view: View, verb: int) -> bool:
    """ "Japan on Friday lifted sanctions": between the subject and what seems to describe the object stands the day."""
    day, thing = verb - 1, view.head[verb]
    subject = day - 2 if view.lower[day - 1] == "on" else day - 1
    if view.lower[day] not in view.grammar["weekday_words"] or subject < 0 or view.pos[subject] not in ("NOUN", "PROPN"):
        return False
    while view.dep[subject] in _PARTS and view.head[subject] < verb:
        subject = view.head[subject]
    if view.pos[subject] not in _NOUNS:
        return False
    if view.dep[subject] == "nsubj" and view.head[subject] > thing:
        _raise(view, verb, subject, "ccomp", view.head[subject])
    elif view.dep[subject] == "ROOT" or view.head[subject] == thing:
        _raise(view, verb, subject, "ROOT", verb)
    else:
        return False
    view.head[thing], view.dep[thing] = verb, "obj"
    view.head[day], view.dep[day] = verb, "obl"
    return True


def _raise(view: View, verb: int, subject: int, dep: str, head: int) -> None:
    """Make a verb the head of its subject and of what stands behind the verb, and hang it where it belongs."""
    for c in view.children[subject]:
        if c > verb and view.dep[c] != "acl":
            view.head[c] = verb
            if view.dep[c] in ("nmod", "nmod:unmarked"):
                view.dep[c] = "obl"
    view.head[verb], view.dep[verb] = head, dep
    view.head[subject], view.dep[subject] = verb, "nsubj"
    _finite(view, verb)
    below = view.children[verb]
    if any(view.dep[c] == "obj" for c in below):
        return
    for c in below:  # "detained at least 30 people": a noun without a preposition of its own is no adverbial
        noun = c > verb and view.dep[c] == "obl" and view.pos[c] == "NOUN" and view.lower[c] not in view.grammar["weekday_words"]
        if noun and not any(view.dep[g] in ("case", "mark") for g in view.children[c]):
            view.dep[c] = "obj"
            return


def _finite(view: View, verb: int) -> None:
    view.features[verb] = {**view.features[verb], "VerbForm": "Fin", "Tense": "Past"}
