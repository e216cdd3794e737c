"""From a Wikidata dump to a table that the gazetteer reads. The items are invented."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import orjson
from click.testing import CliRunner
from teletipo.gazetteer import Gazetteer
from teletipo.gazetteer.wikidata import main


def statement(value: Any, rank: str = "normal", **qualifiers: Any) -> dict[str, Any]:
    return {"rank": rank, "qualifiers": qualifiers, "mainsnak": {"snaktype": "value", "datavalue": {"value": value}}}


def item(number: int, es: str, claims: dict[str, list[dict[str, Any]]], wikis: int = 20, **more: Any) -> dict[str, Any]:
    sitelinks = {f"x{n}wiki": {} for n in range(wikis)}
    return {"type": "item", "id": f"Q{number}", "labels": {"es": {"value": es}}, "claims": claims, "sitelinks": sitelinks, **more}


HUMAN = {"P31": [statement({"id": "Q5"})]}
ITEMS = [
    item(900000001, "Ana Ejemplo", HUMAN | {"P27": [statement({"id": "Q77"})]}, aliases={"es": [{"value": "Ana E."}]}),
    item(900000002, "Juan Dos Países", HUMAN | {"P27": [statement({"id": "Q77"}), statement({"id": "Q414"})]}),
    item(900000003, "Juana Antes", HUMAN | {"P27": [statement({"id": "Q414"}), statement({"id": "Q77"}, P582=[{}])]}),
    item(900000004, "Nadie Conocido", HUMAN, wikis=3),
    item(
        900000005,
        "Villa Inventada",
        {
            "P1566": [statement("123")],
            "P625": [statement({"latitude": -31.5, "longitude": -58.25})],
            "P17": [statement({"id": "Q414"})],
        },
    ),
    item(900000006, "Liga del Lago", {"P31": [statement({"id": "Q900000099"})], "P17": [statement({"id": "Q77"})]}),
    item(900000007, "Una cosa", {}),
    {"type": "property", "id": "P31"},
]


def dump(path: Path) -> Path:
    lines = [orjson.dumps(entry) for entry in ITEMS]
    with gzip.open(path, "wb") as file:
        file.write(b"[\n" + b",\n".join(lines) + b"\n]\n")
    return path


def test_table_from_a_dump_is_read_by_the_gazetteer(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    arguments = [str(dump(tmp_path / "dump.json.gz")), str(table), "--organisation-class", "Q900000099"]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    assert result.output == f"{table}: 5 entries\n"
    gazetteer = Gazetteer([table])
    ana = gazetteer.known("Ana E.", "PER")
    assert ana is not None
    assert (ana.key, ana.wikidata, ana.country, ana.name) == ("Q900000001", "Q900000001", "URY", "Ana Ejemplo")
    assert gazetteer.known("Juan Dos Países").country is None  # type: ignore[union-attr]
    assert gazetteer.known("Juana Antes").country == "ARG"  # type: ignore[union-attr]
    assert gazetteer.known("Nadie Conocido") is None
    place = gazetteer.known("Villa Inventada", "LOC")
    assert place is not None
    assert (place.geonames_id, place.latitude, place.longitude, place.country) == (123, -31.5, -58.25, "ARG")
    assert gazetteer.organisation("Liga del Lago").wikidata == "Q900000006"  # type: ignore[union-attr]


def test_broken_dump_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "dump.json"
    path.write_bytes(b"[\n{broken\n]\n")
    result = CliRunner().invoke(main, [str(path), str(tmp_path / "t.csv")])
    assert result.exit_code == 2
    assert result.output.count("\n") == 1
    assert str(path) in result.output
