"""Kafka away while the worker runs: a line when it goes and one when it is back, not what the client library says meanwhile."""

from __future__ import annotations

import asyncio
import logging
import time

log = logging.getLogger(__name__)

QUIET_SECONDS = 3.0
"""aiokafka complains many times a second while it cannot connect; after so long without a complaint Kafka may be back."""
_CONNECT_SECONDS = 1.0
_CAUSES = ("KafkaConnectionError", "NodeNotReadyError", "Unable connect to", "Connect call failed")
"""What stands in a message of aiokafka that says a connection is gone, or cannot be made."""
_CONSEQUENCES = (
    "Unable to request metadata",
    "Unable to update metadata",
    "Failed fetch messages",
    "Group Coordinator Request failed",
    "Error sending",
    "Could not send",
    "Cannot send",
    "Got error produce response",
    "Heartbeat",
    "Marking the coordinator dead",
    "OffsetCommit failed",
)
"""How its messages begin that follow from that."""


class Outage(logging.Filter):
    """Whether Kafka is away, as the client library's log tells it; a filter that leaves one line of that."""

    def __init__(self) -> None:
        super().__init__()
        self._since: float | None = None
        self._complained = 0.0

    @property
    def is_on(self) -> bool:
        """True from the first lost connection until `look` has seen that Kafka is back."""
        return self._since is not None

    def filter(self, record: logging.LogRecord) -> bool:
        """The first complaint becomes the worker's own line, those after it are dropped; anything else passes."""
        if not record.name.startswith("aiokafka"):
            return True
        message = record.getMessage()
        if not any(cause in message for cause in _CAUSES):
            return not (self.is_on and message.startswith(_CONSEQUENCES))
        self._complained = time.monotonic()
        if self.is_on:
            return False
        self._since = self._complained
        record.name, record.levelno, record.levelname = __name__, logging.WARNING, "WARNING"
        record.msg, record.args = f"Kafka is away, waiting for it ({message})", ()
        return True

    async def look(self, addresses: list[str]) -> None:
        """See whether Kafka is back: nothing complains any more, and somebody listens at one of these `host:port`."""
        if self._since is None or time.monotonic() - self._complained < QUIET_SECONDS:
            return
        for address in addresses:
            if await _listens(address):
                log.info("Kafka is there again after %.0f s", self._complained - self._since)
                self._since = None
                return


async def _listens(address: str) -> bool:
    host, _, port = address.strip().rpartition(":")
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection(host.strip("[]"), int(port)), _CONNECT_SECONDS)
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True


KAFKA = Outage()
"""The one of this process, as its log is one."""
