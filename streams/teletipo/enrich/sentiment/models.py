"""The trained weights and what is made of them: probabilities of the three labels. Made by training/sentiment."""

from __future__ import annotations

from functools import cache
from importlib import resources
from io import BytesIO

import numpy as np

from teletipo.errors import LexiconError
from teletipo.records import Evidence, Sentiment

LABELS = ("negative", "neutral", "positive")
"""The order of the columns of all weights."""
_MOST_EVIDENCE = 5
_LEAST_EVIDENCE = 0.05


@cache
def load_weights(name: str) -> dict[str, np.ndarray]:
    """Arrays of `weights/NAME.npz`. Raises LexiconError if the file is not there."""
    try:
        data = (resources.files(__package__) / "weights" / f"{name}.npz").read_bytes()
    except FileNotFoundError:
        raise LexiconError(f"sentiment weights {name}.npz are missing; make them with python -m training.sentiment") from None
    with np.load(BytesIO(data)) as archive:
        return {key: archive[key].astype(np.float32) for key in archive.files}


def probabilities(logits: np.ndarray) -> np.ndarray:
    """Softmax over the last axis."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def sentiment_of(shares: np.ndarray, evidence: list[Evidence] | None = None) -> Sentiment:
    """The record; probabilities are rounded so that they still add up to 1."""
    negative, positive = round(float(shares[0]), 4), round(float(shares[2]), 4)
    neutral = round(max(0.0, 1.0 - negative - positive), 4)
    label = ("negative", "neutral", "positive")[int(np.argmax((negative, neutral, positive)))]
    return Sentiment(label, round(positive - negative, 4), positive, neutral, negative, evidence or [])  # type: ignore[arg-type]


def strongest(text: str, spans: list[tuple[int, int, float]], moved: float | None = None) -> list[Evidence]:
    """The spans that moved a score most, in the order of the text; weights are shares of all that moved it (`moved`)."""
    total = moved or sum(abs(weight) for _, _, weight in spans) or 1.0
    best = sorted(spans, key=lambda span: -abs(span[2]))[:_MOST_EVIDENCE]
    # Spread over many mentions no word moves much; the strongest then stands for them.
    kept = sorted([span for span in best if abs(span[2]) / total >= _LEAST_EVIDENCE] or best[:1])
    return [Evidence(start, end, text[start:end], round(weight / total, 3)) for start, end, weight in kept]
