"""Matrix products of a pipeline by numpy instead of BLIS.

Thinc multiplies matrices with BLIS, whose wheels have no kernels for AVX-512; the OpenBLAS inside numpy's wheels has them, and
takes a third of the time for the shapes of a small pipeline. Everything else that thinc computes stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc
from thinc.api import NumpyOps
from threadpoolctl import threadpool_limits

NUMPY = NumpyOps(use_blis=False)
"""Thinc's operations on the processor, with numpy's matrix product."""


@Language.factory("teletipo_arithmetic")
class Arithmetic:
    """The last component of a pipeline: once all weights are loaded, it tells every network to multiply by numpy.

    Documents pass it unchanged. From then on the BLAS libraries of the process use one thread, as BLIS does: products of this
    size gain nothing from more, and a pool has a process for each core.
    """

    def __init__(self, nlp: Language, name: str) -> None:
        self.nlp, self.name = nlp, name

    def __call__(self, doc: Doc) -> Doc:
        return doc

    def to_disk(self, path: str | Path, exclude: Iterable[str] = ()) -> None:
        """Nothing to keep; spaCy calls `from_disk` only for what can be written."""

    def from_disk(self, path: str | Path, exclude: Iterable[str] = ()) -> Arithmetic:
        """Called after the weights of all components before it were read."""
        for _name, pipe in self.nlp.pipeline:
            model = getattr(pipe, "model", None)
            for node in model.walk() if model is not None else ():
                node.ops = NUMPY
        threadpool_limits(1, "blas")
        return self
