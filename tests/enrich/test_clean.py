"""The text of an article: what is taken out, where it stood, and that no sentence of a story goes with it."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from teletipo.enrich.clean import Cleaner
from teletipo.enrich.model import Draft
from teletipo.records import RawItem
from teletipo.settings import Settings

CLEANER = Cleaner(Settings())


def cleaned(body: str, headline: str | None = None, **fields: str) -> Draft:
    draft = Draft(RawItem("p", "1", headline=headline, body=body, **fields))  # type: ignore[arg-type]
    CLEANER([draft])
    return draft


def test_text_is_headline_blank_line_body() -> None:
    draft = cleaned("Uno.\r\n\r\n  Dos\u00a0y\ttres.\u2028Cuatro.\x07", " Un\n titular ")
    assert draft.headline == "Un titular"
    assert draft.text == "Un titular\n\nUno.\nDos y tres.\nCuatro."
    assert draft.body_start == 12


def test_without_headline_the_body_alone() -> None:
    assert cleaned("Uno.\nDos.").text == "Uno.\nDos."
    assert cleaned("", "Solo titular").text == "Solo titular"
    assert cleaned("").text == ""


def test_subheadline_and_summary_stay_out_of_the_text() -> None:
    draft = cleaned("Cuerpo.", "Titular", subheadline="Bajada", summary="Resumen")
    assert draft.text == "Titular\n\nCuerpo."
    assert draft.subheadline == "Bajada"


def test_nfc() -> None:
    assert cleaned("Jose\u0301 vio\u0301").text == "José vió"


def test_html_body_becomes_paragraphs() -> None:
    draft = cleaned(
        "<p>El ministro <b>viajó</b> a Quito.</p><p>Te puede interesar: Otra nota</p><p>Volvió.</p>", body_format="html"
    )
    assert draft.text == "El ministro viajó a Quito.\nVolvió."


def test_first_paragraph_equal_to_the_headline_goes() -> None:
    draft = cleaned("LLUEVE EN QUITO.\nLlovió toda la noche en la ciudad.", "Llueve en Quito")
    assert draft.text == "Llueve en Quito\n\nLlovió toda la noche en la ciudad."
    assert [(r.kind, r.text, r.at) for r in draft.removed] == [("headline", "LLUEVE EN QUITO.", 17)]


@pytest.mark.parametrize(
    "line",
    [
        "Podés leer: Lluvia récord en la capital",
        "Te puede interesar: Milagro en los Andes: la historia completa",
        "Te puede interesar | Lluvia récord",
        "También te puede interesar: Lluvia récord en la capital",
        "Lee también: Lluvia récord",
        "LEE TAMBIÉN: Lluvia récord",
        "Lea más: Lluvia récord",
        "Leé más: Lluvia récord",
        "Mirá: el mapa de la lluvia",
        "Mirá también: el mapa de la lluvia",
        "Mirá el video de la tormenta",
        "Seguí leyendo",
        "➡ Seguí leyendo: Lluvia récord",
        "Leer también esta nota: Lluvia récord",
        "Suscribite a nuestro newsletter y recibí las noticias cada mañana",
        "Suscríbete",
        "Seguinos en Instagram y Facebook",
        "Sigue nuestro canal de WhatsApp",
        "Hacé clic acá para ver las fotos",
        "Compartir",
        "Compartir en Facebook Twitter WhatsApp",
        "Facebook Twitter WhatsApp Telegram",
        "Facebook | X | Email | Copiar enlace",
        "PUBLICIDAD",
        "Foto: EFE/Ana Prueba",
        "EFE",
        "EFE abc/def",
        "(EFE)",
        "abc/def",
        "(c) AFP",
        "© 2024 Agence France-Presse",
        "© EFE 2024. Está expresamente prohibida la redistribución de sus contenidos.",
        "Todos los derechos reservados",
        "Con información de AFP y EFE",
        "Read more: Record rain in the capital",
        "READ ALSO: Record rain in the capital",
        "Related: Record rain in the capital",
        "Sign up for our morning newsletter",
        "Follow us on Twitter",
        "Advertisement",
        "(Reporting by Jane Roe in Quito; Editing by John Doe)",
        "Our Standards: The Thomson Reuters Trust Principles.",
        "Copyright 2024 The Associated Press. All rights reserved.",
    ],
)
def test_boilerplate_paragraphs_go(line: str) -> None:
    draft = cleaned(f"Llovió en la ciudad.\n{line}\nEl río creció.", "Lluvia")
    assert draft.text == "Lluvia\n\nLlovió en la ciudad.\nEl río creció."
    assert [(r.text, r.at) for r in draft.removed] == [(line, draft.text.index("El río"))]
    at_end = cleaned(f"Llovió en la ciudad.\n{line}")
    assert at_end.text == "Llovió en la ciudad."
    assert at_end.removed[0].at == len(at_end.text)


@pytest.mark.parametrize(
    "sentence",
    [
        "Mirá, no vamos a ceder ni un metro, dijo el ministro.",
        "—Mirá lo que te digo: no vamos a volver —advirtió el dirigente.",
        "“Mirá: esto no se negocia”, respondió.",
        "Mira: el Gobierno no tiene un plan, escribió el columnista.",
        "Lee también a los clásicos y escribe versos cada mañana.",
        "Leé más, le decía su madre.",
        "Ver para creer: el equipo ganó tres partidos seguidos.",
        "Suscribirse al tratado es una obligación moral, sostuvo el canciller.",
        "Compartir el agua del río es la única salida, dijo.",
        "Además: el Congreso debe votar la ley antes de junio.",
        "Con información de inteligencia, el ejército cercó la aldea.",
        "Más información llegó por la noche desde la frontera.",
        "Según la agencia EFE, el vuelo aterrizó a tiempo.",
        "Facebook y WhatsApp sufrieron una caída mundial.",
        "La AFP informó de dos heridos.",
        "Publicidad y propaganda no son lo mismo, recordó la jueza.",
        "Related cases have been found in two provinces.",
        "Read more than once, the letter still surprises.",
        "Reporting by the committee found no evidence of fraud.",
        "Follow the money, she told the court.",
        "Sign up to the treaty or leave, he said.",
        "More rain is expected: two rivers are rising.",
        "Por la tarde, el presidente volvió a Quito.",
        "De la ciudad solo quedan ruinas.",
        "By Tuesday the river had fallen.",
    ],
)
def test_sentences_of_a_story_stay(sentence: str) -> None:
    for body in (f"Llovió en la ciudad.\n{sentence}\nEl río creció.", sentence, f"Llovió.\n{sentence}"):
        draft = cleaned(body, "Lluvia")
        assert draft.text == f"Lluvia\n\n{body}"
        assert draft.removed == []


def test_title_of_an_announced_link_goes_too() -> None:
    draft = cleaned("Llovió.\nTe puede interesar:\nLluvia récord en la capital\nEl río creció.")
    assert draft.text == "Llovió.\nEl río creció."
    assert [r.text for r in draft.removed] == ["Te puede interesar:", "Lluvia récord en la capital"]
    listed = cleaned("Llovió en Quito.\nSeguí leyendo:\nLluvia récord en la capital\nEl mapa del agua\nQué dijo el intendente")
    assert listed.text == "Llovió en Quito."
    heading = cleaned("Llovió.\nTe puede interesar:\nLluvia récord\nEl día después\nEl río creció.")
    assert heading.text == "Llovió.\nEl día después\nEl río creció."
    kept = cleaned("Llovió.\nSeguí leyendo\nEl río creció.")
    assert kept.text == "Llovió.\nEl río creció."


def test_links_and_tails_within_a_paragraph() -> None:
    draft = cleaned("El río creció (Lee también: Lluvia récord) dos metros. Lee también: El mapa del agua\nYa bajó. EFE abc/def")
    assert draft.text == "El río creció dos metros.\nYa bajó."
    assert [(r.kind, r.text, r.at) for r in draft.removed] == [
        ("related", "(Lee también: Lluvia récord)", 13),
        ("related", "Lee también: El mapa del agua", 25),
        ("tail", "EFE abc/def", 34),
    ]


def test_story_after_a_link_within_a_paragraph_stays() -> None:
    body = "El río creció. Lee también: El mapa del agua. El puente cayó."
    assert cleaned(body).text == body


@pytest.mark.parametrize(
    ("dateline", "separator"),
    [
        ("PYONGYANG, 19 jun (EFE)", ".- "),
        ("Pyongyang, 19 jun (EFE)", ".-"),
        ("Madrid, 3 oct. (EFE)", ".- "),
        ("BUENOS AIRES, 5 (Télam)", " - "),
        ("Ginebra (AFP)", " - "),
        ("MADRID/BARCELONA, 12 Jun. (EUROPA PRESS)", " - "),
        ("Bogotá, 3 de octubre de 2024 (EFE)", ".- "),
        ("CIUDAD DE MÉXICO (apro)", ".- "),
        ("LA HABANA", ".— "),
        ("Montevideo", ".- "),
        ("LONDON, Oct 3 (Reuters)", " - "),
        ("WASHINGTON (AP)", " — "),
        ("KYIV, Ukraine (AP)", " — "),
        ("Moscow, June 19 (TASS)", ". "),
        ("UNITED NATIONS, Sept 3 (Reuters)", " - "),
        ("São Paulo, Brazil, Jan 5, 2024 (Reuters)", " - "),
        ("Barcelona (España), 3 jul (EFE)", ".- "),
        ("Redacción Internacional, 5 may (EFE)", ".- "),
        ("La Habana, 5 nov (Prensa Latina)", " "),
        ("MADRID, 5 Nov. (EUROPA PRESS)", "\n"),
        ("JERUSALEM", " — "),
        ("BOGOTÁ, Colombia", " — "),
    ],
)
def test_datelines_go_to_their_field(dateline: str, separator: str) -> None:
    draft = cleaned(f"{dateline}{separator}El río creció dos metros.", "Lluvia")
    assert draft.text == "Lluvia\n\nEl río creció dos metros."
    assert draft.dateline == dateline
    assert [(r.kind, r.text, r.at) for r in draft.removed] == [("dateline", (dateline + separator).strip(), 8)]


@pytest.mark.parametrize(
    "start",
    [
        "Moscú — dijo ayer el portavoz — no cederá.",
        "OTAN - La alianza se reúne.",
        "El presidente (de Rusia) - dijo - vuelve.",
        "Lluvia: dos ríos crecen.",
    ],
)
def test_no_datelines(start: str) -> None:
    draft = cleaned(start)
    assert draft.text == start
    assert draft.dateline is None


def test_byline_then_dateline() -> None:
    draft = cleaned("Por Ana Prueba, enviada especial\nQUITO, 3 may (EFE).- Llovió.")
    assert (draft.byline, draft.dateline, draft.text) == ("Ana Prueba", "QUITO, 3 may (EFE)", "Llovió.")
    assert [(r.kind, r.at) for r in draft.removed] == [("byline", 0), ("dateline", 0)]


def test_bare_name_is_a_byline_only_before_a_dateline() -> None:
    assert cleaned("Ana Prueba\nQUITO (AP) — It rained.").byline == "Ana Prueba"
    draft = cleaned("Ana Prueba\nLlovió en Quito toda la noche.")
    assert (draft.byline, draft.text) == (None, "Ana Prueba\nLlovió en Quito toda la noche.")


def test_english_bylines() -> None:
    draft = cleaned("By Jane Roe and John Doe, Associated Press\nIt rained.")
    assert (draft.byline, draft.text) == ("Jane Roe and John Doe", "It rained.")
    assert cleaned("By JANE ROE, Associated Press\nIt rained.").byline == "JANE ROE"
    assert cleaned("By Jane Roe\nIt rained.").byline == "Jane Roe"


def test_given_byline_and_dateline_stand_and_go_from_the_body() -> None:
    draft = cleaned("Ana Prueba\nQUITO (EFE).- Llovió.", byline="Ana Prueba", dateline="Quito, 3 may")
    assert (draft.byline, draft.dateline, draft.text) == ("Ana Prueba", "Quito, 3 may", "Llovió.")


@pytest.mark.parametrize(
    "body",
    [
        *("Hola mundo " * 90_000, "a\n" * 400_000, "(Lee también: " * 60_000, "Lee también: " * 70_000, "A " * 400_000),
        *(
            "A-" * 400_000,
            "Te puede interesar " * 50_000,
            ". " * 400_000,
            "«“\"'" * 200_000,
            "EFE abc/" * 100_000,
            "© " * 400_000,
        ),
    ],
)
def test_a_million_characters_in_bounded_time(body: str) -> None:
    started = time.process_time()
    cleaned(body, "Titular")
    assert time.process_time() - started < 10


@given(st.text(max_size=300), st.one_of(st.none(), st.text(max_size=60)))
def test_any_text_gives_a_valid_record(body: str, headline: str | None) -> None:
    draft = cleaned(body, headline)
    assert unicodedata.is_normalized("NFC", draft.text)
    assert not any(unicodedata.category(c) == "Cc" and c != "\n" for c in draft.text)
    assert "\n\n" not in draft.text[draft.body_start :]
    assert all(0 <= part.at <= len(draft.text) for part in draft.removed)


@pytest.mark.parametrize(
    ("lines", "byline", "dateline"),
    [
        ("R. Prueba\nVigo", "R. Prueba", "Vigo"),
        ("E. P.", "E. P.", None),
        ("M. Ejemplo / Albacete", "M. Ejemplo", None),
        ("J. L. Ejemplo", "J. L. Ejemplo", None),
    ],
)
def test_initials_that_sign_a_story_and_the_place_below_them(lines: str, byline: str, dateline: str | None) -> None:
    draft = cleaned(f"{lines}\nLa Guardia Civil halló a dos senderistas perdidos.")
    assert draft.text == "La Guardia Civil halló a dos senderistas perdidos."
    assert (draft.byline, draft.dateline) == (byline, dateline)
    assert [part.text for part in draft.removed] == lines.split("\n")


@pytest.mark.parametrize("first", ["U.S. stocks fell.", "Vigo", "A. Prueba dijo que no", "EE. UU. gana"])
def test_a_short_first_line_stays(first: str) -> None:
    assert cleaned(f"{first}\nLa historia sigue aquí con una frase.").text.startswith(first)


@pytest.mark.parametrize(
    ("body", "dateline"),
    [
        ("Londres - Cada día crece el número de habitantes del planeta y con él la demanda de agua. Es mucha.", "Londres"),
        (
            "París - Dakar, la carrera de siempre, vuelve este año a las arenas del desierto con más participantes que nunca.",
            None,
        ),
        ("Rusia - Ucrania sigue siendo el conflicto que más preocupa a los mercados en las primeras semanas del año.", None),
        ("Londres - Cada día más.", None),
    ],
)
def test_city_and_dash_before_a_story_are_a_dateline(body: str, dateline: str | None) -> None:
    draft = Draft(RawItem("p", "1", body=body))
    Cleaner(Settings())([draft])
    assert draft.dateline == dateline


def test_signature_under_an_agency_story_is_a_byline() -> None:
    story = "Lima, 26 jul (EFE).- El Gobierno firmó el acuerdo.\nHabrá más reuniones.\nTerminó tarde.\nMarta Ejemplo Prueba"
    draft = Draft(RawItem("p", "1", body=story))
    Cleaner(Settings())([draft])
    assert draft.byline == "Marta Ejemplo Prueba"
    assert draft.text.endswith("Terminó tarde.")
    assert draft.removed[-1].kind == "byline"
    other = Draft(RawItem("p", "1", body=story.replace("(EFE)", "")))
    Cleaner(Settings())([other])
    assert other.text.endswith("Marta Ejemplo Prueba")
