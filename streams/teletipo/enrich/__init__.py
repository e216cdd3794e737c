"""From a wire item to an enriched article and its events: clean, language, annotate, entities, quotes, events, sentiment."""

from teletipo.enrich.enricher import CODER, Enricher, Task
from teletipo.enrich.model import Draft, Enriched, Failed, Stage

__all__ = ["CODER", "Draft", "Enriched", "Enricher", "Failed", "Stage", "Task"]
