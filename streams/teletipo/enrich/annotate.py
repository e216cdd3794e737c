"""Words, sentences, parts of speech, lemmas, dependencies and entities of any text, by the language's spaCy pipeline.

A text is tokenized as a whole, but the pipeline sees one paragraph at a time: a line break always ends a sentence, white
space never reaches the models, and paragraphs of all texts are batched together by length, which is faster. What the
pipeline found is then put back into one `Doc` for each text, whose text is the input to the last character.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import spacy
from spacy.attrs import DEP, ENT_IOB, ENT_TYPE, HEAD, LEMMA, MORPH, POS, TAG
from spacy.language import Language
from spacy.symbols import SPACE
from spacy.tokens import Doc

from teletipo.enrich.model import Draft
from teletipo.errors import PipelineUnusable
from teletipo.settings import Settings

PIPELINES = Path(__file__).resolve().parent.parent / "pipelines"
LANGUAGES = ("es", "en")
UNIT_TOKENS = 300
"""From this many tokens on a paragraph is cut at the next full stop; at twice as many it is cut anywhere."""
LONGEST_TOKEN = 400
"""Characters without white space beyond which text is cut to tokens of this length and not looked at further."""
_BATCH_TOKENS = 6_000
_ATTRIBUTES = (HEAD, DEP, POS, TAG, MORPH, LEMMA, ENT_IOB, ENT_TYPE)
_RUN = re.compile(rf"\S{{{LONGEST_TOKEN + 1},}}")
_NEEDED = {
    "token.pos": "parts of speech (tagger with attribute_ruler, or morphologizer)",
    "token.lemma": "lemmas (lemmatizer)",
    "token.dep": "dependencies (parser)",
    "doc.ents": "entities (ner)",
}
_INSIDE, _OUTSIDE = 1, 2
"""spaCy's numbers for the inside of an entity and for what is in none."""
_ENDS = frozenset(".?!…")


@dataclass(slots=True)
class _Unit:
    """A stretch of one text that the pipeline sees alone: places of its tokens in the text's tokens."""

    text: int
    places: list[int]
    words: list[str]
    spaces: list[bool]


@dataclass(slots=True)
class _Tokens:
    words: list[str] = field(default_factory=list)
    spaces: list[bool] = field(default_factory=list)


class Annotator:
    """Loads the pipelines once and annotates texts.

    Args:
        settings: `model_es` and `model_en` name another spaCy package or path; None is the shipped pipeline.

    Raises:
        PipelineUnusable: a pipeline is missing, cannot be read, or lacks a component that the enricher needs.
    """

    def __init__(self, settings: Settings | None = None) -> None:
        chosen = {language: getattr(settings, f"model_{language}", None) for language in LANGUAGES}
        self._pipelines = {language: load_pipeline(language, name) for language, name in chosen.items()}

    def languages(self) -> list[str]:
        """The languages that can be annotated, as two-letter codes."""
        return list(self._pipelines)

    @property
    def versions(self) -> dict[str, str]:
        """Name and version of each pipeline by language: "es_teletipo 0.1.0"."""
        return {
            language: f"{nlp.meta['lang']}_{nlp.meta['name']} {nlp.meta['version']}" for language, nlp in self._pipelines.items()
        }

    def annotate(self, texts: Sequence[str], language: str) -> list[Doc]:
        """One `Doc` for each text, in order; `doc.text` is the text, sentences, heads, lemmas and entities are set.

        Any text is taken, empty ones too. Time and memory grow with the length of the text.
        """
        nlp = self._pipelines[language]
        tokens = [_tokenize(nlp, text) for text in texts]
        units = [unit for number, found in enumerate(tokens) for unit in _units(number, found)]
        rows = [np.zeros((len(found.words), len(_ATTRIBUTES)), dtype="uint64") for found in tokens]
        for batch in _batches(units):
            docs = [Doc(nlp.vocab, words=unit.words, spaces=unit.spaces) for unit in batch]
            for unit, doc in zip(batch, _annotated(nlp, docs), strict=True):
                _place(unit, doc, rows[unit.text])
        return [_merged(nlp, found, array) for found, array in zip(tokens, rows, strict=True)]


class AnnotateStage:
    """The stage of the enricher: sets `doc` and `pipeline` of each draft whose language has a pipeline."""

    name = "annotate"

    def __init__(self, settings: Settings) -> None:
        self.annotator = Annotator(settings)

    def __call__(self, drafts: Sequence[Draft]) -> None:
        """Annotate all drafts, language by language."""
        versions = self.annotator.versions
        for language in self.annotator.languages():
            chosen = [draft for draft in drafts if (draft.language or "").partition("-")[0] == language]
            docs = self.annotator.annotate([draft.text for draft in chosen], language)
            for draft, doc in zip(chosen, docs, strict=True):
                draft.doc, draft.pipeline = doc, versions[language]
        for draft in drafts:
            if draft.doc is None:
                draft.skipped[self.name] = f"no pipeline for language {draft.language or 'unknown'}"


def load_pipeline(language: str, name: str | None = None) -> Language:
    """The pipeline of a language, checked.

    Args:
        language: two-letter code.
        name: a spaCy package or the path of a pipeline folder; None is the shipped one.
    """
    variable = f"TELETIPO_MODEL_{language.upper()}"
    source = name or str(PIPELINES / f"{language}_teletipo")
    try:
        nlp = spacy.load(source)
    except (OSError, ValueError, KeyError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise PipelineUnusable(f"{variable}: {source} cannot be loaded as a spaCy pipeline: {reason}") from error
    if nlp.lang != language:
        raise PipelineUnusable(f"{variable}: {source} is a pipeline for {nlp.lang!r}, not for {language!r}")
    given = {value for pipe in nlp.pipe_names for value in nlp.get_pipe_meta(pipe).assigns}
    if {"tagger", "attribute_ruler"} <= set(nlp.pipe_names):
        given.add("token.pos")
    lacking = [what for attribute, what in _NEEDED.items() if attribute not in given]
    if lacking:
        raise PipelineUnusable(f"{variable}: {source} gives no {', no '.join(lacking)}: choose a full pipeline")
    return nlp


def _tokenize(nlp: Language, text: str) -> _Tokens:
    """Tokens of a text; what has no white space for very long is cut instead of tokenized."""
    found = _Tokens()
    start = 0
    for match in _RUN.finditer(text):
        _append(found, nlp, text[start : match.start()])
        run = match.group()
        end = match.end()
        pieces = [run[i : i + LONGEST_TOKEN] for i in range(0, len(run), LONGEST_TOKEN)]
        space = text[end : end + 1] == " "
        found.words += pieces
        found.spaces += [False] * (len(pieces) - 1) + [space]
        start = end + space
    _append(found, nlp, text[start:])
    return found


def _append(found: _Tokens, nlp: Language, text: str) -> None:
    if text:
        doc = nlp.tokenizer(text)
        found.words += [token.text for token in doc]
        found.spaces += [bool(token.whitespace_) for token in doc]


def _units(number: int, tokens: _Tokens) -> Iterator[_Unit]:
    unit = _Unit(number, [], [], [])
    for place, (word, space) in enumerate(zip(tokens.words, tokens.spaces, strict=True)):
        blank = word.isspace()
        if not blank:
            unit.places.append(place)
            unit.words.append(word)
            unit.spaces.append(space)
        size = len(unit.places)
        full = size >= UNIT_TOKENS and (word in _ENDS or size >= 2 * UNIT_TOKENS)
        if size and (full or (blank and ("\n" in word or "\u2029" in word))):
            yield unit
            unit = _Unit(number, [], [], [])
    if unit.places:
        yield unit


def _batches(units: list[_Unit]) -> Iterator[list[_Unit]]:
    """Units of like length together, so that the parser has much to do at each step."""
    batch: list[_Unit] = []
    size = 0
    for unit in sorted(units, key=lambda unit: len(unit.places)):
        if batch and size + len(unit.places) > _BATCH_TOKENS:
            yield batch
            batch, size = [], 0
        batch.append(unit)
        size += len(unit.places)
    if batch:
        yield batch


def _annotated(nlp: Language, docs: list[Doc]) -> list[Doc]:
    for _name, component in nlp.pipeline:
        pipe = getattr(component, "pipe", None)
        docs = list(pipe(docs, batch_size=len(docs))) if pipe else [component(doc) for doc in docs]
    return docs


def _place(unit: _Unit, doc: Doc, rows: np.ndarray) -> None:
    """Write a unit's annotation to the rows of its text; heads become places in the text."""
    places = np.array(unit.places)
    values = doc.to_array(list(_ATTRIBUTES))
    heads = np.arange(len(places)) + values[:, 0].astype("int64")
    values[:, 0] = (places[heads] - places).astype("uint64")
    rows[places] = values


def _merged(nlp: Language, tokens: _Tokens, rows: np.ndarray) -> Doc:
    doc = Doc(nlp.vocab, words=tokens.words, spaces=tokens.spaces)
    if not tokens.words:
        return doc
    blanks = [place for place, word in enumerate(tokens.words) if word.isspace()]
    for place in reversed(blanks):
        rows[place, 2] = SPACE
        rows[place, 5] = doc[place].orth
        within = place + 1 < len(rows) and rows[place + 1, 6] == _INSIDE
        rows[place, 6] = _INSIDE if within else _OUTSIDE  # "Bashar\xa0al Asad": white space in a name is a part of it
        rows[place, 7] = rows[place + 1, 7] if within else 0
    leading = 0
    while leading < len(tokens.words) and tokens.words[leading].isspace():
        leading += 1
    heads = rows.view("int64")[:, 0]
    for place in blanks:
        heads[place] = -1 if place > leading else leading - place if leading < len(tokens.words) else -min(place, 1)
    return doc.from_array(list(_ATTRIBUTES), rows)  # type: ignore[arg-type]
