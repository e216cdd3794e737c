"""The unit that is planned, enriched and delivered together."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

from teletipo.worker.outgoing import Outgoing
from teletipo.worker.owner import PartitionOwner
from teletipo.worker.plan import Read, Step
from teletipo.worker.units import Result


@dataclass(slots=True)
class Work:
    """A partition's share of a batch, or its releases, on the way to delivery. A later one waits with keys of an earlier one."""

    owner: PartitionOwner
    keys: set[str] = field(default_factory=set)
    steps: list[Step] = field(default_factory=list)
    letters: list[Outgoing] = field(default_factory=list)
    reads: list[Read] = field(default_factory=list)
    next_offset: int | None = None
    futures: list[tuple[Step, asyncio.Future[Result]]] = field(default_factory=list)
    done: asyncio.Event = field(default_factory=asyncio.Event)
    begun: float = field(default_factory=time.monotonic)
