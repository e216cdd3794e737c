"""Where the corpora lie, and which of them must never be trained on."""

from __future__ import annotations

import csv
import os
from dataclasses import dataclass
from pathlib import Path

from training.errors import CorpusError, ForbiddenCorpus

ROOT = Path(__file__).resolve().parent.parent
STOCK = ROOT / "training" / "work" / "stock"
"""Where `training.stock` leaves its pipelines, a folder for each language, and `bench.stream` looks for them."""
EVALUATION_ONLY = frozenset({"es/ancora-devtest.conllu", "es/cess-ner.dev.conll", "en/ewt-dev.conllu", "en/ewt-ner-dev.conll"})


def shared_folder(given: str | None = None) -> Path:
    """The shared folder: the argument, else ``TELETIPO_SHARED``, else ``../shared`` beside the repository."""
    return Path(given or os.environ.get("TELETIPO_SHARED") or ROOT.parent / "shared")


@dataclass(frozen=True, slots=True)
class Corpora:
    """The corpora folder. ``path`` is for evaluation and facts, ``training`` refuses what is kept for evaluation."""

    folder: Path

    @classmethod
    def find(cls, shared: str | None = None) -> Corpora:
        """Raises CorpusError where there is no such folder."""
        folder = shared_folder(shared) / "corpora"
        if not folder.is_dir():
            raise CorpusError(f"no corpora in {folder}: give --shared FOLDER or set TELETIPO_SHARED")
        return cls(folder)

    def path(self, name: str) -> Path:
        """A file by its name in SOURCES.md; CorpusError where it is missing."""
        path = self.folder / name
        if not path.exists():
            raise CorpusError(f"{path} is missing: SOURCES.md lists it")
        return path

    def training(self, name: str) -> Path:
        """A file to train on; ForbiddenCorpus for the evaluation files."""
        if name in EVALUATION_ONLY:
            raise ForbiddenCorpus(f"{name} is kept for evaluation and may not be trained on")
        return self.path(name)

    def parallel_files(self, part: str | None = None) -> set[str]:
        """CESS files (no suffix) that hold sentences of AnCora dev or devtest; ``part`` picks ``dev`` or ``devtest``."""
        with open(self.path("es/cess-esp.parallel.tsv"), encoding="utf-8", newline="") as rows:
            found = [
                (row["file"].removesuffix(".tbf"), row["in"])
                for row in csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE)
            ]
        return {file for file, where in found if part is None or where == part}
