"""Teletipo: live news wires in, normalized event records out."""

# orjson loads these while it is loaded itself, without a look at errors: Ctrl-C at that moment was a segmentation fault.
import dataclasses  # noqa: F401
import datetime  # noqa: F401
import json  # noqa: F401
import uuid  # noqa: F401

__version__ = "0.1.0"
