"""A slower, better parser and tagger that labels raw text for the shipped pipelines to learn from.

Two layers of LSTM read each sentence both ways; heads and labels come from biaffine scores (Dozat and Manning 2017, "Deep
biaffine attention for neural dependency parsing") and the best tree (Edmonds 1967), entities from scores of IOB2 labels and
the best sequence that is well-formed. It is trained from nothing on the same annotated sentences; nothing of it is shipped.
"""

from __future__ import annotations

import functools
import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from teletipo.enrich.components.lexicon import Lexicon
from teletipo.enrich.components.tok2vec import form_features

from training.sentence import Sentence
from training.tree import maximum_tree

Array = Any
Parameters = dict[str, Any]

ROWS = (20000, 4000, 1500, 5000, 10000, 1500, 500, 60)
WIDTHS = (100, 32, 24, 40, 48, 24, 16, 16)
"""Hash embeddings of lower form, prefix, three suffixes, shape, gazetteer classes, capitals: rows and widths."""
HIDDEN, ARC, LABEL = 200, 256, 64
LENGTHS = (8, 16, 24, 32, 40, 52, 70, 100, 140)
"""Sentences are padded to one of these; the model is compiled once for each."""
BATCH_WORDS = 1400
DROPOUT, WORD_DROPOUT = 0.33, 0.15
TRUST = 2.0
"""What another parser's word counts for, as a log probability: each finds about nine of ten heads."""


@dataclass(frozen=True, slots=True)
class Labels:
    """What the teacher can say: dependency labels, parts of speech with features, entity labels."""

    deps: tuple[str, ...]
    tags: tuple[str, ...]
    entities: tuple[str, ...]

    @classmethod
    def of(cls, sentences: Iterable[Sentence]) -> Labels:
        """All labels that stand in sentences; a tag that stands once is left out."""
        deps: set[str] = set()
        tags: dict[str, int] = {}
        entities = {"O"}
        for sentence in sentences:
            deps.update(sentence.deps or ())
            entities.update(sentence.entities or ())
            for tag in tags_of(sentence):
                tags[tag] = tags.get(tag, 0) + 1
        return cls(tuple(sorted(deps)), tuple(sorted(t for t, n in tags.items() if n > 1)), tuple(sorted(entities)))


def tags_of(sentence: Sentence) -> list[str]:
    """Part of speech and features of each word as one label, empty where unknown."""
    return [f"{pos}|{morph}" if pos else "" for pos, morph in zip(sentence.pos or [], sentence.morphs or [], strict=True)]


def start_parameters(labels: Labels, vector_width: int, seed: int) -> Parameters:
    """Random weights."""
    draw = np.random.default_rng(seed)
    width = sum(WIDTHS) + vector_width

    def normal(*shape: int) -> Array:
        return jnp.asarray(draw.normal(0, shape[-2] ** -0.5, shape), "float32")

    found: Parameters = {
        "embed": [jnp.asarray(draw.normal(0, 0.3, (rows, size)), "float32") for rows, size in zip(ROWS, WIDTHS, strict=True)],
        "root": jnp.zeros((2 * HIDDEN,), "float32"),
    }
    for layer, size in enumerate((width, 2 * HIDDEN)):
        found[f"lstm{layer}"] = {
            "input": normal(2, size, 4 * HIDDEN),
            "state": normal(2, HIDDEN, 4 * HIDDEN),
            "bias": jnp.zeros((2, 4 * HIDDEN), "float32").at[:, HIDDEN : 2 * HIDDEN].set(1.0),
        }
    for name, size in (("arc_head", ARC), ("arc_word", ARC), ("label_head", LABEL), ("label_word", LABEL)):
        found[name] = {"W": normal(2 * HIDDEN, size), "b": jnp.zeros((size,), "float32")}
    found["arc"] = jnp.zeros((ARC + 1, ARC), "float32")
    found["label"] = jnp.zeros((len(labels.deps), LABEL + 1, LABEL + 1), "float32")
    for name, size in (("tag", len(labels.tags)), ("entity", len(labels.entities))):
        found[name] = {"W": normal(2 * HIDDEN, size), "b": jnp.zeros((size,), "float32")}
    return found


def _dropped(key: Array, values: Array, shape: tuple[int, ...], rate: float) -> Array:
    return values * jax.random.bernoulli(key, 1 - rate, shape) / (1 - rate)


def _lstm(weights: Parameters, inputs: Array, mask: Array, key: Array | None) -> Array:
    """Both directions of one layer at once: (batch, words, size) to (batch, words, 2 × HIDDEN)."""
    batch = inputs.shape[0]
    both = jnp.stack([inputs, inputs[:, ::-1]])
    masks = jnp.stack([mask, mask[:, ::-1]])
    if key is not None:
        both = _dropped(key, both, (2, batch, 1, inputs.shape[2]), DROPOUT)
    gates = jnp.einsum("dbti,dio->tdbo", both, weights["input"]) + weights["bias"][:, None]
    kept = (
        jnp.ones((2, batch, HIDDEN))
        if key is None
        else _dropped(jax.random.fold_in(key, 1), jnp.ones((2, batch, HIDDEN)), (2, batch, HIDDEN), DROPOUT)
    )

    def step(carry: tuple[Array, Array], now: tuple[Array, Array]) -> tuple[tuple[Array, Array], Array]:
        state, cell = carry
        gate, alive = now
        total = gate + jnp.einsum("dbh,dho->dbo", state * kept, weights["state"])
        into, keep, new, out = jnp.split(total, 4, axis=-1)
        cell = (jax.nn.sigmoid(keep) * cell + jax.nn.sigmoid(into) * jnp.tanh(new)) * alive[..., None]
        state = jax.nn.sigmoid(out) * jnp.tanh(cell) * alive[..., None]
        return (state, cell), state

    zero = jnp.zeros((2, batch, HIDDEN), "float32")
    _last, states = jax.lax.scan(step, (zero, zero), (gates, jnp.moveaxis(masks, 2, 0)), unroll=2)
    return jnp.concatenate([jnp.moveaxis(states[:, 0], 0, 1), jnp.moveaxis(states[:, 1], 0, 1)[:, ::-1]], axis=-1)


def forward(weights: Parameters, features: Array, vectors: Array, mask: Array, key: Array | None) -> tuple[Array, ...]:
    """Scores: heads (batch, word, head; head 0 is the root), label inputs of words and heads, tags, entities."""
    keys = [None] * 4 if key is None else list(jax.random.split(key, 4))
    parts = [table[features[..., i]] for i, table in enumerate(weights["embed"])]
    if keys[0] is not None:
        hidden = jax.random.bernoulli(keys[0], WORD_DROPOUT, mask.shape)[..., None]
        parts[0] = jnp.where(hidden, 0.0, parts[0])
    values = jnp.concatenate([*parts, vectors], axis=-1)
    for layer in (0, 1):
        values = _lstm(weights[f"lstm{layer}"], values, mask, keys[1 + layer])
    if keys[3] is not None:
        values = _dropped(keys[3], values, (values.shape[0], 1, values.shape[2]), DROPOUT)
    root = jnp.broadcast_to(weights["root"], (values.shape[0], 1, 2 * HIDDEN))
    rooted = jnp.concatenate([root, values], axis=1)

    def through(name: str, inputs: Array, place: int) -> Array:
        out = jax.nn.leaky_relu(inputs @ weights[name]["W"] + weights[name]["b"], 0.1)
        if keys[3] is None:
            return out
        return _dropped(jax.random.fold_in(keys[3], place), out, (out.shape[0], 1, out.shape[2]), DROPOUT)

    words, heads = through("arc_word", values, 1), through("arc_head", rooted, 2)
    words = jnp.concatenate([words, jnp.ones((*words.shape[:2], 1))], axis=-1)
    arcs = jnp.einsum("bwi,ij,bhj->bwh", words, weights["arc"], heads)
    alive = jnp.concatenate([jnp.ones((mask.shape[0], 1)), mask], axis=1)
    arcs = arcs + (alive[:, None, :] - 1) * 1e9
    label_words, label_heads = through("label_word", values, 3), through("label_head", rooted, 4)
    tags = values @ weights["tag"]["W"] + weights["tag"]["b"]
    entities = values @ weights["entity"]["W"] + weights["entity"]["b"]
    return arcs, label_words, label_heads, tags, entities


def label_scores(weights: Parameters, words: Array, heads: Array) -> Array:
    """Scores of dependency labels for words with their chosen heads, both (batch, words, LABEL)."""
    one = jnp.ones((*words.shape[:2], 1))
    return jnp.einsum("bwi,lij,bwj->bwl", jnp.concatenate([words, one], -1), weights["label"], jnp.concatenate([heads, one], -1))


def _mean(losses: Array, known: Array) -> Array:
    return (losses * known).sum() / jnp.maximum(known.sum(), 1.0)


def loss(weights: Parameters, batch: Mapping[str, Array], key: Array) -> Array:
    """Sum of the cross entropies of heads, labels, tags and entities, each over the words annotated for it."""
    arcs, words, heads, tags, entities = forward(weights, batch["features"], batch["vectors"], batch["mask"], key)
    parsed = batch["parsed"][:, None] * batch["mask"]
    cross = optax.softmax_cross_entropy_with_integer_labels
    chosen = jnp.take_along_axis(heads, batch["heads"][..., None], axis=1)
    labels = label_scores(weights, words, chosen)
    return (
        _mean(cross(arcs, batch["heads"]), parsed)
        + _mean(cross(labels, batch["deps"]), parsed)
        + 0.5 * _mean(cross(tags, batch["tags"]), batch["tagged"] * batch["mask"])
        + 1.5 * _mean(cross(entities, batch["entities"]), batch["named"][:, None] * batch["mask"])
    )


class Batches:
    """Sentences as arrays of the few shapes that the model is compiled for."""

    def __init__(self, lexicon: Lexicon, labels: Labels) -> None:
        self.lexicon, self.labels = lexicon, labels
        self.features: dict[str, list[int]] = {}
        self.ids = {name: {label: i for i, label in enumerate(getattr(labels, name))} for name in ("deps", "tags", "entities")}

    def group(self, sentences: Iterable[Sentence]) -> Iterator[list[Sentence]]:
        """Sentences of a like length, until a batch of BATCH_WORDS is full; at last what remains."""
        waiting: dict[int, list[Sentence]] = {length: [] for length in LENGTHS}
        for sentence in sentences:
            length = next((n for n in LENGTHS if len(sentence) <= n), None)
            if length is None:
                continue
            waiting[length].append(sentence)
            if len(waiting[length]) >= max(1, BATCH_WORDS // length):
                yield waiting[length]
                waiting[length] = []
        yield from (group for group in waiting.values() if group)

    def arrays(self, group: Sequence[Sentence]) -> dict[str, np.ndarray]:
        """All arrays of one batch, filled up with empty sentences to the batch's full size."""
        length = next(n for n in LENGTHS if max(map(len, group)) <= n)
        size = max(1, BATCH_WORDS // length)
        columns = len(ROWS)
        found = {
            "features": np.zeros((size, length, columns), "int32"),
            "vectors": np.zeros((size, length, self.lexicon.vectors.shape[1]), "float32"),
            "mask": np.zeros((size, length), "float32"),
            **{name: np.zeros((size, length), "int32") for name in ("heads", "deps", "tags", "entities")},
            "tagged": np.zeros((size, length), "float32"),
            "parsed": np.zeros(size, "float32"),
            "named": np.zeros(size, "float32"),
        }
        for i, sentence in enumerate(group):
            self._fill(found, i, sentence)
        return found

    def _fill(self, found: dict[str, np.ndarray], i: int, sentence: Sentence) -> None:
        n = len(sentence)
        rows = np.array([self._features(word) for word in sentence.words], dtype="int64")
        found["features"][i, :n] = rows[:, :-1]
        known = rows[:, -1] > 0
        found["vectors"][i, :n][known] = self.lexicon.vectors[rows[known, -1] - 1] * np.float32(self.lexicon.scale)
        found["mask"][i, :n] = 1
        if sentence.heads is not None and sentence.deps is not None:
            found["parsed"][i] = 1
            found["heads"][i, :n] = [0 if head == word else head + 1 for word, head in enumerate(sentence.heads)]
            found["deps"][i, :n] = [self.ids["deps"].get(dep, 0) for dep in sentence.deps]
        if sentence.pos is not None:
            tags = [self.ids["tags"].get(tag, -1) for tag in tags_of(sentence)]
            found["tags"][i, :n] = np.maximum(tags, 0)
            found["tagged"][i, :n] = np.array(tags) >= 0
        if sentence.entities is not None:
            found["named"][i] = 1
            found["entities"][i, :n] = [self.ids["entities"].get(label, 0) for label in sentence.entities]

    def _features(self, word: str) -> list[int]:
        found = self.features.get(word)
        if found is None:
            *hashes, row = form_features(word, self.lexicon)
            found = self.features[word] = [value % rows for value, rows in zip(hashes, ROWS, strict=True)] + [row]
        return found


class Teacher:
    """Trained weights with what is needed to use them."""

    def __init__(self, weights: Parameters, lexicon: Lexicon, labels: Labels) -> None:
        self.weights, self.labels = weights, labels
        self.batches = Batches(lexicon, labels)
        self._allowed = _transitions(labels.entities)

    @classmethod
    def blank(cls, sentences: Sequence[Sentence], lexicon: Lexicon, seed: int) -> Teacher:
        """An untrained teacher for the labels of annotated sentences."""
        labels = Labels.of(sentences)
        return cls(start_parameters(labels, lexicon.vectors.shape[1], seed), lexicon, labels)

    def study(
        self,
        pools: Mapping[str, Sequence[Sentence]],
        shares: Mapping[str, float],
        change: Callable[[Sentence], Sentence],
        minutes: float,
        learn_rate: float,
        seed: int,
        check: Callable[[Teacher], str],
        say: Callable[[str], None],
    ) -> None:
        """Train for some minutes on pools drawn by shares; `check` describes the averaged weights every few minutes."""
        optimizer = optax.chain(optax.clip_by_global_norm(5.0), optax.scale_by_adam(b1=0.9, b2=0.95), optax.scale(-1.0))

        @functools.partial(jax.jit, donate_argnums=(0, 1, 2))
        def update(weights: Any, average: Any, state: Any, batch: Any, key: Any, rate: Any, decay: Any) -> Any:
            value, gradient = jax.value_and_grad(loss)(weights, batch, key)
            steps, state = optimizer.update(gradient, state)
            weights = jax.tree.map(lambda w, d: w + rate * d, weights, steps)
            average = jax.tree.map(lambda a, w: decay * a + (1 - decay) * w, average, weights)
            return weights, average, state, value

        weights, average = jax.tree.map(jnp.asarray, self.weights), jax.tree.map(jnp.copy, self.weights)
        state = optimizer.init(weights)
        started = checked = time.monotonic()
        words, total = 0, 0.0
        for step, group in enumerate(self.batches.group(_endless(pools, shares, change, seed)), start=1):
            elapsed = (time.monotonic() - started) / 60 / minutes
            if elapsed >= 1:
                break
            rate = learn_rate * min(1.0, step / 100) * (1 - 0.95 * elapsed)
            key = jax.random.key(seed * 1_000_003 + step)
            decay = min(0.998, step / (9 + step))
            weights, average, state, value = update(weights, average, state, self.batches.arrays(group), key, rate, decay)
            words += sum(map(len, group))
            total += float(value)
            if time.monotonic() - checked > 240:
                self.weights = average
                progress = f"{elapsed * minutes:.1f} min, step {step}, {words / 1e6:.2f} M words, loss {total / step:.3f}"
                say(f"teacher {progress}: {check(self)}")
                checked = time.monotonic()
        self.weights = average
        say(f"teacher done, {words / 1e6:.2f} M words: {check(self)}")

    def label(
        self, sentences: Iterable[Sentence], opinions: Mapping[int, Sequence[Sentence]] | None = None
    ) -> Iterator[Sentence]:
        """Copies with the teacher's annotation, in groups of a like length; what is too long is left out.

        Args:
            sentences: What to annotate; annotation that they have is ignored.
            opinions: By `id` of a sentence's list of words, the same words as other parsers annotated them. Each adds TRUST to
                the log probability of its heads, and of its labels where its head was chosen; an empty label is no opinion.
        """
        predict = _predict()
        columns = self.batches.ids["deps"]
        for group in self.batches.group(sentences):
            batch = self.batches.arrays(group)
            arcs, words, heads, tags, entities = predict(self.weights, batch["features"], batch["vectors"], batch["mask"])
            arcs = np.array(jax.nn.log_softmax(arcs))
            chosen = np.zeros(batch["heads"].shape, "int32")
            others = [(opinions or {}).get(id(sentence.words), ()) for sentence in group]
            for i, sentence in enumerate(group):
                n = len(sentence)
                for other in others[i]:
                    arcs[i, np.arange(n), _columns_of_heads(other)] += TRUST
                chosen[i, :n] = maximum_tree(arcs[i, :n, : n + 1])
            labels = np.array(jax.nn.log_softmax(_label()(self.weights, words, heads, chosen)))
            tags, entities = np.array(tags).argmax(-1), np.array(jax.nn.log_softmax(entities))
            for i, sentence in enumerate(group):
                for other in others[i]:
                    same = np.flatnonzero(_columns_of_heads(other) == chosen[i, : len(sentence)])
                    known = [(word, columns[dep]) for word in same if (dep := (other.deps or [])[word]) in columns]
                    labels[i, [word for word, _ in known], [column for _, column in known]] += TRUST
                yield self._annotated(sentence, chosen[i], labels[i], tags[i], entities[i])

    def _annotated(self, sentence: Sentence, heads: Array, deps: Array, tags: Array, entities: Array) -> Sentence:
        n = len(sentence)
        root = self.labels.deps.index("ROOT")
        deps = deps.copy()
        deps[:, root] = -1e9
        chosen = deps.argmax(-1)
        found = [self.labels.tags[tag].split("|", 1) for tag in tags[:n]]
        return replace(
            sentence,
            heads=[int(head) - 1 if head else word for word, head in enumerate(heads[:n])],
            deps=["ROOT" if not head else self.labels.deps[dep] for head, dep in zip(heads[:n], chosen[:n], strict=True)],
            pos=[pos for pos, _morph in found],
            morphs=[morph for _pos, morph in found],
            entities=[self.labels.entities[i] for i in self._best(entities[:n])],
            lemmas=None,
        )

    def _best(self, scores: Array) -> list[int]:
        """The best well-formed sequence of entity labels (Viterbi)."""
        best = scores[0] + self._allowed[0]
        came = []
        for row in scores[1:]:
            paths = best[:, None] + self._allowed[1:]
            came.append(paths.argmax(0))
            best = paths.max(0) + row
        found = [int(best.argmax())]
        for back in reversed(came):
            found.append(int(back[found[-1]]))
        return found[::-1]


def _columns_of_heads(sentence: Sentence) -> Array:
    """Heads as columns of the scores: 0 for the root, else the place of the head plus one."""
    return np.array([0 if head == word else head + 1 for word, head in enumerate(sentence.heads or [])], "int32")


@functools.cache
def _predict() -> Any:
    return jax.jit(lambda weights, features, vectors, mask: forward(weights, features, vectors, mask, None))


@functools.cache
def _label() -> Any:
    def scores(weights: Parameters, words: Array, heads: Array, chosen: Array) -> Array:
        return label_scores(weights, words, jnp.take_along_axis(heads, chosen[..., None], axis=1))

    return jax.jit(scores)


def _transitions(entities: Sequence[str]) -> Array:
    """Row 0: after nothing; row i + 1: after label i. Minus infinity where IOB2 forbids it."""
    found = np.zeros((len(entities) + 1, len(entities)), "float32")
    for i, before in enumerate(("", *entities)):
        for j, label in enumerate(entities):
            if label.startswith("I-") and before[2:] != label[2:]:
                found[i, j] = -1e9
    return found


def _endless(
    pools: Mapping[str, Sequence[Sentence]], shares: Mapping[str, float], change: Callable[[Sentence], Sentence], seed: int
) -> Iterator[Sentence]:
    draw = random.Random(seed)
    order: dict[str, list[int]] = {name: [] for name in shares}
    while True:
        name = draw.choices(list(shares), list(shares.values()))[0]
        if not order[name]:
            order[name] = draw.sample(range(len(pools[name])), len(pools[name]))
        yield change(pools[name][order[name].pop()])
