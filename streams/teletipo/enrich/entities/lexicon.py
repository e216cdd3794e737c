"""What the linker knows of a language: offices, heads of names, words that are no names (languages/*/offices.toml)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from spacy.attrs import LOWER
from spacy.strings import StringStore
from spacy.tokens import Doc

from teletipo.languages import load

_FIRST_WORD = re.compile(r"[\w-]+")


@dataclass(frozen=True, slots=True)
class Title:
    """An office in a text: where it stands, with its portfolio ("ministra de Ambiente"), and its classes."""

    start: int
    end: int
    classes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Offices:
    """Titles by their first word, lower case, longest first: the words of each and its classes."""

    by_first: dict[str, list[tuple[str, frozenset[str]]]]
    plain: frozenset[frozenset[str]]
    articles: frozenset[str]
    adjectives: frozenset[str]
    modifiers_before: bool
    locatives: frozenset[str]
    located: re.Pattern[str]
    towards: frozenset[str]
    institutions: re.Pattern[str]
    after_verbs: frozenset[str]
    stop: frozenset[str]
    org_heads: frozenset[str]
    misc_heads: frozenset[str]
    loc_heads: frozenset[str]
    facilities: frozenset[str]
    groups: frozenset[str]
    cues: dict[str, re.Pattern[str]]
    no_names: frozenset[str]
    no_acronyms: frozenset[str]
    twins: dict[str, str]
    rivals: dict[str, str]
    family_first: frozenset[str]
    surnames: frozenset[str]
    portfolios: re.Pattern[str]
    hashes: frozenset[int]
    """Hashes of the titles' first words, as spaCy stores lower-case tokens."""

    def type_of_name(self, name: str) -> str | None:
        """The type that a name shows by its head: "Ministerio de Defensa", "Korean War", "Gendarmería"."""
        words = name.split()
        if len(words) < 2:
            return "ORG" if name in self.org_heads else None
        heads = (words[-1], words[0]) if self.modifiers_before else (words[0], " ".join(words[:2]))
        for kind, known in (("ORG", self.org_heads), ("MISC", self.misc_heads), ("LOC", self.loc_heads)):
            if any(head in known for head in heads):
                return kind
        if self.modifiers_before and " of " in name:
            head = name.partition(" of ")[0].split()[-1]
            return next((k for k, known in (("ORG", self.org_heads), ("MISC", self.misc_heads)) if head in known), None)
        return None

    def title_at(self, text: str, start: int, first: str) -> tuple[int, frozenset[str]] | None:
        """The office whose words begin at `start` of a text (`first` is its first word in lower case): its end and classes."""
        for words, classes in self.by_first.get(first, ()):
            end = start + len(words)
            if text[start:end].casefold() == words and not text[end : end + 1].isalnum():
                portfolio = self.portfolios.match(text, end)
                return portfolio.end() if portfolio else end, classes
        return None

    def titles(self, doc: Doc, text: str) -> list[Title]:
        """All offices in a text, in order, not overlapping."""
        found: list[Title] = []
        hashes = self.hashes
        for index in [at for at, lower in enumerate(doc.to_array(LOWER).tolist()) if lower in hashes]:
            start = doc[index].idx
            if found and start < found[-1].end:
                continue
            first = _FIRST_WORD.match(text, start)
            title = self.title_at(text, start, first[0].casefold()) if first else None
            if title is not None:
                found.append(Title(start, *title))
        return found


@lru_cache(maxsize=8)
def offices(language: str) -> Offices:
    """The lexicon of a language. Raises LexiconError if a table is missing or broken."""
    table = load(language, "offices")
    by_first: dict[str, list[tuple[str, frozenset[str]]]] = {}
    for classes, titles in table["offices"].items():
        for title in titles:
            words = title.casefold()
            by_first.setdefault(words.split()[0].rstrip("."), []).append((words, frozenset(classes.split())))
    if table["words"]["ex"]:
        _add_former(by_first, table["words"]["ex"])
    for titles in by_first.values():
        titles.sort(key=lambda entry: -len(entry[0]))
    words, heads = table["words"], table["heads"]
    strings = StringStore()
    return Offices(
        by_first=by_first,
        plain=frozenset(frozenset(classes.split()) for classes in words["plain"]),
        articles=frozenset(words["articles"]),
        adjectives=frozenset(words["adjectives"]),
        modifiers_before=words["modifiers"] == "before",
        locatives=frozenset(words["locatives"]),
        located=_located(words["locatives"]),
        towards=frozenset(words["towards"]),
        institutions=_institutions(heads["ORG"], words["modifiers"] == "before"),
        after_verbs=frozenset(words["after_verbs"]),
        stop=frozenset(table["quantities"]["stop"]),
        org_heads=frozenset(heads["ORG"]),
        misc_heads=frozenset(heads["MISC"]),
        loc_heads=frozenset(heads["LOC"]),
        facilities=frozenset(table["facilities"]["nouns"]),
        groups=frozenset(table["groups"]["nouns"]),
        cues={kind: _ends_with(nouns) for kind, nouns in table["cues"].items()},
        no_names=frozenset(table["no_names"]["phrases"]),
        no_acronyms=frozenset(table["no_names"]["acronyms"]),
        twins=load(language, "places")["twins"],
        rivals=load(language, "places")["rivals"],
        family_first=frozenset(load(language, "people")["family_first"]),
        surnames=frozenset(load(language, "people")["names"]),
        portfolios=_portfolios(table["portfolios"]),
        hashes=frozenset(strings.add(form) for first in by_first for form in (first, f"{first}.")),
    )


def _add_former(by_first: dict[str, list[tuple[str, frozenset[str]]]], prefix: str) -> None:
    """Offices that somebody held: "exgobernador", "ex gobernador"; what a table gives itself stays."""
    known = {words for titles in by_first.values() for words, _ in titles}
    offices_ = [entry for titles in by_first.values() for entry in titles if not entry[0].startswith(prefix)]
    for words, classes in offices_:
        former = frozenset(f"ex{name}" for name in classes)
        for form in (prefix + words, f"{prefix} {words}", f"{prefix}-{words}"):
            if form not in known and words.isalpha():
                by_first.setdefault(form.split()[0], []).append((form, former))


def initials(name: str) -> str:
    """The capitals of a name's words: "Banco Central Europeo" gives "BCE"."""
    return "".join(word[0] for word in name.replace("-", " ").split() if word[0].isupper())


def _institutions(heads: list[str], complements: bool) -> re.Pattern[str]:
    """ "Bank of Japan", "the Treasury Committee" where modifiers come first; else article and head alone: "el Ejército"."""
    words = "|".join(re.escape(head) for head in sorted(heads, key=lambda head: -len(head)))
    capital = r"[^\W\d_a-zß-öø-ÿ][\w'’-]+"
    if complements:
        whole = rf"(?<=[Tt]he )(?:{capital} ){{1,3}}(?:{words})(?!\w)"
        return re.compile(rf"\b((?:{words}) of (?:the )?{capital}(?: {capital})*|{whole})")
    return re.compile(rf"\b(?:[Ee]l|[Ll]a|del|al) ({words})(?!\w)")


def _located(prepositions: list[str]) -> re.Pattern[str]:
    capital = r"[^\W\d_a-zß-öø-ÿ][\w'’-]+"
    return re.compile(rf"\b(?:{'|'.join(prepositions)}) ({capital}(?: (?:de |del |la )?{capital}){{0,3}})")


def _ends_with(nouns: list[str]) -> re.Pattern[str]:
    words = "|".join(re.escape(noun) for noun in sorted(nouns, key=lambda noun: -len(noun)))
    return re.compile(rf"\b(?:{words})\s$")


def _portfolios(table: dict[str, list[str]]) -> re.Pattern[str]:
    words = "|".join(re.escape(word) for word in sorted(table["words"], key=lambda word: -len(word)))
    links = "|".join(re.escape(link) for link in table["links"])
    return (
        re.compile(rf"\s(?:{links})\s(?:{words})(?!\w)(?:(?:,\s|\s(?:y|e|and|&)\s)(?:{words})(?!\w)){{0,4}}")
        if words
        else re.compile(r"(?!)")
    )
