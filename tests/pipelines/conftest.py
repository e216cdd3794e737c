"""The shipped pipelines, loaded once."""

from __future__ import annotations

import pytest
from teletipo.enrich.annotate import Annotator


@pytest.fixture(scope="session")
def annotator() -> Annotator:
    return Annotator()
