"""Labelled targets and articles as feature matrices. The pipelines only give tokens, sentences and relations."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import spacy
from scipy.sparse import csr_matrix, hstack
from spacy.attrs import HEAD
from spacy.language import Language
from spacy.tokens import Doc
from teletipo.enrich.sentiment.columns import Columns, WordTable
from teletipo.enrich.sentiment.lexicon import load_lexicon
from teletipo.enrich.sentiment.models import LABELS
from teletipo.enrich.sentiment.target_features import BITS, dense, hashed, target_of
from teletipo.enrich.sentiment.tone_features import tone_features

from training.paths import ROOT

PIPELINES = ROOT / "streams" / "teletipo" / "pipelines"
TONE_SET = ROOT / "bench" / "sets" / "tone.jsonl"
_COMMON = 150
_SAME_EVENT = 0.5


@dataclass(slots=True)
class Labelled:
    """Examples: a matrix, labels as indices of LABELS, a group number for those that must stay together."""

    features: Any
    labels: np.ndarray
    groups: np.ndarray
    balance: np.ndarray
    """What a lexicon alone would say: near tones added up, below 0 negative."""


def load_pipeline(language: str) -> Language:
    """The shipped pipeline of a language."""
    return spacy.load(PIPELINES / f"{language}_teletipo", exclude=["ner", "lemmatizer"])


def read_rows(path: Path) -> list[dict[str, Any]]:
    """Lines of a JSON lines file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def targets(path: Path, language: str, pipeline: Language) -> Labelled:
    """All targets of a file of `corpora/sentiment`."""
    rows = read_rows(path)
    lexicon = load_lexicon(language)
    table = WordTable(lexicon)
    places, reals, labels, texts = [], [], [], []
    for row, doc in zip(rows, pipeline.pipe((row["text"] for row in rows), batch_size=64), strict=True):
        columns = Columns(doc, table, lexicon.reach)
        heads = doc.to_array([HEAD]).astype(np.int64).ravel() + np.arange(len(doc))
        for target in row["targets"]:
            start = max(0, int(np.searchsorted(columns.chars, target["start"], side="right")) - 1)
            end = max(start + 1, int(np.searchsorted(columns.chars, target["end"])))
            mention = target_of(columns, heads, start, end)
            places.append(hashed(columns, heads, mention))
            reals.append(dense(columns, heads, mention))
            labels.append(LABELS.index(target["label"]))
            texts.append(row["text"])
    real = np.array(reals)
    matrix = hstack([_sparse(places), csr_matrix(real)]).tocsr()
    return Labelled(matrix, np.array(labels), same_event(texts), real[:, 2] + real[:, 3])


def _sparse(places: list[np.ndarray]) -> csr_matrix:
    """Rows of counts, each scaled by the square root of its length, as at run time."""
    bounds = np.cumsum([0] + [len(row) for row in places])
    values = np.concatenate([np.full(len(row), 1 / np.sqrt(len(row)), dtype=np.float32) for row in places])
    matrix = csr_matrix((values, np.concatenate(places), bounds), shape=(len(places), 1 << BITS))
    matrix.sum_duplicates()
    return matrix


def same_event(texts: list[str]) -> np.ndarray:
    """A number for each text; texts that share half of the shorter one's words (by their beginnings) have the same."""
    words = [{word[:6] for word in re.findall(r"\w{4,}", text.lower())} for text in texts]
    where: dict[str, list[int]] = defaultdict(list)
    for number, found in enumerate(words):
        for word in found:
            where[word].append(number)
    root = list(range(len(texts)))

    def find(i: int) -> int:
        while root[i] != i:
            root[i] = root[root[i]]
            i = root[i]
        return i

    for number, found in enumerate(words):
        shared = Counter(other for word in found if len(where[word]) < _COMMON for other in where[word] if other < number)
        for other, count in shared.items():
            if count >= _SAME_EVENT * min(len(found), len(words[other])):
                root[find(number)] = find(other)
    return np.array([find(i) for i in range(len(texts))])


def articles(pipelines: dict[str, Language]) -> Labelled:
    """The invented articles of bench/sets/tone.jsonl, labelled before any model of them existed."""
    features, labels = [], []
    tables = {language: WordTable(load_lexicon(language)) for language in pipelines}
    for row in read_rows(TONE_SET):
        language = row["language"]
        headline = f"{row['headline']}\n\n" if row["headline"] else ""
        doc: Doc = pipelines[language](headline + row["body"])
        columns = Columns(doc, tables[language], load_lexicon(language).reach)
        features.append(tone_features(columns, int(np.searchsorted(columns.chars, len(headline)))))
        labels.append(LABELS.index(row["label"]))
    matrix = np.array(features)
    balance = matrix[:, -13]
    return Labelled(matrix, np.array(labels), np.arange(len(labels)), balance)
