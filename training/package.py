"""Packs a trained pipeline: lemmatizer added, licence, attribution and card beside it, the old folder replaced at once."""

from __future__ import annotations

import json
import shutil
import tomllib
from importlib.metadata import version
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.util import compile_suffix_regex
from teletipo.enrich.components.lemmatizer import LemmaTable, TableLemmatizer

from training.measure import scores
from training.paths import ROOT
from training.recipe import Evaluation

_DATELINE_ENDS = [r"\.[-–—]"]
"""What ends a dateline without a space, "Pyongyang (EFE).-": one token, as the augmented training sentences have it."""

LARGEST = 20 * 2**20
"""Bytes that a packed pipeline may have."""


def pack(nlp: Language, lemmas: LemmaTable, held: Evaluation, output: Path, cleared: bool) -> Path:
    """Write the finished pipeline to a folder of `output`, measured.

    Args:
        nlp: the trained pipeline without a lemmatizer.
        lemmas: its lemma table.
        held: what to measure on.
        output: the folder that holds the pipelines' folders.
        cleared: whether only cleared corpora were used; it goes into the card.
    """
    suffixes = [*(nlp.Defaults.suffixes or []), *_DATELINE_ENDS]
    nlp.tokenizer.suffix_search = compile_suffix_regex(suffixes).search
    nlp.add_pipe("teletipo_boundaries", name="boundaries", before="parser")
    lemmatizer = nlp.add_pipe("teletipo_lemmatizer", name="lemmatizer", after="morphologizer")
    assert isinstance(lemmatizer, TableLemmatizer)
    lemmatizer.table = lemmas
    nlp.add_pipe("teletipo_arithmetic", name="arithmetic")
    measured = scores(nlp, held)
    folder = output / f"{nlp.lang}_teletipo"
    building = output / f".{nlp.lang}_teletipo.new"
    shutil.rmtree(building, ignore_errors=True)
    card = _card_data(nlp.lang)
    nlp.meta.update(
        name="teletipo",
        version=version("teletipo"),
        description=card["description"],
        license=card["license"],
        author="Teletipo",
        performance={name: round(value, 4) for name, value in measured.items()},
        sources=[{"name": row["name"], "url": row.get("url", ""), "license": row["license"]} for row in _rows(card, cleared)],
    )
    building.parent.mkdir(parents=True, exist_ok=True)
    # The vocabulary would hold every word seen in training; what the components need they bring with them.
    nlp.to_disk(building, exclude=["vocab"])
    (building / "LICENSE").write_text(card["license_text"], encoding="utf-8")
    (building / "ATTRIBUTION").write_text(_attribution(card, cleared), encoding="utf-8")
    (building / "README.md").write_text(_card(nlp, card, measured, cleared), encoding="utf-8")
    size = sum(path.stat().st_size for path in building.rglob("*") if path.is_file())
    if size > LARGEST:
        raise ValueError(f"{building} has {size} bytes, more than {LARGEST}")
    shutil.rmtree(folder, ignore_errors=True)
    building.rename(folder)
    return folder


def score_table(folder: Path) -> str:
    """The measured scores of a packed pipeline, a line each."""
    with open(folder / "meta.json", encoding="utf-8") as file:
        measured = json.load(file)["performance"]
    return "\n".join(f"  {name:<10} {100 * value:6.2f}" for name, value in measured.items())


def _card_data(language: str) -> dict[str, Any]:
    with open(ROOT / "training" / "configs" / f"card_{language}.toml", "rb") as file:
        return tomllib.load(file)


def _rows(card: dict[str, Any], cleared: bool) -> list[dict[str, str]]:
    wanted = ("yes", "alone") if cleared else ("yes", "no")
    return [row for row in card["corpora"] if row["cleared"] in wanted]


def _attribution(card: dict[str, Any], cleared: bool) -> str:
    lines = ["This pipeline was trained on or made from:", ""]
    for row in _rows(card, cleared):
        lines += [f"- {row['name']}, {row['license']}. {row['credit']}", *([f"  {row['url']}"] if row.get("url") else [])]
    return "\n".join(lines) + "\n"


def _card(nlp: Language, card: dict[str, Any], measured: dict[str, float], cleared: bool) -> str:
    measured_on = card["measured_on"]
    rows = "\n".join(f"| {row['name']} | {row['use']} | {row['license']} | {row['status']} |" for row in _rows(card, cleared))
    figures = "\n".join(
        f"| {label} | {100 * measured[name]:.1f} | {measured_on[name]} |" for name, label in _LABELS.items() if name in measured
    )
    errors = "\n".join(f"- {line}" for line in card["known_errors"])
    variant = " (variant of cleared corpora only)" if cleared else ""
    return f"""# {nlp.lang}_teletipo {nlp.meta["version"]}{variant}

{card["description"]}

Components: {", ".join(nlp.pipe_names)}. Licence: {card["license"]} (LICENSE, ATTRIBUTION).

## Data

"Status" is the answer of `SOURCES.md` to "may a model trained on it be shipped?".

| corpus | used for | licence | status |
|---|---|---|---|
{rows}

## Scores

| | % | measured on |
|---|---|---|
{figures}

None of the files in the last column was trained on, nor any CESS-ESP file that shares sentences with them.

## Known errors

{errors}

## Made by

`python -m training {nlp.lang}{" --cleared" if cleared else ""}`; seed, sizes and times: `training/configs/{nlp.lang}.toml`.
Training stops by the clock, so a repeated run gives a pipeline that is as good, not the same bytes.
"""


_LABELS = {
    "las": "dependencies, labelled (LAS)",
    "uas": "dependencies, unlabelled (UAS)",
    "pos": "parts of speech",
    "morph": "features",
    "lemma": "lemmas",
    "ner": "entities F1 (PER, LOC, ORG)",
    "ner_PER": "entities F1, PER",
    "ner_LOC": "entities F1, LOC",
    "ner_ORG": "entities F1, ORG",
    "sentences": "sentence boundaries F1, raw text",
}
