"""Word vectors from unlabelled news: which words stand near which, weighed by surprise, brought down to a few dimensions."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_matrix, csr_matrix
from sklearn.utils.extmath import randomized_svd
from spacy.strings import hash_string

from training.paths import Corpora

DIMENSIONS = 150
_NEAR = 5
_LEAST = 5
_MOST_WORDS = 20_000
_SMOOTHING = 0.75
"""The power on the frequency of neighbours: rare ones would else surprise too much."""
_RARE = 1e-3
_SENTENCE = re.compile(r"\n|(?<=[.!?]) ")
_WORD = re.compile(r"\w+")


@dataclass(slots=True)
class Vectors:
    """`forms` are ids of word forms (the upper half of spaCy's), `rows` their vectors of length 1, `rarity` their weights."""

    forms: np.ndarray
    rows: np.ndarray
    rarity: np.ndarray


def news(corpora: Corpora, language: str) -> Iterator[str]:
    """The unlabelled texts: articles, and for Spanish the headlines of the election year, which count twice."""
    if language == "es":
        with gzip.open(corpora.training("sentiment/es-headlines.raw.txt.gz"), "rt", encoding="utf-8") as lines:
            headlines = lines.read().splitlines()
        yield from headlines * 2
    with gzip.open(corpora.training(f"text/{language}-articles.jsonl.gz"), "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield f"{row['headline'] or ''}\n{row['body'] or ''}"


def vectors(corpora: Corpora, language: str) -> Vectors:
    """The vectors of the words that stand often enough in the news of a language."""
    sentences = [_WORD.findall(part) for text in news(corpora, language) for part in _SENTENCE.split(text.lower())]
    counts = Counter(word for words in sentences for word in words)
    known = [word for word, count in counts.most_common(_MOST_WORDS) if count >= _LEAST]
    number = {word: i for i, word in enumerate(known)}
    gap = [-1] * _NEAR
    running = np.array([i for words in sentences for i in (*(number.get(word, -1) for word in words), *gap)], dtype=np.int32)
    left, sizes, _ = randomized_svd(_surprise(_together(running, len(known))), DIMENSIONS, n_iter=3, random_state=0)
    rows = left * np.sqrt(sizes)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True) + 1e-9
    share = np.array([counts[word] for word in known]) / counts.total()
    forms = np.array([hash_string(word) >> 32 for word in known], dtype=np.uint32)
    return Vectors(forms, rows.astype(np.float32), (_RARE / (_RARE + share)).astype(np.float32))


def _together(running: np.ndarray, words: int) -> csr_matrix:
    """How often words stand near each other, nearer ones counting more."""
    counts = csr_matrix((words, words), dtype=np.float32)
    for distance in range(1, _NEAR + 1):
        first, second = running[:-distance], running[distance:]
        both = (first >= 0) & (second >= 0)
        near = np.full(int(both.sum()), 1 / distance, dtype=np.float32)
        counts = counts + coo_matrix((near, (first[both], second[both])), shape=counts.shape).tocsr()
    return counts + counts.T


def _surprise(counts: csr_matrix) -> csr_matrix:
    """Positive pointwise mutual information."""
    of_word = np.asarray(counts.sum(axis=1)).ravel()
    smooth = of_word**_SMOOTHING
    smooth /= smooth.sum()
    cells = counts.tocoo()
    values = np.log(cells.data / (of_word[cells.row] * smooth[cells.col]))
    positive = values > 0
    return csr_matrix((values[positive], (cells.row[positive], cells.col[positive])), shape=counts.shape)
