"""How sure the coder is: a small logistic model over named features, calibrated; its weights are data (confidence.json).

`python -m training.events` learns the weights (training/events.py).
"""

from __future__ import annotations

import math
from functools import cache
from importlib import resources
from typing import Any

import orjson


@cache
def _model() -> dict[str, Any]:
    model: dict[str, Any] = orjson.loads((resources.files(__package__) / "confidence.json").read_bytes())
    return model


def score(features: dict[str, float]) -> float:
    """Probability that an event with these features is right, 0-1, rounded to three digits."""
    model = _model()
    weights = model["weights"]
    z = model["bias"] + sum(weights.get(name, 0.0) * value for name, value in features.items())
    return round(1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, z)))), 3)
