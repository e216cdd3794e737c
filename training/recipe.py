"""What each language is trained on: pools of sentences, their lexicon, their lemmas, and what to measure on."""

from __future__ import annotations

import itertools
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc
from teletipo.enrich.components.lemmatizer import LemmaTable
from teletipo.enrich.components.lexicon import Lexicon

from training.cess import read_cess
from training.cess_labels import evaluate as evaluate_converter
from training.cess_labels import learn, parallel
from training.conllu import read_conllu, read_iob
from training.errors import CorpusError
from training.lemmas import english_table, spanish_table
from training.lexicon import build_lexicon, raw_texts
from training.paths import Corpora
from training.sentence import Sentence

CONFIGS = Path(__file__).parent / "configs"
AGREEMENT = 0.88
"""Share of heads in which a silver sentence must agree with the first stage to be trained on."""


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
    say("CESS converter, cross-validated on its parallel sentences: " + _shown(scores))
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


def agreeing_silver(corpora: Corpora, nlp: Language, say: Callable[[str], None]) -> list[Sentence]:
    """Silver sentences on whose heads the pipeline and their teacher mostly agree.

    Their labels follow the older convention of the teacher. So where both have the same head the pipeline's own label
    counts, elsewhere the teacher's; parts of speech and features count where both agree, and are unknown elsewhere.
    """
    kept = []
    sentences = [s for s in read_conllu(corpora.training("es/silver-parse.conllu.gz")) if 4 <= len(s) <= 80]
    docs = (Doc(nlp.vocab, words=s.words, spaces=s.spaces) for s in sentences)
    for sentence, doc in zip(sentences, nlp.pipe(docs, batch_size=128), strict=True):
        chosen = _reconciled(sentence, doc)
        if chosen is not None:
            kept.append(chosen)
    say(f"silver: {len(kept)} of {len(sentences)} sentences agree")
    return kept


def _reconciled(sentence: Sentence, doc: Doc) -> Sentence | None:
    heads, deps, tags = sentence.heads or [], sentence.deps or [], sentence.pos or []
    same = [token.head.i == head for token, head in zip(doc, heads, strict=True)]
    if sum(same) < AGREEMENT * len(same):
        return None
    labels = [token.dep_ if ok else dep for token, ok, dep in zip(doc, same, deps, strict=True)]
    if any((label == "ROOT") != (head == i) for i, (label, head) in enumerate(zip(labels, heads, strict=True))):
        return None
    agreed = [token.pos_ == tag for token, tag in zip(doc, tags, strict=True)]
    return Sentence(
        words=sentence.words,
        spaces=sentence.spaces,
        pos=[tag if ok else "" for tag, ok in zip(tags, agreed, strict=True)],
        morphs=[str(token.morph) if ok else "" for token, ok in zip(doc, agreed, strict=True)],
        heads=heads,
        deps=labels,
        document=sentence.document,
        source=sentence.source,
    )


def _shown(scores: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {100 * value:.1f}" for name, value in scores.items())
