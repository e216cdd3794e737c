"""What a lasting feeder does while Kafka is away: it says so once, waits, and goes on when Kafka is there again.

Its producer keeps what was not acknowledged, so nothing is lost and nothing sent twice.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event as Flag
from typing import TypeVar

from kafka.errors import KafkaTimeoutError

Answer = TypeVar("Answer")


@dataclass(slots=True)
class Patience:
    """Waits without end until `stop` is set; `say` gets a line after `silence` seconds without an acknowledgement."""

    stop: Flag
    say: Callable[[str], None] = print
    silence: float = 10.0
    look: float = 0.5

    def wait(self, ask: Callable[[float], Answer]) -> Answer:
        """What `ask` returns, which raises KafkaTimeoutError after as many seconds as it is given.

        Raises that error only if `stop` was set and an ordinary end has not come within `silence`.
        """
        begun, is_told = time.monotonic(), False
        while True:
            try:
                answer = ask(self.look)
            except KafkaTimeoutError:
                waited = time.monotonic() - begun
                if waited < self.silence:
                    continue
                if self.stop.is_set():
                    raise
                if not is_told:
                    self.say(f"Kafka has acknowledged nothing for {waited:.0f} s; waiting for it")
                is_told = True
            else:
                if is_told:
                    self.say(f"Kafka is there again after {time.monotonic() - begun:.0f} s")
                return answer
