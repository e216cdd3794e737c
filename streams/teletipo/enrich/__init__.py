"""From a wire item to an enriched article and its events: clean, language, annotate, entities, quotes, events, sentiment.

Names are imported when they are first asked for: spaCy reaches this package through the entry points of our pipelines'
components, and `spacy.load` of a pipeline must not load the whole enricher.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from teletipo.enrich.enricher import CODER, Enricher, Task
    from teletipo.enrich.model import Draft, Enriched, Failed, Stage

__all__ = ["CODER", "Draft", "Enriched", "Enricher", "Failed", "Stage", "Task"]

_MODULES = {"CODER": "enricher", "Enricher": "enricher", "Task": "enricher"} | dict.fromkeys(
    ("Draft", "Enriched", "Failed", "Stage"), "model"
)


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)
