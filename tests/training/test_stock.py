"""The stock pipeline that the benches measure against is spaCy's own configuration with weights that were learnt."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
import spacy

from training.sentence import Sentence
from training.stock import blank_stock, lemma_table, main

ROWS = (
    ("Marta", "Marta", "PROPN", 2, "nsubj", "B-PER"),
    ("visited", "visit", "VERB", 0, "root", "O"),
    ("Lisbon", "Lisbon", "PROPN", 2, "obj", "B-LOC"),
    (".", ".", "PUNCT", 2, "punct", "O"),
)
TREE = "\n".join(
    f"{n}\t{word}\t{lemma}\t{pos}\t_\t_\t{head}\t{dep}\t_\t_" for n, (word, lemma, pos, head, dep, _) in enumerate(ROWS, 1)
)
NAMES = "\n".join(f"{row[0]}\t{row[5]}" for row in ROWS)
REPEATS = 40
"""The parser forgets labels that it has seen fewer than 30 times."""


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    folder = tmp_path / "shared" / "corpora" / "en"
    folder.mkdir(parents=True)
    trees, names = f"{TREE}\n\n" * REPEATS, f"{NAMES}\n\n" * REPEATS
    (folder / "ewt-train.conllu.gz").write_bytes(gzip.compress(trees.encode()))
    (folder / "ewt-ner-train.conll").write_text(names, encoding="utf-8")
    (folder / "ewt-dev.conllu").write_text(trees, encoding="utf-8")
    (folder / "ewt-ner-dev.conll").write_text(names, encoding="utf-8")
    return tmp_path / "shared"


@pytest.mark.parametrize("language", ["es", "en"])
def test_it_is_spacys_configuration_with_one_shared_tok2vec(language: str) -> None:
    nlp = blank_stock(language)
    assert nlp.lang == language
    assert nlp.pipe_names == ["tok2vec", "morphologizer", "parser", "ner"]
    assert nlp.get_pipe("tok2vec").listening_components == ["morphologizer", "parser", "ner"]
    assert nlp.config.interpolate()["components"]["tok2vec"]["model"]["encode"]["width"] == 96


def test_it_learns_and_is_left_whole(shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    work = tmp_path / "work"
    assert main(["en", "--shared", str(shared), "--minutes", "0.005", "--work", str(work)]) == 0
    nlp = spacy.load(work / "en")
    doc = nlp("Marta visited Lisbon .")
    assert nlp.pipe_names == ["tok2vec", "morphologizer", "parser", "ner", "lemmatizer"]
    assert [token.lemma_ for token in doc] == ["Marta", "visit", "Lisbon", "."]
    assert {token.pos_ for token in doc} <= {"PROPN", "VERB", "PUNCT"}
    assert json.loads((work / "en" / "progress.json").read_text("utf-8"))["step"] > 0
    assert capsys.readouterr().out.splitlines()[-1] == f"left in {work / 'en'}"


def test_the_most_frequent_lemma_of_a_form_is_looked_up() -> None:
    found = [Sentence(["fue"], [False], lemmas=[lemma]) for lemma in ("ir", "ser", "ser")]
    assert lemma_table([*found, Sentence(["sin"], [False])]) == {"fue": "ser"}


def test_missing_corpora_are_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["es", "--shared", str(tmp_path)]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err == f"training.stock: no corpora in {tmp_path / 'corpora'}: give --shared FOLDER or set TELETIPO_SHARED\n"
