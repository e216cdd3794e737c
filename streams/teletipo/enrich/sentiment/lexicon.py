"""The tone words of a language, from `languages/XX/tone.toml`: word → class, and the words that turn a tone round."""

from __future__ import annotations

from functools import cache
from typing import Any

from teletipo import languages
from teletipo.errors import LexiconError

CLASSES = (
    "neg_death", "neg_violence", "neg_repression", "neg_crime", "neg_verbal", "neg_breakdown", "neg_economy", "neg_disaster",
    "neg_fear", "pos_accord", "pos_peace", "pos_aid", "pos_release", "pos_progress", "pos_praise", "pos_cooperation",
    "neu_announce", "neu_meeting", "neu_procedure",
)  # fmt: skip
"""All classes in the order in which models number them; 0 is no class, so a class is its index + 1."""
NEGATIVE = frozenset(i + 1 for i, name in enumerate(CLASSES) if name.startswith("neg"))
POSITIVE = frozenset(i + 1 for i, name in enumerate(CLASSES) if name.startswith("pos"))
ENDS, BREAKS, NEGATION, MODAL, FALLS = 1, 2, 4, 8, 16
"""Bits of the second code of a word."""


class ToneLexicon:
    """Looks words up, each only once."""

    def __init__(self, language: str) -> None:
        table = languages.load(language, "tone")
        self._whole: dict[str, int] = {}
        self._beginnings: dict[str, int] = {}
        self._bits: dict[str, int] = {}
        self._known: dict[str, tuple[int, int]] = {}
        try:
            self._read(table)
        except KeyError as error:
            raise LexiconError(f"languages/{language}/tone.toml: {error} is missing") from None
        self._longest = max(map(len, self._beginnings), default=0)

    def _read(self, table: dict[str, Any]) -> None:
        for number, name in enumerate(CLASSES, 1):
            for word in table["classes"][name]["words"]:
                place = self._beginnings if word.endswith("*") else self._whole
                place.setdefault(word.rstrip("*"), number)
        shift = table["shift"]
        self.reach = int(shift["reach"])
        for bit, key in ((ENDS, "ends"), (BREAKS, "breaks"), (NEGATION, "negations"), (MODAL, "modals"), (FALLS, "falls")):
            for word in shift[key]:
                self._bits[word] = self._bits.get(word, 0) | bit

    def codes(self, word: str) -> tuple[int, int]:
        """Class (0 for none) and shift bits of a word in lower case."""
        found = self._known.get(word)
        if found is None:
            found = self._known[word] = (self._class(word), self._bits.get(word, 0))
        return found

    def _class(self, word: str) -> int:
        if word in self._whole:
            return self._whole[word]
        for length in range(min(self._longest, len(word)), 1, -1):
            number = self._beginnings.get(word[:length])
            if number:
                return number
        return 0


@cache
def load_lexicon(language: str) -> ToneLexicon:
    """The lexicon of a language. Raises LexiconError if its table is wrong."""
    return ToneLexicon(language)
