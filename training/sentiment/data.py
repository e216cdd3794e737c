"""Labelled targets and articles as feature matrices. The pipelines only give tokens, sentences and relations."""

from __future__ import annotations

import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import spacy
from scipy.sparse import csr_matrix, hstack
from spacy.attrs import HEAD
from spacy.language import Language
from spacy.tokens import Doc, Span
from teletipo.enrich.sentiment.columns import Columns, WordTable
from teletipo.enrich.sentiment.lexicon import load_lexicon
from teletipo.enrich.sentiment.models import LABELS
from teletipo.enrich.sentiment.spelling import BITS as SPELLING_BITS
from teletipo.enrich.sentiment.spelling import parts
from teletipo.enrich.sentiment.target_features import BITS, Mentions, dense, hashed
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
    """Of targets: what `hashed` and `dense` give, then the three blocks of spelling (before, after, within), unweighted."""
    labels: np.ndarray
    groups: np.ndarray
    balance: np.ndarray
    """What a lexicon alone would say: near tones added up, below 0 negative."""

    def first(self, count: int) -> Labelled:
        """The first examples alone."""
        return Labelled(self.features[:count], self.labels[:count], self.groups[:count], self.balance[:count])


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
    blocks: tuple[list[np.ndarray], ...] = ([], [], [])
    spelled: dict[str, np.ndarray] = {}
    for row, doc in zip(rows, pipeline.pipe((row["text"] for row in rows), batch_size=64), strict=True):
        columns = Columns(doc, table, lexicon.reach)
        heads = doc.to_array([HEAD]).astype(np.int64).ravel() + np.arange(len(doc))
        spans = [_tokens(columns, target["start"], target["end"]) for target in row["targets"]]
        mentions = Mentions(columns, heads, [start for start, _ in spans], [end for _, end in spans])
        found, of = hashed(mentions)
        places += [found[of == number] for number in range(len(mentions))]
        reals += list(dense(mentions))
        for block, stretches in zip(blocks, _stretches(mentions), strict=True):
            block.extend(_spelling(doc[first:last], spelled) for first, last in stretches)
        labels += [LABELS.index(target["label"]) for target in row["targets"]]
        texts += [row["text"]] * len(mentions)
    real = np.array(reals)
    matrix = hstack([_sparse(places, BITS), csr_matrix(real), *(_sparse(block, SPELLING_BITS) for block in blocks)]).tocsr()
    return Labelled(matrix, np.array(labels), same_event(texts), real[:, 2] + real[:, 3])


def _tokens(columns: Columns, start: int, end: int) -> tuple[int, int]:
    """A mention by its characters as tokens: from, to (exclusive)."""
    first = max(0, int(np.searchsorted(columns.chars, start, side="right")) - 1)
    return first, max(first + 1, int(np.searchsorted(columns.chars, end)))


def _stretches(mentions: Mentions) -> tuple[list[tuple[int, int]], ...]:
    """Before, after and within each mention: the blocks of `spelling`."""
    bounds = ((mentions.low, mentions.start), (mentions.end, mentions.high), (mentions.start, mentions.end))
    return tuple(list(zip(first.tolist(), last.tolist(), strict=True)) for first, last in bounds)


def _spelling(words: Span, known: dict[str, np.ndarray]) -> np.ndarray:
    found = [known[word.lower_] if word.lower_ in known else known.setdefault(word.lower_, parts(word.lower_)) for word in words]
    return np.concatenate(found) if found else np.zeros(0, dtype=np.int64)


def _sparse(places: list[np.ndarray], bits: int) -> csr_matrix:
    """Rows of counts, each scaled by the square root of its length, as at run time."""
    bounds = np.cumsum([0] + [len(row) for row in places])
    values = np.concatenate([np.full(len(row), 1 / np.sqrt(max(1, len(row))), dtype=np.float32) for row in places])
    matrix = csr_matrix((values, np.concatenate(places), bounds), shape=(len(places), 1 << bits))
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
    """The invented articles of bench/sets/tone.jsonl, labelled before any model of them existed, then longer ones of them.

    The articles are a headline and a paragraph. So that the model knows stories of usual length too, each stands three times
    more with paragraphs of others behind its own; `groups` is the number of the article that it was made of.
    """
    features, labels, groups = [], [], []
    tables = {language: WordTable(load_lexicon(language)) for language in pipelines}
    rows = read_rows(TONE_SET)
    for number, row in [*enumerate(rows), *_longer(rows)]:
        language = row["language"]
        headline = f"{row['headline']}\n\n" if row["headline"] else ""
        doc: Doc = pipelines[language](headline + row["body"])
        columns = Columns(doc, tables[language], load_lexicon(language).reach)
        features.append(tone_features(columns, int(np.searchsorted(columns.chars, len(headline)))))
        labels.append(LABELS.index(row["label"]))
        groups.append(number)
    matrix = np.array(features)
    balance = matrix[:, -13]
    return Labelled(matrix, np.array(labels), np.array(groups), balance)


def _longer(rows: list[dict[str, Any]]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each article with background behind it: of its own tone and of none, and only of none."""
    chance = random.Random(7)
    for number, row in enumerate(rows):
        others = [other for other in rows if other["language"] == row["language"] and other is not row]
        same = [other["body"] for other in others if other["label"] == row["label"]]
        plain = [other["body"] for other in others if other["label"] == "neutral"]
        toned = [other["body"] for other in others if other["label"] != "neutral"]
        for alike, none, mixed in ((2, 2, 0), (0, 4, 0), (1, 4, 1)):
            background = [*chance.sample(same, alike), *chance.sample(plain, none), *chance.sample(toned, mixed)]
            yield number, row | {"body": "\n".join([row["body"], *background])}
