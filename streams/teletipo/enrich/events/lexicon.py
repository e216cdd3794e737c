"""The event lexicon of a language: its entries by lemma, patterns, word classes, refinements and content words."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from teletipo import codebook, languages
from teletipo.enrich.events.entry import SIDES, Condition, Entry, Fault, condition, read_entry, spellings, terms
from teletipo.enrich.events.view import stem
from teletipo.errors import LexiconError


@dataclass(slots=True, frozen=True)
class Pattern:
    """Which grammatical relation carries which side, for a verb and for its noun."""

    verb: dict[str, str]
    noun: dict[str, str]


@dataclass(slots=True, frozen=True)
class Refinement:
    """A finer mode and code where one of `words` stands in the clause, or heads the doer."""

    type: str
    words: Condition
    unless: Condition
    mode: str | None
    cameo: str


@dataclass(slots=True, frozen=True)
class Row:
    """A word or phrase of an entry, and what must stand in its sentence for the entry to fit."""

    phrase: tuple[str, ...]
    entry: Entry
    stems: frozenset[str]
    """The stems of the phrase's words behind the first."""
    needs: tuple[tuple[str, frozenset[str], frozenset[str]], ...]
    """What the entry requires of the words near it: by relation single words, and stems of which a phrase has one."""
    place: int
    """Where it stands in the files."""

    @property
    def rank(self) -> tuple[float, int]:
        """The entry that asks for most wins, of equal ones the last."""
        entry = self.entry
        asked = len(entry.require) + 0.6 * (len(self.phrase) - 1) + (0.5 if entry.reflexive is not None else 0)
        return asked, self.place


@dataclass(slots=True, frozen=True)
class Lexicon:
    """Everything that the coder looks up by lemma in one language. `verbs` and `nouns`: by the first word."""

    language: str
    entries: tuple[Entry, ...]
    verbs: dict[str, tuple[Row, ...]]
    nouns: dict[str, tuple[Row, ...]]
    patterns: dict[str, Pattern]
    refinements: tuple[Refinement, ...]
    content: dict[str, tuple[tuple[tuple[str, ...], str], ...]]
    contexts: dict[str, str]
    aims: dict[str, tuple[tuple[str, ...], ...]]
    """Words that introduce what a protest is `for` and `against`."""


def _files(language: str) -> list[tuple[str, str]]:
    folder = resources.files(languages) / language / "verbs"
    return sorted((e.name, e.read_text("utf-8")) for e in folder.iterdir() if e.name.endswith(".toml"))


def _line_of(text: str, index: int) -> int:
    """Line of the entry with this running number, for messages."""
    seen = -1
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip().startswith("[[entry]]"):
            seen += 1
            if seen == index:
                return number
    return 0


def _optional(language: str, table: str) -> dict[str, Any]:
    try:
        return languages.load(language, table)
    except LexiconError as error:
        if "no such table" in str(error):
            return {}
        raise


def read_entries(language: str) -> tuple[list[Entry], list[str]]:
    """All entries of a language and the faults found: one line each with file, line, what is wrong, what to do."""
    classes: dict[str, list[str]] = languages.load(language, "words")
    patterns = languages.load(language, "patterns")
    entries: list[Entry] = []
    faults: list[str] = []
    for name, text in _files(language):
        where = f"languages/{language}/verbs/{name}"
        try:
            rows = tomllib.loads(text).get("entry", [])
        except tomllib.TOMLDecodeError as error:
            faults.append(f"{where}: {error}")
            continue
        for index, row in enumerate(rows):
            line = _line_of(text, index)
            head = next(iter([*row.get("verbs", []), *row.get("nouns", [])]), "?")
            try:
                entries.append(read_entry(row, f"{language}/verbs/{name}:{line} {head}", classes, patterns))
            except Fault as fault:
                faults.append(f"{where}:{line} ({head}): {fault}")
    return entries, faults


def _patterns(language: str) -> dict[str, Pattern]:
    out = {}
    for name, row in languages.load(language, "patterns").items():
        pattern = Pattern({k: v for k, v in row.items() if k != "noun"}, dict(row.get("noun", {})))
        if wrong := (set(pattern.verb.values()) | set(pattern.noun.values())) - SIDES:
            raise LexiconError(f"languages/{language}/patterns.toml [{name}]: no side {sorted(wrong)[0]!r}")
        out[name] = pattern
    return out


def _refinements(language: str) -> tuple[Refinement, ...]:
    classes = languages.load(language, "words")
    out = []
    for row in _optional(language, "refine").get("refine", []):
        rule = codebook.types()[row["type"]]
        if row["cameo"] not in codebook.cameo() or row.get("mode") not in (None, *rule.modes):
            raise LexiconError(f"languages/{language}/refine.toml: {row['type']}/{row.get('mode')} {row['cameo']} is no coding")
        words, unless = condition(terms(row["words"], classes)), condition(terms(row.get("unless", []), classes))
        out.append(Refinement(row["type"], words, unless, row.get("mode"), row["cameo"]))
    return tuple(out)


def _content(language: str) -> dict[str, tuple[tuple[tuple[str, ...], str], ...]]:
    known = codebook.content_classes()
    index: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
    for name, words in _optional(language, "content").items():
        if name not in known:
            raise LexiconError(f"languages/{language}/content.toml: no content class {name!r}; allowed: {' '.join(known)}")
        for word in words:
            phrase = tuple(word.lower().split())
            index[phrase[0]].append((phrase, name))
    return {head: tuple(sorted(rows, key=lambda row: -len(row[0]))) for head, rows in index.items()}


def _contexts(language: str) -> dict[str, str]:
    out: dict[str, str] = {}
    for name, words in _optional(language, "contexts").items():
        if name not in codebook.contexts():
            raise LexiconError(f"languages/{language}/contexts.toml: no context {name!r}")
        out.update(dict.fromkeys((word.lower() for word in words), name))
    return out


def _aims(language: str) -> dict[str, tuple[tuple[str, ...], ...]]:
    rows = _optional(language, "aims")
    if unknown := set(rows) - {"for", "against"}:
        raise LexiconError(f"languages/{language}/aims.toml: unknown key {sorted(unknown)[0]!r}; allowed: for against")
    return {side: tuple(tuple(phrase.lower().split()) for phrase in rows.get(side, ())) for side in ("for", "against")}


def _index(pairs: list[tuple[tuple[str, ...], Entry]]) -> dict[str, tuple[Row, ...]]:
    index: dict[str, list[Row]] = defaultdict(list)
    for phrase, entry in pairs:
        needs = tuple((name, c.singles, c.stems) for name, c in entry.require.items() if c.local(name))
        index[phrase[0]].append(Row(phrase, entry, frozenset(map(stem, phrase[1:])), needs, len(index[phrase[0]])))
    return {head: tuple(sorted(rows, key=lambda row: row.rank, reverse=True)) for head, rows in index.items()}


@cache
def load_lexicon(language: str) -> Lexicon:
    """The lexicon of a language, checked. Raises LexiconError with the first fault; `teletipo lexicon check` lists all."""
    entries, faults = read_entries(language)
    if faults:
        raise LexiconError(faults[0])
    return Lexicon(
        language=language,
        entries=tuple(entries),
        verbs=_index([(phrase, entry) for entry in entries for phrase in entry.verbs]),
        nouns=_index([(words, entry) for entry in entries for phrase in entry.nouns for words in spellings(phrase)]),
        patterns=_patterns(language),
        refinements=_refinements(language),
        content=_content(language),
        contexts=_contexts(language),
        aims=_aims(language),
    )


@cache
def _known_verbs(language: str) -> frozenset[str]:
    words = {w for row in languages.load(language, "syntax").values() if isinstance(row, list) for w in row if " " not in w}
    return frozenset(load_lexicon(language).verbs) | words


def known_verbs(lexicon: Lexicon) -> frozenset[str]:
    """Infinitives that the coder knows: those of the lexicon and of the grammar's lists."""
    return _known_verbs(lexicon.language)
