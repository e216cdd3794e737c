"""The training loop: one shared tok2vec, morphology, parser and entities trained together for a given time."""

from __future__ import annotations

import contextlib
import itertools
import json
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import spacy
from spacy.language import Language
from spacy.pipeline.tok2vec import Tok2VecListener
from spacy.tokens import Doc
from spacy.training import Example
from teletipo.enrich.components.lexicon import Lexicon
from teletipo.enrich.components.tok2vec import set_lexicon
from thinc.api import Adam, Model, fix_random_seed

from training.examples import stream, to_example
from training.sentence import Sentence

Tok2VecListener.get_batch_id = classmethod(lambda cls, inputs: sum(map(id, inputs)))  # type: ignore[method-assign]
"""spaCy adds up every token of the batch to recognise it, once for each component: a tenth of the training time."""

WARM_UP = 200
"""Steps in which the learn rate rises from nothing."""


def blank_pipeline(config: Mapping[str, Any], lexicon: Lexicon) -> Language:
    """The untrained pipeline of a configuration."""
    nlp = spacy.blank(config["language"])
    model = {"@architectures": "teletipo.FormTok2Vec.v1", "vector_width": config["vector_width"], **config["tok2vec"]}
    nlp.add_pipe("tok2vec", config={"model": model})
    listener = {
        "@architectures": "spacy.Tok2VecListener.v1",
        "width": config["tok2vec"]["width"],
        "upstream": "tok2vec",
    }
    nlp.add_pipe(
        "morphologizer",
        config={"model": {"@architectures": "spacy.Tagger.v2", "nO": None, "tok2vec": listener}},
    )
    for name, state in (("parser", "parser"), ("ner", "ner")):
        nlp.add_pipe(
            name,
            config={
                "update_with_oracle_cut_size": 250,
                "model": {
                    "@architectures": "spacy.TransitionBasedParser.v2",
                    "state_type": state,
                    "extra_state_tokens": False,
                    "use_upper": False,
                    "nO": None,
                    "tok2vec": listener,
                    **config[name],
                },
            },
        )
    set_lexicon(nlp.get_pipe("tok2vec").model, lexicon)  # type: ignore[attr-defined]
    return nlp


def initialise(nlp: Language, pools: Mapping[str, Sequence[Sentence]], seed: int) -> None:
    """Labels from all sentences that people annotated."""
    draw = random.Random(seed)
    sample = [
        to_example([sentence], nlp.vocab)
        for sentences in pools.values()
        for sentence in draw.sample(list(sentences), min(len(sentences), 6000))
    ]
    nlp.initialize(lambda: sample)


def warm_start(nlp: Language, folder: Path) -> list[str]:
    """Take the weights of an earlier pipeline wherever labels and shapes are the same; the components that got all of theirs."""
    earlier = spacy.load(folder)
    whole = []
    for name, pipe in nlp.pipeline:
        other: Any = earlier.get_pipe(name)
        mine: Any = pipe
        if getattr(mine, "labels", ()) != getattr(other, "labels", ()):
            continue
        if hasattr(mine, "moves"):
            mine.moves.from_bytes(other.moves.to_bytes())  # the order of transitions goes by frequency, and differs
        taken = [_take(node, older) for node, older in _pairs(mine.model, other.model)]
        _start_silent(mine.model, other.model)
        if all(taken):
            whole.append(name)
    return whole


def _pairs(node: Model[Any, Any], older: Model[Any, Any]) -> Iterator[tuple[Model[Any, Any], Model[Any, Any]]]:
    """Nodes that stand in the same place of two models; what only one of them has is left out."""
    yield node, older
    for mine, other in zip(node.layers, older.layers, strict=False):
        yield from _pairs(mine, other)


def _start_silent(node: Model[Any, Any], older: Model[Any, Any]) -> None:
    """Residual layers that the earlier model did not have add nothing at first: the deeper model starts as good as it was."""
    for mine, other in _pairs(node, older):
        for added in mine.layers[len(other.layers) :]:
            for part in added.walk():
                if part.name == "layernorm":
                    part.set_param("G", np.zeros_like(part.get_param("G")))


def _take(node: Model[Any, Any], older: Model[Any, Any]) -> bool:
    same = True
    for name in node.param_names:
        if node.has_param(name) and older.has_param(name) and node.get_param(name).shape == older.get_param(name).shape:
            node.set_param(name, older.get_param(name))
        elif node.has_param(name):
            same = False
    return same


class Trainer:
    """Runs stages of training on one pipeline, keeps averages of the weights and reports progress."""

    def __init__(
        self,
        nlp: Language,
        config: Mapping[str, Any],
        change: Callable[[Sentence], Sentence],
        check: Callable[[Language], Mapping[str, float]],
        say: Callable[[str], None],
    ) -> None:
        self.nlp, self.config, self.change, self.check, self.say = nlp, config, change, check, say
        self.optimizer = Adam(config["learn_rate"], L2=0.01, L2_is_weight_decay=True, grad_clip=1.0, use_averages=True)
        self.step = 0
        self.words = 0
        fix_random_seed(config["seed"])

    def run(
        self,
        pools: Mapping[str, Sequence[Sentence]],
        shares: Mapping[str, float],
        minutes: float,
        rates: tuple[float, float],
        every: float = 240.0,
        only: str | None = None,
    ) -> None:
        """Train for some minutes; the learn rate goes from the first to the second share of the configured one.

        With `only`, one component alone, on what the others have become.
        """
        others = [name for name in self.nlp.pipe_names if only and name != only]
        if only:
            self._forget_batches()
        seed = self.config["seed"] + self.step
        streams = {name: stream(pools[name], self.nlp.vocab, seed + place, self.change) for place, name in enumerate(shares)}
        draw = random.Random(seed)
        started = checked = time.monotonic()
        length = minutes * 60
        while (elapsed := time.monotonic() - started) < length:
            done = elapsed / length
            rate = rates[0] + (rates[1] - rates[0]) * done
            self.optimizer.learn_rate = self.config["learn_rate"] * min(1.0, (self.step + 1) / WARM_UP) * rate
            batch = self._batch(streams, shares, draw)
            self.nlp.update(
                batch, sgd=self.optimizer, drop=self.config["dropout"], exclude=others, annotates=["tok2vec"] if only else []
            )
            self.step += 1
            if time.monotonic() - checked > every:
                checked = time.monotonic()
                self.report(elapsed)

    def _forget_batches(self) -> None:
        """A listener that was ever sent a batch waits for the next; one that was not reads what a frozen tok2vec annotates."""
        for listener in self.nlp.get_pipe("tok2vec").listeners:  # type: ignore[attr-defined]
            listener._batch_id = None

    def _batch(self, streams: Mapping[str, Iterator[Example]], shares: Mapping[str, float], draw: random.Random) -> list[Example]:
        batch: list[Example] = []
        size = 0
        while size < self.config["batch_words"]:
            name = draw.choices(list(shares), list(shares.values()))[0]
            example = next(streams[name])
            batch.append(example)
            size += len(example.reference)
        self.words += size
        return batch

    def report(self, elapsed: float) -> None:
        """Scores of the averaged weights on a part of the evaluation data."""
        with self.nlp.use_params(self.optimizer.averages):
            scores = self.check(self.nlp)
        shown = " ".join(f"{name} {value:.4f}" for name, value in scores.items())
        self.say(f"{elapsed / 60:5.1f} min, step {self.step}, {self.words / 1e6:.2f} M words: {shown}")

    @contextlib.contextmanager
    def averaged(self) -> Iterator[Language]:
        """The pipeline with its averaged weights."""
        with self.nlp.use_params(self.optimizer.averages):
            yield self.nlp

    def save(self, folder: Path) -> None:
        """The averaged pipeline."""
        with self.nlp.use_params(self.optimizer.averages):
            folder.mkdir(parents=True, exist_ok=True)
            self.nlp.to_disk(folder)
        (folder / "progress.json").write_text(json.dumps({"step": self.step, "words": self.words}), encoding="utf-8")


def evaluate(
    nlp: Language, parse: Sequence[Sentence], entities: Sequence[Sentence], limit: int | None = None
) -> dict[str, float]:
    """LAS, part of speech and features on gold tokens, entity F1 without MISC; `limit` takes the first sentences only."""
    trees = [to_example([s], nlp.vocab) for s in itertools.islice(parse, limit)]
    names = [to_example([s], nlp.vocab) for s in itertools.islice(entities, limit)]
    scores = nlp.evaluate(trees)
    found = nlp.evaluate(names)["ents_per_type"] or {}
    return {
        **attachment(nlp, parse[:limit]),
        "pos": scores["pos_acc"],
        "morph": scores["morph_acc"],
        "ner": entity_f1(nlp, entities[:limit]),
        **{f"ner_{label}": found[label]["f"] for label in ("PER", "LOC", "ORG") if label in found},
    }


def attachment(nlp: Language, sentences: Sequence[Sentence]) -> dict[str, float]:
    """LAS and UAS over all tokens, punctuation too; spaCy's own scorer leaves punctuation out."""
    docs = (Doc(nlp.vocab, words=s.words, spaces=s.spaces) for s in sentences)
    total = heads = labelled = 0
    for sentence, doc in zip(sentences, nlp.pipe(docs), strict=True):
        for token, head, dep in zip(doc, sentence.heads or [], sentence.deps or [], strict=True):
            total += 1
            heads += token.head.i == head
            labelled += token.head.i == head and token.dep_ == dep
    return {"las": labelled / max(total, 1), "uas": heads / max(total, 1)}


def entity_f1(nlp: Language, sentences: Sequence[Sentence]) -> float:
    """Exact-match F1 over PER, LOC and ORG on gold tokens."""
    from training.augment import spans

    gold: set[tuple[int, int, int, str]] = set()
    found: set[tuple[int, int, int, str]] = set()
    docs = [Doc(nlp.vocab, words=s.words, spaces=s.spaces) for s in sentences]
    for i, (sentence, doc) in enumerate(zip(sentences, nlp.pipe(docs), strict=True)):
        gold |= {(i, *span) for span in spans(sentence.entities or []) if span[2] != "MISC"}
        found |= {(i, e.start, e.end, e.label_) for e in doc.ents if e.label_ != "MISC"}
    right = len(gold & found)
    return 2 * right / (len(gold) + len(found)) if right else 0.0
