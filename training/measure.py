"""Scores of a pipeline on the development files: the rows of the issue's table that need no clock."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

from spacy.language import Language

from training.loop import evaluate
from training.recipe import Evaluation
from training.sentence import Sentence

Boundary = set[tuple[int, int]]


def scores(nlp: Language, held: Evaluation) -> dict[str, float]:
    """LAS, UAS, part of speech, features, lemma accuracy on gold tokens; entity F1; sentence F1 from raw text."""
    found = evaluate(nlp, held.trees, held.entities)
    found["lemma"] = lemma_accuracy(nlp, held.trees)
    found["sentences"] = sentence_f1(nlp, documents(held.trees))
    return found


def lemma_accuracy(nlp: Language, sentences: Sequence[Sentence]) -> float:
    """Share of gold tokens with the right lemma."""
    from spacy.tokens import Doc

    docs = (Doc(nlp.vocab, words=s.words, spaces=s.spaces) for s in sentences)
    right = total = 0
    for sentence, doc in zip(sentences, nlp.pipe(docs), strict=True):
        total += len(sentence)
        right += sum(token.lemma_ == lemma for token, lemma in zip(doc, sentence.lemmas or [], strict=True))
    return right / total


def documents(sentences: Iterable[Sentence]) -> list[list[str]]:
    """The texts of the sentences, by document."""
    return [
        [sentence.text.strip() for sentence in group]
        for _name, group in itertools.groupby(sentences, key=lambda sentence: sentence.document)
    ]


def sentence_f1(nlp: Language, texts: Sequence[Sequence[str]]) -> float:
    """F1 of sentence spans when each document's sentences are joined by spaces to one raw text."""
    right = gold_count = found_count = 0
    raw = [" ".join(parts) for parts in texts]
    for parts, doc in zip(texts, nlp.pipe(raw), strict=True):
        gold: Boundary = set()
        start = 0
        for part in parts:
            gold.add((start, start + len(part)))
            start += len(part) + 1
        found = {(span.start_char, span.end_char) for span in doc.sents}
        right += len(gold & found)
        gold_count += len(gold)
        found_count += len(found)
    return 2 * right / (gold_count + found_count) if right else 0.0
