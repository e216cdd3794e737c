"""One entry of an event lexicon, and the reading of it from TOML with every fault named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from teletipo import codebook
from teletipo.enrich.events.view import SentenceWords, stem

SIDES = frozenset({"actor", "recipient", "side", "content", "either", "none"})
_PLAIN = str.maketrans("áéíóú", "aeiou")
TAGS = frozenset({"#state", "#place", "#person", "#org", "#armed", "#party"}) | {f"#{code}" for code in codebook.sectors()}
_KEYS = frozenset(
    {
        "verbs", "nouns", "type", "mode", "cameo", "pattern", "args", "require", "block", "contexts", "content",
        "refine", "reflexive", "examples", "note",
    }
)  # fmt: skip


@dataclass(slots=True, frozen=True)
class Term:
    """One member of a condition: a lemma, a phrase of lemmas, or a tag ("#GOV") that a participant must carry."""

    words: tuple[str, ...]
    tag: str | None = None


@dataclass(slots=True, frozen=True)
class Condition:
    """What may stand in a relation: single words, phrases by their first word, tags of participants."""

    singles: frozenset[str]
    phrases: dict[str, tuple[tuple[str, ...], ...]]
    tags: frozenset[str]
    beginnings: frozenset[str]
    """The single words and the first words of the phrases."""
    stems: frozenset[str]
    """The stem of the longest word of each phrase."""

    def possible(self, words: SentenceWords) -> bool:
        """Whether one of the words, or the longest of a phrase, is in the sentence: most conditions end here."""
        return not self.singles.isdisjoint(words.forms) or not self.stems.isdisjoint(words.stems)

    def local(self, relation: str) -> bool:
        """Whether it asks for a word near the act, as `antecedents.words_near` has them.

        A "modifier" may be the word behind the act, over the end of the sentence.
        """
        return not self.tags and relation != "modifier"


def spellings(phrase: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """A phrase as written and, where it has accents, as wires without accents write it."""
    plain = tuple(word.translate(_PLAIN) for word in phrase)
    return (phrase,) if plain == phrase else (phrase, plain)


def condition(members: Iterable[Term]) -> Condition:
    """Gather terms for fast look-up, in both spellings."""
    phrases: dict[str, tuple[tuple[str, ...], ...]] = {}
    rows = list(members)
    written = [words for term in rows for words in spellings(term.words)]
    for words in written:
        if len(words) > 1:
            phrases[words[0]] = (*phrases.get(words[0], ()), words)
    singles = frozenset(words[0] for words in written if len(words) == 1)
    tags = frozenset(t.tag for t in rows if t.tag is not None)
    stems = frozenset(stem(max(words, key=len)) for words in written if len(words) > 1)
    return Condition(singles, phrases, tags, singles | phrases.keys(), stems)


@dataclass(slots=True, frozen=True)
class Example:
    """A sentence with the coding it must get; `expected` is empty for "none"."""

    text: str
    expected: tuple[Expected, ...]


@dataclass(slots=True, frozen=True)
class Expected:
    """The coding of one event in an example: None means "not checked"."""

    type: str
    mode: str | None
    cameo: str
    modality: str | None
    actors: tuple[str, ...] | None
    recipients: tuple[str, ...] | None


@dataclass(slots=True, frozen=True)
class Entry:
    """Words that name an act, the conditions under which they do, and its coding. `type` is None where it only blocks."""

    name: str
    verbs: tuple[tuple[str, ...], ...]
    nouns: tuple[tuple[str, ...], ...]
    type: str | None
    mode: str | None
    cameo: str
    pattern: str
    args: dict[str, str]
    require: dict[str, Condition]
    block: dict[str, Condition]
    contexts: tuple[str, ...]
    content: bool
    refine: bool
    reflexive: bool | None
    order: tuple[str, ...] = ()
    """The relations of `require`, those first that are soonest known not to hold."""
    examples: tuple[Example, ...] = field(default=(), compare=False)


class Fault(ValueError):
    """What is wrong with one entry and what to do about it, in one line."""


def terms(members: list[str], classes: dict[str, list[str]], seen: tuple[str, ...] = ()) -> Iterator[Term]:
    """Expand a condition's members: "@class" to its words, "#TAG" to a tag. Raises Fault for unknown ones."""
    for member in members:
        if not isinstance(member, str) or not member.strip():
            raise Fault(f"{member!r} is no word; write lemmas, @classes or #tags in quotes")
        if member.startswith("@"):
            if member[1:] not in classes:
                raise Fault(f"no word class {member}; add it to words.toml or write the words")
            if member in seen:
                raise Fault(f"word class {member} contains itself")
            yield from terms(classes[member[1:]], classes, (*seen, member))
        elif member.startswith("#"):
            if member not in TAGS:
                raise Fault(f"no tag {member}; allowed: {' '.join(sorted(TAGS))}")
            yield Term((), member)
        else:
            yield Term(tuple(member.lower().split()))


def _conditions(row: Any, classes: dict[str, list[str]], what: str) -> dict[str, Condition]:
    if not isinstance(row, dict):
        raise Fault(f'{what} must be a table such as {{ object = ["acuerdo"] }}')
    out = {}
    for relation, members in row.items():
        if not isinstance(members, list) or not members:
            raise Fault(f"{what}.{relation} must be a list of words")
        out[relation] = condition(terms(members, classes))
    return out


def parse_coding(text: str) -> tuple[Expected, ...]:
    """Read "TYPE/mode CAMEO modality: ACTOR + ACTOR > RECIPIENT; …" or "none". Raises Fault."""
    if text.strip() == "none":
        return ()
    return tuple(_one_coding(part.strip()) for part in text.split(";"))


def _one_coding(part: str) -> Expected:
    head, colon, sides = part.partition(":")
    words = head.split()
    if len(words) not in (2, 3):
        raise Fault(f"coding {part!r}: write TYPE/mode CAMEO [modality][: ACTORS > RECIPIENTS], or none")
    name, _, mode = words[0].partition("/")
    _check_code(name, mode or None, words[1])
    modality = words[2] if len(words) == 3 else None
    if modality not in (None, "asserted", "planned", "hypothetical", "denied"):
        raise Fault(f"coding {part!r}: {modality} is no modality")
    actors, arrow, recipients = sides.partition(">")
    return Expected(
        name, mode or None, words[1], modality, _names(actors) if colon else None, _names(recipients) if arrow else None
    )


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for part in text.split("+") if (name := part.strip()) and name != "-")


def _check_code(name: str, mode: str | None, cameo: str) -> None:
    rule = codebook.types().get(name)
    if rule is None:
        raise Fault(f"no PLOVER type {name!r}; allowed: {' '.join(codebook.types())}, or none")
    if mode and mode not in rule.modes:
        raise Fault(f"{name} has no mode {mode!r}; allowed: {' '.join(rule.modes) or 'none'}")
    if cameo not in codebook.cameo():
        raise Fault(f"no CAMEO code {cameo!r}")
    if not cameo.startswith(rule.roots):
        raise Fault(f"CAMEO {cameo} does not belong to {name}; its codes start with {' '.join(rule.roots)}")


def _example(text: str) -> Example:
    sentence, arrow, coding = text.rpartition("=>")
    if not arrow:
        raise Fault(f"example {text!r} lacks '=> CODING'")
    return Example(sentence.strip(), parse_coding(coding))


def _lemmas(row: dict[str, Any], key: str) -> tuple[tuple[str, ...], ...]:
    members = row.get(key, [])
    if not isinstance(members, list) or not all(isinstance(m, str) and m.strip() for m in members):
        raise Fault(f"{key} must be a list of words")
    return tuple(tuple(member.lower().split()) for member in members)


def read_entry(row: dict[str, Any], name: str, classes: dict[str, list[str]], patterns: dict[str, Any]) -> Entry:
    """Make an Entry of one [[entry]] table. Raises Fault: what is wrong and what to write instead."""
    if unknown := set(row) - _KEYS:
        raise Fault(f"unknown key {sorted(unknown)[0]!r}; allowed: {' '.join(sorted(_KEYS))}")
    verbs, nouns = _lemmas(row, "verbs"), _lemmas(row, "nouns")
    if not verbs and not nouns:
        raise Fault("neither verbs nor nouns")
    kind = row.get("type")
    if kind is None:
        raise Fault('no type; write one of the 16 PLOVER types, or "none" for an entry that only blocks')
    args = {str(k): str(v) for k, v in row.get("args", {}).items()}
    if wrong := [side for side in args.values() if side not in SIDES]:
        raise Fault(f"args: no side {wrong[0]!r}; allowed: {' '.join(sorted(SIDES))}")
    pattern = row.get("pattern", "to")
    if pattern not in patterns:
        raise Fault(f"no pattern {pattern!r}; allowed: {' '.join(patterns)}")
    cameo = ""
    if kind != "none":
        rule = codebook.types().get(kind)
        cameo = str(row.get("cameo", rule.cameo if rule else ""))
        _check_code(kind, row.get("mode"), cameo)
    if strange := set(row.get("contexts", [])) - codebook.contexts():
        raise Fault(f"no context {sorted(strange)[0]!r}; allowed: {' '.join(sorted(codebook.contexts()))}")
    require = _conditions(row.get("require", {}), classes, "require")
    return Entry(
        name=name,
        verbs=verbs,
        nouns=nouns,
        type=None if kind == "none" else kind,
        mode=row.get("mode"),
        cameo=cameo,
        pattern=pattern,
        args=args,
        require=require,
        order=tuple(sorted(require, key=lambda relation: (bool(require[relation].tags), relation != "words"))),
        block=_conditions(row.get("block", {}), classes, "block"),
        contexts=tuple(row.get("contexts", ())),
        content=bool(row.get("content", False)),
        refine=bool(row.get("refine", False)),
        reflexive=row.get("reflexive"),
        examples=tuple(_example(text) for text in row.get("examples", ())),
    )
