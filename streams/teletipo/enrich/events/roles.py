"""Role nouns ("ministro", "rebels") and the sector of a token by them (coding.md, 14)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from teletipo import languages
from teletipo.enrich.events.view import View

ARMED = frozenset({"MIL", "REB", "COP", "UAF", "PRM", "CRM"})
STATELESS = frozenset({"IGO", "NGO", "REL"})
LOCAL = frozenset(
    {
        "COP",
        "CVL",
        "LAB",
        "EDU",
        "JUD",
        "LEG",
        "OPP",
        "PTY",
        "UAF",
        "PRM",
        "MIL",
        "JRN",
        "GOV",
        "MED",
        "REF",
        "CRM",
        "REB",
        "ELI",
        "SOC",
        "BUS",
        "SPY",
    }
)


_FORMER = frozenset({"former", "ex", "antiguo", "antigua", "exprimer"})


@dataclass(slots=True, frozen=True)
class Roles:
    """Role nouns of a language: phrase of lemmas -> sector, by first word."""

    single: dict[str, str]
    phrases: dict[str, tuple[tuple[tuple[str, ...], str], ...]]


@cache
def roles(language: str) -> Roles:
    """Read roles.toml of a language."""
    single: dict[str, str] = {}
    phrases: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for sector, words in languages.load(language, "roles").items():
        for word in words:
            parts = tuple(word.lower().split())
            if len(parts) == 1:
                single.setdefault(parts[0], sector)
            else:
                phrases.setdefault(parts[0], []).append((parts, sector))
    return Roles(single, {k: tuple(sorted(v, key=lambda r: -len(r[0]))) for k, v in phrases.items()})


@cache
def movements(language: str) -> dict[str, str]:
    """Words for people of a movement whose state everybody knows, from movements.toml: word -> ISO alpha-3."""
    return {word: state for state, words in languages.load(language, "movements").items() for word in words}


def sector_at(view: View, i: int, table: Roles) -> str | None:
    """Sector of a role noun at a token; phrases ("primer ministro") before single words."""
    for at in (i, i - 1) if i else (i,):
        lemma, lower = view.lemma[at], view.lower[at]
        if lemma not in table.phrases and lower not in table.phrases:
            continue
        for key in dict.fromkeys((lemma, lower)):
            for phrase, sector in table.phrases.get(key, ()):
                if at + len(phrase) > i and view.phrase_at(at, phrase):
                    return "ELI" if sector == "GOV" and at > 0 and view.lower[at - 1] in _FORMER else sector
    word, found = view.lemma[i], None
    for form in view.all_forms[i]:
        if (found := table.single.get(form)) is not None:
            break
    if found is None and word.endswith("s"):
        found = table.single.get(word[:-1]) or table.single.get(word[:-2])
    if (
        found is None
        and view.lower[i].startswith(("ex-", "ex"))
        and table.single.get(view.lower[i].removeprefix("ex").lstrip("-"))
    ):
        return "ELI"
    if found == "GOV" and i > 0 and (view.lower[i - 1] in _FORMER or (i > 1 and view.lower[i - 2] == "former")):
        return "ELI"
    return found
