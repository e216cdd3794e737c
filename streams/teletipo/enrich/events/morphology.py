"""From a verb form to the lexicon's infinitive, where the pipeline's lemma is no verb of the lexicon."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Iterator

from teletipo import languages

_STRESSED = str.maketrans("áéíóú", "aeiou")
_VOWELS = (("ie", "e"), ("ue", "o"), ("i", "e"), ("u", "o"))


def lemma_finder(language: str, verbs: Collection[str]) -> Callable[[str], str | None]:
    """A cached function from a lower-case form to a verb of `verbs`, or None."""
    table = languages.load(language, "morphology")
    candidates = _spanish if "strong" in table else _english
    cache: dict[str, str | None] = {}

    def find(form: str) -> str | None:
        if form not in cache:
            if len(cache) > 50_000:
                cache.clear()
            cache[form] = next((c for c in candidates(form, table) if c in verbs), None)
        return cache[form]

    return find


def participle_finder(language: str) -> Callable[[str], bool]:
    """Whether a form may be a participle, by its end: the adjectives "última" and "interno" are forms of verbs too."""
    table = languages.load(language, "morphology")
    ends = (*table["participles"], *table["forms"])
    return lambda form: _masculine(unicodedata.normalize("NFC", form)).endswith(ends)


def _masculine(form: str) -> str:
    return form[:-2] + "o" if form.endswith(("as", "os")) else form[:-1] + "o" if form.endswith("a") else form


def _spanish(form: str, table: dict) -> Iterator[str]:
    form = unicodedata.normalize("NFC", form)
    for clitic in ("selo", "sela", "selos", "selas", "se", "lo", "la", "los", "las", "le", "les", "nos"):
        bare = form.removesuffix(clitic)
        if bare != form and bare.endswith(("r", "ndo")):
            yield from _spanish(bare.replace("ándo", "ando").replace("iéndo", "iendo"), table)
    yield form
    participle = _masculine(form)
    for end, infinitive in table["forms"].items():
        if participle.endswith(end):
            yield participle.removesuffix(end) + infinitive
    for stem, infinitive in table["strong"].items():
        if stem == "endings":
            continue
        for ending in ("", *table["strong"]["endings"]):
            if form.endswith(stem + ending):
                yield form[: len(form) - len(stem + ending)] + infinitive
    for conjugation, endings in table["endings"].items():
        for ending in sorted(endings, key=len, reverse=True):
            if form.endswith(ending) and len(form) > len(ending) + 1:
                yield from _stems(form[: len(form) - len(ending)], conjugation, table["stems"])
    if form.isascii():  # wires without accents: "reunio", "acusara"
        for conjugation, endings in table["endings"].items():
            for ending in sorted(endings, key=len, reverse=True):
                plain = ending.translate(_STRESSED)
                if plain != ending and form.endswith(plain) and len(form) > len(plain) + 1:
                    yield from _stems(form[: len(form) - len(plain)], conjugation, table["stems"])


def _stems(stem: str, conjugation: str, changes: dict[str, str]) -> Iterator[str]:
    stems = [stem]
    stems += [stem.removesuffix(end) + base for end, base in changes.items() if stem.endswith(end)]
    for one in stems:
        yield one.translate(_STRESSED) + conjugation
        for surface, base in _VOWELS:
            at = one.rfind(surface)
            if at >= 0:
                yield (one[:at] + base + one[at + len(surface) :]).translate(_STRESSED) + conjugation


def _english(form: str, table: dict) -> Iterator[str]:
    yield form
    if form in table["forms"]:
        yield table["forms"][form]
    for ending in table["endings"]["plain"]:
        if not ending or not form.endswith(ending) or len(form) < len(ending) + 2:
            continue
        stem = form.removesuffix(ending)
        yield stem
        yield stem + "e"
        if stem[-1:] == stem[-2:-1]:
            yield stem[:-1]
        if stem.endswith("i"):
            yield stem[:-1] + "y"
