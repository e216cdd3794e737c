"""What is kept for evaluation cannot be trained on."""

from __future__ import annotations

import tarfile
from io import BytesIO
from pathlib import Path

import pytest

from training.cess import read_cess
from training.errors import CorpusError, ForbiddenCorpus
from training.paths import EVALUATION_ONLY, Corpora

TREE = "(S\n  (grup.verb\n    (vmip3s0 llueve llover))\n  (Fp . .))\n"


@pytest.fixture
def corpora(tmp_path: Path) -> Corpora:
    folder = tmp_path / "corpora" / "es"
    folder.mkdir(parents=True)
    (folder / "cess-esp.parallel.tsv").write_text(
        "file\tancora_document\tin\tshared_sentences\tfile_sentences\nkept_1\tX\tdevtest\t1\t1\ntuned_2\tY\tdev\t1\t1\n",
        encoding="utf-8",
    )
    with tarfile.open(folder / "cess-esp.train.tar.gz", "w:gz") as archive:
        for name in ("kept_1", "tuned_2", "free_3"):
            member = tarfile.TarInfo(f"cess-esp/{name}.tbf")
            member.size = len(TREE)
            archive.addfile(member, BytesIO(TREE.encode()))
    return Corpora.find(str(tmp_path))


@pytest.mark.parametrize("name", sorted(EVALUATION_ONLY))
def test_evaluation_files_are_refused(corpora: Corpora, name: str) -> None:
    with pytest.raises(ForbiddenCorpus, match=name):
        corpora.training(name)


def test_parallel_files_of_cess_are_left_out(corpora: Corpora) -> None:
    assert [tree.file for tree in read_cess(corpora)] == ["free_3"]


def test_the_converter_sees_only_files_parallel_to_dev(corpora: Corpora) -> None:
    assert [tree.file for tree in read_cess(corpora, corpora.parallel_files("dev"))] == ["tuned_2"]


def test_a_missing_folder_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(CorpusError) as caught:
        Corpora.find(str(tmp_path / "nowhere"))
    assert "\n" not in str(caught.value)
