"""A parsed article as plain lists: lemmas, heads, relations, sentences. Everything the coder reads of spaCy is here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import chain
from typing import Any, TypeVar

import numpy as np
from spacy.attrs import DEP, ENT_TYPE, HEAD, IDX, LEMMA, LENGTH, LOWER, MORPH, ORTH, POS
from spacy.strings import StringStore
from spacy.tokens import Doc

from teletipo import languages
from teletipo.enrich.events.misread import straighten
from teletipo.enrich.events.morphology import lemma_finder, participle_finder
from teletipo.enrich.events.spanish_forms import mend_forms
from teletipo.remembered import Remembered

NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM", "SYM", "X"})
NAMING = NOMINAL | {"ADJ"}
"""What may name somebody or something, or head a phrase that does."""
VERBAL = frozenset({"VERB", "AUX"})
_VERBLIKE = VERBAL | {"ADJ"}
_END = frozenset(".!?…")
_MARKS = frozenset(".!?…\"»”)'’]\n")
_CLOSERS = frozenset("\"»”)'’]")
_CHILDLESS: tuple[int, ...] = ()
T = TypeVar("T")


class Grammar(dict[str, frozenset[str]]):
    """Word lists of languages/*/syntax.toml as sets. A dict, because every rule looks words up in it."""

    def __init__(self, language: str, table: dict[str, Any]) -> None:
        lists: dict[str, list[str]] = {name: words for name, words in table.items() if isinstance(words, list)}
        super().__init__({name: frozenset(w.lower() for w in words) for name, words in lists.items()})
        self.language = language
        self.phrases = {name: tuple(tuple(w.lower().split()) for w in words) for name, words in lists.items()}
        self.starts = {name: _by_first(phrases) for name, phrases in self.phrases.items()}
        self.limits = tuple(table["limits"])
        self.after: str = table["counting"]["after"]
        self.ago: str = table["counting"]["ago"]


def _by_first(phrases: Iterable[tuple[str, ...]]) -> dict[str, list[tuple[str, ...]]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in phrases:
        found.setdefault(phrase[0], []).append(phrase)
    return found


@cache
def grammar(language: str) -> Grammar:
    """The grammar words of a language."""
    return Grammar(language, languages.load(language, "syntax"))


@dataclass(slots=True, frozen=True)
class SentenceWords:
    """What stands in a sentence: the forms of its words, and the stems of these."""

    forms: frozenset[str]
    stems: frozenset[str]


def stem(word: str) -> str:
    """As many letters of a word as all its forms share, for `View.phrase_at`; of a lemma of several words, of the first."""
    return word[:4].partition(" ")[0]


@dataclass(slots=True)
class View:
    """One article. Token numbers index all lists; `sentence_of[i]` indexes `sentences`, half-open token ranges."""

    doc: Doc
    text: str
    grammar: Grammar
    word: list[str]
    lower: list[str]
    lemma: list[str]
    pos: list[str]
    dep: list[str]
    head: list[int]
    start: list[int]
    end: list[int]
    named: list[bool]
    features: list[dict[str, str]]
    all_forms: list[tuple[str, ...]]
    years: list[int] = field(default_factory=list)
    children: list[Sequence[int]] = field(default_factory=list)
    sentences: list[tuple[int, int]] = field(default_factory=list)
    sentence_of: list[int] = field(default_factory=list)
    crossed: frozenset[int] = frozenset()
    """The sentences with a word whose head is in another one."""
    _words_in: dict[int, SentenceWords] = field(default_factory=dict)

    def in_name(self, i: int) -> bool:
        """Whether a token is a capitalised part of a recognised name, not at the start of a sentence."""
        return _inside_name(self.text, self.start, self.named, i)

    def forms(self, i: int) -> tuple[str, ...]:
        """Lemma, form and likely singulars of a token, for look-up in word lists."""
        return self.all_forms[i]

    def years_in(self, number: int) -> list[int]:
        """The tokens of a sentence that are a year."""
        first, last = self.sentences[number]
        return [t for t in self.years if first <= t < last]

    def sentence_before(self, number: int) -> int:
        """The number of the last sentence before one that holds more than a line break; -1 without one."""
        before = number - 1
        while before >= 0 and not any(word.strip() for word in self.lower[slice(*self.sentences[before])]):
            before -= 1
        return before

    def words_in(self, number: int) -> SentenceWords:
        """The words of a sentence: most conditions fail on them alone, without a look at each token."""
        found = self._words_in.get(number)
        if found is None:
            first, last = self.sentences[number]
            forms = frozenset(chain.from_iterable(self.all_forms[first:last]))
            found = self._words_in[number] = SentenceWords(forms, frozenset(map(_STEMS.__getitem__, forms)))
        return found

    def case(self, i: int) -> str | None:
        """The preposition of a nominal (or of an infinitive), as a lemma; None without one."""
        for c in self.children[i]:
            if c < i and self.dep[c] in ("case", "mark") and self.pos[c] in ("ADP", "PART", "SCONJ"):
                return preposition(self.lower[c])
        for c in self.children[i]:  # "by Delhi Police": the parser may tie "by" to a part of the name
            if c < i and self.dep[c] in ("compound", "amod", "nmod:poss", "nmod:desc"):
                for g in self.children[c]:
                    if g < c and self.dep[g] == "case" and self.pos[g] == "ADP":
                        return preposition(self.lower[g])
        return None

    def morph(self, i: int, feature: str) -> str:
        """One morphological feature of a token, or an empty text."""
        return self.features[i].get(feature, "")

    def ancestors(self, i: int) -> Iterator[int]:
        """Heads of a token, nearest first; stops at the root or after 40 steps (a broken tree)."""
        for _ in range(40):
            up = self.head[i]
            if up == i:
                return
            yield up
            i = up

    def clause_verb(self, i: int) -> int | None:
        """The verb whose clause a token stands in (the token itself if it is one)."""
        if self.pos[i] in VERBAL and not self.dep[i].startswith("aux"):
            return i
        for a in self.ancestors(i):
            if self.pos[a] in VERBAL:
                return a
        return None

    def subtree(self, i: int, limit: int = 120) -> list[int]:
        """The tokens below a token, it included, in order; cut at `limit` tokens."""
        out: list[int] = []
        stack = [i]
        while stack and len(out) < limit:
            node = stack.pop()
            out.append(node)
            stack.extend(self.children[node])
        return sorted(out)

    def phrases_at(self, i: int, name: str) -> Iterator[tuple[str, ...]]:
        """The phrases of one of the grammar's lists that start at a token."""
        starts = self.grammar.starts[name]
        lemma, lower = self.lemma[i], self.lower[i]
        if lower in starts or lemma in starts:
            for word in dict.fromkeys((lemma, lower)):
                for phrase in starts.get(word, ()):
                    if self.phrase_at(i, phrase):
                        yield phrase

    def phrase_at(self, i: int, phrase: tuple[str, ...]) -> bool:
        """Whether a phrase of lemmas or forms starts at a token."""
        if i + len(phrase) > len(self.lower):
            return False
        for t, word in enumerate(phrase, i):
            lemma, lower = self.lemma[t], self.lower[t]
            if word != lemma and word != lower and not lemma.startswith(word + " ") and not (t > i and _agrees(word, lower)):
                return False
        return True


@lru_cache(maxsize=32_768)
def _forms(lemma: str, lower: str) -> tuple[str, ...]:
    out = {lemma: None, lower: None}
    if lower.endswith("s") and len(lower) > 3:
        out[lower[:-1]] = None
        if lower.endswith("es"):
            out[lower[:-2]] = None
        if lower.endswith("ones"):
            out[lower[:-4] + "ón"] = None
    if lower.endswith(("ora", "oras")):
        out[lower.removesuffix("s")[:-1]] = None  # "embajadora"
    return tuple(out)


def _features(text: str) -> dict[str, str]:
    """Features by name, of several values the first: "Number=Sing|PronType=Int,Rel"."""
    pairs = (part.partition("=") for part in text.split("|") if "=" in part)
    return {name: value.partition(",")[0] for name, _, value in pairs}


def _agrees(word: str, form: str) -> bool:
    """The same adjective in another gender or number ("maniobra conjunta", "maniobras conjuntas")."""
    return len(word) > 4 and word[-1] in "ao" and form.rstrip("s")[:-1] == word[:-1] and form.rstrip("s")[-1:] in "ao"


def preposition(lower: str) -> str:
    """A preposition without the article that melts into it: "al" is "a", "del" is "de"."""
    if lower in ("al", "del"):
        return "a" if lower == "al" else "de"
    return lower


class _Texts(dict[int, T]):
    """What is read of spaCy's strings, by their ids, which are hashes and so the same for all pipelines; spaCy would decode
    each anew for each article."""

    def __init__(self, read: Callable[[str], T]) -> None:
        self.read = read

    def column(self, ids: np.ndarray, strings: StringStore) -> list[T]:
        """What the strings with these ids are read as."""
        keys: list[int] = ids.tolist()
        try:
            return list(map(self.__getitem__, keys))
        except KeyError:
            if len(self) > _MOST_TEXTS:
                self.clear()
            self.update((key, self.read(strings[key])) for key in set(keys))
            return list(map(self.__getitem__, keys))


_MOST_TEXTS = 200_000
_STEMS: Remembered[str, str] = Remembered(stem, _MOST_TEXTS)
_WORDS: _Texts[str] = _Texts(str)
_LEMMAS: _Texts[str] = _Texts(str.lower)
_MORPHS: _Texts[dict[str, str]] = _Texts(_features)
_FINDERS: dict[str, Callable[[str], str | None]] = {}


def build(doc: Doc, text: str, language: str, verbs: frozenset[str]) -> View:
    """Make the lists of a parsed article with this text. `verbs`: the infinitives that the lexicon knows."""
    strings = doc.vocab.strings
    table = doc.to_array([LOWER, LEMMA, POS, DEP, HEAD, ENT_TYPE, IDX, LENGTH, MORPH, ORTH])
    lower, pos, lemma = (t.column(table[:, n], strings) for n, t in ((0, _WORDS), (2, _WORDS), (1, _LEMMAS)))
    named = (table[:, 5] != 0).tolist()
    start = table[:, 6].astype(np.int64)
    starts = start.tolist()
    heads = np.arange(len(table)) + table[:, 4].astype(np.int64)
    finder, participle = _finder(language, verbs), _participles(language)
    for i in [i for i, name in enumerate(pos) if name in _VERBLIKE]:
        if lemma[i] not in verbs and (pos[i] != "ADJ" or participle is None or participle(lower[i])):
            lemma[i] = finder(lower[i]) or lemma[i]
        if named[i] and (lemma[i] not in verbs or _inside_name(text, starts, named, i)):
            pos[i] = "PROPN"  # a name that the tagger took for a verb
    view = View(
        doc=doc,
        text=text,
        grammar=grammar(language),
        word=_WORDS.column(table[:, 9], strings),
        lower=lower,
        lemma=lemma,
        pos=pos,
        dep=_WORDS.column(table[:, 3], strings),
        head=heads.tolist(),
        start=starts,
        end=(start + table[:, 7].astype(np.int64)).tolist(),
        named=named,
        features=_MORPHS.column(table[:, 8], strings),
        all_forms=list(map(_forms, lemma, lower)),
    )
    four = np.flatnonzero(table[:, 7] == 4).tolist()
    view.years = [i for i in four if lower[i].isdecimal() and "1000" <= lower[i] <= "2100"]
    if nouns := languages.load(language, "morphology").get("nouns"):
        mend_forms(view, finder, nouns)
    view.children = _children(view)
    if straighten(view, _children):
        heads = np.array(view.head, np.int64)
    _split(view)
    number = np.array(view.sentence_of, np.int64)
    across = number != number[heads]
    view.crossed = frozenset(np.concatenate([number[across], number[heads[across]]]).tolist())
    return view


def _finder(language: str, verbs: frozenset[str]) -> Callable[[str], str | None]:
    finder = _FINDERS.get(language)
    if finder is None:
        finder = _FINDERS[language] = lemma_finder(language, verbs)
    return finder


@cache
def _participles(language: str) -> Callable[[str], bool] | None:
    """What tells a participle, in a language whose adjectives end as its finite verbs do."""
    return participle_finder(language) if "participles" in languages.load(language, "morphology") else None


def _children(view: View) -> list[Sequence[int]]:
    heads, pos = np.array(view.head, np.int64), view.pos
    out: list[Sequence[int]] = [_CHILDLESS] * len(heads)
    below = np.flatnonzero(heads != np.arange(len(heads)))
    below = below[np.argsort(heads[below], kind="stable")]
    firsts = np.flatnonzero(np.diff(heads[below], prepend=-1)).tolist()
    children = below.tolist()
    for first, last in zip(firsts, [*firsts[1:], len(children)], strict=False):
        of_one = children[first:last]
        h = view.head[of_one[0]]
        out[h] = of_one
        if pos[h] == "DET" and any(view.dep[c].startswith("flat") for c in of_one):
            pos[h] = "PROPN"  # "La Habana", whose first word the tagger took for the article
    return out


def _inside_name(text: str, starts: list[int], named: list[bool], i: int) -> bool:
    """A capital within a sentence, in a name that the recogniser found ("el Chocó")."""
    first = text[starts[i] : starts[i] + 1]
    return (
        i > 0
        and named[i]
        and first.isupper()
        and not text[starts[i] : starts[i] + 3].isupper()
        and text[starts[i] - 2 : starts[i] - 1] not in ("", ".", "\n")
    )


def _split(view: View) -> None:
    """Sentences: a parser's boundary counts only after final punctuation or a line break; a line break always counts."""
    marks = [i for i, word in enumerate(view.lower, 1) if word[-1:] in _MARKS]
    size, begin = len(view.lower), 0
    for i in [*(i for i in marks if i < size and _boundary(view, i)), *([size] if size else ())]:
        view.sentence_of += [len(view.sentences)] * (i - begin)
        view.sentences.append((begin, i))
        begin = i


def _boundary(view: View, i: int) -> bool:
    if "\n" in view.lower[i - 1]:
        return True
    k = i - 1
    while k > 0 and _closes(view, k):
        k -= 1
    last = view.lower[k]
    if not last or last[-1] not in _END or _closes(view, i):
        return False
    if last[-1] == "." and len(last) > 1 and len(last) <= 4 and not view.doc[i].is_sent_start:
        return False
    following = view.text[view.start[i] : view.start[i] + 1]
    return following.isupper() or following.isdigit() or following in "\"«“¿¡—–-'‘("


def _closes(view: View, i: int) -> bool:
    """A closing mark; a straight quote behind a space opens."""
    return view.lower[i] in _CLOSERS and not view.text[max(0, view.start[i] - 1) : view.start[i]].isspace()
