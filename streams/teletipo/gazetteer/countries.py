"""Countries by their names, demonyms, capitals, governments' seats and parts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib import resources

from teletipo.errors import LexiconError
from teletipo.gazetteer.model import Hit, HitKind, Reading, ReadingKind
from teletipo.gazetteer.names import LEADING_WORDS, fold, inflect, without_article
from teletipo.languages import load
from teletipo.remembered import Remembered

_WORD = re.compile(r"\w+(?:[-'’]\w+)*")
_FIRST = re.compile(r"\w+")
_LONGER = re.compile(r" [^\W\d_a-zß-öø-ÿ]")
_LONGEST_NAME = 6
_LONGEST_TEXT = 120
_LONGEST_NAMED = 40
"""Mentions and short phrases are asked for again, sentences are not."""
_REMEMBERED = 20_000
"""Readings kept: the same few hundred names make most of what is asked."""
_SCANNED: dict[str, HitKind] = {"countries": "name", "capitals": "capital", "seats": "seat", "regions": "region"}


@dataclass(frozen=True, slots=True)
class Country:
    """One row of data/countries.tsv: identifiers from country-codes.csv, names from CLDR and UNTERM."""

    iso3: str
    wikidata: str | None
    geonames_id: int | None
    capital: str
    names: dict[str, tuple[str, ...]]


def read_countries() -> dict[str, Country]:
    """All countries and territories by ISO alpha-3."""
    lines = (resources.files("teletipo.gazetteer") / "data" / "countries.tsv").read_text("utf-8").splitlines()
    countries = {}
    for line in lines[1:]:
        iso3, _, wikidata, geonames_id, capital, *columns = line.split("\t")
        names = {
            language: tuple(name for name in column.split("|") if name and "(" not in name and "," not in name)
            for language, column in zip(("es", "en", "pt"), columns, strict=True)
        }
        countries[iso3] = Country(iso3, wikidata or None, int(geonames_id) if geonames_id else None, capital, names)
    return countries


class CountryNames:
    """The names of states in one language, looked up alone or in a phrase."""

    def __init__(self, language: str, countries: dict[str, Country]) -> None:
        self._names: dict[str, Reading] = {}
        self._demonyms: dict[str, Reading] = {}
        self.hits: dict[str, tuple[HitKind, str | None]] = {}
        """Every name as written, for a scan of running text: its kind and its state."""
        self.weak: frozenset[str] = frozenset()
        self.rivals: dict[str, str] = {}
        self.areas: tuple[str, ...] = ()
        self.supranational: dict[str, str] = {}
        self._combining: dict[str, str] = {}
        self._read: Remembered[str, Reading | None] = Remembered(self._exact, _REMEMBERED)
        self._evident: Remembered[str, list[Reading]] = Remembered(lambda text: list(self._evidence(text)), _REMEMBERED)
        self._longest: dict[str, int] = {}
        self._longest_demonyms: dict[str, int] = {}
        self._beginnings: Remembered[str, int] = Remembered(self._begins, _REMEMBERED)
        self.tells: Remembered[str, bool] = Remembered(self._begins_one, _REMEMBERED)
        """Whether a name of a state may begin within a text of a word or two."""
        for country in countries.values():
            self._add_names("name", country.iso3, country.names.get(language, ()))
            if language == "en" and country.capital:
                self._add_names("capital", country.iso3, (country.capital,))
        if language in ("es", "en"):
            self._add_tables(language, countries)

    def _add_tables(self, language: str, countries: dict[str, Country]) -> None:
        places = load(language, "places")
        for table, kind in _SCANNED.items():
            for iso3, names in places[table].items():
                if iso3 not in countries:
                    raise LexiconError(f"languages/{language}/places.toml: [{table}] {iso3} is no ISO 3166-1 alpha-3 code")
                self._add_names(kind, iso3, names)
        self.areas = tuple(places["areas"]["names"])
        for name in self.areas:
            self.hits[name] = ("area", None)
        for organisation, names in places["supranational"].items():
            for name in names:
                self._names[fold(name)] = Reading(None, "capital")
                self.hits[name] = ("supranational", None)
                self.supranational[fold(name)] = organisation
        self.weak = frozenset(fold(name) for name in places["ambiguous"]["names"])
        self.rivals = {fold(name): iso3 for name, iso3 in places["rivals"].items()}
        self._add_demonyms(language, countries)

    def _add_names(self, kind: HitKind, iso3: str, names: tuple[str, ...] | list[str]) -> None:
        for name in names:
            reading_kind: ReadingKind = kind  # type: ignore[assignment]
            bare = name if name[0].isupper() else without_article(name)  # "La Paz" is not called "Paz"
            self._names.setdefault(fold(bare), Reading(iso3, reading_kind))
            self.hits.setdefault(name, (kind, iso3))

    def _add_demonyms(self, language: str, countries: dict[str, Country]) -> None:
        table = load(language, "demonyms")
        endings = table["inflection"]
        for section, kind in (("demonyms", "demonym"), ("regional", "regional")):
            for iso3, words in table[section].items():
                if iso3 not in countries:
                    raise LexiconError(f"languages/{language}/demonyms.toml: [{section}] {iso3} is no ISO 3166-1 alpha-3 code")
                for form in (form for word in words for form in inflect(word, endings)):
                    self._demonyms.setdefault(self._demonym_key(form), Reading(iso3, kind))  # type: ignore[arg-type]
        for iso3, forms in table["forms"].items():
            for form in forms:
                self._demonyms.setdefault(self._demonym_key(form), Reading(iso3, "demonym"))
        for word in table["ambiguous"]["words"]:
            self._demonyms.pop(self._demonym_key(word), None)
        self._combining = {fold(half): iso3 for iso3, halves in table["combining"].items() for half in halves}

    @staticmethod
    def _demonym_key(form: str) -> str:
        """English demonyms are capitals ("US" is not "us"), Spanish ones are not: the case of the first letter is kept."""
        return form[0] + fold(form)[1:] if form[0].isupper() else fold(form)

    def demonyms(self) -> list[str]:
        """All forms of all demonyms, lower case without accents but for an English capital."""
        return list(self._demonyms)

    def exact(self, text: str) -> Reading | None:
        """The reading of `text` as a whole: a name (with a capital in it) or a demonym; articles are ignored."""
        if len(text) > _LONGEST_TEXT:
            return None
        return self._read[text]

    def _exact(self, text: str) -> Reading | None:
        whole = text.strip().removesuffix("'s").removesuffix("’s")
        if whole[:1].isupper() and (reading := self._names.get(fold(whole))) is not None:
            return reading
        bare = without_article(whole)
        folded = fold(bare)
        if any(c.isupper() for c in bare) or "." in bare:
            reading = self._names.get(folded)
            if reading is not None:
                return reading
        return self._demonyms.get(self._demonym_key(bare) if bare else bare) or self._demonyms.get(folded)

    def evidence(self, text: str) -> Iterable[Reading]:
        """Every state that a phrase names, in order, longest names first, with offsets: "embajador de Rusia en Siria"."""
        return self._evident[text] if len(text) <= _LONGEST_NAMED else self._evidence(text)

    def _evidence(self, text: str) -> Iterator[Reading]:
        beginnings = self._beginnings
        words = [match.span() for match in _WORD.finditer(text)]
        index = 0
        while index < len(words):
            at, after = words[index]
            word = text[at:after]
            most = beginnings[word]
            if not most and "-" not in word:  # as nearly all words of a text
                index += 1
                continue
            for length in range(min(most, len(words) - index), 0, -1):
                start, end = at, words[index + length - 1][1]
                if text[end : end + 1] == "." and "." in text[start:end]:
                    end += 1
                span = text[start:end]
                reading = self.exact(span) if length == 1 or not span[0].islower() else self._demonyms.get(fold(span))
                if reading is not None and not (fold(span) in self.weak and _LONGER.match(text, end)):
                    yield Reading(reading.country, reading.kind, start, end)
                    index += length
                    break
            else:
                if "-" in word:
                    yield from self._compound(text, at, after)
                index += 1

    def _begins_one(self, text: str) -> bool:
        if "-" in text:
            return len(text) > 1  # "Sino-Russian" in three pieces: "Russian" tells
        return any(self._opens(word) for word in _WORD.findall(text))

    def _opens(self, word: str) -> bool:
        """Whether a name begins with this word, or with an article or preposition and this word.

        Those alone begin half of all sentences: what stands behind them tells ("El Salvador", "In Russia").
        """
        first = fold(_FIRST.findall(word)[0])
        if first in LEADING_WORDS:
            return False
        return bool(self._beginnings[word]) or first in self._behind_leading

    def _begins(self, word: str) -> int:
        """How many words a name may have that begins with this word as it is spelt."""
        first = word if word.isalnum() else _FIRST.findall(word)[0]
        most = self._lengths().get(fold(first), 0)
        if most and word[0].islower():  # only a demonym begins so, if it has more than one word; "de", "la" and "el" begin none
            longest = min(most, self._longest_demonyms.get(fold(first), 0))
            most = longest if longest > 1 else int(self.exact(word) is not None)
        return most

    def _lengths(self) -> dict[str, int]:
        """How many words a name may have that begins with a word; words that begin none are most of a text."""
        if not self._longest:
            for names, longest in ((self._demonyms, self._longest_demonyms), (self._names, self._longest)):
                for words in (_FIRST.findall(fold(name)) for name in names):
                    if words:
                        longest[words[0]] = min(_LONGEST_NAME, max(longest.get(words[0], 0), len(words)))
            for word, most in self._longest_demonyms.items():
                self._longest[word] = max(self._longest.get(word, 0), most)
            self._longest.update(dict.fromkeys(LEADING_WORDS, _LONGEST_NAME))
        return self._longest

    @cached_property
    def _behind_leading(self) -> frozenset[str]:
        """The words of names that begin with an article or preposition, but for these."""
        names = [_FIRST.findall(fold(name)) for name in (*self._names, *self._demonyms)]
        return frozenset(w for words in names if words and words[0] in LEADING_WORDS for w in words) - LEADING_WORDS

    def _compound(self, text: str, start: int, end: int) -> Iterator[Reading]:
        """Both states of "sino-ruso"; a name with a hyphen that is no such compound gives nothing."""
        first, hyphen, second = text[start:end].partition("-")
        if not hyphen:
            return
        state = self._combining.get(fold(first))
        other = self.exact(second)
        if other is None:
            return
        middle = start + len(first)
        if state is not None:
            yield Reading(state, "demonym", start, middle)
        yield Reading(other.country, other.kind, middle + 1, end)


def scannable(names: CountryNames) -> Iterator[Hit]:
    """All names of a language that a running text is scanned for (offsets 0)."""
    for name, (kind, iso3) in names.hits.items():
        yield Hit(0, 0, name, kind, iso3, weak=fold(name) in names.weak)
