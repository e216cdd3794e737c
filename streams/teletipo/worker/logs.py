"""The worker's log: one line for each fact, JSON when nobody watches, and no flood when Kafka is away."""

from __future__ import annotations

import logging
import sys
import time
from typing import Any

from teletipo.records.codec import dumps
from teletipo.settings import Settings
from teletipo.worker.outage import KAFKA

_NOISY = ("aiokafka", "kafka", "faust", "mode", "asyncio")
_PERIOD = 30.0


class OnceInAWhile(logging.Filter):
    """Lets a message of a client library pass once in 30 s, with the number of its repeats since."""

    def __init__(self) -> None:
        super().__init__()
        self._seen: dict[tuple[str, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """False for a repeat; a record that passes says how many did not."""
        if not record.name.startswith(_NOISY):
            return True
        key = (record.name, str(record.msg)[:60])
        told, suppressed = self._seen.get(key, (-_PERIOD, 0))
        now = time.monotonic()
        if now - told < _PERIOD:
            self._seen[key] = (told, suppressed + 1)
            return False
        self._seen[key] = (now, 0)
        if suppressed:
            record.msg = f"{record.getMessage()} ({suppressed} more like it in the last {now - told:.0f} s)"
            record.args = ()
        return True


class OneLine(logging.Formatter):
    """A line a person reads: time, level, message; a traceback only for a defect of our own."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, plus the traceback where an exception was logged."""
        text = f"{time.strftime('%H:%M:%S', time.localtime(record.created))} {record.levelname.lower():8}{_message(record)}"
        return f"{text}\n{self.formatException(record.exc_info)}" if record.exc_info else text


class JSONLine(logging.Formatter):
    """A line a machine reads."""

    def format(self, record: logging.LogRecord) -> str:
        """One JSON object."""
        fields: dict[str, Any] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03}Z",
            "level": record.levelname,
            "logger": record.name,
            "message": _message(record),
        }
        if record.exc_info:
            fields["exception"] = self.formatException(record.exc_info)
        return dumps(fields).decode("utf-8")


def _message(record: logging.LogRecord) -> str:
    return " ".join(record.getMessage().split()).encode("utf-8", "replace").decode("utf-8")


def set_up(settings: Settings) -> None:
    """Send the log to standard error; client libraries from WARNING on, our own from `TELETIPO_LOG_LEVEL` on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(OneLine() if sys.stderr.isatty() else JSONLine())
    handler.addFilter(KAFKA)
    handler.addFilter(OnceInAWhile())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("teletipo").setLevel(settings.log_level)
    # kafka-python serves the check of the topics only, and what fails there is told in one line of our own.
    logging.getLogger("kafka").setLevel(logging.CRITICAL)
    # Faust logs its own steps under the name of the app's module.
    logging.getLogger("teletipo.worker.app").setLevel(logging.WARNING)
