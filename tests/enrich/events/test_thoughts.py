"""What an author thinks should, can or would be done, and what is so of a kind, is no act; what somebody says of it may be."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from teletipo.enrich.model import Draft

Coded = Callable[..., Draft]


def types(draft: Draft) -> list[str]:
    return [event.type for event in draft.events]


@pytest.mark.parametrize(
    "text",
    [
        "Peru should encourage Bolivia to release the two fishermen.",
        "Norway must arrest the general and deport the colonel, who have said nothing.",
        "Kenya would have expelled the three Danish diplomats.",
        "Chad and Sudan can cooperate on border security.",
        "Governments that attack their own people lose the trust of the world.",
        "The former Danish minister once accused Sweden of arrogance.",
        "The question is whether the president of Benin muzzles the press and jails the opposition leader.",
        "Zambia needs a meeting with the president of Malawi.",
    ],
)
def test_a_thought_is_no_act(text: str, coded: Coded) -> None:
    assert types(coded(text, language="en")) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Police arrested a general who commands the guard in Lomé.", "COERCE"),
        ("Canada is once again expelling Iranian diplomats.", "SANCTION"),
        ("The soldiers, once arrested, were deported to Chad.", "COERCE"),
        ("Rebels who attacked a village in Mali on Monday killed four farmers.", "ASSAULT"),
        ("Kenya expelled three Danish diplomats who should have left in May.", "SANCTION"),
    ],
)
def test_what_is_told_beside_a_thought_stays(text: str, kind: str, coded: Coded) -> None:
    assert kind in types(coded(text, language="en"))


def test_what_an_act_did_not_do_leaves_the_act(coded: Coded) -> None:
    draft = coded("Iran's missile attack on Erbil on Monday did not surprise the Iraqi government.", language="en")
    assert [(e.type, e.modality) for e in draft.events] == [("ASSAULT", "asserted")]


def test_an_act_refused_by_a_noun_is_not_done(coded: Coded) -> None:
    draft = coded("Ghana's refusal to deport the journalist angered Togo.", language="en")
    assert {e.modality for e in draft.events if e.type == "COERCE"} <= {"denied"}
