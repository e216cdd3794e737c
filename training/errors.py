"""What can go wrong in training, as one clear line each."""

from __future__ import annotations


class TrainingError(Exception):
    """Base: ``str()`` is one line that says what, where and what to do."""


class CorpusError(TrainingError):
    """A corpus is missing or not in its format."""


class ForbiddenCorpus(TrainingError):
    """A file that is kept for evaluation was asked for as training data."""
