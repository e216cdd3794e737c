"""The best dependency tree over scores of heads: Chu and Liu 1965, Edmonds 1967, with exactly one root."""

from __future__ import annotations

import numpy as np


def maximum_tree(scores: np.ndarray) -> np.ndarray:
    """Heads of the best tree.

    Args:
        scores: (words, words + 1); column 0 is the root, column h + 1 the word h.

    Returns:
        For each word the column of its head. One word has the root as its head.
    """
    count = len(scores)
    square = np.full((count + 1, count + 1), -np.inf)
    square[1:] = scores
    np.fill_diagonal(square, -np.inf)
    square[1:, 0] -= 1e4
    """Each arc from the root costs so much that the best tree has one only."""
    return _edmonds(square)[1:]


def _edmonds(scores: np.ndarray) -> np.ndarray:
    """Heads for nodes 0..n-1, node 0 being the root; `scores[word, head]`."""
    heads = scores.argmax(axis=1)
    heads[0] = 0
    cycle = _cycle(heads)
    if cycle is None:
        return heads
    inside = np.zeros(len(scores), dtype=bool)
    inside[cycle] = True
    outside = np.flatnonzero(~inside)
    within = scores[cycle, heads[cycle]]
    # Node of the smaller graph: those outside in their order, then the cycle as one node.
    smaller = np.full((len(outside) + 1, len(outside) + 1), -np.inf)
    smaller[:-1, :-1] = scores[np.ix_(outside, outside)]
    entering = scores[np.ix_(cycle, outside)] - within[:, None]
    entry = entering.argmax(axis=0)
    smaller[-1, :-1] = entering[entry, np.arange(len(outside))]
    leaving = scores[np.ix_(outside, cycle)]
    smaller[:-1, -1] = leaving.max(axis=1)
    leaver = leaving.argmax(axis=1)
    found = _edmonds(smaller)
    result = heads.copy()
    for place, node in enumerate(outside):
        if place:
            head = found[place]
            result[node] = cycle[leaver[place]] if head == len(outside) else outside[head]
    broken = cycle[entry[found[-1]]]
    result[broken] = outside[found[-1]]
    return result


def _cycle(heads: np.ndarray) -> np.ndarray | None:
    state = np.zeros(len(heads), dtype=int)
    state[0] = 2
    for start in range(1, len(heads)):
        node, path = start, []
        while state[node] == 0:
            state[node] = 1
            path.append(node)
            node = heads[node]
        if state[node] == 1:
            return np.array(path[path.index(node) :])
        state[path] = 2
    return None
