"""A function is asked once for what it answers, and its answers are given up when there are too many."""

from __future__ import annotations

from teletipo.remembered import Remembered


def test_each_argument_is_asked_for_once_until_there_are_too_many() -> None:
    asked: list[str] = []

    def length(word: str) -> int:
        asked.append(word)
        return len(word)

    kept = Remembered(length, 2)
    assert [kept[word] for word in ("lluvia", "sol", "lluvia")] == [6, 3, 6]
    assert asked == ["lluvia", "sol"]
    assert kept["viento"] == 6
    assert dict(kept) == {"viento": 6}
    assert kept["sol"] == 3
    assert asked == ["lluvia", "sol", "viento", "sol"]
