"""Reads CoNLL-U with multiword tokens merged, as ``spacy convert --merge-subtokens`` does."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from training.sentence import Sentence


@dataclass(slots=True)
class _Word:
    form: str
    lemma: str
    pos: str
    morph: str
    head: int
    dep: str
    space: bool


def open_text(path: Path) -> Iterator[str]:
    """Lines of a text file, gzip or plain, without their newlines."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield line.rstrip("\n")


def blocks(lines: Iterator[str]) -> Iterator[list[str]]:
    """Groups of lines between empty lines."""
    block: list[str] = []
    for line in lines:
        if line.strip():
            block.append(line)
        elif block:
            yield block
            block = []
    if block:
        yield block


def read_conllu(path: Path, *, merge: bool = True) -> Iterator[Sentence]:
    """Sentences of a CoNLL-U file.

    ``merge`` joins the words of a multiword token ("del", "verse") to one: it takes part of speech, head and label from
    the word highest in the tree, the union of all features, and the lemmas joined by a space.
    """
    document = ""
    for block in blocks(open_text(path)):
        sentence_id = ""
        for line in block:
            if line.startswith("# newdoc id"):
                document = line.split("=", 1)[1].strip()
            elif line.startswith("# sent_id"):
                sentence_id = line.split("=", 1)[1].strip()
        words, spans = _words(block)
        if not merge:
            spans = []
        sentence = _merged(words, spans)
        sentence.document = document or sentence_id.rpartition("-")[0]
        sentence.source = path.name
        sentence.meta["sent_id"] = sentence_id
        yield sentence


def _words(block: list[str]) -> tuple[list[_Word], list[tuple[int, int, str, bool]]]:
    """The syntactic words of a block and its multiword spans (start, end, form, space after)."""
    words: list[_Word] = []
    spans: list[tuple[int, int, str, bool]] = []
    last_of_span = 0
    for line in block:
        if line.startswith("#"):
            continue
        number, form, lemma, pos, _tag, morph, head, dep, _deps, misc = line.split("\t")
        if "." in number:
            continue
        space = "SpaceAfter=No" not in misc
        if "-" in number:
            start, end = (int(part) for part in number.split("-"))
            spans.append((start - 1, end, form, space))
            last_of_span = end
            continue
        index = int(number)
        words.append(
            _Word(
                form,
                lemma,
                pos,
                union_of_features([morph]) if morph != "_" else "",
                index - 1 if head == "0" else int(head) - 1,
                "ROOT" if dep == "root" else dep,
                space if index > last_of_span else index == last_of_span and spans[-1][3],
            )
        )
    return words, spans


def _depth(words: list[_Word], index: int) -> int:
    depth = 0
    while words[index].head != index and depth <= len(words):
        index = words[index].head
        depth += 1
    return depth


def _merged(words: list[_Word], spans: list[tuple[int, int, str, bool]]) -> Sentence:
    position = list(range(len(words)))
    kept: list[tuple[_Word, str, str, str, bool]] = []
    starts = {start: (end, form, space) for start, end, form, space in spans}
    index = 0
    while index < len(words):
        word = words[index]
        if index not in starts:
            position[index] = len(kept)
            kept.append((word, word.form, word.lemma, word.morph, word.space))
            index += 1
            continue
        end, form, space = starts[index]
        parts = words[index:end]
        top = min(range(index, end), key=lambda i: _depth(words, i))
        for i in range(index, end):
            position[i] = len(kept)
        lemma = " ".join(part.lemma for part in parts)
        kept.append((words[top], form, lemma, union_of_features(part.morph for part in parts), space))
        index = end
    heads = []
    for place, (word, *_rest) in enumerate(kept):
        heads.append(place if word.dep == "ROOT" else position[word.head])
    return Sentence(
        words=[form for _word, form, *_rest in kept],
        spaces=[space for *_rest, space in kept],
        pos=[word.pos for word, *_rest in kept],
        morphs=[morph for *_rest, morph, _space in kept],
        lemmas=[lemma for _word, _form, lemma, *_rest in kept],
        heads=heads,
        deps=[word.dep for word, *_rest in kept],
    )


def union_of_features(morphs: Iterable[str]) -> str:
    """``Case=Acc|Number=Sing`` and the like united: each field once, its values sorted and joined by commas."""
    fields: dict[str, set[str]] = {}
    for morph in morphs:
        for feature in filter(None, morph.split("|")):
            name, values = feature.split("=", 1)
            fields.setdefault(name, set()).update(values.split(","))
    return "|".join(sorted(f"{name}={','.join(sorted(values))}" for name, values in fields.items()))


def read_iob(path: Path) -> Iterator[Sentence]:
    """Sentences of a ``token<TAB>label`` file in IOB2. Spaces are not known; each word has one after it."""
    for block in blocks(open_text(path)):
        rows = [line.split("\t") for line in block]
        yield Sentence(
            words=[row[0] for row in rows],
            spaces=[True] * len(rows),
            entities=[row[1] for row in rows],
            source=path.name,
        )
