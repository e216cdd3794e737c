"""A worker that is killed -9 at one point: `faulty_worker.py KIND.POINT[:N]`, the Nth time it gets there.

KIND is what is under way. Of the three kinds of transaction, batch, kill and release, the points are:

    KIND.before     all is enriched, the transaction is not begun        KIND.begin      it is begun, nothing is sent
    KIND.send       the Nth record is sent                               batch.offsets   all is sent and acknowledged
    KIND.commit     the commit is about to be asked for                  KIND.committed  it is done, the copy on disk is behind
    KIND.stored     the copy on disk is written

Outside of transactions:

    open.fenced     earlier owners are fenced, no state is read          open.read       one of the state's topics is read
    open.done       the partition is open, nothing is taken of it        plan.done       a batch is decided, nothing is enriched
    forward.sent    a kill is sent on, its input is not delivered        rekey.sent      so are misplaced inputs
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from aiokafka import AIOKafkaProducer
from teletipo.settings import load_settings
from teletipo.worker.forwarding import Forwarder
from teletipo.worker.owner import PartitionOwner
from teletipo.worker.run import run
from teletipo.worker.runtime import Runtime
from teletipo.worker.store import Store

kind: ContextVar[str] = ContextVar("kind", default="nothing")
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


def within(owner: type, name: str, what: Callable[..., str]) -> None:
    """What happens inside a method is of this kind."""
    method = getattr(owner, name)

    async def wrapped(self: Any, *arguments: Any, **options: Any) -> Any:
        token = kind.set(what(*arguments))
        try:
            return await method(self, *arguments, **options)
        finally:
            kind.reset(token)

    setattr(owner, name, wrapped)


def purpose(steps: Any, letters: Any, next_offset: int | None) -> str:
    """What a transaction is for."""
    return "batch" if next_offset is not None else "kill" if any(step.retract for step in steps) else "release"


def install() -> None:
    """Put the points into the worker's own code."""
    apply = Store.apply

    def stored(self: Any, *arguments: Any) -> None:
        apply(self, *arguments)
        reach("stored")

    before(AIOKafkaProducer, "begin_transaction", "before")
    after(AIOKafkaProducer, "begin_transaction", "begin")
    after(AIOKafkaProducer, "send", "send")
    before(AIOKafkaProducer, "send_offsets_to_transaction", "offsets")
    before(AIOKafkaProducer, "commit_transaction", "commit")
    after(AIOKafkaProducer, "commit_transaction", "committed")
    after(PartitionOwner, "_fence", "fenced")
    after(PartitionOwner, "_catch_up", "read")
    after(PartitionOwner, "open", "done")
    after(Runtime, "_plan_reads", "done")
    after(Forwarder, "_send", "sent")
    within(PartitionOwner, "deliver", purpose)
    for owner, name, what in (
        (PartitionOwner, "open", "open"),
        (Runtime, "_plan_reads", "plan"),
        (Forwarder, "derived_kills", "forward"),
        (Forwarder, "misplaced", "rekey"),
    ):
        within(owner, name, lambda *given, what=what: what)
    Store.apply = stored  # type: ignore[method-assign]


if __name__ == "__main__":
    install()
    sys.exit(run(load_settings()))
