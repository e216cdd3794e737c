"""Who did what to whom, where and when: the event coder. The data it works from is in languages/*/ and codebook/."""

from teletipo.enrich.events.coder import EventCoder
from teletipo.enrich.events.identity import event_id

__all__ = ["EventCoder", "event_id"]
