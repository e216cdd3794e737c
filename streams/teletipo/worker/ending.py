"""How a worker ends when something goes wrong inside: at once, with a status that says start me again."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from typing import Any

from teletipo.errors import Fenced, UserError

log = logging.getLogger(__name__)

RESTART = 3
"""Exit status: something went wrong inside, start me again."""


async def fatal(work: Any) -> None:
    """Run a task of the worker; an exception in it ends the process, so that nothing is ever acknowledged after a failure."""
    try:
        await work
    except asyncio.CancelledError:
        raise
    except UserError as error:
        end(str(error), status=2)
    except Exception as error:
        end(f"{type(error).__name__}: {error}; this worker must be started again", error)


def end(reason: str, error: BaseException | None = None, status: int = RESTART) -> None:
    """Leave at once. The topics hold everything; a tidy stop could only do harm."""
    if status == RESTART:
        log.critical("%s", reason, exc_info=error if error and not isinstance(error, Fenced) else None)
    else:
        print(f"teletipo: {reason}", file=sys.stderr)
    logging.shutdown()
    sys.stderr.flush()
    os._exit(status)
