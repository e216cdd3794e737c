"""Which stretches of a text are names: the recogniser's, corrected, and the gazetteer's. They do not overlap."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import replace

from spacy.tokens import Doc

from teletipo.enrich.entities.affiliation import Splitter
from teletipo.enrich.entities.joining import Joiner, Span, is_title_case
from teletipo.enrich.entities.lexicon import Offices, Title
from teletipo.enrich.entities.missed import Missed
from teletipo.enrich.entities.surface import LowerWords, capitalised, lies_in, shouted_lines, starts_sentence, whole_end
from teletipo.enrich.entities.trimming import PERSON, Trimmer, without_first_word
from teletipo.enrich.entities.types import Types
from teletipo.gazetteer import Gazetteer, Hit

_ARTICLE_IN_NAME = re.compile(r"[a-záéíóúñ,] ((?:La|El|Los|Las|The) )$")
_LOWER_WORD = re.compile(r"\s([a-záéíóúüñ]+)")
_NOUN_BEFORE = re.compile(r"(?<!\w)(\w+)\s(?:(?:de|del|de la|de los)\s)?$")
_IN_APPOSITION = re.compile(r"(?: (?:of|de|del) (?:(?:the|la|los|las) )?[^\W\d_a-zß-öø-ÿ][^,.;:()\n]{1,40})?, ")
"""What stands between an office and the name in apposition to it."""
_CLOSES_APPOSITION = re.compile(r"[,.;)](?! (?:and|y|e) )")
"""What stands behind it; "the minister, Northwind Energy, and others" is a list."""
_REACH = 50
"""Characters behind an office within which its holder's name begins."""
_NEXT_CAPITALS = re.compile(r"(?: [^\W\d_a-zß-öø-ÿ][\w-]+){1,3}")
_OF_GAZETTEER = {"organisation": "ORG", "seat": "ORG", "person": "PER"}


class SpanFinder:
    """Finds the names of texts in one language."""

    def __init__(self, gazetteer: Gazetteer, lexicon: Offices, language: str) -> None:
        self._gazetteer = gazetteer
        self._lexicon = lexicon
        self._language = language
        self._trimmer = Trimmer(gazetteer, lexicon, language)
        self._splitter = Splitter(gazetteer, lexicon, language)
        self._missed = Missed(gazetteer, lexicon, language)
        self._types = Types(gazetteer, lexicon, language)
        self._joiner = Joiner(gazetteer, lexicon, language)

    def find(self, doc: Doc, text: str, titles: list[Title], headline_end: int) -> list[Span]:
        """All names in order. `headline_end` is where the headline ends; one in capitals is read by the gazetteer only."""
        shouted = shouted_lines(text, headline_end)
        lowered = LowerWords(text)
        capitals = capitalised(text)
        recognised = self._recognised(doc, text, titles, shouted, lowered)
        recognised += self._missed.people(text, titles, {span.start: span.type for span in recognised})
        recognised += self._missed.cities(text, capitals, {span.start for span in recognised})
        recognised += self._missed.organisations(text, capitals, shouted, titles, {span.start for span in recognised})
        people: dict[str, set[str]] = {}
        for span in recognised:
            if span.type == "PER":
                people.setdefault(span.text.split(" ")[-1], set()).add(span.text)
        recognised = [_without_adjective(span, people, text, lowered) for span in recognised]
        recognised = [piece for span in recognised for piece in self._splitter.holder(span, people)]
        title_case = headline_end if is_title_case(text[:headline_end]) else 0
        spans = self._merge(recognised, self._told_apart(self._gazetteer.scan(text, self._language)), text, title_case)
        spans = self._joiner.join(spans, text, titles, title_case)
        self._types.settle(spans, text)
        return spans

    def _recognised(
        self, doc: Doc, text: str, titles: list[Title], shouted: list[tuple[int, int]], lowered: LowerWords
    ) -> list[Span]:
        ends = [title.end for title in titles]
        portfolios = self._trimmer.portfolios(text, titles)
        spans = []
        for ent in doc.ents:
            if ent.start_char in portfolios or lies_in(shouted, ent.start_char):
                continue
            everyday = ent.end - ent.start == 1 and ent[0].pos_ != "PROPN"
            first = without_first_word(ent, text, self._lexicon)
            for start, end in self._trimmer.pieces(text, first, whole_end(doc, ent), ent.label_):
                start = self._trimmer.after_title(text, start, end, titles, ends)
                end = self._trimmer.before_title(text, start, end, titles, ends)
                span = self._trimmer.trimmed(text, start, end, ent.label_)
                if span is not None and self._trimmer.is_name(span, text, lowered, everyday):
                    span.cut = span.start > ent.start_char
                    self._note_title(span, text, titles, ends)
                    spans += self._splitter.split(span, text, titles, ends)
        return spans

    def _note_title(self, span: Span, text: str, titles: list[Title], ends: list[int]) -> None:
        """A name right after an office ("presidenta Ana Ruiz", "presidente ruso Juan Ruiz") or in apposition to it ("the mayor
        of Nantes, Ana Ruiz,") is a person's."""
        at = bisect_right(ends, span.start)
        if not at or span.start - ends[at - 1] > _REACH or "family" in titles[at - 1].classes:
            return
        gap = text[ends[at - 1] : span.start]
        behind = gap == " " or (
            gap[:1] == gap[-1:] == " " and gap.strip() and self._gazetteer.demonym(gap.strip(" ,"), self._language)
        )
        if behind or (_IN_APPOSITION.fullmatch(gap) and self._may_be_person(span, text)):
            span.titled = True
            span.type = "PER"

    def _may_be_person(self, span: Span, text: str) -> bool:
        """A name of two words or more between commas, in no list, that is on no map."""
        return (
            " " in span.text
            and _CLOSES_APPOSITION.match(text, span.end) is not None
            and PERSON.fullmatch(span.text) is not None
            and self._gazetteer.place(span.text, (), self._language) is None
        )

    def _told_apart(self, hits: list[Hit]) -> list[Hit]:
        """Two states of one name: "Congo" in a text on the Democratic Republic, "Georgia" in one on the United States."""
        twins, rivals = self._lexicon.twins, self._lexicon.rivals
        named = {hit.country for hit in hits if hit.text not in twins and hit.text not in rivals}
        apart = []
        for hit in hits:
            rival = rivals.get(hit.text)
            if twins.get(hit.text) in named and hit.text in twins:
                hit = replace(hit, country=twins[hit.text])
            elif rival in named and hit.country not in named and hit.kind == "name":
                hit = replace(hit, country=rival, kind="region")
            apart.append(hit)
        return apart

    def _merge(self, recognised: list[Span], hits: Iterable[Hit], text: str, title_case: int) -> list[Span]:
        """The longer of two that overlap; of equals the gazetteer's. A weak name of the gazetteer needs the recogniser."""
        by_start = {(span.start, span.end): span for span in recognised}
        candidates = [self._extended(span, text) for span in recognised if not self._is_pair(span)]
        for hit in hits:
            twin = by_start.get((hit.start, hit.end))
            if hit.weak and twin is None:
                continue
            kind = _OF_GAZETTEER.get(hit.kind, "LOC") if hit.known is None else hit.known.type
            if hit.weak and twin is not None and twin.type != kind:
                continue
            if twin is not None and twin.titled and hit.kind != "organisation":
                continue
            known = None if hit.weak and hit.known is not None and hit.known.country else hit.known
            longer = self._named_after(hit, text, title_case)
            candidates += [longer] if longer is not None else []
            candidates.append(Span(hit.start, hit.end, hit.text, kind, hit, known, recognised=twin is not None))
        candidates.sort(key=lambda span: (-(span.end - span.start), span.hit is None, span.start))
        taken: list[Span] = []
        occupied = bytearray(len(text))
        for span in candidates:
            if occupied.find(1, span.start, span.end) >= 0:
                continue
            occupied[span.start : span.end] = b"\1" * (span.end - span.start)
            taken.append(span)
        taken.sort(key=lambda span: span.start)
        return taken

    def _named_after(self, hit: Hit, text: str, title_case: int) -> Span | None:
        """ "Berlin Film Festival", "Texas Senate": what is named after a place, where modifiers come first."""
        if hit.kind not in ("city", "capital", "region") or hit.start < title_case or not self._lexicon.modifiers_before:
            return None
        rest = _NEXT_CAPITALS.match(text, hit.end)
        words = rest[0].split() if rest else []
        for count in range(len(words), 0, -1):
            name = " ".join([hit.text, *words[:count]])
            kind = self._lexicon.type_of_name(name) if words[count - 1] in self._lexicon.heads else None
            if kind is not None:
                return Span(hit.start, hit.start + len(name), name, kind, recognised=True)
        return None

    def _is_pair(self, span: Span) -> bool:
        """ "Irán-Irak": two states that the gazetteer finds, not one name."""
        one, joint, other = span.text.partition("-")
        if not joint and span.type == "LOC":
            one, joint, other = span.text.partition(" de ")  # "Ruanda de Reino Unido"
        elif " " in span.text:
            return False
        if not joint or span.titled or self._gazetteer.reading(span.text, self._language) is not None:
            return False
        readings = [self._gazetteer.reading(part, self._language) for part in (one, other)]
        return all(reading is not None and reading.kind in ("name", "capital") for reading in readings)

    def _extended(self, span: Span, text: str) -> Span:
        """With the noun of a place before it ("plaza Kim Il Sung"), or the portfolio behind ("Ministerio chino de Defensa")."""
        if span.text in self._lexicon.org_heads and not self._lexicon.modifiers_before:
            word = _LOWER_WORD.match(text, span.end)
            portfolio = self._lexicon.portfolios.match(text, word.end()) if word else None
            if word and portfolio is not None and self._gazetteer.demonym(word[1], self._language):
                return Span(span.start, portfolio.end(), text[span.start : portfolio.end()], "ORG", recognised=True)
        article = _ARTICLE_IN_NAME.search(text[max(0, span.start - 6) : span.start])
        if article and span.type != "PER" and not self._trimmer.is_known(span.text):
            start = span.start - len(article[1])
            return Span(start, span.end, text[start : span.end], span.type, recognised=True)
        if self._lexicon.facilities and span.type != "ORG":
            before = _NOUN_BEFORE.search(text[max(0, span.start - 24) : span.start])
            if before and before[1].casefold() in self._lexicon.facilities:
                start = max(0, span.start - 24) + before.start(1)
                return Span(start, span.end, text[start : span.end], "LOC", recognised=True)
        return span


def _without_adjective(span: Span, people: dict[str, set[str]], text: str, lowered: LowerWords) -> Span:
    """ "Confident Ruiz" that opens a headline, in a text that has Juan Ruiz and writes "confident" small elsewhere."""
    first, _, rest = span.text.partition(" ")
    if span.type != "PER" or not rest or " " in rest or span.titled:
        return span
    known = people.get(rest, set()) | people.get(f"al-{rest}", set())
    others = [name for name in known if " " in name and not name.startswith(f"{first} ")]
    if not others or not starts_sentence(text, span.start) or first.casefold() not in lowered:
        return span
    return replace(span, start=span.end - len(rest), text=rest, cut=True)
