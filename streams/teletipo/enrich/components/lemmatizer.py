"""Lemmas by lookup on form, part of speech and features, with suffix rules for words that no table has.

The tables are made in training (`training/lemmas.py`): all forms of some thousand verbs, the lemmas of annotated corpora,
plurals and feminines resolved against the words of raw text. A verb with clitics gets the lemma of the verb alone
("reunirse" → "reunir"); contractions keep the lemmas of both words, as Universal Dependencies has them ("del" → "de el").
"""

from __future__ import annotations

import gzip
import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import srsly
from spacy.attrs import MORPH, ORTH, POS
from spacy.language import Language
from spacy.pipeline import Pipe
from spacy.strings import hash_string  # type: ignore[attr-defined]
from spacy.symbols import NAMES
from spacy.tokens import Doc
from spacy.training import Example
from spacy.vocab import Vocab

_ACCENTS = str.maketrans("áéíóú", "aeiou")
_NUMBER = re.compile(r"^[+-]?\d[\d.,]*$")
_MEMORY_LIMIT = 200_000


class LemmaTable:
    """Rows of (form and part of speech, features, lemma), sorted by the hash of the first; what comes first wins a tie."""

    def __init__(self, data: dict[str, Any] | None = None) -> None:
        data = data or {}
        self.keys: np.ndarray = data.get("keys", np.zeros(0, "uint64"))
        self.lemma_ids: np.ndarray = data.get("lemma_ids", np.zeros(0, "uint16"))
        self.feature_ids: np.ndarray = data.get("feature_ids", np.zeros(0, "uint16"))
        self.lemmas: list[str] = list(data.get("lemmas", []))
        self.features: list[str] = list(data.get("features", []))
        self.suffixes: list[list[str]] = [list(row) for row in data.get("suffixes", [])]
        self.clitics: list[str] = list(data.get("clitics", []))
        self.thousands: str = data.get("thousands", ",")
        self._sets = [frozenset(features.split("|")) for features in self.features]

    @classmethod
    def build(
        cls,
        rows: Iterable[tuple[str, str, str, str]],
        suffixes: list[list[str]],
        clitics: list[str],
        thousands: str,
    ) -> LemmaTable:
        """From (form, part of speech, features, lemma) in order of preference.

        Args:
            suffixes: (part of speech, ending, replacement), tried longest ending first.
            clitics: pronouns that may end a verb form.
            thousands: the mark between thousands in figures, which a figure's lemma lacks.
        """
        lemma_ids: dict[str, int] = {}
        feature_ids: dict[str, int] = {}
        seen: set[tuple[int, int, int]] = set()
        packed = []
        for form, pos, features, lemma in rows:
            row = (
                hash_string(f"{form}|{pos}"),
                feature_ids.setdefault(features, len(feature_ids)),
                lemma_ids.setdefault(lemma, len(lemma_ids)),
            )
            if row not in seen:
                seen.add(row)
                packed.append(row)
        keys = np.array([row[0] for row in packed], dtype="uint64")
        order = np.argsort(keys, kind="stable")
        return cls(
            {
                "keys": keys[order],
                "feature_ids": np.array([row[1] for row in packed], dtype="uint16")[order],
                "lemma_ids": np.array([row[2] for row in packed], dtype="uint16")[order],
                "lemmas": list(lemma_ids),
                "features": list(feature_ids),
                "suffixes": sorted(suffixes, key=lambda row: -len(row[1])),
                "clitics": sorted(clitics, key=len, reverse=True),
                "thousands": thousands,
            }
        )

    def to_dict(self) -> dict[str, Any]:
        """All that the constructor takes."""
        names = ("keys", "lemma_ids", "feature_ids", "lemmas", "features", "suffixes", "clitics", "thousands")
        return {name: getattr(self, name) for name in names}

    def find(self, form: str, pos: str, features: str) -> str | None:
        """The lemma whose features agree best with the given ones, None for an unknown form."""
        key = np.uint64(hash_string(f"{form}|{pos}"))
        start = int(np.searchsorted(self.keys, key, "left"))
        best, score = None, -1
        wanted = frozenset(features.split("|"))
        while start < len(self.keys) and self.keys[start] == key:
            agreement = len(self._sets[self.feature_ids[start]] & wanted)
            if agreement > score:
                best, score = self.lemmas[self.lemma_ids[start]], agreement
            start += 1
        return best

    def lemma(self, word: str, pos: str, features: str) -> str:
        """The lemma of any word."""
        form = unicodedata.normalize("NFC", word)
        lower = form.lower()
        if pos == "PROPN":
            return self.find(lower, pos, features) or form
        if _NUMBER.match(form):
            return self._figure(form)
        if pos in {"PUNCT", "SYM", "SPACE", "X"}:
            return form
        for tag in (pos, "VERB") if pos == "AUX" else (pos,):
            found = self.find(lower, tag, features)
            if found is not None:
                return found
        if pos in {"VERB", "AUX"}:
            found = self._host(lower, features)
            if found is not None:
                return found
        return self._by_suffix(lower, "VERB" if pos == "AUX" else pos, features)

    def _figure(self, form: str) -> str:
        """A figure without marks between thousands, with a decimal point."""
        if re.fullmatch(rf"[+-]?\d{{1,3}}(?:{re.escape(self.thousands)}\d{{3}})+(?:[.,]\d+)?", form):
            form = form.replace(self.thousands, "")
        return form.replace(",", ".") if self.thousands == "." else form

    def _host(self, form: str, features: str) -> str | None:
        for host in clitic_hosts(form, self.clitics):
            found = self.find(host, "VERB", features)
            if found is not None:
                return found
        return None

    def _by_suffix(self, form: str, pos: str, features: str) -> str:
        for tag, ending, replacement in self.suffixes:
            if tag == pos and form.endswith(ending) and len(form) - len(ending) >= 2:
                return form[: len(form) - len(ending)] + replacement
        return form


def clitic_hosts(form: str, clitics: Iterable[str]) -> Iterator[str]:
    """What remains of a verb form when pronouns at its end are cut off: "reunirse" → "reunir", "dándoselo" → "dando"."""
    for pronouns in clitics:
        host = form[: -len(pronouns)]
        if not form.endswith(pronouns) or len(host) < 2:
            continue
        yield host
        plain = host.translate(_ACCENTS)
        if plain != host:
            yield plain
        if pronouns.startswith(("nos", "se")) and plain.endswith("mo"):
            yield plain + "s"
        for vowel, accented in zip("aei", "áéí", strict=True):
            if plain.endswith(vowel):
                yield plain[:-1] + accented


@Language.factory("teletipo_lemmatizer", assigns=["token.lemma"], default_score_weights={"lemma_acc": 1.0})
def make_lemmatizer(nlp: Language, name: str) -> TableLemmatizer:
    """The component, without a table until it is loaded or given one."""
    return TableLemmatizer(nlp.vocab, name)


class TableLemmatizer(Pipe):
    """Sets `token.lemma_` from a `LemmaTable`; needs part of speech and features."""

    def __init__(self, vocab: Vocab, name: str = "lemmatizer") -> None:
        self.vocab, self.name = vocab, name
        self.table = LemmaTable()
        self._memory: dict[tuple[int, int, int], int] = {}

    def __call__(self, doc: Doc) -> Doc:
        memory, table, strings = self._memory, self.table, doc.vocab.strings
        if len(memory) > _MEMORY_LIMIT:
            memory.clear()
        rows = doc.to_array([ORTH, POS, MORPH]).tolist() if len(doc) else []
        for token, (orth, pos, morph) in zip(doc, rows, strict=True):
            key = (orth, pos, morph)
            lemma = memory.get(key)
            if lemma is None:
                lemma = memory[key] = strings.add(
                    table.lemma(strings[orth], NAMES[pos] if pos else "", strings[morph] if morph else "")
                )
            token.lemma = lemma
        return doc

    def score(self, examples: Iterable[Example], **kwargs: Any) -> dict[str, Any]:
        """Lemma accuracy."""
        from spacy.scorer import Scorer

        return Scorer.score_token_attr(examples, "lemma", **kwargs)

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """The table, compressed."""
        return gzip.compress(srsly.msgpack_dumps(self.table.to_dict()), mtime=0)

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> TableLemmatizer:
        """Inverse of `to_bytes`."""
        self.table = LemmaTable(srsly.msgpack_loads(gzip.decompress(data)))
        self._memory.clear()
        return self

    def to_disk(self, path: Any, *, exclude: Iterable[str] = ()) -> None:
        """One file in the folder."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "lemmas.msgpack.gz").write_bytes(self.to_bytes())

    def from_disk(self, path: Any, *, exclude: Iterable[str] = ()) -> TableLemmatizer:
        """Inverse of `to_disk`."""
        return self.from_bytes((Path(path) / "lemmas.msgpack.gz").read_bytes())
