"""Words by the company they keep in news: a model of vectors says for every word form what it pulls towards in each place.

The vectors themselves (made by training/sentiment from unlabelled news) are not shipped: a linear model needs of each form only
the product with its weights, three numbers a block.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from teletipo.enrich.sentiment.target_features import Mentions

BEFORE, AFTER, NEAR_BEFORE, NEAR_AFTER, BESIDE, KIN, GOVERNOR, ABOVE = range(8)
BLOCKS = 8


@dataclass(slots=True)
class Places:
    """What words count for. `on_side`, `near` and `beside` are of the tokens `around`, the first for the block of their side,
    the second for that of their side by nearness; `kin` are tokens that hang beside the mention, `kin_of` their mentions."""

    on_side: np.ndarray
    near: np.ndarray
    beside: np.ndarray
    kin: np.ndarray
    kin_of: np.ndarray
    kin_share: np.ndarray
    governor: np.ndarray
    above: np.ndarray


def places(mentions: Mentions, rarity: np.ndarray) -> Places:
    """Weights by `rarity` (of each token; 0 where the form has no vector), those of a block with squares that add up to 1."""
    size = len(mentions)
    side = mentions.of * 2 + mentions.behind
    weight = rarity[mentions.around]
    kin, kin_of = mentions.children(0)
    heads = mentions.columns.heads
    governor = heads[mentions.head]
    return Places(
        _scaled(weight, side, 2 * size),
        _scaled(weight / mentions.distance, side, 2 * size),
        _scaled(weight, mentions.of, size),
        kin,
        kin_of,
        _scaled(rarity[kin], kin_of, size),
        governor,
        heads[governor],
    )


def _scaled(weights: np.ndarray, of: np.ndarray, rows: int) -> np.ndarray:
    squares = np.bincount(of, weights=weights * weights, minlength=rows)
    return weights / np.sqrt(np.maximum(squares, 1e-12))[of]
