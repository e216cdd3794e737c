"""Sentiment figures: article tone cross-validated, Spanish targets cross-validated by event, English targets on NewsMTSC dev."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from teletipo.enrich.sentiment.models import probabilities

from training.errors import CorpusError
from training.paths import Corpora
from training.sentiment import fit
from training.sentiment.company import vectors
from training.sentiment.data import Labelled, Reader, articles, read_rows, targets
from training.sentiment.fold import shipped_logits

Row = tuple[str, float, str]


def run(final: bool) -> list[Row]:
    """Rows (figure, value, aim). `final` changes nothing: no blind set of ours exists for sentiment."""
    reader = Reader()
    tone = articles(reader)
    logits = fit.cross_validate_tone(tone)
    shares = probabilities(logits * fit.temperature(logits, tone.labels))
    written = int(tone.groups.max()) + 1
    longer = fit.macro_f1(tone.labels[written:], shares[written:].argmax(axis=1))
    tone, shares = tone.first(written), shares[:written]
    rows = [
        ("tone: majority accuracy", float(np.bincount(tone.labels).max() / len(tone.labels)), "baseline"),
        ("tone: lexicon alone macro-F1", _lexicon(tone), "baseline"),
        ("tone: macro-F1", fit.macro_f1(tone.labels, shares.argmax(axis=1)), "0.78 / 0.88"),
        ("tone: macro-F1 with background behind the story", longer, "0.78 / 0.88"),
        ("tone: calibration error, 5 bins", fit.calibration_error(shares, tone.labels), "0.08 / 0.05"),
        ("tone: Brier score", fit.brier(shares, tone.labels), "beside it"),
    ]
    try:
        corpora = Corpora.find()
    except CorpusError as error:
        print(error, file=sys.stderr)
        return rows
    company = vectors(corpora, "es")
    spanish = targets(corpora.training("sentiment/es-headline-targets.train.jsonl"), "es", reader, company)
    cuts = [logits.argmax(axis=1) for logits in fit.cross_validate_targets(spanish, "es")]
    rows += _targets("es headline targets", spanish, cuts, "0.55 / 0.70")
    path = corpora.path("sentiment/en-newsmtsc.dev.jsonl")
    english = targets(path, "en", reader, company)
    shipped = shipped_logits("en", read_rows(path), reader).argmax(axis=1)
    return rows + _targets("NewsMTSC dev", english, [shipped], "0.60 / 0.70")


def _lexicon(data: Labelled) -> float:
    return fit.macro_f1(data.labels, np.where(data.balance > 0.15, 2, np.where(data.balance < -0.15, 0, 1)))


def _targets(name: str, data: Labelled, found: list[np.ndarray], aim: str) -> list[Row]:
    return [
        (f"{name}: all neutral macro-F1", fit.macro_f1(data.labels, np.ones_like(data.labels)), "baseline"),
        (f"{name}: lexicon alone macro-F1", _lexicon(data), "baseline"),
        (f"{name}: macro-F1", float(np.mean([fit.macro_f1(data.labels, one) for one in found])), aim),
    ]


if __name__ == "__main__":
    for figure, value, aim in run(False):
        print(f"{figure:45} {value:.3f}   {aim}")
