"""What a model of targets says of every word form, added up once: by bucket, by spelling, by vector."""

from __future__ import annotations

import numpy as np

from teletipo.enrich.sentiment import spelling, vectors
from teletipo.enrich.sentiment.columns import Columns
from teletipo.enrich.sentiment.target_features import BUCKETS, form_places

_SPELLING = slice(BUCKETS, BUCKETS + spelling.BLOCKS)
_VECTORS = slice(_SPELLING.stop, _SPELLING.stop + vectors.BLOCKS)
_MOST = 40_000
_FIRST = 4_096


class Forms:
    """The rows of all forms seen so far; a stream has the same words again and again."""

    def __init__(self, model: dict[str, np.ndarray]) -> None:
        self._hashed, self._spelling = model["hashed"], model["spelling"]
        self._vectors, self._rarity = model["vectors"].reshape(-1, vectors.BLOCKS, 3), model["rarity"]
        self._vector_of = {form: row for row, form in enumerate(model["forms"].tolist())}
        self._forget()

    def _forget(self) -> None:
        self._row_of: dict[int, int] = {}
        self._rows = np.zeros((_FIRST, _VECTORS.stop, 3), dtype=np.float32)
        self._numbers = np.zeros((_FIRST, 2), dtype=np.float32)

    def read(self, columns: Columns) -> FormColumns:
        """What is known of the words of `columns`."""
        if len(self._row_of) > _MOST:
            self._forget()
        rows = [self._row_of.get(form, -1) for form in columns.forms.tolist()]
        new = [number for number, row in enumerate(rows) if row < 0]
        if new:
            self._add(columns, np.array(new))
            rows = [self._row_of[form] for form in columns.forms.tolist()]
        of = np.array(rows)[columns.form]
        return FormColumns(self._rows, of, self._numbers[of, 0], self._numbers[of, 1])

    def _add(self, columns: Columns, new: np.ndarray) -> None:
        forms = columns.forms[new]
        first = len(self._row_of)
        while first + len(new) > len(self._rows):
            self._rows = np.concatenate([self._rows, np.zeros_like(self._rows)])
            self._numbers = np.concatenate([self._numbers, np.zeros_like(self._numbers)])
        at = slice(first, first + len(new))
        places = form_places(forms, columns.form_stems[new])
        self._rows[at, :BUCKETS] = self._hashed[places].sum(axis=2)
        for row, form in enumerate(forms.tolist(), first):
            self._row_of[form] = row
            parts = spelling.parts(columns.strings[form])
            self._rows[row, _SPELLING] = self._spelling[:, parts].sum(axis=1)
            self._numbers[row, 0] = len(parts)
            known = self._vector_of.get(form >> 32)
            if known is not None:
                self._rows[row, _VECTORS] = self._vectors[known]
                self._numbers[row, 1] = self._rarity[known]


class FormColumns:
    """The rows of a unit's tokens. `parts` are the parts of each one's spelling, `rarity` the weight of its vector."""

    def __init__(self, rows: np.ndarray, of: np.ndarray, parts: np.ndarray, rarity: np.ndarray) -> None:
        self._rows, self._of = rows, of
        self.parts, self.rarity = parts, rarity

    def bucket(self, tokens: np.ndarray, buckets: np.ndarray) -> np.ndarray:
        """Of each token in its bucket: tokens × labels."""
        return self._rows[self._of[tokens], buckets]

    def spelling(self, tokens: np.ndarray, blocks: np.ndarray | int) -> np.ndarray:
        """Of each token's spelling in its block."""
        return self._rows[self._of[tokens], _SPELLING.start + blocks]

    def vector(self, tokens: np.ndarray, blocks: np.ndarray | int) -> np.ndarray:
        """Of each token's vector in its block."""
        return self._rows[self._of[tokens], _VECTORS.start + blocks]
