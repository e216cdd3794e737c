"""Names of states, places and organisations: what they stand for, and that no identifier is made up."""

from __future__ import annotations

from pathlib import Path

import pytest
from teletipo.errors import LexiconError
from teletipo.gazetteer import Gazetteer
from teletipo.languages import load
from teletipo.settings import Settings


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("norcoreano", "PRK"),
        ("norcoreanas", "PRK"),
        ("rusos", "RUS"),
        ("el régimen norcoreano", "PRK"),
        ("las tropas ucranianas", "UKR"),
        ("alemana", "DEU"),
        ("españolas", "ESP"),
        ("marroquíes", "MAR"),
        ("Moscú", "RUS"),
        ("la Casa Blanca", "USA"),
        ("el Kremlin", "RUS"),
        ("Casa Rosada", "ARG"),
        ("la Moncloa", "ESP"),
        ("EE.UU.", "USA"),
        ("EEUU", "USA"),
        ("República Checa", "CZE"),
        ("la República Popular China", "CHN"),
        ("Costa de Marfil", "CIV"),
        ("del Reino Unido", "GBR"),
        ("Franja de Gaza", "PSE"),
        ("La Paz", "BOL"),
        ("el Líbano", "LBN"),
        ("de El Salvador", "SLV"),
        ("Fuerza Multinacional de Paz", None),
        ("Bruselas", None),
        ("Corea", None),
        ("coreano", None),
        ("chile", None),
        ("embajador de Rusia en Siria", None),
        ("", None),
        ("—", None),
    ],
)
def test_spanish_names_stand_for_states(gazetteer: Gazetteer, text: str, country: str | None) -> None:
    assert gazetteer.country(text, "es") == country


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("North Korean", "PRK"),
        ("South Koreans", "KOR"),
        ("Russians", "RUS"),
        ("US", "USA"),
        ("U.S.", "USA"),
        ("us", None),
        ("the U.S. government", "USA"),
        ("Britons", "GBR"),
        ("Downing Street", "GBR"),
        ("Moscow's", "RUS"),
        ("Brussels", None),
        ("Korean", None),
        ("turkey", None),
        ("Turkey", "TUR"),
        ("Dutch", "NLD"),
        ("the Chinese foreign ministry", "CHN"),
    ],
)
def test_english_names_stand_for_states(gazetteer: Gazetteer, text: str, country: str | None) -> None:
    assert gazetteer.country(text, "en") == country


def test_evidence_gives_every_state_with_its_place(gazetteer: Gazetteer) -> None:
    text = "el embajador ruso en Corea del Sur y la cumbre sino-rusa"
    found = [(r.country, text[r.start : r.end]) for r in gazetteer.evidence(text, "es")]
    assert found == [("RUS", "ruso"), ("KOR", "Corea del Sur"), ("CHN", "sino"), ("RUS", "rusa")]


@pytest.mark.parametrize(
    ("name", "context", "country", "geonames_id"),
    [
        ("Córdoba", {"ESP"}, "ESP", 2519240),
        ("Córdoba", {"ARG"}, "ARG", 3860259),
        ("Valencia", {"ESP"}, "ESP", 2509954),
        ("Valencia", {"VEN"}, "VEN", 3625549),
        ("Granada", {"ESP"}, "ESP", 2517117),
        ("Santiago", {"CHL"}, "CHL", 3871336),
        ("Santiago", {"ESP"}, "ESP", 3109642),
        ("San José", {"CRI"}, "CRI", 3621849),
        ("Pekín", (), "CHN", 1816670),
        ("Moscú", (), "RUS", 524901),
        ("Londres", (), "GBR", 2643743),
        ("Pyongyang", (), "PRK", 1871859),
        ("Nueva York", (), "USA", 5128581),
        ("bogota", (), "COL", 3688689),
    ],
)
def test_places_by_context(gazetteer: Gazetteer, name: str, context: set[str], country: str, geonames_id: int) -> None:
    place = gazetteer.place(name, context, "es")
    assert place is not None
    assert (place.country, place.geonames_id) == (country, geonames_id)
    assert place.latitude is not None
    assert place.longitude is not None


def test_georgia_is_a_state_of_the_union_among_americans(gazetteer: Gazetteer) -> None:
    assert gazetteer.place("Georgia", (), "en").kind == "country"  # type: ignore[union-attr]
    assert gazetteer.place("Georgia", {"USA"}, "en").country == "USA"  # type: ignore[union-attr]


def test_every_city_named_in_the_language_tables_is_in_geonames(gazetteer: Gazetteer) -> None:
    for language in ("es", "en"):
        for name, (_, country) in load(language, "places")["cities"].items():
            place = gazetteer.place(name, (), language)
            assert place is not None, name
            assert place.country == country, name


def test_every_capital_of_the_spanish_table_has_coordinates(gazetteer: Gazetteer) -> None:
    for country, names in load("es", "places")["capitals"].items():
        for name in names:
            place = gazetteer.place(name, {country}, "es")
            assert place is not None, name
            assert place.country == country, name
            assert place.latitude is not None or place.kind == "country", name


def test_organisations_by_name_and_acronym(gazetteer: Gazetteer) -> None:
    by_name = gazetteer.organisation("Naciones Unidas", "es")
    assert by_name is not None
    assert gazetteer.organisation("la ONU", "es") == by_name
    assert by_name.sector == "IGO"
    assert by_name.country is None
    assert gazetteer.organisation("UN", "en").key == by_name.key  # type: ignore[union-attr]


def test_scan_takes_the_longest_name_and_leaves_parts_of_words(gazetteer: Gazetteer) -> None:
    text = "Corea del Norte y Rusia, en el Consejo de Seguridad de la ONU. RUSIA dijo a Rusiadas que la franja de Gaza…"
    hits = [hit.text for hit in gazetteer.scan(text, "es")]
    assert hits == ["Corea del Norte", "Rusia", "Consejo de Seguridad de la ONU", "RUSIA", "franja de Gaza"]


@pytest.mark.parametrize("text", ["mar Negro y Rusia", "Rusia (mar Negro", "Rusia y el mar Negro"])
def test_scan_finds_names_that_no_capital_begins_wherever_they_stand(gazetteer: Gazetteer, text: str) -> None:
    assert {hit.text for hit in gazetteer.scan(text, "es")} == {"mar Negro", "Rusia"}
    assert [hit.text for hit in gazetteer.scan(text.replace("mar", "tomar"), "es")] == ["Rusia"]


def test_user_table_adds_entries(tmp_path: Path) -> None:
    table = tmp_path / "mine.csv"
    table.write_text("name,type,aliases,country,sector\nLiga del Lago,ORG,LdL|Liga,URY,NGO\nAna Prueba,PER,,URY,\n", "utf-8")
    gazetteer = Gazetteer.load(Settings(gazetteers=[table]))
    assert gazetteer.organisation("LdL", "es").country == "URY"  # type: ignore[union-attr]
    assert gazetteer.known("ana prueba", "PER", "en").key == "PER:ana prueba"  # type: ignore[union-attr]
    assert [hit.text for hit in gazetteer.scan("Habló la Liga del Lago", "es")] == ["Liga del Lago"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("nombre,type\nx,PER\n", ":1: column 'name' is missing"),
        ("name,type,colour\nx,PER,red\n", ":1: column 'colour' is none of"),
        ("name,type\nx,PERSON\n", ":2: type 'PERSON' is not one of"),
        ("name,type\n,PER\n", ":2: name is empty"),
        ("name,type,wikidata\nx,PER,42\n", ":2: wikidata '42' is not"),
        ("name,type,latitude\nx,LOC,north\n", ":2: latitude 'north' is not"),
        ("name,type,country\nx,LOC,Spain\n", ":2: country 'Spain' is not"),
        ("name,type\nx,LOC,7\n", ":2: more cells than"),
    ],
)
def test_faults_of_a_user_table_are_named(tmp_path: Path, content: str, message: str) -> None:
    table = tmp_path / "mine.csv"
    table.write_text(content, "utf-8")
    with pytest.raises(LexiconError) as caught:
        Gazetteer([table])
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "El Salvador pidió ayuda"),
        ("es", "La India y la Argentina"),
        ("en", "In The Gambia"),
        ("en", "Sino - Russian talks"),
    ],
)
def test_a_text_with_a_state_has_a_word_that_tells(gazetteer: Gazetteer, language: str, text: str) -> None:
    assert gazetteer.evidence(text, language)
    assert any(map(gazetteer.tells(language), text.split()))


@pytest.mark.parametrize(("language", "text"), [("es", "El alcalde de la villa - dijo"), ("en", "The mayor of the town")])
def test_articles_and_prepositions_alone_tell_of_no_state(gazetteer: Gazetteer, language: str, text: str) -> None:
    assert not any(map(gazetteer.tells(language), text.split()))


def test_missing_user_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match=r"TELETIPO_GAZETTEERS: .*none\.csv: No such file"):
        Gazetteer([tmp_path / "none.csv"])
