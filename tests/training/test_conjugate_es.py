"""Spanish verb forms against paradigms of the grammar."""

from __future__ import annotations

import pytest

from training.conjugate_es import CLITICS, conjugate

FORMS = {
    "reunir": "reúno reúne reúnen reunió reunieron reunirá reúna reunamos reuniera reunido reuniendo",
    "pedir": "pido pide pedimos pidió pidieron pidiendo pida pidamos pidiera pedís",
    "tener": "tengo tiene tuvo tuvieron tendrá tenga tuviera ten tenés",
    "mantener": "mantengo mantiene mantuvo mantendrá mantuviera",
    "proponer": "propongo propuso propondrá propuesto propongamos",
    "decir": "digo dice dijo dijeron dirá dicho diga diciendo decís",
    "hacer": "hago hizo hicieron hará hecho haz haga",
    "ser": "soy es fue fueron era será sea fuera sido sos",
    "ir": "voy va fue iba irá vaya yendo vamos",
    "construir": "construyo construye construyó construyeron construyendo construya construimos",
    "producir": "produzco produjo produjeron produzca produce",
    "llegar": "llegué llegó llegue lleguemos llegará",
    "atacar": "ataqué atacó ataque ataquen",
    "rechazar": "rechacé rechazó rechace rechazaron",
    "dirigir": "dirijo dirige dirija dirigió",
    "morir": "muere murió murieron muerto muriendo muramos",
    "volver": "vuelve volvió vuelto vuelvan volvamos",
    "enviar": "envío envía envió envíe enviamos",
    "leer": "lee leyó leyeron leído leyendo leé",
    "oír": "oigo oye oyó oído oyendo oirá",
    "prever": "prevé previó previsto prevén",
    "jugar": "juega jugó jueguen",
    "adquirir": "adquiere adquirió adquieran",
    "poder": "puede pudo podrá podría podés pudiendo",
    "disolver": "disuelve disolvió disuelto",
    "suscribir": "suscribió suscrito",
    "contradecir": "contradijo contradicho contradice",
}


@pytest.mark.parametrize(("infinitive", "forms"), FORMS.items())
def test_forms(infinitive: str, forms: str) -> None:
    made = {form for form, _features in conjugate(infinitive)}
    assert set(forms.split()) <= made


@pytest.mark.parametrize(("infinitive", "wrong"), [("presentar", "presienta"), ("intentar", "intienta"), ("aprender", "apreso")])
def test_a_likeness_of_letters_is_no_kinship(infinitive: str, wrong: str) -> None:
    assert wrong not in {form for form, _features in conjugate(infinitive)}


def test_features_tell_the_persons_apart() -> None:
    features = dict(conjugate("firmar"))
    assert features["firmaron"] == "Mood=Ind|Number=Plur|Person=3|Tense=Past|VerbForm=Fin"
    assert features["firmará"] == "Mood=Ind|Number=Sing|Person=3|Tense=Fut|VerbForm=Fin"


def test_a_word_that_is_no_infinitive_has_no_forms() -> None:
    assert list(conjugate("mesa")) == []


def test_pairs_of_clitics() -> None:
    assert {"se", "selo", "melas", "nos"} <= set(CLITICS)
