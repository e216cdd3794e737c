"""Sentences to spaCy training examples: several sentences of one document in one text, changed by augmentation."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence

from spacy.tokens import Doc
from spacy.training import Example
from spacy.vocab import Vocab

from training.sentence import Sentence

_WORDS_A_TEXT = (1, 1, 40, 60, 60, 70)
"""Sentences are joined up to one of these lengths. The parser's oracle takes quadratic time, so texts stay short."""


def to_doc(sentences: Sequence[Sentence], vocab: Vocab) -> Doc:
    """One reference text; a layer is left out unless every sentence has it."""
    words = [word for s in sentences for word in s.words]
    layers: dict[str, list[object]] = {}
    if all(s.heads is not None for s in sentences):
        heads: list[object] = []
        offset = 0
        for s in sentences:
            heads += [head + offset for head in s.heads or []]
            offset += len(s)
        layers["heads"] = heads
        layers["deps"] = [dep for s in sentences for dep in s.deps or []]
    if all(s.pos is not None for s in sentences):
        layers["pos"] = [tag for s in sentences for tag in s.pos or []]
        layers["morphs"] = [morph for s in sentences for morph in s.morphs or []]
    if all(s.entities is not None for s in sentences):
        layers["ents"] = [label for s in sentences for label in s.entities or []]
    return Doc(vocab, words=words, spaces=[space for s in sentences for space in s.spaces], **layers)


def to_example(sentences: Sequence[Sentence], vocab: Vocab) -> Example:
    """A reference text beside the same words without annotation."""
    reference = to_doc(sentences, vocab)
    predicted = Doc(vocab, words=[t.text for t in reference], spaces=[bool(t.whitespace_) for t in reference])
    return Example(predicted, reference)


def stream(sentences: Sequence[Sentence], vocab: Vocab, seed: int, change: Callable[[Sentence], Sentence]) -> Iterator[Example]:
    """Endless examples: neighbouring sentences of one document, begun at random places, each changed by `change`."""
    draw = random.Random(seed)
    order: list[int] = []
    while True:
        if not order:
            order = list(range(len(sentences)))
            draw.shuffle(order)
        start = order.pop()
        limit = draw.choice(_WORDS_A_TEXT)
        group: list[Sentence] = []
        size = 0
        for sentence in sentences[start : start + 8]:
            if sentence.document != sentences[start].document or len(sentence) > 120 or (group and size + len(sentence) > limit):
                break
            group.append(change(sentence))
            size += len(sentence)
        if group:
            yield to_example(group, vocab)
