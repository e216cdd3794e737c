"""What the worker counts, for `/metrics` in the Prometheus text format."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """All instruments of one worker, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.items = self._counter("items", "Inputs read and delivered.", "provider")
        self.decisions = self._counter("decisions", "What was decided of inputs.", "decision")
        self.dead_letters = self._counter("dead_letters", "Inputs that became dead letters.", "type")
        self.fields = self._counter("fields_ignored", "Fields left out or set to null.", "why", "field")
        self.rekeyed = self._counter("rekeyed", "Inputs sent on to the partition of their key.")
        self.forwarded = self._counter("kills_forwarded", "Kills sent on to the item that they name.")
        self.kills_unmatched = self._counter("kills_unmatched", "Kills that met nothing shown or held.")
        self.published = self._counter("records", "Records sent.", "topic")
        self.repeats = self._counter("units_repeated", "Units whose child died or hung.", "why")
        self.latency = self._histogram("seconds", "Seconds of a batch by stage.", "stage")
        self.kill_seconds = self._histogram("kill_seconds", "From reading a kill to its acknowledged retraction.")
        self.release_delay = self._histogram("release_delay_seconds", "From an embargo's end to its acknowledged release.")
        self.lag = self._gauge("lag", "Inputs that wait.", "partition")
        self.held = self._gauge("held", "Items under embargo.")
        self.next_release = self._gauge("next_release_timestamp_seconds", "When the next embargo ends; 0: none.")
        self.pool = self._gauge("pool", "Enriching units.", "state")
        self.last_item = self._gauge("last_item_timestamp_seconds", "Last item of a provider.", "provider")
        self.partitions = self._gauge("partitions", "Partitions that this worker owns.")

    def _counter(self, name: str, meaning: str, *labels: str) -> Counter:
        return Counter(f"teletipo_{name}", meaning, labels, registry=self.registry)

    def _gauge(self, name: str, meaning: str, *labels: str) -> Gauge:
        return Gauge(f"teletipo_{name}", meaning, labels, registry=self.registry)

    def _histogram(self, name: str, meaning: str, *labels: str) -> Histogram:
        return Histogram(f"teletipo_{name}", meaning, labels, buckets=_SECONDS, registry=self.registry)
