"""Where names begin and end, what type they have, and which of them are one thing: the causes of faults seen in articles."""

from __future__ import annotations

from functools import cache
from importlib import resources

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.tokens import Span as DocSpan
from teletipo.enrich.clean import Cleaner
from teletipo.enrich.entities import EntityLinker
from teletipo.enrich.entities.surface import LowerWords
from teletipo.enrich.model import Draft
from teletipo.records import RawItem
from teletipo.settings import Settings

CLEANER = Cleaner(Settings())
LINKER = EntityLinker(Settings())


@cache
def pipeline(language: str) -> Language:
    return spacy.load(str(resources.files("teletipo.pipelines") / f"{language}_teletipo"))


def names(
    body: str, language: str = "es", headline: str | None = None, recognised: dict[str, str] | None = None
) -> dict[str, tuple[str, list[str]]]:
    """Type and mentions by name. `recognised`: what the recogniser is made to see instead of what it does see."""
    draft = Draft(RawItem("p", "1", headline=headline, body=body), language=language)
    CLEANER([draft])
    doc = pipeline(language)(draft.text)
    if recognised is not None:
        doc.ents = _seen(doc, recognised)
    draft.doc = doc
    LINKER([draft])
    return {entity.name: (entity.type, [mention.text for mention in entity.mentions]) for entity in draft.entities}


def _seen(doc: Doc, recognised: dict[str, str]) -> list[DocSpan]:
    spans = []
    for name, label in recognised.items():
        start = doc.text.index(name)
        span = doc.char_span(start, start + len(name), label=label, alignment_mode="expand")
        assert span is not None, name
        spans.append(span)
    return spans


@pytest.mark.parametrize(
    ("body", "language", "recognised", "expected"),
    [
        pytest.param(
            "Habló el Presidente del Banco de Prueba, Ana Ruiz.",
            "es",
            {"Presidente del Banco de Prueba": "PER", "Ana Ruiz": "PER"},
            {
                "Banco de Prueba": ("ORG", ["Banco de Prueba"]),
                "Ana Ruiz": ("PER", ["el Presidente del Banco de Prueba", "Ana Ruiz"]),
            },
            id="office and its body taken for a person",
        ),
        pytest.param(
            "The plan of Jean-Claude Prueba failed.",
            "en",
            {"Jean": "PER", "Claude Prueba": "PER"},
            {"Jean-Claude Prueba": ("PER", ["Jean-Claude Prueba"])},
            id="a double name cut at its hyphen",
        ),
        pytest.param(
            "El juez del Tribunal Supremo Bruno Prueba firmó. Prueba no habló.",
            "es",
            {"Tribunal Supremo Bruno Prueba": "ORG", "Prueba no": "PER"},
            {"Tribunal Supremo": ("ORG", ["Tribunal Supremo"]), "Bruno Prueba": ("PER", ["Bruno Prueba", "Prueba"])},
            id="a court and its judge in one stretch",
        ),
        pytest.param(
            "Lo firmó la Fundación Bruno Prueba, que creó Bruno Prueba.",
            "es",
            {"Fundación Bruno Prueba": "ORG"},
            {"Fundación Bruno Prueba": ("ORG", ["Fundación Bruno Prueba"])},
            id="a foundation called after a person stays whole",
        ),
        pytest.param(
            "Lo dijo la subsecretaria de Salud Ana Prueba.",
            "es",
            {"Salud Ana Prueba": "PER"},
            {"Ana Prueba": ("PER", ["Ana Prueba"])},
            id="a portfolio is no part of the name",
        ),
        pytest.param(
            "El portavoz del Ministerio chino de Asuntos Exteriores Lin Prueba habló.",
            "es",
            {"Ministerio": "ORG", "Asuntos Exteriores Lin Prueba": "ORG"},
            {
                "Ministerio chino de Asuntos Exteriores": ("ORG", ["Ministerio chino de Asuntos Exteriores"]),
                "Lin Prueba": ("PER", ["Lin Prueba"]),
            },
            id="a demonym inside the name of a ministry",
        ),
        pytest.param(
            "Venció Ana Prueba en la final.",
            "es",
            {"Venció Ana Prueba": "PER"},
            {"Ana Prueba": ("PER", ["Ana Prueba"])},
            id="a verb that begins the sentence",
        ),
        pytest.param(
            "Mark Prueba won. Yet Prueba resigned.",
            "en",
            {"Mark Prueba": "PER", "Yet Prueba": "PER"},
            {"Mark Prueba": ("PER", ["Mark Prueba", "Prueba"])},
            id="an adverb that begins the sentence",
        ),
        pytest.param(
            "The decision fell at the ECB's January Governing Council meeting.",
            "en",
            {"ECB's January Governing Council": "ORG"},
            {"Governing Council": ("ORG", ["Governing Council"])},
            id="owner and month before a name",
        ),
        pytest.param(
            "Pasó de la Fiscalía General hacia la casa de Prueba.",
            "es",
            {"Fiscalía General hacia la casa de Prueba": "ORG"},
            {"Fiscalía General": ("ORG", ["Fiscalía General"])},
            id="a name does not go on after a preposition of direction",
        ),
        pytest.param(
            "La compró el grupo de calzado Tod's el lunes.",
            "es",
            {"Tod's": "MISC"},
            {"Tod's": ("MISC", ["Tod's"])},
            id="in Spanish the apostrophe belongs to the name",
        ),
    ],
)
def test_limits(body: str, language: str, recognised: dict[str, str], expected: dict[str, tuple[str, list[str]]]) -> None:
    got = names(body, language, recognised=recognised)
    assert {name: got.get(name) for name in expected} == expected
    assert not [name for name in got if name not in expected and name != "ECB"]


@pytest.mark.parametrize(
    ("body", "language", "recognised"),
    [
        ("El PIB y la TV no bastan, dijo el CEO.", "es", {"PIB": "ORG", "TV": "LOC", "CEO": "ORG"}),
        ("El ingreso llegó a US$14.000 por persona.", "es", {"US$14.000": "MISC"}),
        ("En el siglo III los ascensores cambiaron.", "es", {"III": "MISC"}),
        (
            "Los Estados miembros hablaron del Estado de Derecho y de un golpe de Estado.",
            "es",
            {"Estados": "LOC", "Estado de Derecho": "ORG"},
        ),
        ("Los ministros europeos de Economía y Finanzas lo aprobaron.", "es", {"Economía y Finanzas": "ORG"}),
        ("Todo sigue igual.\nSEMANAS O DÍAS\nNo hay fecha.", "es", {"SEMANAS": "ORG"}),
        ("They looked for WMD and found none.", "en", {"WMD": "ORG"}),
    ],
)
def test_capitals_that_are_no_names(body: str, language: str, recognised: dict[str, str]) -> None:
    assert names(body, language, recognised=recognised) == {}


@pytest.mark.parametrize(
    ("body", "name", "label", "kind"),
    [
        ("Lo dijo Volkswagen en un comunicado.", "Volkswagen", "PER", "ORG"),
        ("Se vende en Google Store desde ayer.", "Google Store", "PER", "ORG"),
        ("Lo difundió Ennadha, principal fuerza parlamentaria.", "Ennadha", "PER", "ORG"),
        ("Lo publica la revista científica Natura.", "Natura", "PER", "ORG"),
        ("El tifón Aereo llegó a la costa.", "Aereo", "PER", "MISC"),
        ("Vive en la comunidad indígena de Zacuapan.", "Zacuapan", "PER", "LOC"),
        ("Cayó la Unión Soviética.", "Unión Soviética", "ORG", "LOC"),
        ("Subieron al Cerro Grande.", "Cerro Grande", "PER", "LOC"),
        ("Fueron las Olimpiadas de Prueba.", "Olimpiadas de Prueba", "ORG", "MISC"),
        ("El colega de Harvard lo negó.", "Harvard", "LOC", "ORG"),
    ],
)
def test_types(body: str, name: str, label: str, kind: str) -> None:
    assert names(body, recognised={name: label})[name][0] == kind


def test_two_states_joined_by_a_hyphen_are_two() -> None:
    assert set(names("La guerra Irán-Irak duró ocho años.", recognised={"Irán-Irak": "ORG"})) == {"Irán", "Irak"}


def test_governments_of_two_states_are_two_things() -> None:
    body = "China protestó ante el Gobierno del Japón. El Gobierno de China exigió disculpas. El Gobierno no dio plazo."
    found = names(body)
    assert found["Gobierno del Japón"] == ("ORG", ["Gobierno"])
    assert found["Gobierno de China"] == ("ORG", ["Gobierno", "Gobierno"])


def test_government_of_one_state_is_one_thing() -> None:
    assert names("El Gobierno chino protestó. El Gobierno no dio plazo.")["Gobierno"] == ("ORG", ["Gobierno", "Gobierno"])


def test_head_alone_stands_for_the_longer_name_before_it() -> None:
    found = names("La Comisión Europea multó a la empresa. La Comisión dio un plazo. Habló la Comisión de Justicia.")
    assert found["Comisión Europea"] == ("ORG", ["Comisión Europea"]) or "Comisión de Justicia" in found
    found = names("La Comisión Europea multó a la empresa. La Comisión dio un plazo.")
    assert found["Comisión Europea"] == ("ORG", ["Comisión Europea", "Comisión"])


def test_usual_name_of_a_known_thing_is_its_name() -> None:
    found = names("La Comisión Europea habló. El Ejecutivo comunitario espera.")
    assert found["Comisión Europea"] == ("ORG", ["Comisión Europea", "Ejecutivo comunitario"])


def test_arabic_article_does_not_part_a_surname() -> None:
    found = names("Bashar al-Prueba reigned for years. Prueba fled.", "en", recognised={"Bashar al-Prueba": "PER"})
    assert found == {"Bashar al-Prueba": ("PER", ["Bashar al-Prueba", "Prueba"])}


def test_a_verb_that_opens_a_sentence_is_no_name() -> None:
    found = names("Venció Alejandro Molina al serbio Novak Ruiz.", recognised={"Alejandro Molina": "PER", "Novak Ruiz": "PER"})
    assert set(found) == {"Alejandro Molina", "Novak Ruiz"}


def test_a_person_and_the_body_behind_the_name_are_two() -> None:
    name = "Delfina López del Movimiento Aurora Popular"
    found = names(f"Murió la diputada {name}.", recognised={name: "PER"})
    assert {key: kind for key, (kind, _) in found.items()} == {"Delfina López": "PER", "Movimiento Aurora Popular": "ORG"}


def test_two_states_joined_by_de_are_two() -> None:
    found = names("El modelo Ruanda de Reino Unido fracasó.", recognised={"Ruanda de Reino Unido": "LOC"})
    assert set(found) == {"Ruanda", "Reino Unido"}


@pytest.mark.parametrize(
    ("headline", "body", "whole", "short"),
    [
        (None, "Citó el Tribunal Supremo al fiscal. Para el juez del Supremo, basta.", "Tribunal Supremo", "Supremo"),
        ("El Ayuntamiento multa", "El Ayuntamiento de Vigo multó a diez bares.", "Ayuntamiento de Vigo", "Ayuntamiento"),
        (None, "La Comisión espera. Mañana decide la Comisión Europea.", "Comisión Europea", "Comisión"),
    ],
)
def test_short_forms_of_bodies(headline: str | None, body: str, whole: str, short: str) -> None:
    assert short in names(body, headline=headline)[whole][1]


def test_the_commission_after_the_european_commission() -> None:
    body = "The European Commission said no. The Commission will wait."
    assert names(body, "en", recognised={"European Commission": "ORG"})["European Commission"] == (
        "ORG",
        ["European Commission", "Commission"],
    )


def test_a_company_in_a_list_of_companies_is_no_person() -> None:
    body = "Cayó Aurora Depot (-1,42 %). Subían Chevron (2,11 %), Intel (1,54 %), Walgren (1,02 %) e IBM (0,99 %)."
    found = names(body, recognised={"Aurora Depot": "PER", "Chevron": "ORG", "Intel": "ORG", "Walgren": "PER", "IBM": "ORG"})
    assert {kind for kind, _ in found.values()} == {"ORG"}


def test_a_town_before_its_state_and_one_named_by_its_county_are_places() -> None:
    body = "The flood moves from Alba, Arkansas, to Nuchez, Mississippi. The watch for Alexander ended; Alexander County waits."
    found = names(body, "en", recognised={"Nuchez": "PER", "Alexander County": "LOC", "Alexander": "PER", "Alba": "PER"})
    assert {found[name][0] for name in ("Nuchez", "Alexander", "Alba")} == {"LOC"}


def test_an_office_in_front_of_a_person_is_no_name() -> None:
    body = "US Defence Secretary Jim Molina met China's General Secretary Wu Ruiz and Interior Secretary Ann Doe."
    seen = {"US Defence": "ORG", "Jim Molina": "PER", "Secretary Wu Ruiz": "PER", "Interior Secretary Ann Doe": "PER"}
    found = names(body, "en", recognised=seen)
    assert {"Jim Molina", "Wu Ruiz", "Ann Doe"} <= set(found)
    assert not any("Defence" in name or "Secretary" in name for name in found)


def test_a_lower_case_word_is_no_part_of_a_name() -> None:
    found = names("Talks with the breakaway Republic of Alba failed.", "en", recognised={"breakaway Republic of Alba": "LOC"})
    assert set(found) == {"Republic of Alba"}


def test_what_is_named_after_a_city() -> None:
    found = names("The Berlin Film Festival ended in Berlin on Sunday.", "en", recognised={"Berlin": "LOC"})
    assert {name: kind for name, (kind, _) in found.items()} == {"Berlin Film Festival": "MISC", "Berlin": "LOC"}


def test_a_second_description_between_office_and_name() -> None:
    body = "El primer ministro polaco, el liberal de centro Donald Molina, habló. El jefe de Gobierno polaco dijo que no."
    mentions = names(body, recognised={"Donald Molina": "PER"})["Donald Molina"][1]
    assert mentions == ["El primer ministro polaco", "Donald Molina", "El jefe de Gobierno polaco"]


def test_an_adjective_that_opens_a_headline_is_no_name() -> None:
    body = "Bashar al-Molina took office. He looked calm and confident."
    seen = {"Confident Molina": "PER", "Bashar al-Molina": "PER"}
    assert list(names(body, "en", headline="Confident Molina launches new term", recognised=seen)) == ["Bashar al-Molina"]


def test_a_full_name_is_a_persons_where_the_surname_alone_is() -> None:
    found = names(
        "Ganó la polaca Zofia Kowal. La ceremonia la abrió Kowal.", recognised={"Zofia Kowal": "ORG", "abrió Kowal": "PER"}
    )
    assert found["Zofia Kowal"] == ("PER", ["Zofia Kowal", "Kowal"])


def test_a_mayor_and_her_town_are_two() -> None:
    seen = {"Carla Boone of Marion": "PER"}
    found = names("Mayor Carla Boone of Marion thanked the police.", "en", recognised=seen)
    assert {name: kind for name, (kind, _) in found.items()} == {"Carla Boone": "PER", "Marion": "LOC"}


def test_where_trains_go_is_no_person() -> None:
    found = names("El tren salió de Baza y llegó a Guadix por la tarde.", recognised={"Baza": "PER", "Guadix": "PER"})
    assert {kind for kind, _ in found.values()} == {"LOC"}


def test_words_written_small_are_whole_words_however_many_are_asked_for() -> None:
    lowered = LowerWords("Confident words, d'autres confidently said: the end")
    asked = {"words": True, "confident": False, "autres": False, "end": True, "en": False, "Confident": False, "": False}
    for _ in range(4):
        assert {word: word in lowered for word in asked} == asked


@pytest.mark.parametrize(
    ("language", "body", "name"),
    [
        ("en", "The opposition leader, Marine Le Pen, said no.", "Marine Le Pen"),
        ("en", "The mayor of Nantes, Johanna Rolland, resigned.", "Johanna Rolland"),
        ("es", "La alcaldesa de Nantes, Johanna Rolland, dimitió.", "Johanna Rolland"),
    ],
)
def test_a_name_in_apposition_to_an_office_is_a_persons(language: str, body: str, name: str) -> None:
    assert names(body, language, recognised={name: "LOC"})[name][0] == "PER"


def test_a_surname_of_two_words_is_the_persons() -> None:
    body = "Delacroix Pen left. Opposition leader Marine Delacroix Pen said no."
    assert list(names(body, "en", recognised={"Delacroix Pen": "ORG", "Marine Delacroix Pen": "PER"})) == ["Marine Delacroix Pen"]


@pytest.mark.parametrize(
    ("body", "name", "kind"),
    [
        pytest.param("He met the minister, Northwind Energy, and others.", "Northwind Energy", "ORG", id="in a list"),
        pytest.param("He went with the mayor, Los Gatos, to ask.", "Los Gatos", "LOC", id="on the map"),
    ],
)
def test_what_else_stands_behind_an_office_and_a_comma(body: str, name: str, kind: str) -> None:
    assert names(body, "en", recognised={name: kind})[name][0] == kind


def test_letters_are_those_of_the_body_that_the_text_names() -> None:
    body = "The RSF struck a hospital. The paramilitary Rapid Support Forces agreed to a truce."
    found = names(body, "en", recognised={"RSF": "ORG", "Rapid Support Forces": "ORG"})
    assert found["Rapid Support Forces"][1] == ["RSF", "Rapid Support Forces"]


def test_a_person_who_is_called_like_a_company_is_one_behind_an_office() -> None:
    body = "The agriculture minister, Claire Bonnet, met union leaders."
    assert names(body, "en", recognised={"Claire Bonnet": "PER"})["Claire Bonnet"][0] == "PER"
