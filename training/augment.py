"""Changes training sentences into what news wires hold: capitals, datelines, other names, other quotes, no accents."""

from __future__ import annotations

import random
import tomllib
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.sentence import Sentence

_CLASSES = {"PER": ("persons",), "LOC": ("countries", "cities"), "ORG": ("organisations",)}
_SMALL = {"de", "del", "la", "el", "los", "las", "y", "the", "of", "and", "da", "von", "der", "van", "bin", "al"}
_HANGING = {"det", "case", "aux", "mark", "nmod:poss"}
_QUOTES = (("«", "»"), ("“", "”"), ("'", "'"))


@dataclass(frozen=True, slots=True)
class Rates:
    """How often each change is made, as a share of sentences."""

    capitals: float = 0.06
    accents: float = 0.03
    names: float = 0.35
    dateline: float = 0.03
    opener: float = 0.05
    lead: float = 0.01
    quotes: float = 0.35
    period: float = 0.05


class Augmenter:
    """Changes sentences at random; what it puts in comes from a TOML file of lists."""

    def __init__(self, lists: Path, seed: int, rates: Rates | None = None) -> None:
        with open(lists, "rb") as file:
            self.lists: dict[str, list[str]] = tomllib.load(file)
        self.random = random.Random(seed)
        self.rates = rates or Rates()

    def __call__(self, sentence: Sentence) -> Sentence:
        """A changed copy, or the sentence itself."""
        draw, rates = self.random.random, self.rates
        if sentence.entities is not None and draw() < rates.names:
            sentence = self.swap_names(sentence)
        if draw() < rates.opener:
            sentence = self.open_with(sentence, self.random.choice(self.lists["openers"]))
        elif draw() < rates.lead:
            sentence = self.open_with(sentence, self.random.choice(self.lists["leads"]))
        elif draw() < rates.dateline:
            sentence = self.dateline(sentence)
        if draw() < rates.quotes and '"' in sentence.words:
            sentence = self.other_quotes(sentence)
        if draw() < rates.period:
            sentence = without_period(sentence)
        if draw() < rates.capitals:
            sentence = in_capitals(sentence)
        elif draw() < rates.accents:
            sentence = without_accents(sentence)
        return sentence

    def swap_names(self, sentence: Sentence) -> Sentence:
        """Each entity with a simple inner structure is replaced, half of the time, by another of its class."""
        for start, end, kind in reversed(spans(sentence.entities or [])):
            if kind in _CLASSES and self.random.random() < 0.5:
                name = self.random.choice(self.lists[self.random.choice(_CLASSES[kind])])
                sentence = replaced(sentence, start, end, name.split(" "), kind)
        return sentence

    def open_with(self, sentence: Sentence, opener: str) -> Sentence:
        """Words that open the sentence, outside of every entity: `word/part of speech/label` with spaces between."""
        first = sentence.words[0]
        if sentence.pos is None:
            return sentence
        keep = first.isupper() or sentence.pos[0] == "PROPN" or ":/" in opener
        parts = [part.rsplit("/", 2) for part in opener.split(" ")]
        rest = first if keep else first[:1].lower() + first[1:]
        return prefixed(sentence, parts, ["O"] * len(parts), rest)

    def dateline(self, sentence: Sentence) -> Sentence:
        """A place, perhaps a day and an agency, before the sentence."""
        parts: list[list[str]] = []
        labels: list[str] = []
        for slot in self.random.choice(self.lists["datelines"]).split(" "):
            kind = {"CITY": "LOC", "AGENCY": "ORG"}.get(slot)
            if slot == "CITY":
                city = self.random.choice(self.lists["cities"])
                words = (city.upper() if self.random.random() < 0.4 else city).split(" ")
            elif slot == "AGENCY":
                words = self.random.choice(self.lists["agencies"]).split(" ")
            elif slot == "DAY":
                words = [str(self.random.randint(1, 31))]
            else:
                words = [self.random.choice(self.lists["months"]) if slot == "MONTH" else slot]
            for i, word in enumerate(words):
                pos = "PROPN" if kind else "NUM" if slot == "DAY" else "NOUN" if slot == "MONTH" else "PUNCT"
                parts.append([word, pos, "punct" if pos == "PUNCT" else "flat" if i else "dep"])
                labels.append(f"{'I' if i else 'B'}-{kind}" if kind else "O")
        return prefixed(sentence, parts, labels, sentence.words[0])

    def other_quotes(self, sentence: Sentence) -> Sentence:
        """Straight quotes become another kind, in pairs."""
        left, right = self.random.choice(_QUOTES)
        words, opened = [], False
        for word in sentence.words:
            if word == '"':
                word, opened = (right if opened else left), not opened
            words.append(word)
        return with_words(sentence, words)


def spans(labels: list[str]) -> list[tuple[int, int, str]]:
    """Entities of IOB2 labels as (start, end, class)."""
    found: list[tuple[int, int, str]] = []
    for i, label in enumerate(labels):
        if label.startswith("B-"):
            found.append((i, i + 1, label[2:]))
        elif label.startswith("I-") and found:
            found[-1] = (found[-1][0], i + 1, found[-1][2])
    return found


def with_words(sentence: Sentence, words: list[str]) -> Sentence:
    """The same annotation on other words."""
    return Sentence(
        words, sentence.spaces, sentence.pos, sentence.morphs, sentence.lemmas, sentence.heads, sentence.deps,
        sentence.entities, sentence.document, sentence.source,
    )  # fmt: skip


def in_capitals(sentence: Sentence) -> Sentence:
    """All letters as capitals, as headlines have them."""
    return with_words(sentence, [word.upper() for word in sentence.words])


def without_accents(sentence: Sentence) -> Sentence:
    """Letters without their marks."""
    plain = [unicodedata.normalize("NFD", word) for word in sentence.words]
    return with_words(sentence, ["".join(c for c in word if not unicodedata.combining(c)) or word for word in plain])


def without_period(sentence: Sentence) -> Sentence:
    """A sentence without its final period, as headlines are."""
    last = len(sentence) - 1
    if last < 2 or sentence.words[last] != "." or (sentence.heads and last in sentence.heads[:last]):
        return sentence
    cut = {
        name: value[:last] if (value := getattr(sentence, name)) is not None else None
        for name in ("words", "spaces", "pos", "morphs", "lemmas", "heads", "deps", "entities")
    }
    cut["spaces"][-1] = True
    return Sentence(**cut, document=sentence.document, source=sentence.source)


def prefixed(sentence: Sentence, parts: list[list[str]], labels: list[str], first: str) -> Sentence:
    """The sentence after more words, each given as word, part of speech, label; features and lemmas are left open."""
    n = len(parts)
    root = next((i + n for i, head in enumerate(sentence.heads or []) if head == i), n)
    heads = []
    for i, (_word, _pos, label) in enumerate(parts):
        later = (j for j in range(i + 1, n) if parts[j][2] not in _HANGING)
        heads.append(next(later, root) if label in _HANGING else i - 1 if label == "flat" else root)
    return Sentence(
        words=[*(part[0] for part in parts), first, *sentence.words[1:]],
        spaces=[True] * n + sentence.spaces,
        pos=None if sentence.pos is None else [""] * n + sentence.pos,
        morphs=None if sentence.morphs is None else [""] * n + sentence.morphs,
        lemmas=None if sentence.lemmas is None else [""] * n + sentence.lemmas,
        heads=None if sentence.heads is None else [*heads, *(head + n for head in sentence.heads)],
        deps=None if sentence.deps is None else [*(part[2] for part in parts), *sentence.deps],
        entities=None if sentence.entities is None else labels + sentence.entities,
        document=sentence.document,
        source=sentence.source,
    )


def replaced(sentence: Sentence, start: int, end: int, name: list[str], kind: str) -> Sentence:
    """An entity exchanged for other words; the sentence itself where others hang on the entity's inner words."""
    heads, count = sentence.heads, len(name)
    if heads is None:
        return sentence
    tops = [i for i in range(start, end) if not start <= heads[i] < end or heads[i] == i]
    if len(tops) != 1 or any(start <= h < end and h != tops[0] and not start <= i < end for i, h in enumerate(heads)):
        return sentence
    top = tops[0]

    def moved(index: int) -> int:
        return index if index < start else start if index < end else index + count - (end - start)

    inner_heads, inner_deps, inner_pos = [], [], []
    for i, word in enumerate(name):
        if i == 0:
            inner_heads.append(start if heads[top] == top else moved(heads[top]))
            inner_deps.append(sentence.deps[top] if sentence.deps else "")
        elif word.lower() in _SMALL and i + 1 < count and word[0].islower():
            step = next((j for j in range(i, count) if not name[j][0].islower()), count - 1)
            inner_heads.append(start + step)
            inner_deps.append("det" if word in {"la", "el", "los", "las", "the"} else "case")
        else:
            inner_heads.append(start)
            inner_deps.append("flat")
        small = word.lower() in _SMALL and word[0].islower()
        inner_pos.append("" if small else "PROPN")

    proper = sentence.pos is not None and sentence.morphs is not None and sentence.pos[top] == "PROPN"
    morph = sentence.morphs[top] if proper and sentence.morphs else ""

    def spliced(values: list[Any] | None, middle: list[Any]) -> list[Any] | None:
        return None if values is None else [*values[:start], *middle, *values[end:]]

    return Sentence(
        words=[*sentence.words[:start], *name, *sentence.words[end:]],
        spaces=[*sentence.spaces[:start], *[True] * (count - 1), sentence.spaces[end - 1], *sentence.spaces[end:]],
        pos=spliced(sentence.pos, inner_pos),
        morphs=spliced(sentence.morphs, [morph if tag else "" for tag in inner_pos]),
        lemmas=spliced(sentence.lemmas, name),
        heads=[*(moved(h) for h in heads[:start]), *inner_heads, *(moved(h) for h in heads[end:])],
        deps=spliced(sentence.deps, inner_deps),
        entities=spliced(sentence.entities, [f"{'I' if i else 'B'}-{kind}" for i in range(count)]),
        document=sentence.document,
        source=sentence.source,
    )
