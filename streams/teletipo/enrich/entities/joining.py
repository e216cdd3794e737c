"""Join the pieces of names that the recogniser cut, and the capitalised words beside them that it left out."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from teletipo.enrich.entities.lexicon import Offices, Title
from teletipo.enrich.entities.surface import starts_sentence
from teletipo.gazetteer import Gazetteer, Hit, Known

_JOINT = re.compile(r" | (?:de|de la|de los|del|von der|von|van der|van|bin|ben|da|dos|di) ")
_NEXT_CAPITAL = re.compile(r" ([^\W\d_a-zß-öø-ÿ][\w'’-]+)")
_FOREIGN_END = re.compile(r" (?:(?:el|al|ul|ad|as|ar)-|(?:da|do|dos|von|van|bin|ibn) )[^\W\d_a-zß-öø-ÿ][\w'’-]+")
_LAST_CAPITAL = re.compile(r"(?<![\w'’.-])([^\W\d_a-zß-öø-ÿ][\w'’-]+) ((?:(?:von der|von|van der|van|bin|ben) )?)$")
_LONELY_PARTICLE = re.compile(r"\b((?:von der|von|van der|van|bin|ben) )$", re.IGNORECASE)
_OF = re.compile(r" (?:de|del|de la|de los|de las|por la|sobre el) ")
_CAPITALISED = 0.6
"""Share of capitalised words from which a headline is in title case."""


@dataclass(slots=True)
class Span:
    """One name in the text. `hit` is what the gazetteer has under it, `titled` says that an office stands before it."""

    start: int
    end: int
    text: str
    type: str
    hit: Hit | None = None
    known: Known | None = None
    titled: bool = False
    recognised: bool = False
    cut: bool = False
    """The recogniser's stretch began earlier: what stands there is no part of the name."""


class Joiner:
    """Joins the names of texts in one language."""

    def __init__(self, gazetteer: Gazetteer, lexicon: Offices, language: str) -> None:
        self._gazetteer = gazetteer
        self._lexicon = lexicon
        self._language = language

    def join(self, spans: list[Span], text: str, titles: list[Title], title_case: int) -> list[Span]:
        """Join what the recogniser cut: "Lee" + "Jae Myung", "Ursula" + "von der Leyen", "Federal Reserve Bank" + "of Dallas".

        Up to `title_case` every word has a capital, so that capitals join nothing there.
        """
        grown: list[Span] = []
        starts = {title.start for title in titles}
        ends = [title.end for title in titles]
        for index, span in enumerate(spans):
            previous = grown[-1] if grown else None
            if previous is not None and self._is_joined(previous, span, text[previous.end : span.start]):
                previous.end = span.end
                previous.text = text[previous.start : span.end]
                previous.hit = previous.known = None
                continue
            after = spans[index + 1].start if index + 1 < len(spans) else len(text)
            at = bisect_right(ends, span.start)
            earliest = max(previous.end if previous else 0, ends[at - 1] if at else 0)
            if span.start >= title_case:
                self._add_words(span, text, earliest, after, starts)
            grown.append(span)
        return grown

    def _is_joined(self, one: Span, other: Span, gap: str) -> bool:
        if one.type == other.type == "PER":
            if gap == "-":  # "Jean" + "Claude Ruiz"; "Trump-Kim" is two
                return " " not in one.text and " " in other.text and one.text not in self._lexicon.surnames
            foreign = gap.strip() in ("von der", "von", "van der", "van", "bin", "ben")
            return gap == " " or (_JOINT.fullmatch(gap) is not None and " " not in other.text and (foreign or " " in one.text))
        if one.text in self._lexicon.org_heads and other.type == "ORG" and other.hit is None:
            state, _, link = gap.strip().partition(" ")  # "Ministerio" + " chino de " + "Asuntos Exteriores"
            return link in ("de", "del", "de la") and self._gazetteer.demonym(state, self._language) is not None
        if one.text in self._lexicon.misc_heads and _OF.fullmatch(gap):
            one.type = "MISC"  # "Guerra" + "de Corea"
            return True
        if self._lexicon.modifiers_before and one.type == "ORG" and one.hit is None and other.type == "LOC":
            return gap == " of " and one.text.split()[-1] in self._lexicon.org_heads
        return False

    def _add_words(self, span: Span, text: str, earliest: int, latest: int, titles: set[int]) -> None:
        """Capitalised words beside a name that nothing else claims belong to it."""
        if span.hit is not None and span.hit.kind != "person":
            return
        following = _NEXT_CAPITAL.match(text, span.end, latest)
        if following is not None and span.end + 1 not in titles and self._is_free(following[1]):
            span.end = following.end()
        if span.type == "PER":
            rest = _FOREIGN_END.match(text, span.end, latest)
            span.end = rest.end() if rest is not None else span.end
            before = text[max(earliest, span.start - 40) : span.start]
            particle = _LONELY_PARTICLE.search(before)
            word = _LAST_CAPITAL.search(before)
            if (
                word is not None
                and not span.cut
                and span.start - len(word[0]) not in titles
                and self._is_free(word[1])
                and not self._is_verb(word[1], text, span.start - len(word[0]))
            ):
                span.start -= len(word[0])
            elif particle is not None:
                span.start -= len(particle[1])
        if span.end - span.start != len(span.text):
            span.text = text[span.start : span.end]
            span.hit = None

    def _is_verb(self, word: str, text: str, start: int) -> bool:
        """ "Venció Ana Ruiz": a word that has its capital from the sentence."""
        return word.casefold().endswith(self._lexicon.verb_endings) and starts_sentence(text, start)

    def _is_free(self, word: str) -> bool:
        folded = word.casefold()
        if folded in self._lexicon.stop or self._lexicon.title_at(word, 0, folded) is not None or len(word) < 2:
            return False
        return self._gazetteer.reading(word, self._language) is None and self._gazetteer.known(word, None, self._language) is None


def is_title_case(headline: str) -> bool:
    """Whether most words have a capital, as English papers write headlines."""
    words = [word for word in headline.split() if word[0].isalpha()]
    return len(words) > 3 and sum(word[0].isupper() for word in words) > _CAPITALISED * len(words)
