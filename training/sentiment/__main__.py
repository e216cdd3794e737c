"""`python -m training.sentiment [--shared FOLDER]`: fit all sentiment weights, print their figures, write weights and figures."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np
from teletipo.enrich import sentiment
from teletipo.enrich.sentiment.models import probabilities

from training.errors import TrainingError
from training.paths import Corpora
from training.sentiment import fit
from training.sentiment.company import vectors
from training.sentiment.data import Labelled, Reader, articles, read_rows, targets
from training.sentiment.fold import shipped_logits, write_targets

WEIGHTS = Path(sentiment.__file__).parent / "weights"
_HELD_OUT = 8


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", help="the folder that holds corpora/; default: TELETIPO_SHARED or ../shared")
    try:
        corpora = Corpora.find(parser.parse_args().shared)
        figures = train(corpora)
    except TrainingError as error:
        print(error, file=sys.stderr)
        return 2
    (WEIGHTS / "figures.json").write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
    print(json.dumps(figures, indent=2))
    return 0


def train(corpora: Corpora) -> dict[str, dict[str, float]]:
    """Fit and write everything; returns the figures of each model."""
    WEIGHTS.mkdir(exist_ok=True)
    reader = Reader()
    figures = {"tone": _tone(articles(reader))}
    company = vectors(corpora, "es")
    spanish = targets(corpora.training("sentiment/es-headline-targets.train.jsonl"), "es", reader, company)
    cuts = fit.cross_validate_targets(spanish, "es")
    factor = fit.temperature(np.concatenate(cuts), np.tile(spanish.labels, len(cuts)))
    figures["targets_es"] = _mean([_figures(logits * factor, spanish.labels, spanish.balance) for logits in cuts])
    write_targets(WEIGHTS / "targets_es.npz", fit.fit_targets(spanish, "es"), company, factor)

    company = vectors(corpora, "en")
    english = targets(corpora.training("sentiment/en-newsmtsc.train.jsonl"), "en", reader, company)
    held_out = english.groups % _HELD_OUT == 0
    part = fit.fit_targets(english, "en", np.flatnonzero(~held_out))
    factor = fit.temperature(part.logits(english.features[held_out]), english.labels[held_out])
    write_targets(WEIGHTS / "targets_en.npz", fit.fit_targets(english, "en"), company, factor)
    path = corpora.path("sentiment/en-newsmtsc.dev.jsonl")
    dev = targets(path, "en", reader, company)
    figures["targets_en"] = _figures(shipped_logits("en", read_rows(path), reader) * factor, dev.labels, dev.balance)
    return figures


def _tone(data: Labelled) -> dict[str, float]:
    logits = fit.cross_validate_tone(data)
    factor = fit.temperature(logits, data.labels)
    model, mean, scale = fit.fit_tone(data.features, data.labels)
    arrays = {"coef": model.weights, "bias": model.bias, "mean": mean, "scale": scale, "temperature": np.array(factor)}
    np.savez_compressed(WEIGHTS / "tone.npz", **{key: value.astype(np.float32) for key, value in arrays.items()})
    written = int(data.groups.max()) + 1
    figures = _figures(logits[:written] * factor, data.labels[:written], data.balance[:written])
    longer = _figures(logits[written:] * factor, data.labels[written:], data.balance[written:])
    return figures | {f"longer_{name}": longer[name] for name in ("macro_f1", "calibration_error")}


def _mean(figures: list[dict[str, float]]) -> dict[str, float]:
    return {name: round(float(np.mean([given[name] for given in figures])), 4) for name in figures[0]}


def _figures(logits: np.ndarray, labels: np.ndarray, balance: np.ndarray) -> dict[str, float]:
    """Score and calibration, beside what the largest label, all neutral and the lexicon alone would get."""
    shares = probabilities(logits)
    lexicon = np.where(balance > 0.15, 2, np.where(balance < -0.15, 0, 1))
    values = {
        "examples": float(len(labels)),
        "macro_f1": fit.macro_f1(labels, shares.argmax(axis=1)),
        "accuracy": float((shares.argmax(axis=1) == labels).mean()),
        "majority_accuracy": float(np.bincount(labels).max() / len(labels)),
        "all_neutral_macro_f1": fit.macro_f1(labels, np.ones_like(labels)),
        "lexicon_macro_f1": fit.macro_f1(labels, lexicon),
        "calibration_error": fit.calibration_error(shares, labels),
        "brier": fit.brier(shares, labels),
    }
    return {name: round(value, 4) for name, value in values.items()}


if __name__ == "__main__":
    sys.exit(main())
