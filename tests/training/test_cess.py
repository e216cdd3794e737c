"""Bracket trees are read and turned into dependencies by the head rules."""

from __future__ import annotations

import pytest

from training.cess import parse_trees
from training.cess_heads import skeleton
from training.errors import CorpusError

INVENTED = """
(
  (S
    (snp-SUJ
      (grup.nom.ms
        (np0000p Ana_Paz Ana_Paz)))
    (grup.verb
      (vaip3s0 ha haber)
      (vmp00sm visitado visitar))
    (sn-CD
      (espec.ms
        (da0ms0 el el))
      (grup.nom.co
        (grup.nom.ms
          (ncms000 puerto puerto))
        (coord
          (cc y y))
        (grup.nom.ms
          (ncms000 faro faro))))
    (sn.e-CI *0*)
    (sp-CC
      (prep
        (sps00 de de))
      (sn
        (grup.nom
          (np0000l La_Palma La_Palma)))
      (Fpa -Fpa- -Fpa-)
      (Fpt -Fpt- -Fpt-))
    (Fp . .)))
"""
COPULA = """
(S
  (sn-SUJ
    (espec.fs
      (da0fs0 La el))
    (grup.nom.fs
      (ncfs000 paz paz)))
  (grup.verb
    (vmip3s0 puede poder)
    (infinitiu
      (vsn0000 ser ser)))
  (sa-ATR
    (grup.a.fs
      (aq0cs0 posible posible)))
  (Fp . .))
"""


def heads(text: str) -> dict[str, str]:
    (tree,) = parse_trees(text, "invented")
    frame = skeleton(tree)
    return {tree.words[i]: tree.words[head] for i, head in enumerate(frame.heads)}


def test_words_entities_and_traces() -> None:
    (tree,) = parse_trees(INVENTED, "invented")
    assert tree.words == ["Ana", "Paz", "ha", "visitado", "el", "puerto", "y", "faro", "de", "La", "Palma", "(", ")", "."]
    assert tree.entities() == ["B-PER", "I-PER", *["O"] * 7, "B-LOC", "I-LOC", "O", "O", "O"]


def test_heads_of_a_plain_clause() -> None:
    found = heads(INVENTED)
    assert found["visitado"] == "visitado"
    assert found["Ana"] == "visitado"
    assert found["Paz"] == "Ana"
    assert found["ha"] == "visitado"
    assert found["puerto"] == "visitado"
    assert found["el"] == "puerto"
    assert found["faro"] == "puerto"
    assert found["y"] == "faro"
    assert found["de"] == found["La"] == "Palma"
    assert found["."] == "visitado"


def test_the_attribute_heads_a_copular_clause() -> None:
    found = heads(COPULA)
    assert found["posible"] == "posible"
    assert found["ser"] == found["puede"] == found["paz"] == "posible"


def test_every_word_has_a_head_and_there_is_one_root() -> None:
    for text in (INVENTED, COPULA):
        (tree,) = parse_trees(text, "invented")
        frame = skeleton(tree)
        assert sum(head == i for i, head in enumerate(frame.heads)) == 1
        assert min(frame.heads) >= 0


def test_a_broken_line_is_named() -> None:
    with pytest.raises(CorpusError, match="invented, line 2"):
        list(parse_trees("(S\n  what is this", "invented"))
