"""The sums that are shipped say what the trained weights say, for mentions of invented texts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from teletipo.enrich.sentiment import targets

from training.sentiment.company import Vectors
from training.sentiment.data import VECTORS, Reader, features, read_targets
from training.sentiment.fit import Linear
from training.sentiment.fold import target_arrays

TEXTS = {
    "es": ["Elena Robledo condenó  el ataque; «no habrá paz», dijo Sorel", "Sorel", "El juez encarceló a Sorel por fraude."],
    "en": ["Grier praised Holt for the truce, but Holt was jailed.", "Troops attacked Holt in the valley on Monday."],
}
NAMES = ("Elena Robledo", "Sorel", "Grier", "Holt")


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def _rows(language: str) -> list[dict[str, Any]]:
    rows = []
    for text in TEXTS[language]:
        spans = [{"start": text.index(name), "end": text.index(name) + len(name)} for name in NAMES if name in text]
        rows.append({"text": text, "targets": spans})
    return rows


@pytest.mark.parametrize("language", ["es", "en"])
def test_shipped_arrays_say_what_the_weights_say(language: str, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = np.random.default_rng(4)
    ((mentions, events),) = read_targets(_rows(language), language, reader)
    forms = mentions.columns.forms[::2] >> np.uint64(32)
    width = (VECTORS.stop - VECTORS.start) // 8
    company = Vectors(
        forms.astype(np.uint32),
        chance.normal(size=(len(forms), width)).astype(np.float32),
        chance.random(len(forms)).astype(np.float32),
    )
    matrix = features(mentions, events, company)
    model = Linear(chance.uniform(-1, 1, size=(matrix.shape[1], 3)), chance.normal(size=3))
    arrays = target_arrays(model, company, 1.0)
    weights = {
        key: array if key == "forms" else array.astype(np.float32) * arrays.get(f"{key}_scale", 1)
        for key, array in arrays.items()
    }
    monkeypatch.setattr(targets, "load_weights", lambda _name: weights)
    found, pulls = targets.TargetModel(language).read(mentions, [None] * len(mentions), events)
    assert len(found) == sum(len(row["targets"]) for row in _rows(language)) == len(mentions)
    assert any(events)
    assert found == pytest.approx(model.logits(matrix), abs=0.3)
    assert np.corrcoef(found.ravel(), model.logits(matrix).ravel())[0, 1] > 0.999
    assert len(pulls) == len(mentions.around)
