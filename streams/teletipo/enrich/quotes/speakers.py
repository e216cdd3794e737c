"""Who speaks: the subject of a cue by syntax, else by order; a dropped or pronominal subject takes the running speaker."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from spacy.tokens import Token

from teletipo.enrich.quotes.reading import Name, Reading
from teletipo.records import Speaker

_PHRASE_LIMIT = 24
_LOOK_BACK = 6
_LATTER = 300
"""Characters before "este" in which whom it means is named."""
_NEAR = 1_500
"""Characters before a pronoun in which the one person whom it means is named."""
_APPOSITION = 60
"""Characters after a description in which the name follows that it describes."""
_DESCRIBED = re.compile(r"[a-zß-öø-ÿ]|(?:El|La|The|Su) ")
_BEFORE_NAME = re.compile(r",? (?:(?:el|la|the|un|una|a|an) (?:[a-záéíóúüñ-]+ ){1,4})?")
_OPENING = ("«", "“", '"', "‘", "'")
_SUBJECT_DEPS = ("nsubj", "nsubj:pass")
_BEGINS_PHRASE = ("DET", "PROPN", "NOUN", "PRON", "NUM", "ADJ")


@dataclass(slots=True)
class Found:
    """A speaker with the token that heads it; `plural` where the cue's verb says so."""

    speaker: Speaker
    head: int
    plural: bool


def subject_head(reading: Reading, verb: Token) -> Token | None:
    """The head of the verb's subject: its own, its antecedent in a relative clause, or that of the verb it is joined to."""
    low, high = reading.unit(verb.i)
    for _ in range(4):
        for child in verb.children:
            if child.dep_ in _SUBJECT_DEPS and low <= child.i < high and not _quoted_apart(reading, child, verb):
                if child.lower_ in reading.lexicon.relatives:
                    return verb.head if verb.dep_.startswith("acl") else None
                return child
        goes_on = verb.dep_ == "advcl" and verb.lower_ in reading.lexicon.going_on  # "…, alegando que …"
        if (verb.dep_ not in ("conj", "xcomp") and not goes_on) or verb.head.pos_ not in ("VERB", "AUX") or verb.head.i == verb.i:
            return None
        verb = verb.head.head if goes_on and verb.head.dep_ == "ccomp" else _joined_to(verb)
    return None


def _joined_to(verb: Token) -> Token:
    """What a verb is joined to: in "recordó que presidirá la cumbre y pidió …" the past tense goes with what reports."""
    head = verb.head
    past = verb.morph.get("Tense", []) == ["Past"]
    if past and head.dep_ == "ccomp" and head.morph.get("Tense", []) in (["Fut"], ["Pres"]):
        return head.head
    return head


def _quoted_apart(reading: Reading, child: Token, verb: Token) -> bool:
    """A mark is no subject, and one inside quotation marks that do not hold the verb is the subject of what is said."""
    if not child.text[:1].isalnum() or child.pos_ == "ADV" or child.lower_ in reading.lexicon.clitics:
        return True
    if _is_adverbial(reading, child):
        return True
    stretch = reading.in_stretch(child.i)
    return stretch is not None and stretch is not reading.in_stretch(verb.i)


def _is_adverbial(reading: Reading, head: Token) -> bool:
    """ "En cualquier caso" does not speak; "desde el sindicato" and "en la Secretaría de Trabajo" do."""
    prepositions = [part for part in head.lefts if part.dep_ == "case" and part.pos_ == "ADP"]
    if all(part.lower_ in reading.lexicon.speaking_for for part in prepositions):
        return False
    name = reading.name_over(head.i)
    return name is None or name.type != "ORG"


def phrase_head_after(reading: Reading, i: int, stop: int) -> Token | None:
    """The head of the noun phrase that begins at token i (adverbs skipped), or None."""
    while i < stop and reading.doc[i].pos_ == "ADV":
        i += 1
    if i >= stop or reading.doc[i].pos_ not in _BEGINS_PHRASE or not reading.doc[i].text[:1].isalnum():
        return None
    return _top(reading.doc[i], i, stop)


def phrase_head_before(reading: Reading, i: int, start: int, label: bool = False) -> Token | None:
    """The head of the noun phrase that ends at token i or before a comma there, or None. `label`: it is all there is ("X:")."""
    if i > start and reading.doc[i].text == ",":
        i -= 1
    if reading.doc[i].text == ")":
        i = next((j - 1 for j in range(i - 1, max(start, i - 8), -1) if reading.doc[j].text == "("), i)
    if i < start or not reading.doc[i].text[:1].isalpha():
        return None
    if not label and reading.doc[i].pos_ not in ("PROPN", "NOUN", "PRON", "ADJ"):
        return None
    if reading.word(i) in reading.lexicon.clitics or reading.word(i) in reading.lexicon.relatives:
        return None
    head = _top(reading.doc[i], start, i + 1)
    # A lone capitalised word at the beginning may be an adverb; a name or a determiner shows a phrase.
    shown = label or reading.name_over(head.i) is not None or head.pos_ == "PRON" or any(c.pos_ == "DET" for c in head.lefts)
    return head if shown and not _is_adverbial(reading, head) else None


def _top(token: Token, start: int, stop: int) -> Token:
    for _ in range(8):
        if not start <= token.head.i < stop or token.head.i == token.i or token.head.pos_ in ("VERB", "AUX"):
            break
        token = token.head
    return token


def speaker_at(reading: Reading, head: Token, low: int, high: int) -> Speaker:
    """The span that names the speaker: the name in the phrase if it has one, else the phrase without what follows it."""
    name = reading.name_over(head.i)
    if name is not None and _usable(reading, name, head):
        return _named(reading, _by_name(reading, name))
    start, end, reach = _phrase(reading, head, low, high)
    beside = _name_beside(reading, head.i, start, reach)
    if beside is None and start - 2 >= low and reading.doc[start - 1].text == "," and reading.doc[start].pos_ != "DET":
        before = reading.name_over(start - 2)
        beside = before if before is not None and before.type == "PER" else None  # "Ana Ruiz, vecina de la zona"
    if beside is not None:
        return _named(reading, beside)
    return Speaker(reading.start(start), reading.end(end - 1), reading.text[reading.start(start) : reading.end(end - 1)])


def _usable(reading: Reading, name: Name, head: Token) -> bool:
    """A mere place inside a description ("the police of X") does not speak; its head then lies outside the name."""
    return name.start <= head.idx < name.end


def _by_name(reading: Reading, described: Name) -> Name:
    """The name itself where a description of it stands before: "El presidente de Alba, Juan Ruiz, dijo"."""
    if described.entity is None or not _DESCRIBED.match(reading.text, described.start):
        return described
    for name in reading.names_in(described.end, described.end + _APPOSITION):
        if name.entity == described.entity and _BEFORE_NAME.fullmatch(reading.text, described.end, name.start):
            return name
    return described


def _named(reading: Reading, name: Name) -> Speaker:
    return Speaker(name.start, name.end, reading.text[name.start : name.end], name.entity)


def _phrase(reading: Reading, head: Token, low: int, high: int) -> tuple[int, int, int]:
    """The phrase from, to (exclusive), and how far an apposition may reach."""
    doc = reading.doc
    start = head.i
    left = max(low, head.left_edge.i, head.i - _PHRASE_LIMIT)
    while start > left and not (_parts(reading, start - 1) or reading.space[start - 1] or reading.finite[start - 1]):
        start -= 1
    right = max(head.i + 1, min(high, head.i + _PHRASE_LIMIT, len(doc)))
    end = head.i + 1
    edge = min(right, head.right_edge.i + 1)
    while end < edge and not _ends_phrase(reading, end):
        end += 1
    return start, end, _reach(reading, end, right)


def _parts(reading: Reading, i: int) -> bool:
    """A mark, but not a hyphen inside a word: "the Ohio-based company"."""
    token = reading.doc[i]
    return bool(token.is_punct) and not (
        token.text == "-" and not token.whitespace_ and i > 0 and not reading.doc[i - 1].whitespace_
    )


def _ends_phrase(reading: Reading, i: int) -> bool:
    token = reading.doc[i]
    return bool(_parts(reading, i) or reading.space[i] or reading.finite[i] or token.lower_ in reading.lexicon.relatives)


def _reach(reading: Reading, end: int, right: int) -> int:
    """Where an apposition ends at most: a name that follows at once, or what follows one comma, a bracket aside."""
    if end < right and reading.doc[end].text == "(":
        closing = (i for i in range(end + 1, min(right, end + 8)) if reading.doc[i].text == ")")
        end = next(closing, end - 1) + 1
    if end + 1 < right and reading.doc[end].text in _OPENING and reading.name_over(end + 1) is not None:
        end += 1  # "el sitio web «Alba»"
    if end < right and reading.doc[end].text != "," and reading.name_over(end) is None:
        return end
    reach = end + 1
    while reach < right and not _ends_phrase(reading, reach):
        reach += 1
    return min(reach, right)


def _name_beside(reading: Reading, head: int, start: int, reach: int) -> Name | None:
    """A person's name in apposition to the head; one that hangs on a preposition is another's."""
    for name in reading.names_in(reading.start(start), reading.end(reach - 1)):
        first = reading.token_at(name.start)
        governed = first > 0 and reading.doc[first - 1].pos_ == "ADP"
        if name.type == "PER" and not governed:
            return name
        linked = any(reading.doc[i].pos_ == "ADP" for i in range(head, first))
        if name.type == "ORG" and not linked and 0 < first - head <= 3:  # "el sitio web «Alba»", "la agencia Alba"
            return name
    return None


class RunningSpeaker:
    """The speaker that a dropped subject or a pronoun takes: the last one, or a person who was a subject since."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._last: Found | None = None

    def note(self, found: Found) -> None:
        """Remember who spoke last."""
        self._last = found

    def at(self, i: int, plural: bool | None, said: tuple[int, int] = (0, 0), one: bool = False) -> Speaker | None:
        """Who speaks at token i. `plural`: number of the verb, None where it does not tell; nobody within `said` (characters);
        `one`: a pronoun of one person stands there."""
        subject = self._person_before(i, plural, said) or self._subject_of_sentence_before(i, plural, said)
        last = self._last
        if one and last is not None and not self._is_person(last):
            last = None
        if last is not None and (subject is None or subject[0] < last.head):
            fits = plural is None or plural == last.plural or (plural and last.speaker.entity is None)
            return Speaker(last.speaker.start, last.speaker.end, last.speaker.text, last.speaker.entity) if fits else None
        return subject[1] if subject else None if plural else self.only_person(i) or (self._person_near(i) if one else None)

    def _is_person(self, found: Found) -> bool:
        """Whether he or she may be meant: no body, and no phrase in the plural."""
        reading = self._reading
        first, last = reading.token_at(found.speaker.start), reading.token_at(found.speaker.end)
        name = reading.name_over(first)
        if name is not None and name.start <= found.speaker.start:
            return name.type == "PER"
        return not any(reading.doc[i].morph.get("Number", []) == ["Plur"] for i in range(first, last))

    def _person_near(self, i: int) -> Speaker | None:
        """The only person whom the text before token i names, not far from it."""
        reading = self._reading
        low = max(0, reading.start(i) - _NEAR)
        named = [name for name in reading.names_in(low, reading.start(i)) if name.type == "PER"]
        return _named(reading, named[-1]) if len({name.entity or name.start for name in named}) == 1 else None

    def _subject_of_sentence_before(self, i: int, plural: bool | None, said: tuple[int, int]) -> tuple[int, Speaker] | None:
        """The body or the several people of whom the sentence before speaks: "La empresa lo niega. Sostiene que …"."""
        reading = self._reading
        low = reading.unit(i)[0]
        if low < 2 or reading.word(i) in reading.lexicon.adding:
            return None
        first = reading.unit(low - 1)[0]
        at = bisect_left(reading.subjects, first)
        for index in reading.subjects[at : at + _LOOK_BACK]:
            head = reading.doc[index]
            if index >= low or said[0] <= head.idx < said[1]:
                break
            if head.head.dep_ != "ROOT" or reading.in_stretch(index) or head.pos_ == "PRON":
                continue
            if plural is not None and plural != (head.head.morph.get("Number", []) == ["Plur"]):
                continue
            speaker = speaker_at(reading, head, first, low)
            return (index, speaker) if plural or speaker.entity is not None else None
        return None

    def only_person(self, i: int) -> Speaker | None:
        """The one person whom the sentence before that of token i names."""
        reading = self._reading
        low = reading.unit(i)[0]
        if low < 2:
            return None
        named = [
            name for name in reading.names_in(reading.start(reading.unit(low - 1)[0]), reading.start(low)) if name.type == "PER"
        ]
        return _named(reading, named[0]) if len({name.entity or name.start for name in named}) == 1 else None

    def latter(self, i: int) -> Speaker | None:
        """The person named last before token i, if that is not the last speaker."""
        reading = self._reading
        low = max(0, reading.start(i) - _LATTER)
        named = [name for name in reading.names_in(low, reading.start(i)) if name.type == "PER"]
        last = self._last.speaker if self._last else None
        for name in reversed(named):
            if last is None or not (
                (name.start < last.end and last.start < name.end) or (name.entity and name.entity == last.entity)
            ):
                return _named(reading, name)
        return None

    def _person_before(self, i: int, plural: bool | None, said: tuple[int, int]) -> tuple[int, Speaker] | None:
        reading = self._reading
        at = bisect_left(reading.subjects, i)
        for index in reversed(reading.subjects[max(0, at - _LOOK_BACK) : at]):
            head = reading.doc[index]
            if reading.in_stretch(index) or head.head.dep_ in ("acl", "acl:relcl", "advcl") or plural:
                continue
            if said[0] <= head.idx < said[1]:
                continue
            low, high = reading.unit(index)
            speaker = speaker_at(reading, head, low, min(high, i))
            if any(name.type == "PER" for name in reading.names_in(speaker.start, speaker.end)):
                return index, speaker
        return None
