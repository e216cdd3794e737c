"""What is known of word forms besides their letters: vectors, gazetteer classes and how often they stand in capitals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from spacy.strings import hash_string  # type: ignore[attr-defined]

GAZETTEER_CLASSES = ("country", "country_part", "city", "city_part", "organisation", "organisation_part", "given_name")
"""Classes of a lower-case word, one bit each; a ``_part`` is a word of a longer name."""

CAPITAL_BINS = 5
"""Bin 0: never seen. 1 to 4: share of capitalised occurrences inside sentences, below 5, 50, 95 % and above."""


@dataclass(slots=True)
class Lexicon:
    """Rows for lower-case word forms, sorted by the hash of the form.

    ``vectors`` are int8 and to be multiplied by ``scale``; a form without a row has none of the three.
    """

    keys: np.ndarray
    vectors: np.ndarray
    scale: float
    classes: np.ndarray
    capitals: np.ndarray

    @classmethod
    def empty(cls, width: int) -> Lexicon:
        """A lexicon without words, for a pipeline that is about to be loaded or initialised."""
        return cls(np.zeros(0, "uint64"), np.zeros((0, width), "int8"), 1.0, np.zeros(0, "uint16"), np.zeros(0, "uint8"))

    @classmethod
    def build(cls, words: Iterable[str], vectors: np.ndarray, classes: Iterable[int], capitals: Iterable[int]) -> Lexicon:
        """From lower-case words and parallel rows; vectors are floats and get rounded to 127 steps."""
        keys = np.array([hash_string(word) for word in words], dtype="uint64")
        order = np.argsort(keys)
        scale = float(np.abs(vectors).max() / 127) or 1.0
        return cls(
            keys[order],
            np.clip(np.round(vectors[order] / scale), -127, 127).astype("int8"),
            scale,
            np.array(list(classes), dtype="uint16")[order],
            np.array(list(capitals), dtype="uint8")[order],
        )

    def row(self, word: str) -> int:
        """The row of a lower-case word, -1 for none."""
        key = np.uint64(hash_string(word))
        place = int(np.searchsorted(self.keys, key))
        return place if place < len(self.keys) and self.keys[place] == key else -1

    def to_dict(self) -> dict[str, Any]:
        """For the model's attributes."""
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Lexicon:
        """Inverse of `to_dict`."""
        return cls(**data)
