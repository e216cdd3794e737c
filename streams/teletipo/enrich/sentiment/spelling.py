"""How the words beside a mention and in it are spelt: parts of two to five letters, so that unseen forms of a word count too.

There are four blocks: the words before the mention, those after it, all of these, and the mention's own.
"""

from __future__ import annotations

import numpy as np

from teletipo.enrich.sentiment.target_features import Mentions

BITS = 15
"""Each block of the feature space has 2 ** BITS places."""
BEFORE, AFTER, BESIDE, WITHIN = 0, 1, 2, 3
BLOCKS = 4
_SIZES = (2, 3, 4, 5)
_LONGEST = 40


def parts(word: str) -> np.ndarray:
    """Places of a word's parts, its ends marked; the same in every process."""
    marked = f"<{word[:_LONGEST]}>"
    found = [_place(marked[i : i + size]) for size in _SIZES for i in range(len(marked) - size + 1)]
    return np.array(found, dtype=np.int64)


def _place(part: str) -> int:
    value = 0xCBF29CE484222325
    for byte in part.encode():
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return (value * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF) >> (64 - BITS)


def shares(mentions: Mentions, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What a word counts for: on its side, beside the mention at all (tokens `around`), within it (tokens `named`). One through
    the square root of the parts in the block; `counts` are the parts of each token's word."""
    size = len(mentions)
    side = mentions.of * 2 + mentions.behind
    beside = np.bincount(side, weights=counts[mentions.around], minlength=2 * size)
    within = np.bincount(mentions.named_of, weights=counts[mentions.named], minlength=size)
    on_side, both, own = (1 / np.sqrt(np.maximum(1, sums)) for sums in (beside, beside.reshape(-1, 2).sum(axis=1), within))
    return on_side[side], both[mentions.of], own[mentions.named_of]
