"""Answers that are asked for again and again, kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Key = TypeVar("Key")
Answer = TypeVar("Answer")


class Remembered(dict[Key, Answer]):
    """What a function of one argument answers, by its argument: `kept[key]` asks it the first time.

    A dict, so that `map(kept.__getitem__, keys)` costs no call of ours. It is emptied when it holds `most` answers.
    """

    def __init__(self, ask: Callable[[Key], Answer], most: int) -> None:
        self._ask, self._most = ask, most

    def __missing__(self, key: Key) -> Answer:
        answer = self._ask(key)
        if len(self) >= self._most:
            self.clear()
        self[key] = answer
        return answer
