"""CoNLL-U is read as `spacy convert --merge-subtokens` reads it."""

from __future__ import annotations

from pathlib import Path

from spacy.training.converters import conllu_to_docs

from training.conllu import read_conllu, read_iob

INVENTED = """# newdoc id = uno
# sent_id = uno-1
# text = El juez salió del pueblo para verse con ella.
1\tEl\tel\tDET\t_\tDefinite=Def|Gender=Masc|Number=Sing|PronType=Art\t2\tdet\t_\t_
2\tjuez\tjuez\tNOUN\t_\tGender=Masc|Number=Sing\t3\tnsubj\t_\t_
3\tsalió\tsalir\tVERB\t_\tMood=Ind|Number=Sing|Person=3|Tense=Past|VerbForm=Fin\t0\troot\t_\t_
4-5\tdel\t_\t_\t_\t_\t_\t_\t_\t_
4\tde\tde\tADP\t_\t_\t6\tcase\t_\t_
5\tel\tel\tDET\t_\tDefinite=Def|Gender=Masc|Number=Sing|PronType=Art\t6\tdet\t_\t_
6\tpueblo\tpueblo\tNOUN\t_\tGender=Masc|Number=Sing\t3\tobl\t_\t_
7\tpara\tpara\tADP\t_\t_\t8\tmark\t_\t_
8-9\tverse\t_\t_\t_\t_\t_\t_\t_\t_
8\tver\tver\tVERB\t_\tVerbForm=Inf\t3\tadvcl\t_\t_
9\tse\tél\tPRON\t_\tCase=Acc|Person=3|PronType=Prs|Reflex=Yes\t8\texpl:pv\t_\t_
10\tcon\tcon\tADP\t_\t_\t11\tcase\t_\t_
11\tella\tél\tPRON\t_\tGender=Fem|Number=Sing|Person=3\t8\tobl\t_\tSpaceAfter=No
12\t.\t.\tPUNCT\t_\tPunctType=Peri\t3\tpunct\t_\t_

"""


def test_multiword_tokens_are_merged_as_spacy_does(tmp_path: Path) -> None:
    path = tmp_path / "invented.conllu"
    path.write_text(INVENTED, encoding="utf-8")
    (sentence,) = read_conllu(path)
    (doc,) = conllu_to_docs(INVENTED, n_sents=1, merge_subtokens=True, no_print=True)
    assert sentence.words == [token.text for token in doc]
    assert sentence.heads == [token.head.i for token in doc]
    assert sentence.deps == [token.dep_ for token in doc]
    assert sentence.pos == [token.pos_ for token in doc]
    assert sentence.morphs == [str(token.morph) for token in doc]
    assert sentence.lemmas == [token.lemma_ for token in doc]
    assert sentence.text.strip() == doc.text.strip() == "El juez salió del pueblo para verse con ella."
    assert sentence.document == "uno"


def test_syntactic_words_keep_the_space_after_the_whole_token(tmp_path: Path) -> None:
    path = tmp_path / "invented.conllu"
    path.write_text(INVENTED, encoding="utf-8")
    (sentence,) = read_conllu(path, merge=False)
    assert sentence.words[3:5] == ["de", "el"]
    assert sentence.spaces[3:5] == [False, True]


def test_iob(tmp_path: Path) -> None:
    path = tmp_path / "names.conll"
    path.write_text("Ana\tB-PER\nPaz\tI-PER\nllegó\tO\n\nA\tO\nLima\tB-LOC\n\n", encoding="utf-8")
    first, second = read_iob(path)
    assert first.entities == ["B-PER", "I-PER", "O"]
    assert second.words == ["A", "Lima"]
