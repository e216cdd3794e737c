"""The subscribers' side: typed changes of events and articles, read committed, filtered."""

from teletipo.subscribe.client import Change, Subscription, articles, events
from teletipo.subscribe.filters import Filter

__all__ = ["Change", "Filter", "Subscription", "articles", "events"]
