"""A worker that is killed -9 at one point: `faulty_worker.py KIND.POINT[:N]`, the Nth time it gets there.

KIND is what the transaction is for (batch, kill, release) or `open`; POINT is begin, send, offsets, commit, committed, stored.
"""

from __future__ import annotations

import os
import signal
import sys
from contextvars import ContextVar
from typing import Any

from aiokafka import AIOKafkaProducer
from teletipo.settings import load_settings
from teletipo.worker.owner import PartitionOwner
from teletipo.worker.run import run
from teletipo.worker.store import Store

kind: ContextVar[str] = ContextVar("kind", default="open")
where, _, turns = sys.argv[1].partition(":") if __name__ == "__main__" else ("", "", "")
left = [int(turns or 1)]


def reach(point: str) -> None:
    """Die here if this is the place."""
    if f"{kind.get()}.{point}" == where:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def before(owner: type, name: str, point: str) -> None:
    """Die before a method is called."""
    method = getattr(owner, name)

    async def wrapped(self: Any, *arguments: Any, **options: Any) -> Any:
        reach(point)
        return await method(self, *arguments, **options)

    setattr(owner, name, wrapped)


def after(owner: type, name: str, point: str) -> None:
    """Die after a method has returned."""
    method = getattr(owner, name)

    async def wrapped(self: Any, *arguments: Any, **options: Any) -> Any:
        result = await method(self, *arguments, **options)
        reach(point)
        return result

    setattr(owner, name, wrapped)


def install() -> None:
    """Put the points into the worker's own code."""
    deliver, apply = PartitionOwner.deliver, Store.apply

    async def known(self: Any, steps: Any, letters: Any, next_offset: int | None) -> Any:
        token = kind.set("batch" if next_offset is not None else "kill" if any(step.retract for step in steps) else "release")
        try:
            return await deliver(self, steps, letters, next_offset)
        finally:
            kind.reset(token)

    def stored(self: Any, *arguments: Any) -> None:
        apply(self, *arguments)
        reach("stored")

    after(AIOKafkaProducer, "begin_transaction", "begin")
    after(AIOKafkaProducer, "send", "send")
    before(AIOKafkaProducer, "send_offsets_to_transaction", "offsets")
    before(AIOKafkaProducer, "commit_transaction", "commit")
    after(AIOKafkaProducer, "commit_transaction", "committed")
    after(PartitionOwner, "_catch_up", "read")
    PartitionOwner.deliver, Store.apply = known, stored  # type: ignore[method-assign]


if __name__ == "__main__":
    install()
    sys.exit(run(load_settings()))
