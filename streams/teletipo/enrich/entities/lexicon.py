"""What the linker knows of a language: offices, heads of names, words that are no names (languages/*/offices.toml)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from spacy.attrs import LOWER
from spacy.strings import StringStore
from spacy.tokens import Doc

from teletipo.enrich.entities.surface import matches_at
from teletipo.languages import load
from teletipo.remembered import Remembered

_REMEMBERED = 20_000
_FIRST_WORD = re.compile(r"[\w-]+")
_ARTICLES_BEFORE = ("the ", "The ")


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
    """A name after a preposition of place, from its first capital on."""
    located_after: frozenset[str]
    """The two characters before such a name."""
    towards: frozenset[str]
    institutions: re.Pattern[str]
    institution_firsts: frozenset[str]
    """First words of institutions."""
    after_verbs: frozenset[str]
    stop: frozenset[str]
    org_heads: frozenset[str]
    misc_heads: frozenset[str]
    loc_heads: frozenset[str]
    facilities: frozenset[str]
    groups: frozenset[str]
    named_after: frozenset[str]
    short_heads: frozenset[str]
    short_last: frozenset[str]
    """Last words that alone stand for the longer name before: "el Supremo" for "Tribunal Supremo"."""
    never_first: frozenset[str]
    verb_endings: tuple[str, ...]
    several: tuple[str, ...]
    """Holders in the plural: "ministros"."""
    several_offices: re.Pattern[str]
    cues: dict[str, re.Pattern[str]]
    cue_ends: frozenset[str]
    """Last words of cues."""
    cue_adjectives: tuple[str, ...]
    """Endings of the adjective that may stand behind a cue."""
    cues_after: re.Pattern[str]
    """What follows the name of an organisation and says so: ", principal fuerza opositora"."""
    no_names: dict[str, list[tuple[str, int]]]
    """Phrases by a word in them that has a capital, with the word's offset in the phrase."""
    no_acronyms: frozenset[str]
    twins: dict[str, str]
    rivals: dict[str, str]
    family_first: frozenset[str]
    surnames: frozenset[str]
    portfolios: re.Pattern[str]
    types: Remembered[str, str | None] = field(init=False)
    """What `type_of_name` has said of the names seen last."""
    hashes: frozenset[int]
    """Hashes of the titles' first words, as spaCy stores lower-case tokens."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "types", Remembered(self._type_of_name, _REMEMBERED))  # the way into a frozen dataclass

    @property
    def heads(self) -> frozenset[str]:
        """The heads of names of any type."""
        return self.org_heads | self.misc_heads | self.loc_heads

    def type_of_name(self, name: str) -> str | None:
        """The type that a name shows by its head: "Ministerio de Defensa", "Korean War", "Gendarmería"."""
        return self.types[name]

    def _type_of_name(self, name: str) -> str | None:
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

    def may_cue(self, before: str) -> bool:
        """Whether the last word before a name may end one of the cues; that is asked much faster than the cues are searched."""
        word = before.rstrip(" \t\n\u00a0\"“«‘'").rpartition(" ")[2]
        return word.rpartition("\n")[2] in self.cue_ends or word.endswith(self.cue_adjectives)

    def institutions_in(self, text: str, capitals: Sequence[tuple[int, str]]) -> Iterator[re.Match[str]]:
        """The institutions of a text, given its words with a capital: few of these may begin one."""
        articles = _ARTICLES_BEFORE if self.modifiers_before else ()
        firsts = self.institution_firsts
        starts = (start for start, word in capitals if word in firsts or text[start - 4 : start] in articles)
        return matches_at(self.institutions, text, starts)

    def several_offices_in(self, text: str) -> Iterator[re.Match[str]]:
        """Where a text gives the portfolios of several people; most texts have not even the word for such people."""
        return self.several_offices.finditer(text) if any(holders in text for holders in self.several) else iter(())

    def is_in_phrase(self, text: str, start: int, end: int) -> bool:
        """Whether a stretch belongs to a phrase in which its capital is no name's: "golpe de Estado", "Estados miembros"."""
        return any(
            start >= offset and text.startswith(phrase, start - offset)
            for phrase, offset in self.no_names.get(text[start:end], ())
        )

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
            if title is not None and not _is_adjective(doc, index):
                found.append(Title(start, *title))
        return found


def _is_adjective(doc: Doc, index: int) -> bool:
    """ "Científica" of "revista científica" is no office."""
    return index > 0 and doc[index].pos_ == "ADJ" and doc[index - 1].pos_ == "NOUN"


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
        located_after=frozenset(f"{preposition} "[-2:] for preposition in words["locatives"]),
        towards=frozenset(words["towards"]),
        institutions=_institutions(heads["ORG"], heads["short"], words["modifiers"] == "before"),
        institution_firsts=frozenset(head.split()[0] for head in heads["ORG"]),
        after_verbs=frozenset(words["after_verbs"]),
        stop=frozenset(table["quantities"]["stop"]),
        org_heads=frozenset(heads["ORG"]),
        misc_heads=frozenset(heads["MISC"]),
        loc_heads=frozenset(heads["LOC"]),
        facilities=frozenset(table["facilities"]["nouns"]),
        groups=frozenset(table["groups"]["nouns"]),
        named_after=frozenset(heads["named_after"]),
        short_heads=frozenset(heads["short"]),
        short_last=frozenset(heads["short_last"]),
        never_first=frozenset(words["never_first"]),
        verb_endings=tuple(words["verb_endings"]) or ("\0",),
        several=tuple(table["portfolios"]["several"]),
        several_offices=_several_offices(table["portfolios"]),
        cues={kind: _ends_with(nouns, words["adjective_endings"]) for kind, nouns in table["cues"].items()},
        cue_ends=frozenset(noun.rpartition(" ")[2] for nouns in table["cues"].values() for noun in nouns),
        cue_adjectives=tuple(words["adjective_endings"]) or ("\0",),
        cues_after=_appositions(table["cues_after"]),
        no_names=_by_capitals(table["no_names"]["phrases"]),
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


def _institutions(heads: list[str], short: list[str], complements: bool) -> re.Pattern[str]:
    """ "Bank of Japan", "the Treasury Committee", "the Commission" where modifiers come first; else article and head."""
    words = "|".join(re.escape(head) for head in sorted(heads, key=lambda head: -len(head)))
    capital = r"[^\W\d_a-zß-öø-ÿ](?:[\w-]|['’](?!s\s))+"
    if complements:
        whole = rf"(?<=[Tt]he )(?:{capital} ){{1,3}}(?:{words})(?!\w)"
        alone = rf"(?<=\b[Tt]he )(?:{'|'.join(short)})(?!\w)(?! [^\W\d_a-zß-öø-ÿ]| of )"
        return re.compile(rf"\b((?:{words}) of (?:the )?{capital}(?: {capital})*|{whole}|{alone})")
    return re.compile(rf"(?:(?<=\b(?:[Ee]l|[Ll]a|al) )|(?<=\bdel ))({words})(?!\w)")


def _located(prepositions: list[str]) -> re.Pattern[str]:
    capital = r"[^\W\d_a-zß-öø-ÿ][\w'’-]+"
    after = "|".join(rf"(?<=\b{preposition} )" for preposition in prepositions)
    return re.compile(rf"(?:{after})({capital}(?: (?:de |del |la )?{capital}){{0,3}})")


def _any_of(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: -len(word)))


def _ends_with(nouns: list[str], adjectives: list[str]) -> re.Pattern[str]:
    """A noun right before a name, an adjective between at most: "partido ", "revista científica ", "ciudad costera de "."""
    between = rf"(?:\s[a-zß-öø-ÿ]+(?:{_any_of(adjectives)}))?" if adjectives else ""
    linked = [noun.removesuffix(" de") for noun in nouns if noun.endswith(" de")]
    plain = [noun for noun in nouns if not noun.endswith(" de")]
    of = rf"|(?:{_any_of(linked)}){between}\sde" if linked else ""
    return re.compile(rf"\b(?:(?:{_any_of(plain)}){between}{of})\s[\"“«‘']?$")


def _appositions(table: dict[str, list[str]]) -> re.Pattern[str]:
    before = f"(?:(?:{_any_of(table['before'])})\\s){{0,2}}" if table["before"] else ""
    modifiers = r"(?:[a-z-]+\s){0,2}" if table["modifiers"] else ""
    return re.compile(rf",\s{before}{modifiers}(?:{_any_of(table['nouns'])})\b")


def _by_capitals(phrases: list[str]) -> dict[str, list[tuple[str, int]]]:
    found: dict[str, list[tuple[str, int]]] = {}
    for phrase in phrases:
        for start in (match.start() for match in re.finditer(r"(?<!\w)[^\W\d_a-zß-öø-ÿ]", phrase)):
            for end in (match.end() for match in re.finditer(r"\w(?!\w)", phrase) if match.end() > start):
                found.setdefault(phrase[start:end], []).append((phrase, start))
    return found


def _several_offices(table: dict[str, list[str]]) -> re.Pattern[str]:
    """Portfolios after holders in the plural: "los ministros europeos de Exteriores"."""
    if not table["several"]:
        return re.compile(r"(?!)")
    return re.compile(rf"\b(?:{_any_of(table['several'])})(?:\s[a-zß-öø-ÿ]+)?{_portfolios(table).pattern}")


def _portfolios(table: dict[str, list[str]]) -> re.Pattern[str]:
    words = "|".join(re.escape(word) for word in sorted(table["words"], key=lambda word: -len(word)))
    links = "|".join(re.escape(link) for link in table["links"])
    return (
        re.compile(rf"\s(?:{links})\s(?:{words})(?!\w)(?:(?:,\s|\s(?:y|e|and|&)\s)(?:{words})(?!\w)){{0,4}}")
        if words
        else re.compile(r"(?!)")
    )
