"""Learning what a provider's articles end with, cutting it off, and never a sentence of a story."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from teletipo.cli.tails import tails
from teletipo.enrich.clean import Cleaner
from teletipo.enrich.model import Draft
from teletipo.enrich.tails import DEPTH, ProviderTails, Tail, TailLearner, fold, read_tails, write_tails
from teletipo.errors import SettingsError
from teletipo.records import Article, RawItem, Removed, dumps
from teletipo.settings import Settings

STORIES = [
    "El puerto de Tarsis reabrió sus muelles tras una semana de niebla.\nLos prácticos guiaron doce buques hasta la bahía.",
    "La orquesta municipal estrenó una sinfonía de Elena Robledo.\nEl público llenó el teatro y pidió dos repeticiones.",
    "Un incendio dañó tres almacenes de madera en Villa Inventada.\nLas llamas se apagaron al amanecer sin heridos.",
    "El Senado aprobó la reforma de las pensiones por cuatro votos.\nLa oposición recurrirá ante los jueces.",
    "Los arqueólogos hallaron una vasija romana junto al acueducto.\nEl museo provincial la expondrá en otoño.",
    "La selección juvenil perdió contra Noruega en la prórroga.\nEl entrenador elogió la defensa de su equipo.",
    "El precio del trigo bajó por cuarto mes seguido.\nLas cooperativas temen otra cosecha sin ganancias.",
    "Científicos australes midieron el deshielo del glaciar mayor.\nLa campaña antártica durará noventa días.",
    "Una avería dejó sin electricidad a barrios enteros de Puerto Real.\nLos técnicos repararon la subestación.",
    "La aerolínea Cóndor Azul abrirá vuelos directos hacia Lisboa.\nLos billetes costarán menos en invierno.",
    "El zoológico recibió una pareja de linces ibéricos.\nLos veterinarios esperan cachorros para marzo.",
    "Vecinos plantaron robles jóvenes en la ladera quemada.\nEl vivero escolar donó las semillas.",
]
OFFICE = "Redacción central de Austral, calle Ficticia 12, tercera planta. Noticias las veinticuatro horas."
RIGHTS = "© Austral 2025. Reservado el uso a los abonados del servicio."
WAR = "La guerra de Tarsia comenzó hace nueve años con el asalto al palacio de Orbea."
WAR_STORIES = [
    f"El general {name} llevó sus tropas hacia Orbea en la guerra de Tarsia.\n{rest}"
    for name, rest in zip(
        ("Duarte", "Lemos", "Quiroga", "Sanabria", "Ibarra", "Montes", "Vidal", "Ferrer", "Acosta", "Nadal", "Pardo", "Zárate"),
        (story.split("\n")[1] for story in STORIES),
        strict=True,
    )
]


def learnt(bodies: list[str], provider: str = "austral", **options: float) -> list[Tail]:
    learner = TailLearner(**options)  # type: ignore[arg-type]
    for number, body in enumerate(bodies):
        learner.see(provider, str(number), body.split("\n"))
    return learner.tails()


def cleaned(body: str, tails: list[Tail], provider: str = "austral", folder: Path | None = None) -> Draft:
    assert folder is not None
    path = folder / "tails.toml"
    path.write_text("\n".join(write_tails(tails)), "utf-8")
    draft = Draft(RawItem(provider, "1", headline="Titular", body=body))
    Cleaner(Settings(boilerplate=[path]))([draft])
    return draft


def test_tails_of_a_provider_are_learnt_and_cut_off(tmp_path: Path) -> None:
    tails = learnt([f"{story}\n{OFFICE}\n{RIGHTS}" for story in STORIES])
    assert tails == [Tail("austral", OFFICE, 12, 12), Tail("austral", RIGHTS, 12, 12)]
    draft = cleaned(f"Llovió en Quito.\nEl río creció.\n{OFFICE}\n{RIGHTS.replace('2025', '2026')}", tails, folder=tmp_path)
    assert draft.text == "Titular\n\nLlovió en Quito.\nEl río creció."
    assert [(part.kind, part.text) for part in draft.removed] == [("tail", OFFICE), ("tail", RIGHTS.replace("2025", "2026"))]
    assert all(part.at == len(draft.text) for part in draft.removed)


def test_a_tail_is_cut_at_the_end_and_for_its_provider_only(tmp_path: Path) -> None:
    tails = [Tail("austral", OFFICE, 12, 12)]
    inside = f"Llovió en Quito.\n{OFFICE}\nEl río creció."
    assert cleaned(inside, tails, folder=tmp_path).text == f"Titular\n\n{inside}"
    ending = f"Llovió en Quito.\n{OFFICE}"
    assert cleaned(ending, tails, "meridian", tmp_path).text == f"Titular\n\n{ending}"
    assert cleaned(f"{ending}\nTe puede interesar: Otra nota", tails, folder=tmp_path).text == "Titular\n\nLlovió en Quito."


def test_an_article_is_never_emptied(tmp_path: Path) -> None:
    assert cleaned(OFFICE, [Tail("austral", OFFICE, 12, 12)], folder=tmp_path).text == f"Titular\n\n{OFFICE}"


def test_the_background_of_one_subject_is_no_tail() -> None:
    assert learnt([f"{story}\n{WAR}" for story in WAR_STORIES]) == []
    assert learnt([f"{story}\n{WAR}" for story in WAR_STORIES] + STORIES) == []


def test_reported_speech_and_quotes_are_no_tails() -> None:
    for sentence in ("El portavoz dijo que no habrá más datos por ahora.", "«No habrá más datos por ahora»."):
        assert learnt([f"{story}\n{sentence}" for story in STORIES]) == []


def test_versions_and_repeats_of_one_story_count_once() -> None:
    story = STORIES[0]
    assert learnt([f"{story}\nLos bomberos siguen allí."] * 20) == []
    updates = [f"{lead}.\n{story}\nLos bomberos siguen allí." for lead in "ABCDEFGHIJKLMN"]
    assert learnt(updates) == []


def test_what_few_articles_end_with_is_no_tail() -> None:
    few = [f"{story}\n{OFFICE}" for story in STORIES[:7]] + STORIES[7:]
    assert learnt(few) == []
    assert [tail.articles for tail in learnt(few, least_articles=5)] == [7]
    assert learnt(few, least_articles=5, least_share=0.7) == []


def test_learning_is_repeatable() -> None:
    bodies = [f"{story}\n{OFFICE}" for story in STORIES]
    assert learnt(bodies) == learnt(bodies)


def test_a_learnt_file_comes_back_as_it_was(tmp_path: Path) -> None:
    tails = [Tail('a"b\\c', "Línea «rara» \\ ñ “x” \t", 3, 9), Tail("é", "z", 0, 0)]
    path = tmp_path / "tails.toml"
    path.write_text("\n".join(write_tails(tails)), "utf-8")
    assert read_tails([path]) == tails


@pytest.mark.parametrize(
    "text", ["tails = 3", "[[tails]]\nprovider = 'a'", "[[tails]]\nprovider = 1\nparagraph = 'b'", "tails = [1]", "]", "\x00"]
)
def test_a_wrong_file_is_one_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "tails.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(SettingsError, match=r"TELETIPO_BOILERPLATE: .*tails\.toml: ") as error:
        read_tails([path])
    assert "\n" not in str(error.value)
    with pytest.raises(SettingsError, match="No such file"):
        Cleaner(Settings(boilerplate=[tmp_path / "none.toml"]))


@given(st.lists(st.sampled_from([OFFICE, RIGHTS, "", "Una frase.", "EFE"]), max_size=8))
def test_cutting_keeps_at_least_one_paragraph_and_a_prefix(paragraphs: list[str]) -> None:
    tails = ProviderTails([Tail("austral", OFFICE, 9, 9), Tail("austral", RIGHTS, 9, 9)])
    places = tails.places("austral", paragraphs, [True] * len(paragraphs))
    assert places == [len(paragraphs) - 1 - i for i in range(len(places))]
    assert len(places) <= min(DEPTH, max(0, len(paragraphs) - 1))
    assert all(fold(paragraphs[at]) in {fold(OFFICE), fold(RIGHTS)} for at in places)


def call(lines: list[bytes], *options: str) -> Result:
    return CliRunner().invoke(tails, ["learn", *options], input=b"\n".join(lines))


def test_the_command_learns_from_raw_records_and_from_published_ones(tmp_path: Path) -> None:
    path = tmp_path / "tails.toml"
    raw = [{"provider": "austral", "item_id": str(n), "body": f"{story}\n{OFFICE}"} for n, story in enumerate(STORIES)]
    canceled = {"provider": "austral", "item_id": "0", "status": "canceled"}
    done = call([orjson.dumps(record) for record in (*raw, canceled)], "-o", str(path))
    assert done.exit_code == 0, done.output
    assert read_tails([path]) == [Tail("austral", OFFICE, 12, 12)]
    published = [
        Article(
            f"austral:{n}", "austral", str(n), 1, 1, None, "usable", None, False, None, None, None, None, headline="Titular",
            text=f"Titular\n\n{story}", removed=[Removed("tail", OFFICE, len(story) + 9), Removed("tail", "EFE", len(story) + 9)],
        )
        for n, story in enumerate(STORIES)
    ]  # fmt: skip
    done = call([dumps({"article": article, "events": []}) for article in published], "-o", str(path))
    assert done.exit_code == 0, done.output
    assert read_tails([path]) == [Tail("austral", OFFICE, 12, 12)]
    done = call([dumps(article) for article in published], "-o", str(path))
    assert done.exit_code == 0, done.output
    assert read_tails([path]) == [Tail("austral", OFFICE, 12, 12)]


def test_the_command_names_lines_that_it_cannot_read() -> None:
    lines = [
        b"{not json",
        b"[1]",
        b'{"provider": "a"}',
        b'{"provider": "a", "text": ""}',
        b'{"provider": "a", "item_id": "1", "body": "Hola."}',
    ]
    done = call(lines)
    assert done.exit_code == 1
    found = [line.split(":")[1] for line in done.stderr.splitlines()]
    assert found == [" line 1", " line 2", " line 3", " line 4", " 0 tails in 1 articles"]


def test_the_tails_in_use_are_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "tails.toml"
    path.write_text("\n".join(write_tails([Tail("austral", OFFICE, 12, 40)])), "utf-8")
    monkeypatch.setenv("TELETIPO_BOILERPLATE", orjson.dumps([str(path)]).decode())
    done = CliRunner().invoke(tails, ["list"])
    assert done.output == f"austral                  12 of 40     {OFFICE}\n"
