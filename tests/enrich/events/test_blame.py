"""Whose act is condemned, to whom people belong, whose state is not said, what is only spoken of: sides by what surrounds the act."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from teletipo.enrich.model import Draft

Coded = Callable[..., Draft]
Acts = Callable[[str, str, str, tuple[str, ...], tuple[str, ...]], None]
Sides = tuple[str, ...]


CASES: dict[str, tuple[str, str, str, Sides, Sides]] = {
    "the forum is not the accused": (
        "es",
        "El Gobierno de Bolivia denunció ante la OEA la detención de dos diplomáticos por parte de Chile.",
        "ACCUSE",
        ("BOL",),
        ("CHL",),
    ),
    "who bombed": ("es", "Polonia condenó el bombardeo ruso de la ciudad de Sumy.", "ACCUSE", ("POL",), ("RUS",)),
    "who attacked, not what was hit": (
        "es",
        "La ONU condenó el ataque contra un hospital en Gaza por parte de Israel.",
        "ACCUSE",
        ("ONU",),
        ("ISR",),
    ),
    "who did the like before": (
        "es",
        "Rebeldes hutíes atacaron el lunes un petrolero griego en el mar Rojo. Chipre condenó el ataque.",
        "ACCUSE",
        ("CYP",),
        ("Rebeldes hutíes",),
    ),
    "nobody is known to have done it": ("es", "Suecia condenó el golpe de Estado en Togo.", "ACCUSE", ("SWE",), ()),
    "whose the last of those joined are": (
        "es",
        "Policías y opositores a Lozada chocaron el lunes en Quito.",
        "ASSAULT",
        ("Policías", "opositores"),
        (),
    ),
    "people loyal to somebody": (
        "es",
        "La junta de Malí detuvo el lunes a seis policías leales al expresidente.",
        "COERCE",
        ("MLI",),
        ("policías",),
    ),
    "one adjective for two": (
        "es",
        "Ginebra acogió la cita. La UE sancionó el lunes a dos jueces y fiscales bielorrusos.",
        "SANCTION",
        ("UE",),
        ("jueces", "fiscales"),
    ),
    "they break with each other": (
        "es",
        "Marruecos criticó a Argelia por el cierre de la frontera. Irán y Kuwait rompieron relaciones el martes.",
        "SANCTION",
        ("IRN", "KWT"),
        (),
    ),
    "parties that nobody names": (
        "es",
        "La ONU hizo un llamamiento a las partes en Sudán para que dejen las armas.",
        "REQUEST",
        ("ONU",),
        ("SDN",),
    ),
    "a speaker before a colon": (
        "es",
        "Ministro del Interior: 40 policías resultaron heridos en Lima",
        "ASSAULT",
        (),
        ("policías",),
    ),
    "what a protest demands of whom": (
        "es",
        "Miles de personas marcharon el lunes en Tirana para exigir la dimisión del primer ministro, Edi Hoxha.",
        "PROTEST",
        ("ALB",),
        ("Hoxha",),
    ),
    "asked in a protest": (
        "es",
        "Mineros de Potosí bloquearon el lunes la carretera para exigir que el Congreso prorrogue sus permisos.",
        "PROTEST",
        ("Mineros",),
        ("Congreso",),
    ),
    "some of them": (
        "es",
        "Estudiantes de Quito marcharon el lunes. La Policía desalojó a los manifestantes y detuvo a catorce de ellos.",
        "COERCE",
        ("Policía",),
        ("manifestantes",),
    ),
    "a crowd behind a number": (
        "es",
        "Un grupo de encapuchados atacó el lunes la sede del Partido Colorado en Asunción.",
        "ASSAULT",
        ("encapuchados",),
        ("Partido Colorado",),
    ),
    "answered with an act": (
        "es",
        "Georgia expulsó el lunes a dos diplomáticos británicos. Londres respondió con la expulsión del agregado militar georgiano.",
        "SANCTION",
        ("GBR",),
        ("GEO",),
    ),
    "a round of talks": (
        "es",
        "El Gobierno colombiano y el Clan del Golfo iniciaron en Doha una segunda ronda de conversaciones de paz.",
        "CONSULT",
        ("COL", "Clan del Golfo"),
        (),
    ),
    "a document that demands": (
        "es",
        "El Consejo de Seguridad de la ONU aprobó el lunes una resolución que exige a Ruanda que retire sus tropas del Congo.",
        "REQUEST",
        ("Consejo de Seguridad",),
        ("RWA",),
    ),
    "received by his counterpart": (
        "es",
        "El presidente de Zambia, Hakainde Moyo, fue recibido el domingo en Pretoria por su par sudafricano, Cyril Nkosi.",
        "CONSULT",
        ("Moyo",),
        ("Nkosi",),
    ),
    "a woman ambassador": (
        "es",
        "La ministra de Exteriores de Suecia convocó a la embajadora iraní por la ejecución de un académico.",
        "ACCUSE",
        ("SWE",),
        ("IRN",),
    ),
    "promised to people": (
        "es",
        "El presidente de Bolivia prometió indemnizar a las víctimas de la masacre.",
        "AGREE",
        ("BOL",),
        ("víctimas",),
    ),
    "assault by settlers": (
        "es",
        "El Gobierno de Chile condenó la agresión de colonos israelíes a una familia palestina en Hebrón.",
        "ACCUSE",
        ("CHL",),
        ("colonos",),
    ),
    "all who cooperate act": (
        "es",
        "Ecuador extraditó el lunes a Italia a un jefe de la mafia.",
        "COOPERATE",
        ("ECU", "ITA"),
        (),
    ),
    "to whom a promised thing goes": (
        "es",
        "Los ministros de Finanzas del G7 acordaron destinar los intereses de los activos rusos a Ucrania.",
        "AGREE",
        ("G7",),
        ("UKR",),
    ),
    "a deputy of a party": (
        "es",
        "Un diputado del partido ultraderechista AfD fue agredido el lunes por desconocidos en Essen.",
        "ASSAULT",
        ("desconocidos",),
        ("diputado",),
    ),
    "accused of what a clause tells": (
        "es",
        "La alcaldesa de Cali denunció que tres vecinos fueron agredidos por la Policía.",
        "ACCUSE",
        ("alcaldesa",),
        ("Policía",),
    ),
    "reason with an infinitive": (
        "es",
        "El Tribunal Constitucional de Corea del Sur destituyó al presidente Yoon por haber declarado la ley marcial.",
        "COERCE",
        ("Yoon",),
        (),
    ),
    "head of an army by name": (
        "es",
        "El jefe del Ejército de Libia, Jalifa Hamdar, viajó el lunes a Moscú.",
        "CONSULT",
        ("Hamdar",),
        ("RUS",),
    ),
    "a mediator's name": (
        "es",
        "Delegaciones de Belgrado y Pristina se sentaron a negociar el lunes en Bruselas, con la mediación del enviado europeo, Jan Novák.",
        "CONSULT",
        ("SRB", "XKX"),
        (),
    ),
    "head of a body, by name": (
        "en",
        "The EU's foreign policy chief, Maja Kallor, urged Georgia to withdraw its foreign agents law.",
        "REQUEST",
        ("Kallor",),
        ("GEO",),
    ),
    "a past read as an adjective": (
        "en",
        "A court in Minsk sentenced opposition politician Viktar Barysik to 14 years in prison.",
        "SANCTION",
        ("court",),
        ("Barysik",),
    ),
    "subject behind a conjunction": (
        "en",
        "Poland summoned the Hungarian ambassador after Budapest granted asylum to a former deputy minister.",
        "AID",
        ("HUN",),
        ("minister",),
    ),
    "approved to be done": (
        "en",
        "Ghana's parliament approved the deployment of troops to Benin.",
        "MOBILIZE",
        ("GHA",),
        ("BEN",),
    ),
    "whose shelling": ("en", "Estonia condemned the Russian shelling of Kharkiv.", "ACCUSE", ("EST",), ("RUS",)),
    "who arrested": (
        "en",
        "Bolivia denounced before the OAS the arrest of two diplomats by Chile.",
        "ACCUSE",
        ("BOL",),
        ("CHL",),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_sides(acts: Acts, name: str) -> None:
    acts(*CASES[name])


def test_one_adjective_says_the_state_of_both(coded: Coded) -> None:
    events = coded("La UE sancionó el lunes a dos jueces y fiscales bielorrusos.", dateline="Bruselas").events
    assert [[p.country for p in e.recipients] for e in events] == [["BLR", "BLR"]]


@pytest.mark.parametrize(
    ("language", "body"),
    [
        ("es", "Diez palestinos murieron el lunes en un ataque israelí en Rafah."),
        ("en", "Ten Palestinians were killed in an Israeli strike on Monday."),
    ],
)
def test_people_of_a_state_are_no_government(coded: Coded, language: str, body: str) -> None:
    assert [[(p.country, p.sector) for p in e.recipients] for e in coded(body, language).events] == [[("PSE", "CVL")]]


def test_the_giver_is_of_another_state_than_the_one_that_gets(coded: Coded) -> None:
    events = coded("El Senado aprobó el lunes el envío de ayuda humanitaria a Perú.").events
    assert [(e.type, [p.country for p in e.actors], [p.country for p in e.recipients]) for e in events] == [
        ("AGREE", [None], ["PER"])
    ]


def test_a_regime_is_not_that_of_the_article(coded: Coded) -> None:
    events = coded("El Congreso criticó el lunes al régimen de Nicanor Morales.", dateline="Lima").events
    assert [([p.country for p in e.actors], [p.country for p in e.recipients]) for e in events] == [(["PER"], [None])]


def test_the_army_is_of_the_minister_who_orders(coded: Coded) -> None:
    events = coded("El ministro de Defensa israelí ordenó al Ejército que se prepare para ocupar la ciudad de Gaza.").events
    assert [[p.country for p in (*e.actors, *e.recipients)] for e in events] == [["ISR", "ISR"]]


@pytest.mark.parametrize(
    ("body", "states"),
    [
        ("Turkey expelled the Russian ambassador to Ankara on Monday.", ["TUR", "RUS"]),
        ("Ethiopia's foreign minister met his Somali counterpart in Ankara under Turkish mediation.", ["ETH", "SOM"]),
        ("Estonian prosecutors charged two men with spying for Russia.", ["EST", "EST"]),
        ("Kenyan President William Ruto sacked his entire cabinet on Monday.", ["KEN", "KEN"]),
    ],
)
def test_whose_state_people_are_of(coded: Coded, body: str, states: list[str]) -> None:
    event = coded(body, "en").events[0]
    assert [p.country for p in (*event.actors, *event.recipients)] == states


def test_whoever_speaks_for_a_body_is_of_its_sector(coded: Coded) -> None:
    events = coded("El Gobierno de Colombia se reunió el lunes en Caracas con los negociadores del ELN.").events
    assert {p.sector for e in events for p in e.actors if "ELN" in p.text} == {"REB"}


def test_a_movement_says_its_state(coded: Coded) -> None:
    events = coded("Milicianos hutíes atacaron el lunes un buque griego.").events
    assert [[p.country for p in (*e.actors, *e.recipients)] for e in events] == [["YEM", "GRC"]]


def test_a_name_of_a_party_says_no_state(coded: Coded) -> None:
    events = coded("Encapuchados atacaron el lunes la sede del Partido Colorado.", dateline="Asunción").events
    assert [[(p.name, p.country) for p in e.recipients] for e in events] == [[("Partido Colorado", "PRY")]]


@pytest.mark.parametrize(
    "body",
    [
        "El ejercicio legítimo del derecho a la protesta no será penalizado, dijo el fiscal.",
        "«No toleraremos el vandalismo», advirtió el presidente.",
    ],
)
def test_what_is_only_spoken_of(coded: Coded, body: str) -> None:
    assert [e.type for e in coded(body).events] == []
