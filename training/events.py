"""Learn the weights of the coder's confidence: `python -m training.events [--write]`.

Examples are what the coder finds at threshold 0 in our development sets (right: an event of that type is there), in the tuning
half of the sentences without any event (all wrong) and, with less weight, in the event corpora outside the repository and in
opinion articles: there a reader has said of single events whether they are right (event_labels.tsv: article, place of the
trigger, type, answer; the text is in corpora/text). Prints calibration (5 equal-mass bins) and Brier score, cross-validated by
article.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from teletipo.enrich.clean import Cleaner
from teletipo.enrich.events import EventCoder
from teletipo.enrich.events.examples import reading_stages
from teletipo.enrich.model import Draft, Stage
from teletipo.settings import load_settings

from bench.quality_events import QUIET, SETS, _dated, _pairs, code, read_lines, reliability, root_family, shared, tunes
from bench.quality_opinion import answer_for, answers, articles
from training.errors import CorpusError
from training.paths import Corpora

TARGET = Path(__file__).parents[1] / "streams" / "teletipo" / "enrich" / "events" / "confidence.json"
QUIET_WEIGHT = 1.5
"""Of an event found where there is none."""
CORPUS_WEIGHTS = {True: 0.35, False: 0.12}
"""Of an event that meets a root of es_events_dev, and of one that meets none: it was coded for protest and violence, so what it
leaves out is often right by our convention."""
LABEL_WEIGHT = 0.7
"""Of an event in an opinion article, where most is not told of one occasion."""
OPINION = "opinion"
"""A feature of these alone, for their share of right ones is not that of news; it is learnt and not written."""
LABELS = Path(__file__).parent / "event_labels.tsv"
STRENGTH = 0.35
"""Inverse regularisation: small, for there are few examples."""


class Examples:
    """Features, answers, weights and the article that each example is from."""

    def __init__(self) -> None:
        self.features: list[dict[str, float]] = []
        self.right: list[bool] = []
        self.weight: list[float] = []
        self.group: list[int] = []
        self.own: list[bool] = []
        self._groups = 0

    def add(self, coder: EventCoder, draft: Draft, right: list[bool], weights: dict[bool, float], own: bool) -> None:
        """Add the events of a draft, `right` being in their order; right and wrong ones with their weight."""
        coded = sorted(coder.trace(draft).coded, key=lambda c: (c.trigger[0], c.trigger[1], c.type))
        self._groups += 1
        for c, answer in zip(coded, right, strict=True):
            self.features.append(c.features)
            self.right.append(answer)
            self.weight.append(weights[answer])
            self.group.append(self._groups)
            self.own.append(own)

    def judge(self, coder: EventCoder, draft: Draft, told: list[tuple[int, str, bool]]) -> None:
        """Add the events of a draft for which there is an answer: start of the trigger, type, right or not."""
        self._groups += 1
        for c in coder.trace(draft).coded:
            right = answer_for(told, c.type, c.trigger[0])
            if right is not None:
                self.features.append(c.features | {OPINION: 1.0})
                self.right.append(right)
                self.weight.append(LABEL_WEIGHT)
                self.group.append(self._groups)
                self.own.append(False)


def _own(examples: Examples, stages: list[Stage], coder: EventCoder) -> None:
    """Single items and whole articles of development, and the tuning half of the articles about sides."""
    for language, part in (("es", "dev"), ("es", "articles"), ("es", "sides"), ("en", "dev"), ("en", "articles")):
        rows = read_lines(SETS / f"events_{language}_{part}.jsonl")
        if part == "sides":
            rows = [row for row in rows if tunes(row)]
        for row, draft in zip(rows, code(rows, stages, language), strict=True):
            pairs, _, _ = _pairs(row["events"], draft.events)
            good = {id(event) for _, event in pairs}
            examples.add(coder, draft, [id(e) in good for e in draft.events], {True: 1.0, False: 1.0}, True)


def _quiet(examples: Examples, stages: list[Stage], coder: EventCoder) -> None:
    """What is found in the tuning half of the sentences without any event is wrong, all of it."""
    for name, language in QUIET:
        rows = [row for row in read_lines(SETS / f"{name}.jsonl") if tunes(row)]
        for draft in code(rows, stages, language):
            examples.add(coder, draft, [False] * len(draft.events), {False: QUIET_WEIGHT}, True)


def _corpora(examples: Examples, stages: list[Stage], coder: EventCoder) -> None:
    folder = shared()
    if folder is None:
        print("corpora/events: not there (set TELETIPO_SHARED); the development sets alone are used")
        return
    rows = read_lines(folder / "corpora/events/es_events_dev.jsonl")
    for row, draft in zip(rows, code([_dated(r) for r in rows], stages, "es"), strict=True):
        roots = {root_family(e["cameo"]) for e in row["events"]}
        examples.add(coder, draft, [root_family(e.cameo) in roots for e in draft.events], CORPUS_WEIGHTS, False)


def _labelled(examples: Examples, stages: list[Stage], coder: EventCoder) -> None:
    """Single events of opinion articles, each read and judged by somebody."""
    try:
        corpora = Corpora.find()
    except CorpusError:
        print("corpora/text: not there; opinion articles are not used")
        return
    for language, told in answers(LABELS).items():
        chosen = articles(corpora, language, told)
        for row, draft in zip(chosen, code(chosen, stages, language), strict=True):
            examples.judge(coder, draft, told[row["item_id"]])


def learn(examples: Examples) -> tuple[dict[str, Any], np.ndarray]:
    """Weights learnt on all examples, and the cross-validated confidence of each."""
    names = sorted({name for row in examples.features for name in row})
    x = np.array([[row.get(name, 0.0) for name in names] for row in examples.features])
    y, w, groups = np.array(examples.right), np.array(examples.weight), np.array(examples.group)
    held_out = np.zeros(len(y))
    for train, test in GroupKFold(10).split(x, y, groups):
        model = LogisticRegression(C=STRENGTH, max_iter=2000).fit(x[train], y[train], sample_weight=w[train])
        held_out[test] = model.predict_proba(x[test])[:, 1]
    model = LogisticRegression(C=STRENGTH, max_iter=2000).fit(x, y, sample_weight=w)
    learnt = zip(names, model.coef_[0], strict=True)
    weights = {name: round(float(value), 3) for name, value in learnt if abs(value) >= 0.005 and name != OPINION}
    return {"note": "learnt by training/events.py", "bias": round(float(model.intercept_[0]), 3), "weights": weights}, held_out


def main() -> None:
    """Learn, print how well it is calibrated, write the weights."""
    parser = argparse.ArgumentParser(prog="training.events")
    parser.add_argument("--write", action="store_true", help="write the weights into the package")
    options = parser.parse_args()
    settings = load_settings(event_threshold=0.0)
    stages: list[Stage] = [Cleaner(settings), *reading_stages(settings)]
    coder = next(s for s in stages if isinstance(s, EventCoder))
    examples = Examples()
    _own(examples, stages, coder)
    _quiet(examples, stages, coder)
    _corpora(examples, stages, coder)
    _labelled(examples, stages, coder)
    model, held_out = learn(examples)
    for label, chosen in (
        ("own sets", [i for i, own in enumerate(examples.own) if own]),
        ("all", list(range(len(examples.own)))),
    ):
        pairs = [(float(held_out[i]), examples.right[i]) for i in chosen]
        error, brier = reliability(pairs)
        right = sum(r for _, r in pairs) / len(pairs)
        print(f"{label}: {len(pairs)} events, calibration error {error:.3f}, Brier {brier:.3f}, right {right:.1%}")
    for name, value in sorted(model["weights"].items(), key=lambda item: item[1]):
        print(f"{value:+.2f} {name}")
    if options.write:
        TARGET.write_bytes(orjson.dumps(model, option=orjson.OPT_INDENT_2) + b"\n")


if __name__ == "__main__":
    main()
