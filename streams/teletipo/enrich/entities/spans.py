"""Which stretches of a text are names: the recogniser's, corrected, and the gazetteer's. They do not overlap."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from spacy.tokens import Doc
from spacy.tokens import Span as DocSpan

from teletipo.enrich.entities.joining import Joiner, Span, is_title_case
from teletipo.enrich.entities.lexicon import Offices, Title, initials
from teletipo.enrich.entities.surface import LowerWords, is_shouted, starts_sentence, whole_end
from teletipo.gazetteer import Gazetteer, Hit

_LARGE_CITY = 100_000
_ACRONYM = re.compile(r"(?<![\w.'’-])(?<![A-ZÁÉÍÓÚÑ] )[A-ZÁÉÍÓÚÑ]{3,7}(?![\w'-])(?! [A-ZÁÉÍÓÚÑ]{2})")
_ROMAN = re.compile(r"[IVXLC]+")
_QUOTES = "\"“«‘'"
_EDGE = " \t\n\"'«»“”‘’.,;:()[]¡!¿?–—-…*/"
_WORD = re.compile(r"[^\W_]+(?:[.'’-][^\W_]+)*\.?")
_OF = re.compile(r"\b(?:de|del|of)\s$")
_PREPOSITION = re.compile(r"(\w+)\s$")
_NOT_OF_NAME = re.compile(
    r",\s(?=[a-záéíóúñ])|\s(?!de |del |la |las |los |el |y |e |al |da |do |of |the |and )[a-záéíóúñ]+\s"
    r"(?:por|en|con|para|que|a|según|sobre|desde|hasta|ante|tras|by|in|with|for|that|to|on|at|from)\s"
)
_ARTICLE_IN_NAME = re.compile(r"[a-záéíóúñ,] ((?:La|El|Los|Las|The) )$")
_ACRONYM_DOT = re.compile(r"(?:[A-Z]{1,2}\.\s?){2,4}$|\b(?:Jr|Sr|Inc|Co|Corp)\.$")
_OF_GAZETTEER = {"organisation": "ORG", "seat": "ORG", "person": "PER"}
_BETWEEN_NAMES = re.compile(r"[\n;()\[\]«»“”\"]+|\sand\s(?=\w+['’]s\s)")
_POSSESSIVE = re.compile(r"([^\s'’]+)['’]s\s")
_BETWEEN_PEOPLE = re.compile(
    r"[\n;()\[\]«»“”\"]+|,?\sand\s|\s[ye]\s(?=[^\W\d_a-zß-öø-ÿ][\w'’-]+\s[^\W\d_a-zß-öø-ÿ])|,\s|(?<=\w)['’]s\s"
)
_NAME_PARTICLE = r"(?:de|del|la|las|los|y|e|da|do|dos|von|van|der|bin|al)"
_PERSON = re.compile(rf"[^\W\d_a-zß-öø-ÿ][\w'’.-]+(?: (?:{_NAME_PARTICLE} ){{0,2}}[^\W\d_a-zß-öø-ÿ][\w'’-]+){{0,4}}")
_COMMON_NOUN = re.compile(r"\s(?:de|del|of)\s(?!(?:la|las|los|el|the)\s)[a-zß-öø-ÿ]")
_BRACKETED = re.compile(
    r"((?:[^\W\d_a-zß-öø-ÿ][\w'’-]+\s(?:(?:of|the|and|for|de|del|la|las|los|y)\s){0,3}){1,8})\(([A-ZÁÉÍÓÚÑ]{2})\)"
)
_DEMONYM_AFTER = re.compile(r"\s([a-záéíóúüñ]+)\b")


def _without_common_noun(ent: DocSpan, text: str, lexicon: Offices) -> int:
    """Where the name begins after a noun that has its capital from the sentence: "Investigadoras del Conicet"."""
    start = ent.start_char
    if len(ent) < 3 or ent[1].lower_ not in ("de", "del") or not starts_sentence(text, start):
        return start
    if ent[0].pos_ != "NOUN" and ent[0].lower_ not in lexicon.groups:
        return start
    if lexicon.type_of_name(ent.text) is not None or not ent[2].text[:1].isupper():
        return start
    return ent[2].idx


def _goes_on(one: Span, other: Span, text: str) -> bool:
    """Whether a list goes on with a name that nothing is known of and that is no full name of a person."""
    listed = text[one.end : other.start] in (", ", " y ", " e ", " and ", ", and ")
    return listed and other.hit is None and not other.titled and (other.type != "PER" or " " not in other.text)


class SpanFinder:
    """Finds the names of texts in one language."""

    def __init__(self, gazetteer: Gazetteer, lexicon: Offices, language: str) -> None:
        self._gazetteer = gazetteer
        self._lexicon = lexicon
        self._language = language
        self._joiner = Joiner(gazetteer, lexicon, language)

    def find(self, doc: Doc, text: str, titles: list[Title], headline_end: int) -> list[Span]:
        """All names in order. `headline_end` is where the headline ends; one in capitals is read by the gazetteer only."""
        shouted = headline_end if is_shouted(text[:headline_end]) else 0
        recognised = self._recognised(doc, text, titles, shouted)
        recognised += self._titled_people(text, titles, {span.start: span.type for span in recognised})
        recognised += self._located_cities(text, {span.start for span in recognised})
        recognised += self._organisations(text, shouted, titles, {span.start for span in recognised})
        spans = self._merge(recognised, self._told_apart(self._gazetteer.scan(text, self._language)), text)
        spans = self._joiner.join(spans, text, titles, headline_end if is_title_case(text[:headline_end]) else 0)
        self._settle_types(spans, text)
        return spans

    def _recognised(self, doc: Doc, text: str, titles: list[Title], shouted: int) -> list[Span]:
        lowered = LowerWords(text)
        ends = [title.end for title in titles]
        portfolios = self._portfolios(text, titles)
        spans = []
        for ent in doc.ents:
            if ent.start_char < shouted or ent.start_char in portfolios:
                continue
            everyday = ent.end - ent.start == 1 and ent[0].pos_ != "PROPN"
            for start, end in self._pieces(text, _without_common_noun(ent, text, self._lexicon), whole_end(doc, ent), ent.label_):
                start = self._after_title(text, start, end, titles, ends)
                end = self._before_title(text, start, end, titles, ends)
                span = self._trimmed(text, start, end, ent.label_)
                if span is not None and self._is_name(span, text, lowered, everyday):
                    self._note_title(span, text, titles, ends)
                    spans += self._split_affiliation(span, text, titles, ends)
        return spans

    def _after_title(self, text: str, start: int, end: int, titles: list[Title], ends: list[int]) -> int:
        """Where the name begins in a stretch that an office covers or stands in: "Egyptian Foreign Minister Sameh Shoukry"."""
        at = bisect_right(ends, end)
        if not at or ends[at - 1] <= start:
            return start
        title = titles[at - 1]
        if title.end == end and title.start > start:
            return start
        if title.start <= start:
            return title.end
        return title.end if _PERSON.fullmatch(text[title.end : end].strip()) else start

    def _before_title(self, text: str, start: int, end: int, titles: list[Title], ends: list[int]) -> int:
        """Where the name ends in a stretch that an office closes: "U.S. Defense Secretary"."""
        at = bisect_right(ends, end)
        title = titles[at - 1] if at else None
        if title is None or title.end != end or title.start <= start or not self._lexicon.modifiers_before:
            return end
        rest = text[start : title.start].strip()
        return start + len(rest) if self._gazetteer.reading(rest, self._language) is not None else end

    def _portfolios(self, text: str, titles: list[Title]) -> set[int]:
        """Where the portfolio begins that a demonym parts from its office: "el ministro alemán de Defensa"."""
        found = set()
        for title in titles if not self._lexicon.modifiers_before else ():
            word = _DEMONYM_AFTER.match(text, title.end)
            portfolio = self._lexicon.portfolios.match(text, word.end()) if word and self._is_demonym(word[1]) else None
            if portfolio is not None:
                capital = re.search(r"[^\W\d_a-zß-öø-ÿ]", portfolio[0])
                found.add(portfolio.start() + capital.start() if capital else portfolio.start())
        return found

    def _note_title(self, span: Span, text: str, titles: list[Title], ends: list[int]) -> None:
        """A name right after an office ("presidenta Ana Ruiz", "presidente ruso Juan Ruiz") is a person's."""
        at = bisect_right(ends, span.start)
        if not at or span.start - ends[at - 1] > 30 or "family" in titles[at - 1].classes:
            return
        gap = text[ends[at - 1] : span.start]
        if gap == " " or (gap[:1] == gap[-1:] == " " and gap.strip() and self._is_demonym(gap.strip(" ,"))):
            span.titled = True
            span.type = "PER"

    def _is_demonym(self, word: str) -> bool:
        reading = self._gazetteer.reading(word, self._language)
        return reading is not None and reading.kind == "demonym"

    def _split_place(self, span: Span, text: str, titles: list[Title], ends: list[int]) -> list[Span] | None:
        """ "Exgobernador de Córdoba Hernán Ruiz", "Ohio Treasurer Dale Ruiz": the place's name and the person's."""
        words = span.text.split(" ")
        if span.type != "PER" or len(words) < 3 or self._lexicon.modifiers_before:
            return None
        at = bisect_right(ends, span.start)
        if not at or not re.fullmatch(r" (?:de|del|de la) ", text[ends[at - 1] : span.start]):
            return None
        for count in range(min(3, len(words) - 2), 0, -1):
            name, person = " ".join(words[:count]), " ".join(words[count:])
            if self._gazetteer.organisation(name, self._language) is not None:
                return None
            if self._gazetteer.place(name, (), self._language) is not None and _PERSON.fullmatch(person):
                middle = span.start + len(name)
                return [
                    Span(span.start, middle, name, "LOC", recognised=True),
                    Span(middle + 1, span.end, person, "PER", titled=True, recognised=True),
                ]
        return None

    def _split_affiliation(self, span: Span, text: str, titles: list[Title], ends: list[int]) -> list[Span]:
        """ "senador del PAN Ricardo Anaya": the party's name and the person's."""
        if (pieces := self._split_place(span, text, titles, ends)) is not None:
            return pieces
        first, link, rest = span.text.partition(" ")
        if first.isupper() and rest.startswith("de "):
            link, rest = " de ", rest.removeprefix("de ")
        if " " not in rest or _PERSON.fullmatch(rest) is None:
            return [span]
        if first in self._lexicon.no_acronyms:
            return [Span(span.start + len(first) + 1, span.end, rest, "ORG", recognised=True)]  # "ONG Foro Penal"
        if self._gazetteer.organisation(first, self._language) is None and not (first.isupper() and len(first) <= 6):
            return [span]
        if not first.isupper() and not _OF.search(text[max(0, span.start - 5) : span.start]):
            return [span]
        middle = span.start + len(first)
        if first.endswith(".") and len(first) == 2:
            return [Span(middle + 1, span.end, rest, "PER", recognised=True)]
        return [
            Span(span.start, middle, first, "ORG", recognised=True),
            Span(middle + len(link), span.end, rest, "PER", titled=True, recognised=True),
        ]

    def _titled_people(self, text: str, titles: list[Title], known: dict[int, str]) -> list[Span]:
        """People whom the recogniser missed: two capitalised words or more after an office, one demonym between at most.

        A name between commas ("its founder, Ren Ruiz, spoke") counts where the recogniser sees nothing.
        """
        spans = []
        for title in titles:
            if "family" in title.classes:
                continue
            apart = text.startswith(", ", title.end)
            start = title.end + (2 if apart else 1)
            if not apart and text[title.end : start] != " ":
                continue
            word = _WORD.match(text, start)
            if word and not self._lexicon.modifiers_before and word[0].islower() and self._is_demonym(word[0]):
                start = word.end() + (2 if text[word.end() : word.end() + 2] == ", " else 1)
            person = _PERSON.match(text, start)
            if person is None or known.get(start) == "PER" or " " not in person[0]:
                continue
            if apart and (start in known or text[person.end() : person.end() + 1] != ","):
                continue
            if self._gazetteer.reading(person[0], self._language) or self._lexicon.type_of_name(person[0]):
                continue
            spans.append(Span(start, person.end(), person[0], "PER", titled=True, recognised=True))
        return spans

    def _located_cities(self, text: str, known: set[int]) -> list[Span]:
        """Cities that the recogniser missed: a large one's name after a preposition of place."""
        spans = []
        for found in self._lexicon.located.finditer(text):
            if found.start(1) in known:
                continue
            place = self._gazetteer.place(found[1], (), self._language)
            if place is not None and place.kind == "city" and place.population >= _LARGE_CITY:
                spans.append(Span(found.start(1), found.end(1), found[1], "LOC", recognised=True))
        return spans

    def _organisations(self, text: str, shouted: int, titles: list[Title], known: set[int]) -> list[Span]:
        """Acronyms and institutions that the recogniser missed ("SRE", "el Ejército", "Bank of Japan")."""
        known |= {offset for title in titles for offset in range(title.start, title.end)}
        institutions = [
            Span(found.start(1), found.end(1), found[1], "ORG", recognised=True)
            for found in self._lexicon.institutions.finditer(text, shouted)
            if found.start(1) not in known
        ]
        institutions += [
            Span(found.start(2), found.end(2), found[2], "ORG", recognised=True)
            for found in _BRACKETED.finditer(text, shouted)
            if initials(found[1]).endswith(found[2])
        ]
        return institutions + [
            Span(found.start(), found.end(), found[0], "ORG", recognised=True)
            for found in _ACRONYM.finditer(text, shouted)
            if found.start() not in known and found[0] not in self._lexicon.no_acronyms and not _ROMAN.fullmatch(found[0])
        ]

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

    @staticmethod
    def _pieces(text: str, start: int, end: int, kind: str) -> Iterator[tuple[int, int]]:
        """A name never crosses a line, a semicolon or a bracket; two people joined by "and" are two."""
        done = start
        for mark in (_BETWEEN_PEOPLE if kind == "PER" else _BETWEEN_NAMES).finditer(text, start, end):
            yield done, mark.start()
            done = mark.end()
        yield done, end

    def _trimmed(self, text: str, start: int, end: int, kind: str) -> Span | None:
        """Without marks, articles, titles and demonyms around: "Russian President Vladimir Putin" is "Vladimir Putin"."""
        titled = False
        while True:
            while start < end and text[start] in _EDGE:
                start += 1
            word = _WORD.match(text, start, end)
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
                continue
            possessive = _POSSESSIVE.match(text, start, end)
            if possessive is not None and self._gazetteer.reading(possessive[1], self._language) is not None:
                start = possessive.end()
                continue
            rest = text[word.end() : end].lstrip()
            quoted = start > 0 and text[start - 1] in _QUOTES  # "El Mono": the article belongs to a nickname
            if first in self._lexicon.stop and not quoted and not self._is_known(text[start:end]) and rest[:1].isupper():
                start = word.end()
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
        if text[start:end].endswith(("'s", "’s")):
            end -= 2
        if end <= start:
            return None
        return Span(start, end, text[start:end], "PER" if titled and kind != "LOC" else kind, titled=titled, recognised=True)

    def _is_known(self, name: str) -> bool:
        return self._gazetteer.known(name, None, self._language) is not None or (
            self._gazetteer.reading(name, self._language) is not None and name[0].isupper()
        )

    def _is_demonym_before_title(self, text: str, start: int, end: int, limit: int) -> bool:
        reading = self._gazetteer.reading(text[start:end], self._language)
        following = _WORD.search(text, end, limit)
        if reading is None or following is None:
            return False
        return self._lexicon.title_at(text, following.start(), following[0].casefold().rstrip(".")) is not None

    def _is_name(self, span: Span, text: str, lowered: LowerWords, everyday: bool) -> bool:
        """A name has a capital; one word that a sentence begins with must not be an everyday word."""
        if not any(c.isupper() for c in span.text) or len(span.text) > 120:
            return False
        if span.text.isupper() and " " in span.text and len(span.text) > 14:
            return False  # a line in capitals, not a name
        if len(span.text) < 2 or (" " not in span.text and span.text.casefold() in self._lexicon.stop):
            return False
        if " " not in span.text and self._lexicon.title_at(span.text, 0, span.text.casefold()) is not None:
            return False
        reading = self._gazetteer.reading(span.text, self._language)
        if reading is not None and reading.kind in ("demonym", "regional"):
            return False
        if any(text.endswith(phrase, 0, span.end) for phrase in self._lexicon.no_names if phrase.endswith(span.text)):
            return False
        if " " in span.text or not starts_sentence(text, span.start):
            return True
        following = _WORD.match(text, span.end + 1)
        if following is not None and following[0] in self._lexicon.after_verbs:
            return False  # "Recuerdo una tarde": a verb, whatever the recogniser says
        return not (everyday or span.text.casefold() in lowered) or self._is_known(span.text)

    def _merge(self, recognised: list[Span], hits: Iterable[Hit], text: str) -> list[Span]:
        """The longer of two that overlap; of equals the gazetteer's. A weak name of the gazetteer needs the recogniser."""
        by_start = {(span.start, span.end): span for span in recognised}
        candidates = [self._extended(span, text) for span in recognised]
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
            candidates.append(Span(hit.start, hit.end, hit.text, kind, hit, known, recognised=twin is not None))
        candidates.sort(key=lambda span: (-(span.end - span.start), span.hit is None, span.start))
        taken: list[Span] = []
        occupied: set[int] = set()
        for span in candidates:
            if any(offset in occupied for offset in range(span.start, span.end)):
                continue
            occupied.update(range(span.start, span.end))
            taken.append(span)
        taken.sort(key=lambda span: span.start)
        return taken

    def _extended(self, span: Span, text: str) -> Span:
        """With the noun of a place before it ("plaza Kim Il Sung")."""
        article = _ARTICLE_IN_NAME.search(text[max(0, span.start - 6) : span.start])
        if article and span.type != "PER" and not self._is_known(span.text):
            start = span.start - len(article[1])
            return Span(start, span.end, text[start : span.end], span.type, recognised=True)
        if self._lexicon.facilities and span.type != "ORG":
            before = re.search(r"(\w+)\s(?:(?:de|del|de la|de los)\s)?$", text[max(0, span.start - 24) : span.start])
            if before and before[1].casefold() in self._lexicon.facilities:
                start = max(0, span.start - 24) + before.start(1)
                return Span(start, span.end, text[start : span.end], "LOC", recognised=True)
        return span

    def _settle_types(self, spans: list[Span], text: str) -> None:
        """One type for one spelling: the gazetteer's, its head's, a titled person's, else the recogniser's majority."""
        votes: dict[str, Counter[str]] = defaultdict(Counter)
        for span in spans:
            votes[span.text][span.type] += 100 if span.hit is not None else 4 if span.titled else 1
            if span.hit is None and span.type != "LOC" and self._stands_as_place(span, text):
                votes[span.text]["LOC"] += 2
            before = text[max(0, span.start - 20) : span.start]
            for kind, cue in self._lexicon.cues.items() if span.hit is None and not span.titled else ():
                if cue.search(before):
                    votes[span.text][kind] += 4
            if span.type == "LOC" and span.hit is None and " " in span.text and self._follows_demonym(before):
                votes[span.text]["PER"] += 4
            if span.hit is None and " " in span.text and self._looks_like_person(span.text):
                votes[span.text]["PER"] += 4
            head = self._lexicon.type_of_name(span.text)
            if head is not None and span.hit is None:
                votes[span.text][head] += 5
        for first, second, third in zip(spans, spans[1:], spans[2:], strict=False):
            if text[first.end : second.start] == ", " and _goes_on(second, third, text):
                votes[third.text]["LOC"] += 2 * all(one.hit is not None and one.type == "LOC" for one in (first, second))
        full_people = [name for name, count in votes.items() if " " in name and count.most_common(1)[0][0] == "PER"]
        surnames = {part for name in full_people for part in name.split()[-2:]} | {name.split()[0] for name in full_people}
        for span in spans:
            if span.hit is None:
                count = votes[span.text]
                if span.text in surnames:
                    count["PER"] += 3
                span.type = count.most_common(1)[0][0]
                reading = self._gazetteer.reading(span.text, self._language)
                if reading is not None and reading.kind in ("name", "capital", "region") and not span.titled:
                    span.type = "LOC" if span.text not in surnames else span.type
                elif span.known is None and span.type != "PER":
                    span.known = self._gazetteer.known(span.text, span.type, self._language, (), True)

    def _follows_demonym(self, before: str) -> bool:
        """ "La polaca Zofia Ruiz": a person, or a team that the recogniser calls a place."""
        words = before.split()
        articled = len(words) > 1 and words[-2].casefold() in self._lexicon.articles and before.endswith(" ")
        return articled and not self._lexicon.modifiers_before and self._is_demonym(words[-1])

    def _looks_like_person(self, name: str) -> bool:
        """A known surname last, or a family name first with a hyphen after it ("Kim Yo-jong")."""
        first, _, last = name.partition(" ")
        return name.rpartition(" ")[2] in self._lexicon.surnames or (first in self._lexicon.family_first and "-" in last)

    def _stands_as_place(self, span: Span, text: str) -> bool:
        """ "En Medellín": a known city after a preposition of place."""
        before = _PREPOSITION.search(text[max(0, span.start - 12) : span.start])
        if before is None or before[1].casefold() not in self._lexicon.locatives:
            return False
        return self._gazetteer.place(span.text, (), self._language) is not None
