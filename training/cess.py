"""Reads CESS-ESP: one constituency tree a sentence, with grammatical functions and EAGLES tags."""

from __future__ import annotations

import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from training.errors import CorpusError
from training.paths import Corpora

_LEAF = re.compile(r"^\((\S+) (\S+) (\S[^\s)]*)(\)+)$")
_TRACE = re.compile(r"^\((\S+) (\S+?)(\)+)$")
_ESCAPES = {"-Fpa-": "(", "-Fpt-": ")", "-fe-": '"'}
ENTITY_CLASSES = {"np0000p": "PER", "np0000o": "ORG", "np0000l": "LOC", "np0000a": "MISC"}


@dataclass(slots=True)
class Node:
    """A constituent ("sn.co-SUJ": kind "sn", marks {"co"}, function "SUJ") or, with ``words``, a leaf."""

    label: str
    kids: list[Node] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    lemma: str = ""
    kind: str = ""
    marks: frozenset[str] = frozenset()
    function: str = ""
    start: int = 0
    end: int = 0

    def __post_init__(self) -> None:
        name, _, function = self.label.partition("-")
        parts = name.replace("*", "").split(".")
        self.kind = parts[0]
        self.marks = frozenset(parts[1:])
        self.function = function.partition(".")[0]

    @property
    def is_leaf(self) -> bool:
        return bool(self.words)

    def leaves(self) -> Iterator[Node]:
        """The leaves in the order of the text."""
        if self.is_leaf:
            yield self
        for kid in self.kids:
            yield from kid.leaves()


@dataclass(slots=True)
class Tree:
    """One sentence: its top node, the file that it is from, its words with multiword leaves split at ``_``."""

    root: Node
    file: str
    words: list[str]

    def entities(self) -> list[str] | None:
        """IOB2 labels from the proper noun classes; None where a proper noun has no class."""
        labels: list[str] = []
        for leaf in self.root.leaves():
            if leaf.label == "np00000":
                return None
            kind = ENTITY_CLASSES.get(leaf.label)
            labels += [f"{'I' if i else 'B'}-{kind}" if kind else "O" for i in range(len(leaf.words))]
        return labels


def parse_trees(text: str, file: str) -> Iterator[Tree]:
    """Trees of one file's text; traces and constituents without words are dropped.

    Raises:
        CorpusError: a line is no bracket line.
    """
    stack: list[Node] = []
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.strip()
        if not line:
            continue
        closing = 0
        if match := _LEAF.match(line):
            label, form, lemma, brackets = match.groups()
            form = _ESCAPES.get(form, form)
            if form and stack:
                words = [word for word in form.split("_") if word] or [form]
                stack[-1].kids.append(Node(label, words=words, lemma=_ESCAPES.get(lemma, lemma)))
            closing = len(brackets) - 1
        elif match := _TRACE.match(line):
            closing = len(match[3]) - 1
        elif not line.strip(")"):
            closing = len(line)
        elif line.startswith("("):
            stack.append(Node(line[1:]))
        else:
            raise CorpusError(f"{file}, line {number}: {line[:40]!r} is no line of a bracket tree")
        for _ in range(min(closing, len(stack))):
            node = stack.pop()
            if not node.kids:
                continue
            if stack:
                stack[-1].kids.append(node)
            else:
                yield _tree(node, file)


def _tree(root: Node, file: str) -> Tree:
    words: list[str] = []

    def number(node: Node) -> None:
        node.start = len(words)
        words.extend(node.words)
        for kid in node.kids:
            number(kid)
        node.end = len(words)

    number(root)
    return Tree(root, file, words)


def read_cess(corpora: Corpora, wanted: set[str] | None = None) -> Iterator[Tree]:
    """Trees of CESS-ESP by file; ``wanted`` are names of files without ``.tbf``, None is every file that may be trained on."""
    barred = corpora.parallel_files()
    with tarfile.open(corpora.path("es/cess-esp.train.tar.gz"), "r:gz") as archive:
        for member in sorted(archive.getmembers(), key=lambda m: m.name):
            name = member.name.rpartition("/")[2].removesuffix(".tbf")
            content = archive.extractfile(member) if member.isfile() else None
            if content is None or (name in barred if wanted is None else name not in wanted):
                continue
            yield from parse_trees(content.read().decode("utf-8"), name)
