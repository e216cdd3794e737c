"""The tables of role nouns: every word has one sector of the codebook, and the field's ordinary words are there."""

from __future__ import annotations

from collections import Counter

import pytest
from teletipo import codebook, languages
from teletipo.enrich.events.roles import roles

EXPECTED = {
    "es": {
        "presidenta": "GOV",
        "embajador": "GOV",
        "casa blanca": "GOV",
        "ejército": "MIL",
        "fuerza aéreo": "MIL",
        "guerrillero": "REB",
        "yihadista": "REB",
        "paramilitar": "PRM",
        "gendarmería": "COP",
        "fiscalía": "JUD",
        "corte supremo": "JUD",
        "senado": "LEG",
        "asamblea nacional": "LEG",
        "oposición": "OPP",
        "partido socialista": "PTY",
        "servicio secreto": "SPY",
        "agencia de noticia": "JRN",
        "hospital": "MED",
        "estudiante": "EDU",
        "banco": "BUS",
        "cártel": "CRM",
        "vecino": "CVL",
        "naciones unidas": "IGO",
        "cruz rojo": "NGO",
        "central sindical": "LAB",
        "obispo": "REL",
        "refugiado": "REF",
        "exministro": "ELI",
        "sociedad civil": "SOC",
        "individuo": "UNK",
        "hombre armado": "UAF",
    },
    "en": {
        "president": "GOV",
        "white house": "GOV",
        "ambassador": "GOV",
        "army": "MIL",
        "air force": "MIL",
        "rebel": "REB",
        "militia": "PRM",
        "police": "COP",
        "prosecutor": "JUD",
        "supreme court": "JUD",
        "senate": "LEG",
        "national assembly": "LEG",
        "opposition leader": "OPP",
        "political party": "PTY",
        "spy agency": "SPY",
        "news agency": "JRN",
        "doctor": "MED",
        "student": "EDU",
        "bank": "BUS",
        "drug cartel": "CRM",
        "protester": "CVL",
        "united nations": "IGO",
        "red cross": "NGO",
        "trade union": "LAB",
        "bishop": "REL",
        "refugee": "REF",
        "former president": "ELI",
        "civil society": "SOC",
        "perpetrator": "UNK",
        "gunman": "UAF",
    },
}


@pytest.mark.parametrize("language", ["es", "en"])
def test_every_section_is_a_sector_and_every_word_has_one(language: str) -> None:
    table = languages.load(language, "roles")
    assert set(table) <= codebook.sectors()
    words = Counter(word for section in table.values() for word in section)
    assert [word for word, times in words.items() if times > 1] == []
    assert [word for word in words if word != " ".join(word.lower().split())] == []
    assert len(words) >= 350


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_ordinary_words_have_their_sector(language: str) -> None:
    table = roles(language)
    for word, sector in EXPECTED[language].items():
        parts = tuple(word.split())
        found = table.single.get(word) if len(parts) == 1 else dict(table.phrases[parts[0]]).get(parts)
        assert (word, found) == (word, sector)
