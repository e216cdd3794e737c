"""Whom a pronoun of the third person means ("said it would", "He met"): the fitting subject named last before it."""

from __future__ import annotations

from teletipo.enrich.events.arguments import SUBJECTS
from teletipo.enrich.events.view import NOMINAL, VERBAL, SentenceWords, View

_DEPTH = 4
"""How many pronouns are followed, from one subject to the next, before the search ends."""


def antecedents(view: View, pronoun: int, depth: int = _DEPTH) -> list[int]:
    """Heads of the phrase that a subject pronoun stands for, coordinated ones excluded; empty where nothing fits."""
    word = view.lower[pronoun]
    if not depth or word not in view.grammar["third_person"]:
        return []
    verb = view.head[pronoun]
    for up in view.ancestors(verb):
        if view.pos[up] in VERBAL and view.sentence_of[up] == view.sentence_of[pronoun]:
            found = _subjects(view, up, pronoun, word, depth, strict=view.lemma[up] not in view.grammar["claim_verbs"])
            if found:
                return found
    number = view.sentence_of[pronoun]
    first, _ = view.sentences[number]
    for v in range(pronoun - 1, first - 1, -1):
        if view.pos[v] in VERBAL and v != verb and (found := _subjects(view, v, pronoun, word, depth, strict=True)):
            return found
    return _sentence_before(view, number, pronoun, word, depth)


def _sentence_before(view: View, number: int, pronoun: int, word: str, depth: int) -> list[int]:
    """The subject of the main clause of the sentence before, else of another clause there."""
    earlier = view.sentence_before(number)
    if earlier < 0:
        return []
    first, last = view.sentences[earlier]
    verbs = [v for v in range(first, last) if view.pos[v] in VERBAL and not view.dep[v].startswith("aux")]
    verbs.sort(key=lambda v: (view.head[v] != v, v))
    for v in verbs:
        if found := _subjects(view, v, pronoun, word, depth, strict=True):
            return found
    return []


def words_near(view: View, number: int) -> SentenceWords | None:
    """The words that may stand in a relation to those of a sentence: its own and, where it has a pronoun, those of the
    sentences in which its antecedent is looked for. None where a word hangs on another sentence: then it may be any.
    """
    own = view.words_in(number)
    near = [own]
    for _ in range(_DEPTH):
        if number in view.crossed:
            return None
        first, last = view.sentences[number]
        if view.grammar["third_person"].isdisjoint(view.lower[first:last]):
            break
        earlier = view.sentence_before(number)
        if earlier < 0:
            break
        number = earlier
        near.append(view.words_in(number))
    if number in view.crossed:
        return None
    if len(near) == 1:
        return own
    return SentenceWords(frozenset().union(*(w.forms for w in near)), frozenset().union(*(w.stems for w in near)))


def _subjects(view: View, verb: int, pronoun: int, word: str, depth: int, strict: bool) -> list[int]:
    """Grammatical subjects of a verb that the pronoun may mean; pronouns among them are followed."""
    for c in view.children[verb]:
        if view.dep[c] not in SUBJECTS or c >= pronoun:
            continue
        if view.lower[c] in view.grammar["third_person"] and view.pos[c] == "PRON":
            if view.lower[c] == word or not strict:
                return antecedents(view, c, depth - 1)
        elif view.pos[c] in NOMINAL and view.pos[c] != "PRON" and _fits(view, word, c, strict):
            return [c]
    return []


def _fits(view: View, word: str, head: int, strict: bool) -> bool:
    label = view.doc[head].ent_type_
    several = view.morph(head, "Number") == "Plur" or any(
        view.dep[c] == "conj" and view.pos[c] in NOMINAL for c in view.children[head]
    )
    if word in view.grammar["third_person_plural"]:
        return several or (label != "PER" and not strict) or label == "ORG"
    if several and word not in view.grammar["third_person_plural"]:
        return False
    if word in view.grammar["third_person_thing"]:
        return label != "PER"
    return label not in ("LOC", "ORG")
