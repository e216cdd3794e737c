"""The best tree against all trees, for sentences short enough to write them all down."""

import itertools

import numpy as np
import pytest

from training.tree import maximum_tree


def trees(count: int) -> list[tuple[int, ...]]:
    """Every tree with one root: for each word the column of its head."""
    return [heads for heads in itertools.product(range(count + 1), repeat=count) if heads.count(0) == 1 and reaches_root(heads)]


def reaches_root(heads: tuple[int, ...]) -> bool:
    for word in range(1, len(heads) + 1):
        steps = 0
        while word and steps <= len(heads):
            word, steps = heads[word - 1], steps + 1
        if word:
            return False
    return True


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_no_tree_scores_higher(count: int) -> None:
    draw = np.random.default_rng(count)
    known = trees(count)
    for _ in range(60):
        scores = draw.normal(size=(count, count + 1))
        best = max(known, key=lambda heads: sum(scores[word, head] for word, head in enumerate(heads)))
        assert tuple(maximum_tree(scores)) == best


def test_long_cycles_are_broken() -> None:
    scores = np.full((6, 7), -5.0)
    for word, head in enumerate((2, 3, 1, 5, 6, 4)):
        scores[word, head] = 0.0
    scores[2, 0], scores[4, 1] = -1.0, -1.0
    assert tuple(maximum_tree(scores)) == (2, 3, 0, 5, 1, 4)
