"""What each language is trained on: pools of sentences, their lexicon, their lemmas, and what to measure on."""

from __future__ import annotations

import itertools
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span
from teletipo.enrich.components.lemmatizer import LemmaTable
from teletipo.enrich.components.lexicon import Lexicon

from training.augment import spans
from training.cess import read_cess
from training.cess_labels import evaluate as evaluate_converter
from training.cess_labels import learn, parallel
from training.conllu import read_conllu, read_iob
from training.errors import CorpusError
from training.lemmas import english_table, spanish_table
from training.lexicon import build_lexicon, raw_texts, running_text
from training.paths import Corpora
from training.sentence import Sentence

if TYPE_CHECKING:
    from training.teacher import Teacher

CONFIGS = Path(__file__).parent / "configs"
AGREEMENT = 0.8
"""Share of heads in which the teacher must agree with the parser of the silver file for a sentence to be trained on."""
RAW_SENTENCES = 45_000
"""Sentences of news that the teacher annotates beside those of the Spanish silver file; as many as that file has."""
REFLEXIVE = frozenset(["se", "me", "te", "nos", "os"])
"""The parser of the silver file was trained before UD had labels (expl) of their own for these: its labels are no opinion."""


@dataclass(slots=True)
class Evaluation:
    """Held-out sentences: trees, and entities."""

    trees: list[Sentence]
    entities: list[Sentence]


def read_config(language: str) -> dict[str, Any]:
    """The configuration of a language; CorpusError for a language without one."""
    path = CONFIGS / f"{language}.toml"
    if not path.exists():
        raise CorpusError(f"no configuration {path.name}: there are {', '.join(sorted(languages()))}")
    with open(path, "rb") as file:
        return tomllib.load(file)


def languages() -> list[str]:
    """Languages that can be trained."""
    return [path.stem for path in CONFIGS.glob("??.toml")]


def pools(corpora: Corpora, language: str, cleared: bool, say: Callable[[str], None]) -> dict[str, list[Sentence]]:
    """Annotated sentences by the name that the configuration's shares use."""
    if language == "en":
        return {"ewt": with_entities(corpora, "en/ewt-train.conllu.gz", "en/ewt-ner-train.conll")}
    found = {"ancora": list(read_conllu(corpora.training("es/ancora-dev.conllu")))}
    if cleared:
        found["bosque"] = list(read_iob(corpora.training("pt/bosque-ner-train.conll")))
        return found
    pairs = parallel(corpora)
    scores = evaluate_converter(pairs)
    say("CESS converter, cross-validated on its parallel sentences: " + shown(scores))
    converter = learn(pairs)
    found["cess"] = [converter.convert(tree) for tree in read_cess(corpora)]
    return found


def with_entities(corpora: Corpora, trees: str, entities: str) -> list[Sentence]:
    """Parallel files of trees and entities joined."""
    sentences = list(read_conllu(corpora.training(trees), merge=False))
    for sentence, named in zip(sentences, read_iob(corpora.training(entities)), strict=True):
        if sentence.words != named.words:
            raise CorpusError(f"{trees} and {entities} differ at {' '.join(named.words[:8])!r}")
        sentence.entities = named.entities
    return sentences


def evaluation(corpora: Corpora, language: str) -> Evaluation:
    """The development files of a language."""
    if language == "en":
        return Evaluation(
            list(read_conllu(corpora.path("en/ewt-dev.conllu"), merge=False)),
            list(read_iob(corpora.path("en/ewt-ner-dev.conll"))),
        )
    return Evaluation(
        list(read_conllu(corpora.path("es/ancora-devtest.conllu"))),
        list(read_iob(corpora.path("es/cess-ner.dev.conll"))),
    )


def make_lexicon(corpora: Corpora, config: Mapping[str, Any], found: Mapping[str, Sequence[Sentence]], cleared: bool) -> Lexicon:
    """Vectors, classes and capitals from raw text and the words of the pools."""
    language = config["language"]
    texts: Iterator[Sequence[str]] = itertools.chain(
        raw_texts(corpora, language, cleared), (s.words for s in found.get("cess", []))
    )
    return build_lexicon(texts, corpora, language, config["vector_width"])


def make_lemmas(corpora: Corpora, language: str, found: Mapping[str, Sequence[Sentence]], cleared: bool) -> LemmaTable:
    """The lemma table of a language."""
    annotated = [sentence for pool in found.values() for sentence in pool]
    if language == "en":
        return english_table(annotated, Counter(w.lower() for words in raw_texts(corpora, "en", cleared) for w in words))
    silver: Counter[tuple[str, str, str]] = Counter()
    if not cleared:
        for sentence in read_conllu(corpora.training("es/silver-parse.conllu.gz")):
            analyses = zip(sentence.words, sentence.pos or [], sentence.morphs or [], strict=True)
            silver.update((word.lower(), pos, morph) for word, pos, morph in analyses)
    return spanish_table(annotated, silver, [])


def raw_sentences(corpora: Corpora, language: str) -> list[Sentence]:
    """Sentences of news for the teacher to annotate; those of the Spanish silver file come with what another parser said."""
    found = list(silver(corpora)) if language == "es" else []
    limit = len(found) + RAW_SENTENCES
    known = {tuple(sentence.words) for sentence in found}
    nlp = spacy.blank(language)
    nlp.add_pipe("sentencizer")
    for number, text in enumerate(running_text(corpora, language)):
        for span in _with_opening_quotes(nlp(text)):
            words = [token.text for token in span if not token.is_space]
            if 4 <= len(words) <= 80 and len(found) < limit and tuple(words) not in known:
                spaces = [bool(token.whitespace_) for token in span if not token.is_space]
                found.append(Sentence(words=words, spaces=spaces, document=str(number)))
    return found


def silver(corpora: Corpora) -> Iterator[Sentence]:
    """Heads and labels of the Spanish silver file; a label is empty where its parser's convention was another."""
    for sentence in read_conllu(corpora.training("es/silver-parse.conllu.gz")):
        if 4 <= len(sentence) <= 80:
            words = zip(sentence.words, sentence.deps or [], strict=True)
            yield replace(sentence, deps=["" if word.lower() in REFLEXIVE else dep for word, dep in words])


def _with_opening_quotes(doc: Doc) -> Iterator[Span]:
    """Sentences of spaCy's sentencizer, which leaves the quote that opens a sentence at the end of the one before."""
    starts = [sent.start for sent in doc.sents]
    for i, start in enumerate(starts):
        if start > 1 and doc[start - 1].text == '"' and doc[start - 2].whitespace_ and not doc[start - 1].whitespace_:
            starts[i] = start - 1
    for start, end in itertools.pairwise([*starts, len(doc)]):
        yield doc[start:end]


def taught_sentences(
    corpora: Corpora, language: str, teacher: Teacher, earlier: Language | None, say: Callable[[str], None]
) -> list[Sentence]:
    """Raw sentences with the teacher's annotation; in their order.

    Other parsers are asked too: that of the silver file, and an earlier pipeline of ours if there is one. What differs from
    one of them in more than a fifth of the heads is left out.
    """
    sentences = raw_sentences(corpora, language)
    opinions = {id(s.words): [s] for s in sentences if s.heads is not None}
    if earlier is not None:
        for sentence, parsed in zip(sentences, parse(earlier, sentences), strict=True):
            opinions.setdefault(id(sentence.words), []).append(parsed)
    annotated = {id(found.words): found for found in teacher.label(sentences, opinions)}
    kept = []
    for sentence in sentences:
        found = annotated.get(id(sentence.words))
        if found is not None and all(_agreement(found, other) >= AGREEMENT for other in opinions.get(id(sentence.words), ())):
            kept.append(found)
    say(f"the teacher annotated {len(sentences)} sentences, {len(kept)} are kept")
    return kept


def parse(nlp: Language, sentences: Sequence[Sentence]) -> Iterator[Sentence]:
    """Heads and labels that a pipeline gives to sentences."""
    docs = (Doc(nlp.vocab, words=s.words, spaces=s.spaces) for s in sentences)
    for sentence, doc in zip(sentences, nlp.pipe(docs, disable=["ner"]), strict=True):
        yield replace(sentence, heads=[token.head.i for token in doc], deps=[token.dep_ for token in doc])


def _agreement(one: Sentence, other: Sentence) -> float:
    return sum(map(int.__eq__, one.heads or [], other.heads or [])) / len(one)


def teacher_scores(teacher: Teacher, held: Evaluation, limit: int | None = None) -> dict[str, float]:
    """Its LAS, UAS, part of speech and entity F1 on the development files."""
    counts: Counter[str] = Counter()
    gold_trees = {id(s.words): s for s in held.trees[:limit]}
    for found in teacher.label(held.trees[:limit]):
        gold = gold_trees[id(found.words)]
        rows = zip(
            found.heads or [], found.deps or [], found.pos or [], gold.heads or [], gold.deps or [], gold.pos or [], strict=True
        )
        for head, dep, pos, gold_head, gold_dep, gold_pos in rows:
            counts["words"] += 1
            counts["uas"] += head == gold_head
            counts["las"] += head == gold_head and dep == gold_dep
            counts["pos"] += pos == gold_pos
    gold_names = {id(s.words): spans(s.entities or []) for s in held.entities[:limit]}
    right = total = 0
    for found in teacher.label(held.entities[:limit]):
        gold_spans = {span for span in gold_names[id(found.words)] if span[2] != "MISC"}
        found_spans = {span for span in spans(found.entities or []) if span[2] != "MISC"}
        right += len(gold_spans & found_spans)
        total += len(gold_spans) + len(found_spans)
    scores = {name: counts[name] / counts["words"] for name in ("las", "uas", "pos")}
    return scores | {"ner": 2 * right / max(total, 1)}


def shown(scores: Mapping[str, float]) -> str:
    """Scores in one line, as percentages."""
    return ", ".join(f"{name} {100 * value:.1f}" for name, value in scores.items())
