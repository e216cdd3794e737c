"""A tok2vec whose token-level part is computed once for each word form.

In spaCy's `HashEmbedCNN` the embedding and the layer that mixes its features depend on the word form alone, yet they are
computed for every token. Here they are computed for the distinct forms of a batch in training, and remembered between
calls in prediction. That makes room for more features than spaCy has: longer affixes, vectors, gazetteers.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any, cast

import numpy as np
from spacy import registry
from spacy.attrs import ORTH
from spacy.lang.lex_attrs import word_shape
from spacy.ml.models.tok2vec import MaxoutWindowEncoder
from spacy.strings import StringStore, hash_string  # type: ignore[attr-defined]
from spacy.tokens import Doc
from thinc.api import HashEmbed, Maxout, Model, chain, concatenate, with_array

from teletipo.enrich.components.lexicon import Lexicon

_COLUMNS = ("lower", "prefix", "suffix2", "suffix3", "suffix4", "shape", "classes", "capitals", "vector")
_VECTOR_COLUMN = _COLUMNS.index("vector")
WORD_DROPOUT = 0.12
"""Share of a training batch's forms whose identity is hidden, so that affixes, shape and vector learn to do without it."""
_UNKNOWN = hash_string("unknown form")
CACHE_LIMIT = 100_000
"""Word forms remembered by one pipeline; with a width of 96 that is 38 MB at most. A full cache starts again."""


def form_features(form: str, lexicon: Lexicon) -> list[int]:
    """The features of one word form, in the order of the embedding's columns. The vector column is a row plus one."""
    form = unicodedata.normalize("NFC", form)[:60]
    lower = form.lower()
    row = lexicon.row(lower)
    classes = int(lexicon.classes[row]) if row >= 0 else 0
    capitals = int(lexicon.capitals[row]) if row >= 0 else 0
    case = 3 if form.isupper() and len(form) > 1 else 2 if form[:1].isupper() else 1 if form[:1].islower() else 0
    return [
        hash_string(lower),
        hash_string("p" + lower[:3]),
        hash_string("s" + lower[-2:]),
        hash_string("s" + lower[-3:]),
        hash_string("s" + lower[-4:]),
        hash_string(word_shape(form)),
        hash_string(f"{classes} {case}"),
        hash_string(f"{capitals} {case}"),
        row + 1,
    ]


@registry.architectures("teletipo.FormTok2Vec.v1")
def form_tok2vec(
    width: int, depth: int, window_size: int, maxout_pieces: int, rows: list[int], widths: list[int], vector_width: int
) -> Model[list[Doc], list[np.ndarray]]:
    """`HashEmbedCNN` with form-level caching.

    Args:
        width: of the output.
        depth, window_size, maxout_pieces: of the convolution, as in spaCy.
        rows, widths: of the hash embeddings of lower, prefix, suffix2, suffix3, suffix4, shape, classes, capitals.
        vector_width: of the lexicon's vectors; the lexicon itself is set with `set_lexicon` before initialisation.
    """
    embeddings: list[Model[Any, Any]] = [
        HashEmbed(nO=nO, nV=nV, column=column, seed=column + 11, dropout=0.0)
        for column, (nV, nO) in enumerate(zip(rows, widths, strict=True))
    ]
    vectors: Model[np.ndarray, np.ndarray] = Model(
        "teletipo_vectors", _vectors_forward, dims={"nO": vector_width}, attrs={"lexicon": Lexicon.empty(vector_width).to_dict()}
    )
    mixer = Maxout(nO=width, nI=sum(widths) + vector_width, nP=3, dropout=0.0, normalize=True)
    inner: Model[np.ndarray, np.ndarray] = chain(concatenate(*embeddings, vectors), mixer)
    forms: Model[list[Doc], list[np.ndarray]] = Model(
        "teletipo_forms",
        _forms_forward,
        init=_forms_init,
        layers=[inner],
        refs={"vectors": vectors, "mixer": mixer},
        dims={"nO": width},
    )
    encoder: Model[Any, Any] = with_array(
        cast(Any, MaxoutWindowEncoder(width, window_size, maxout_pieces, depth)), pad=depth * window_size
    )
    tok2vec: Model[list[Doc], list[np.ndarray]] = chain(forms, encoder)
    tok2vec.set_dim("nO", width)
    tok2vec.set_ref("embed", forms)
    tok2vec.set_ref("encode", encoder)
    return tok2vec


def set_lexicon(model: Model[Any, Any], lexicon: Lexicon) -> None:
    """Give a `teletipo.FormTok2Vec.v1` its lexicon."""
    for node in model.walk():
        if node.name == "teletipo_vectors":
            node.attrs["lexicon"] = lexicon.to_dict()


def _vectors_forward(
    model: Model[np.ndarray, np.ndarray], ids: np.ndarray, is_train: bool
) -> tuple[np.ndarray, Callable[[np.ndarray], np.ndarray]]:
    data = model.attrs["lexicon"]
    rows = ids[:, _VECTOR_COLUMN].astype("int64") - 1
    output = np.zeros((len(rows), model.get_dim("nO")), dtype="float32")
    known = rows >= 0
    output[known] = data["vectors"][rows[known]] * np.float32(data["scale"])
    return output, lambda gradient: ids


class _Memory:
    """Features of word forms, and in prediction their finished rows, by the hash of the form."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.features: dict[int, list[int]] = {}
        self.places: dict[int, int] = {}
        self.rows: np.ndarray | None = None
        self.stamp: tuple[int, float] | None = None

    def matrix(self, keys: list[int], strings: StringStore) -> np.ndarray:
        """Feature columns of word forms."""
        known = self.features
        if len(known) > CACHE_LIMIT:
            known.clear()
        found = []
        for key in keys:
            row = known.get(key)
            if row is None:
                row = known[key] = form_features(strings[key], self.lexicon)
            found.append(row)
        return np.array(found, dtype="uint64").reshape(len(keys), len(_COLUMNS))


def _memory(model: Model[Any, Any]) -> _Memory:
    """The memory that belongs to the model's lexicon; not part of what is saved."""
    data = model.get_ref("vectors").attrs["lexicon"]
    memory = _MEMORIES.get(id(model))
    if memory is None or memory.lexicon.keys is not data["keys"]:
        memory = _MEMORIES[id(model)] = _Memory(Lexicon.from_dict(data))
    return memory


_MEMORIES: dict[int, _Memory] = {}


def _forms_init(model: Model[Any, Any], X: Any = None, Y: Any = None) -> None:
    model.layers[0].initialize()


def _forms_forward(
    model: Model[list[Doc], list[np.ndarray]], docs: list[Doc], is_train: bool
) -> tuple[list[np.ndarray], Callable[[list[np.ndarray]], list[Doc]]]:
    lengths = [len(doc) for doc in docs]
    if not sum(lengths):
        empty = np.zeros((0, model.get_dim("nO")), dtype="float32")
        return [empty for _doc in docs], lambda gradients: []
    keys = np.concatenate([doc.to_array(ORTH) for doc in docs])
    if not is_train:
        return _split(_remembered(model, keys, docs[0].vocab.strings), lengths), lambda gradients: []
    unique, inverse = np.unique(keys, return_inverse=True)
    features = _memory(model).matrix(unique.tolist(), docs[0].vocab.strings)
    features[np.random.random(len(features)) < WORD_DROPOUT, 0] = _UNKNOWN
    rows, backprop = model.layers[0](features, True)

    def finish(gradients: list[np.ndarray]) -> list[Doc]:
        summed = np.zeros_like(rows)
        np.add.at(summed, inverse, np.concatenate(gradients))
        backprop(summed)
        return []

    return _split(rows[inverse], lengths), finish


def _remembered(model: Model[Any, Any], keys: np.ndarray, strings: StringStore) -> np.ndarray:
    memory = _memory(model)
    weights: Any = next(node.get_param("W") for node in model.get_ref("mixer").walk() if node.has_param("W"))
    stamp = (weights.ctypes.data, float(np.sum(weights.ravel()[:256])))
    if memory.rows is None or memory.stamp != stamp or len(memory.places) > CACHE_LIMIT:
        memory.places = {}
        memory.rows = np.zeros((4096, model.get_dim("nO")), dtype="float32")
        memory.stamp = stamp
    places = memory.places
    wanted = keys.tolist()
    missing = list({key for key in wanted if key not in places})
    if missing:
        needed = len(places) + len(missing)
        if needed > len(memory.rows):
            grown = np.zeros((max(needed, 2 * len(memory.rows)), memory.rows.shape[1]), dtype="float32")
            grown[: len(places)] = memory.rows[: len(places)]
            memory.rows = grown
        start = len(places)
        memory.rows[start:needed] = model.layers[0].predict(memory.matrix(missing, strings))
        places.update(zip(missing, range(start, needed), strict=True))
    return memory.rows[[places[key] for key in wanted]]


def _split(rows: np.ndarray, lengths: list[int]) -> list[np.ndarray]:
    ends = np.cumsum(lengths)[:-1]
    return [np.ascontiguousarray(part) for part in np.split(rows, ends)]
