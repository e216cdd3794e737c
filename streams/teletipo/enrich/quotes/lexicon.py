"""The reporting words of a language, from `languages/XX/reporting.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from spacy.strings import get_string_id

from teletipo import languages
from teletipo.errors import LexiconError

SAY, DEMAND, DIRECT = "say", "demand", "direct"


@dataclass(frozen=True, slots=True)
class ReportingLexicon:
    """What introduces speech. All words are in lower case."""

    verbs: dict[str, str]
    """Verb form → use: `say`, `demand` or `direct` (see the data file)."""
    phrases: dict[str, tuple[tuple[str, ...], ...]]
    """First word of a source phrase → the phrases that begin with it, longest first."""
    complementizers: frozenset[str]
    linking: frozenset[str]
    auxiliaries: frozenset[str]
    negations: frozenset[str]
    clitics: frozenset[str]
    pronouns: frozenset[str]
    singular: frozenset[str]
    """Pronouns of one person."""
    addressing: frozenset[str]
    """Prepositions straight after a verb, before who is told: "explicó a los senadores que"."""
    narrator: frozenset[str]
    """Pronouns before a cue that is said to the writer: "me dijo"."""
    telling: frozenset[str]
    """Forms whose object is who is told."""
    speaking_for: frozenset[str]
    """Prepositions before who speaks: "desde el sindicato"."""
    opinion: frozenset[str]
    """Forms that without a subject say what is thought in general: "se estima que"."""
    asides: frozenset[str]
    """Forms that between two commas mean "for example"."""
    not_cues: frozenset[tuple[str, str]]
    """Form and word after it that together report nothing: "cuenta con"."""
    adding: frozenset[str]
    """Forms with which the last speaker goes on: "añadió"."""
    going_on: frozenset[str]
    """Gerunds with which the speaker goes on after a comma: ", añadiendo que"."""
    latter: frozenset[str]
    """Pronouns for somebody who was named last and did not speak last: "este"."""
    relatives: frozenset[str]
    relative_pronouns: frozenset[str]
    not_speakers: frozenset[str]
    viewpoint: str
    """The preposition before whose view it is: "para los expertos, …"; empty where there is none."""
    viewers: frozenset[str]
    """Nouns of those whose view it is."""
    never_subjects: frozenset[str]
    speaker_nouns: frozenset[str]
    times: frozenset[str]
    past_is_participle: bool
    impersonal: frozenset[str]
    contrasts: tuple[tuple[str, ...], ...]
    title_nouns: frozenset[str]
    plural: tuple[str, ...]
    before_finite: frozenset[int]
    """Hashes of the words after which a verb is finite whatever the tagger says ("se", "nos")."""


@cache
def load_lexicon(language: str) -> ReportingLexicon:
    """Read the table. Raises LexiconError that names the missing part."""
    table = languages.load(language, "reporting")
    try:
        words = table["words"]
        return ReportingLexicon(
            verbs=_verb_forms(table),
            phrases=_phrases([*table["sources"]["phrases"], *filter(None, [table["sources"]["viewpoint"]])]),
            complementizers=frozenset(words["complementizers"]),
            linking=frozenset(words["linking"]),
            auxiliaries=frozenset(words["auxiliaries"]),
            negations=frozenset(words["negations"]),
            clitics=frozenset(words["clitics"]),
            pronouns=frozenset(words["pronouns"]),
            singular=frozenset(words["singular"]),
            addressing=frozenset(words["addressing"]),
            narrator=frozenset(words["narrator"]),
            telling=frozenset(words["telling"]),
            speaking_for=frozenset(words["speaking_for"]),
            opinion=frozenset(words["opinion"]),
            asides=frozenset(words["asides"]),
            not_cues=frozenset((first, second) for first, second in (pair.split() for pair in words["not_cues"])),
            adding=frozenset(words["adding"]),
            going_on=frozenset(words["going_on"]),
            latter=frozenset(words["latter"]),
            relatives=frozenset(words["relatives"]),
            relative_pronouns=frozenset(words["relative_pronouns"]),
            not_speakers=frozenset(table["sources"]["not_speakers"]),
            viewpoint=table["sources"]["viewpoint"],
            viewers=frozenset(table["viewpoint"]["nouns"]),
            never_subjects=frozenset(table["subjects"]["never"]),
            speaker_nouns=frozenset(table["subjects"]["speakers"]),
            times=frozenset(words["times"]),
            past_is_participle=bool(words["past_is_participle"]),
            impersonal=frozenset(words["impersonal"]),
            contrasts=tuple(tuple(phrase.split()) for phrase in words["contrasts"]),
            title_nouns=frozenset(table["titles"]["nouns"]),
            plural=tuple(words["plural"]),
            before_finite=frozenset(map(get_string_id, words["before_finite"])),
        )
    except KeyError as error:
        raise LexiconError(f"languages/{language}/reporting.toml: {error} is missing") from None


def _verb_forms(table: dict) -> dict[str, str]:
    """Every form with its use; a form that two verbs share keeps the use that comes first in the file's order."""
    forms: dict[str, str] = {}
    endings = sorted(table["endings"].items(), key=lambda item: -len(item[0]))
    for use in (SAY, DEMAND, DIRECT):
        for verb in table["verbs"][use]:
            for form in (verb, *_regular(verb, endings), *table["forms"].get(verb, ())):
                forms.setdefault(form, use)
    return forms


def _regular(verb: str, endings: list[tuple[str, list[str]]]) -> list[str]:
    for ending, replacements in endings:
        if verb.endswith(ending):
            stem = verb[: len(verb) - len(ending)]
            return [stem + replacement for replacement in replacements]
    return []


def _phrases(phrases: list[str]) -> dict[str, tuple[tuple[str, ...], ...]]:
    by_first: dict[str, list[tuple[str, ...]]] = {}
    for phrase in sorted(phrases, key=len, reverse=True):
        words = tuple(phrase.split())
        by_first.setdefault(words[0], []).append(words)
    return {first: tuple(found) for first, found in by_first.items()}
