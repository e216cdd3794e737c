"""The recogniser's stretches as names: without titles, articles and marks around, and cut where a name cannot go on."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from spacy.tokens import Span as DocSpan

from teletipo.enrich.entities.joining import Span
from teletipo.enrich.entities.lexicon import Offices, Title
from teletipo.enrich.entities.surface import LowerWords, starts_sentence
from teletipo.gazetteer import Gazetteer

_QUOTES = "\"“«‘'"
_EDGE = " \t\n\"'«»“”‘’.,;:()[]¡!¿?–—-…*/&"
_NOT_OF_NAME = re.compile(
    r",\s(?=[a-záéíóúñ])|\s(?!de |del |la |las |los |el |y |e |al |da |do |of |the |and )[a-záéíóúñ]+\s"
    r"(?:por|en|con|para|que|a|según|sobre|desde|hasta|ante|tras|by|in|with|for|that|to|on|at|from)\s"
    r"|\s(?:hacia|según|tras)\s"
)
_NO_NAME = re.compile(r"[IVXLC]{2,}|[^$€£\n]*[$€£].*")
"""Numbers in Roman letters that stand alone, and sums of money."""
_OF = re.compile(r"(?:del?|of)\s(?:(?:la|las|los|the)\s)?", re.IGNORECASE)
_ACRONYM_DOT = re.compile(r"(?:[A-Z]{1,2}\.\s?){2,4}$|\b(?:Jr|Sr|Inc|Co|Corp)\.$")
_BETWEEN_NAMES = re.compile(r"[\n;()\[\]«»“”\"]+|\sand\s(?=\w+['’]s\s)")
_POSSESSIVE = re.compile(r"([^\s'’]+)['’]s\s")
_BETWEEN_PEOPLE = re.compile(
    r"[\n;()\[\]«»“”\"]+|,?\sand\s|\s[ye]\s(?=[^\W\d_a-zß-öø-ÿ][\w'’-]+\s[^\W\d_a-zß-öø-ÿ])|,\s|(?<=\w)['’]s\s"
)
_COMMON_NOUN = re.compile(r"\s(?:de|del|of)\s(?!(?:la|las|los|el|the)\s)[a-zß-öø-ÿ]")
_CAPITAL = re.compile(r"(?<!\w)[^\W\d_a-zß-öø-ÿ]")
_DEMONYM_AFTER = re.compile(r"\s([a-záéíóúüñ]+)\b")
WORD = re.compile(r"[^\W_]+(?:[.'’-][^\W_]+)*\.?")
_LOWER_IN_NAME = frozenset(
    [
        "al",
        "el",
        "de",
        "del",
        "della",
        "di",
        "da",
        "du",
        "la",
        "le",
        "von",
        "van",
        "der",
        "den",
        "ter",
        "bin",
        "ibn",
        "ben",
        "abu",
        "d",
        "l",
    ]
)
_NAME_PARTICLE = r"(?:de|del|la|las|los|y|e|da|do|dos|von|van|der|bin|al)"
PERSON = re.compile(rf"[^\W\d_a-zß-öø-ÿ][\w'’.-]+(?: (?:{_NAME_PARTICLE} ){{0,2}}[^\W\d_a-zß-öø-ÿ][\w'’-]+){{0,4}}")


def without_first_word(ent: DocSpan, text: str, lexicon: Offices) -> int:
    """Where the name begins after a word that has its capital from the sentence: "Investigadoras del Conicet", "Venció Ana"."""
    start: int = ent.start_char
    if len(ent) < 2 or not starts_sentence(text, start):
        return start
    no_name = ent[0].pos_ in lexicon.never_first or ent[0].lower_.endswith(lexicon.verb_endings)
    if no_name and ent.label_ == "PER" and ent[1].text[:1].isupper():
        return ent[1].idx
    if len(ent) < 3 or ent[1].lower_ not in ("de", "del"):
        return start
    if ent[0].pos_ != "NOUN" and ent[0].lower_ not in lexicon.groups:
        return start
    if lexicon.type_of_name(ent.text) is not None or not ent[2].text[:1].isupper():
        return start
    return ent[2].idx


class Trimmer:
    """Cuts the recogniser's stretches of texts in one language to names."""

    def __init__(self, gazetteer: Gazetteer, lexicon: Offices, language: str) -> None:
        self._gazetteer = gazetteer
        self._lexicon = lexicon
        self._language = language

    def after_title(self, text: str, start: int, end: int, titles: list[Title], ends: list[int]) -> int:
        """Where the name begins in a stretch that an office covers or stands in: "Egyptian Foreign Minister Sameh Shoukry"."""
        at = bisect_right(ends, end)
        if not at or ends[at - 1] <= start:
            return start
        title = titles[at - 1]
        if title.end == end and title.start > start:
            return start
        if title.start <= start:
            return title.end
        return title.end if PERSON.fullmatch(text[title.end : end].strip()) else start

    def before_title(self, text: str, start: int, end: int, titles: list[Title], ends: list[int]) -> int:
        """Where the name ends in a stretch that an office closes: "U.S. Defense Secretary"."""
        at = bisect_right(ends, end)
        if at < len(titles) and titles[at].start < end and titles[at].end > end:
            return max(start, titles[at].start)  # "US Defence" of "US Defence Secretary Ana Ruiz"
        title = titles[at - 1] if at else None
        if title is None or title.end != end or title.start <= start or not self._lexicon.modifiers_before:
            return end
        rest = text[start : title.start].strip()
        return start + len(rest) if self._gazetteer.reading(rest, self._language) is not None else end

    def portfolios(self, text: str, titles: list[Title]) -> set[int]:
        """Where the portfolio begins that a demonym parts from its office, or that is of several people: "el ministro alemán
        de Defensa", "los ministros de Economía y Finanzas"."""
        found = {
            several.start() + capital.start()
            for several in self._lexicon.several_offices_in(text)
            for capital in _CAPITAL.finditer(several[0])
        }
        for title in titles if not self._lexicon.modifiers_before else ():
            word = _DEMONYM_AFTER.match(text, title.end)
            portfolio = (
                self._lexicon.portfolios.match(text, word.end())
                if word and self._gazetteer.demonym(word[1], self._language)
                else None
            )
            if portfolio is not None:
                capital = _CAPITAL.search(portfolio[0])
                found.add(portfolio.start() + capital.start() if capital else portfolio.start())
        return found

    @staticmethod
    def pieces(text: str, start: int, end: int, kind: str) -> Iterator[tuple[int, int]]:
        """A name never crosses a line, a semicolon or a bracket; two people joined by "and" are two."""
        done = start
        for mark in (_BETWEEN_PEOPLE if kind == "PER" else _BETWEEN_NAMES).finditer(text, start, end):
            yield done, mark.start()
            done = mark.end()
        yield done, end

    def trimmed(self, text: str, start: int, end: int, kind: str) -> Span | None:
        """Without marks, articles, titles and demonyms around: "Russian President Vladimir Putin" is "Vladimir Putin"."""
        titled = False
        while True:
            while start < end and text[start] in _EDGE:
                start += 1
            word = WORD.match(text, start, end)
            if word is None or word.end() >= end:
                break
            first = word[0].casefold().rstrip(".")
            title = self._lexicon.title_at(text, start, first)
            if (
                title is not None
                and title[0] < end
                and (kind == "PER" or text[start].islower() or self._lexicon.modifiers_before)
            ):
                titled = titled or "family" not in title[1]
                start = title[0]
                of = _OF.match(text, start + 1, end) if text[start : start + 1] == " " else None
                if of is not None and text[of.end() : of.end() + 1].isupper():
                    return self._holder_of(text, of.end(), end)
                continue
            possessive = _POSSESSIVE.match(text, start, end)
            if possessive is not None and self._owns(possessive[1]):
                start = possessive.end()
                continue
            rest = text[word.end() : end].lstrip()
            quoted = start > 0 and text[start - 1] in _QUOTES  # "El Mono": the article belongs to a nickname
            if first in self._lexicon.stop and not quoted and not self.is_known(text[start:end]) and rest[:1].isupper():
                start = word.end()
                continue
            if word[0].islower() and word[0] not in _LOWER_IN_NAME and rest[:1].isupper() and not self.is_known(text[start:end]):
                start = word.end()  # "breakaway Republic of Alba"
                continue
            if self._lexicon.modifiers_before and self._is_demonym_before_title(text, word.start(), word.end(), end):
                start = word.end()
                continue
            break
        while end > start and text[end - 1] in _EDGE and not _ACRONYM_DOT.search(text[start:end]):
            end -= 1
        for pattern in (_NOT_OF_NAME, _COMMON_NOUN) if kind == "PER" else (_NOT_OF_NAME,):
            tail = pattern.search(text, start, end)
            end = tail.start() if tail is not None else end
        while (
            (last := text[start:end].rpartition(" ")[2]).casefold() in self._lexicon.stop
            and last.islower()
            and last != text[start:end]
        ):
            end -= len(last) + 1
        if text[start:end].endswith(("'s", "’s")) and self._lexicon.modifiers_before:
            end -= 2
        if end <= start:
            return None
        return Span(start, end, text[start:end], "PER" if titled and kind != "LOC" else kind, titled=titled, recognised=True)

    def _holder_of(self, text: str, start: int, end: int) -> Span | None:
        """What an office is of, where the recogniser took office and all for a person: "Presidente del Banco Central"."""
        name = text[start:end].strip(_EDGE)
        kind = self._lexicon.type_of_name(name)
        if kind is None:
            known = self._gazetteer.known(name, None, self._language)
            kind = known.type if known is not None else "LOC" if self._gazetteer.place(name, (), self._language) else "ORG"
        return Span(start, start + len(name), name, kind, recognised=True) if name else None

    def _owns(self, name: str) -> bool:
        """Whether a name before "'s" is another's: "China's Li", "ECB's Governing Council"."""
        if self._gazetteer.reading(name, self._language) is not None:
            return True
        return (name.isupper() and len(name) > 2) or self._gazetteer.organisation(name, self._language) is not None

    def is_known(self, name: str) -> bool:
        return self._gazetteer.known(name, None, self._language) is not None or (
            self._gazetteer.reading(name, self._language) is not None and name[0].isupper()
        )

    def _is_demonym_before_title(self, text: str, start: int, end: int, limit: int) -> bool:
        reading = self._gazetteer.reading(text[start:end], self._language)
        following = WORD.search(text, end, limit)
        if reading is None or following is None:
            return False
        return self._lexicon.title_at(text, following.start(), following[0].casefold().rstrip(".")) is not None

    def is_name(self, span: Span, text: str, lowered: LowerWords, everyday: bool) -> bool:
        """A name has a capital; one word that a sentence begins with must not be an everyday word."""
        if not any(map(str.isupper, span.text)) or len(span.text) > 120:
            return False
        if span.text.isupper() and " " in span.text and len(span.text) > 14:
            return False  # a line in capitals, not a name
        if len(span.text) < 2 or _NO_NAME.fullmatch(span.text) or span.text in self._lexicon.no_acronyms:
            return False
        if " " not in span.text and span.text.casefold() in self._lexicon.stop:
            return False
        if " " not in span.text and self._lexicon.title_at(span.text, 0, span.text.casefold()) is not None:
            return False
        reading = self._gazetteer.reading(span.text, self._language)
        if reading is not None and reading.kind in ("demonym", "regional"):
            return False
        if self._lexicon.is_in_phrase(text, span.start, span.end):
            return False
        if " " in span.text or not starts_sentence(text, span.start):
            return True
        following = WORD.match(text, span.end + 1)
        if following is not None and following[0] in self._lexicon.after_verbs:
            return False  # "Recuerdo una tarde": a verb, whatever the recogniser says
        return not (everyday or span.text.casefold() in lowered) or self.is_known(span.text)
