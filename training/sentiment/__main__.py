"""`python -m training.sentiment [--shared FOLDER]`: fit all sentiment weights, print their figures, write weights and figures."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np
from teletipo.enrich.sentiment.models import LABELS, probabilities
from teletipo.enrich.sentiment.spelling import BLOCKS
from teletipo.enrich.sentiment.target_features import BITS

from training.errors import TrainingError
from training.paths import ROOT, Corpora
from training.sentiment import fit
from training.sentiment.data import articles, load_pipeline, targets

WEIGHTS = ROOT / "streams" / "teletipo" / "enrich" / "sentiment" / "weights"
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
    pipelines = {language: load_pipeline(language) for language in ("es", "en")}
    figures = {"tone": _tone(articles(pipelines))}

    spanish = targets(corpora.training("sentiment/es-headline-targets.train.jsonl"), "es", pipelines["es"])
    logits = fit.cross_validate_targets(spanish, "es")
    factor = fit.temperature(logits, spanish.labels)
    figures["targets_es"] = _figures(logits * factor, spanish.labels, spanish.balance)
    _save_targets("targets_es", fit.fit_targets(spanish, "es"), factor)

    english = targets(corpora.training("sentiment/en-newsmtsc.train.jsonl"), "en", pipelines["en"])
    held_out = english.groups % _HELD_OUT == 0
    part = fit.fit_targets(english, "en", np.flatnonzero(~held_out))
    factor = fit.temperature(part.logits(english.features[held_out]), english.labels[held_out])
    model = fit.fit_targets(english, "en")
    _save_targets("targets_en", model, factor)
    dev = targets(corpora.path("sentiment/en-newsmtsc.dev.jsonl"), "en", pipelines["en"])
    figures["targets_en"] = _figures(model.logits(dev.features) * factor, dev.labels, dev.balance)
    return figures


def _tone(data: fit.Labelled) -> dict[str, float]:
    logits = fit.cross_validate_tone(data)
    factor = fit.temperature(logits, data.labels)
    model, mean, scale = fit.fit_tone(data.features, data.labels)
    arrays = {"coef": model.weights, "bias": model.bias, "mean": mean, "scale": scale, "temperature": np.array(factor)}
    np.savez_compressed(WEIGHTS / "tone.npz", **{key: value.astype(np.float32) for key, value in arrays.items()})
    written = int(data.groups.max()) + 1
    figures = _figures(logits[:written] * factor, data.labels[:written], data.balance[:written])
    longer = _figures(logits[written:] * factor, data.labels[written:], data.balance[written:])
    return figures | {f"longer_{name}": longer[name] for name in ("macro_f1", "calibration_error")}


def _save_targets(name: str, model: fit.Targets, factor: float) -> None:
    hashed, dense = model.context.weights[: 1 << BITS], model.context.weights[1 << BITS :]
    spelling = (model.spelling.weights * model.share).reshape(BLOCKS, -1, len(LABELS))
    path: Path = WEIGHTS / f"{name}.npz"
    np.savez_compressed(
        path,
        hashed=hashed.astype(np.float16),
        dense=dense.astype(np.float32),
        bias=(model.context.bias + model.share * model.spelling.bias).astype(np.float32),
        spelling=spelling.astype(np.float16),
        temperature=np.array(factor, dtype=np.float32),
    )


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
