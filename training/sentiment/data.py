"""Labelled targets and articles as feature matrices. The pipelines give tokens, sentences and relations, the coder events."""

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
from scipy.sparse import csr_matrix, hstack, vstack
from teletipo.enrich.annotate import AnnotateStage
from teletipo.enrich.entities import EntityLinker
from teletipo.enrich.events import EventCoder
from teletipo.enrich.model import Draft
from teletipo.enrich.sentiment import spelling, vectors
from teletipo.enrich.sentiment.columns import Columns, WordTable
from teletipo.enrich.sentiment.lexicon import load_lexicon
from teletipo.enrich.sentiment.models import LABELS
from teletipo.enrich.sentiment.target_features import (
    ACTS as ACT_FEATURES,
)
from teletipo.enrich.sentiment.target_features import (
    BITS,
    Mentions,
    acts,
    dense,
    form_places,
    relations,
    sums,
    tone_places,
)
from teletipo.enrich.sentiment.target_features import (
    DENSE as DENSE_FEATURES,
)
from teletipo.enrich.sentiment.tone_features import BALANCE, FEATURES, Weights, tone_features
from teletipo.records import Event, RawItem
from teletipo.settings import Settings

from training.paths import ROOT
from training.sentiment.company import DIMENSIONS, Vectors

TONE_SET = ROOT / "bench" / "sets" / "tone.jsonl"
HASHED = slice(0, 1 << BITS)
DENSE = slice(HASHED.stop, HASHED.stop + DENSE_FEATURES)
ACTS = slice(DENSE.stop, DENSE.stop + ACT_FEATURES)
SPELLED = slice(ACTS.stop, ACTS.stop + (spelling.BLOCKS << spelling.BITS))
VECTORS = slice(SPELLED.stop, SPELLED.stop + vectors.BLOCKS * DIMENSIONS)
"""The blocks of a matrix of targets."""
_COMMON = 150
_SAME_EVENT = 0.5
_UNIT = 256


@dataclass(slots=True)
class Labelled:
    """Examples: a matrix, labels as indices of LABELS, a group number for those that must stay together."""

    features: Any
    """Of targets HASHED, DENSE, ACTS, SPELLED and VECTORS."""
    labels: np.ndarray
    groups: np.ndarray
    balance: np.ndarray
    """What a lexicon alone would say: near tones added up, below 0 negative."""

    def first(self, count: int) -> Labelled:
        """The first examples alone."""
        return Labelled(self.features[:count], self.labels[:count], self.groups[:count], self.balance[:count])


class Reader:
    """The stages of enrichment that sentiment builds on."""

    def __init__(self) -> None:
        settings = Settings(log_level="ERROR")
        self._stages = (AnnotateStage(settings), EntityLinker(settings), EventCoder(settings))

    def read(self, texts: list[str], language: str, headlines: list[str | None] | None = None) -> list[Draft]:
        """Texts with their annotation, entities and events."""
        given = headlines or [None] * len(texts)
        drafts = [
            Draft(RawItem("training", str(n)), text=text, headline=headline, language=language)
            for n, (text, headline) in enumerate(zip(texts, given, strict=True))
        ]
        for stage in self._stages:
            stage(drafts)
        return drafts


def read_rows(path: Path) -> list[dict[str, Any]]:
    """Lines of a JSON lines file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def targets(path: Path, language: str, reader: Reader, company: Vectors) -> Labelled:
    """All targets of a file of `corpora/sentiment`."""
    rows = read_rows(path)
    parts, near = [], []
    for mentions, events in read_targets(rows, language, reader):
        parts.append(features(mentions, events, company))
        numbers = dense(mentions)
        near.append(numbers[:, 2] + numbers[:, 3])
    labels = np.array([LABELS.index(target["label"]) for row in rows for target in row["targets"]])
    texts = [row["text"] for row in rows for _target in row["targets"]]
    return Labelled(vstack(parts).tocsr(), labels, same_event(texts), np.concatenate(near))


def read_targets(rows: list[dict[str, Any]], language: str, reader: Reader) -> Iterator[tuple[Mentions, list[list[Event]]]]:
    """The targets of rows of `corpora/sentiment`, a unit at a time, with the events of its texts."""
    lexicon = load_lexicon(language)
    table = WordTable(lexicon)
    for start in range(0, len(rows), _UNIT):
        unit = [_cleaned(row) for row in rows[start : start + _UNIT]]
        drafts = reader.read([row["text"] for row in unit], language)
        columns = Columns([draft.doc for draft in drafts if draft.doc is not None], table, lexicon.reach)
        wanted = [(doc, target) for doc, row in enumerate(unit) for target in row["targets"]]
        yield Mentions(columns, *_tokens(columns, wanted)), [draft.events for draft in drafts]


def features(mentions: Mentions, events: list[list[Event]], company: Vectors) -> csr_matrix:
    """What a model of targets learns from: the blocks side by side."""
    done = csr_matrix(acts(mentions, [None] * len(mentions), events))
    near = csr_matrix(_company(mentions, company))
    return hstack([_hashed(mentions), csr_matrix(dense(mentions)), done, *_spelled(mentions), near]).tocsr()


def _cleaned(row: dict[str, Any]) -> dict[str, Any]:
    """A row with single spaces only, as the cleaner leaves them."""

    def single(text: str) -> str:
        return " ".join(text.split())

    spans = []
    for target in row["targets"]:
        before = single(row["text"][: target["start"]] + "|")[:-1]
        span = single(row["text"][target["start"] : target["end"]])
        spans.append(target | {"start": len(before), "end": len(before) + len(span)})
    return {"text": single(row["text"]), "targets": spans}


def _tokens(columns: Columns, wanted: list[tuple[int, dict[str, Any]]]) -> tuple[np.ndarray, np.ndarray]:
    """Mentions by their characters as tokens: from, to (exclusive)."""
    docs = np.array([doc for doc, _ in wanted])
    chars = np.array([(target["start"], target["end"]) for _, target in wanted])
    starts = np.maximum(columns.first[docs], columns.token_at(docs, chars[:, 0], side="right") - 1)
    return starts, np.maximum(starts + 1, columns.token_at(docs, chars[:, 1]))


def _hashed(mentions: Mentions) -> csr_matrix:
    """Counts of the hashed features, each row scaled by the square root of their number, as at run time."""
    columns, around, bucket = mentions.columns, mentions.around, mentions.bucket
    words = form_places(columns.forms, columns.form_stems)[columns.form[around], bucket]
    tones = tone_places()[columns.tones[around], bucket]
    places, whose = relations(mentions)
    places = np.concatenate([words.ravel(), tones, places])
    whose = np.concatenate([np.repeat(mentions.of, words.shape[1]), mentions.of, whose])
    count = np.bincount(whose, minlength=len(mentions))
    return _matrix(whose, places, (1 / np.sqrt(np.maximum(1, count)))[whose], len(mentions), 1 << BITS)


def _spelled(mentions: Mentions) -> list[csr_matrix]:
    """The blocks of spelling."""
    columns, size = mentions.columns, len(mentions)
    found = [spelling.parts(columns.strings[form]) for form in columns.forms.tolist()]
    counts = np.array([len(parts) for parts in found])[columns.form]
    on_side, beside, own = spelling.shares(mentions, counts)
    ahead = ~mentions.behind
    blocks = [
        (mentions.around[ahead], mentions.of[ahead], on_side[ahead]),
        (mentions.around[mentions.behind], mentions.of[mentions.behind], on_side[mentions.behind]),
        (mentions.around, mentions.of, beside),
        (mentions.named, mentions.named_of, own),
    ]
    made = []
    for tokens, of, share in blocks:
        parts = [found[form] for form in columns.form[tokens].tolist()]
        many = np.array([len(part) for part in parts], dtype=np.int64)
        places = np.concatenate([np.zeros(0, dtype=np.int64), *parts])
        made.append(_matrix(np.repeat(of, many), places, np.repeat(share, many), size, 1 << spelling.BITS))
    return made


def _company(mentions: Mentions, company: Vectors) -> np.ndarray:
    """The blocks of vectors side by side."""
    columns, size = mentions.columns, len(mentions)
    row_of = {form: row for row, form in enumerate(company.forms.tolist())}
    rows = np.array([row_of.get(form >> 32, -1) for form in columns.forms.tolist()])[columns.form]
    rarity = np.where(rows < 0, 0, company.rarity[rows])
    vector = np.where(rows[:, None] < 0, 0, company.rows[rows])
    places = vectors.places(mentions, rarity)
    around, of, behind = mentions.around, mentions.of, mentions.behind
    weights = [places.on_side * ~behind, places.on_side * behind, places.near * ~behind, places.near * behind, places.beside]
    blocks = [sums(of, vector[around] * weight[:, None], size) for weight in weights]
    blocks.append(sums(places.kin_of, vector[places.kin] * places.kin_share[:, None], size))
    return np.concatenate([*blocks, vector[places.governor], vector[places.above]], axis=1)


def _matrix(of: np.ndarray, places: np.ndarray, values: np.ndarray, rows: int, width: int) -> csr_matrix:
    matrix = csr_matrix((values.astype(np.float32), (of, places)), shape=(rows, width))
    matrix.sum_duplicates()
    return matrix


def same_event(texts: list[str]) -> np.ndarray:
    """A number for each text; texts that share half of the shorter one's words (by their beginnings) have the same,
    that of the first."""
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
    number_of: dict[int, int] = {}
    return np.array([number_of.setdefault(find(i), i) for i in range(len(texts))])


def articles(reader: Reader) -> Labelled:
    """The invented articles of bench/sets/tone.jsonl, labelled before a model read them, then longer ones of them.

    The articles are a headline and a paragraph. So that the model knows stories of usual length too, each stands three times
    more with paragraphs of others behind its own; `groups` is the number of the article that it was made of.
    """
    rows = read_rows(TONE_SET)
    every = [*enumerate(rows), *_longer(rows)]
    features = np.zeros((len(every), FEATURES))
    for language in dict.fromkeys(row["language"] for row in rows):
        of = [n for n, (_, row) in enumerate(every) if row["language"] == language]
        heads = [every[n][1]["headline"] for n in of]
        texts = [(f"{head}\n\n" if head else "") + every[n][1]["body"] for n, head in zip(of, heads, strict=True)]
        drafts = reader.read(texts, language, heads)
        lexicon = load_lexicon(language)
        columns = Columns([draft.doc for draft in drafts if draft.doc is not None], WordTable(lexicon), lexicon.reach)
        bodies = columns.token_at(np.arange(len(drafts)), np.array([draft.body_start for draft in drafts]))
        features[of] = tone_features(columns, Weights(columns, bodies), [draft.events for draft in drafts])
    labels = np.array([LABELS.index(row["label"]) for _, row in every])
    return Labelled(features, labels, np.array([number for number, _ in every]), features[:, BALANCE])


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
