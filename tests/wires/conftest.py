"""What the tests of the readers share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from teletipo import wires

FIXTURES = Path(__file__).parent / "fixtures"
Read = Callable[..., wires.Reading]


@pytest.fixture
def fixture() -> Callable[[str], bytes]:
    """The bytes of a fixture file."""
    return lambda name: (FIXTURES / name).read_bytes()


@pytest.fixture
def read(fixture: Callable[[str], bytes]) -> Read:
    """Reads a fixture by name, or bytes as they are."""

    def reading(document: str | bytes, provider: str | None = None) -> wires.Reading:
        data = fixture(document) if isinstance(document, str) else document
        return wires.read(data, name=document if isinstance(document, str) else "-", provider=provider)

    return reading
