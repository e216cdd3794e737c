"""Head rules for CESS-ESP: constituency trees to unlabelled Universal Dependencies in the manner of UD AnCora.

UD AnCora was itself converted from these trees, so most of what it does is regular: content words are heads, a
copula hangs on its attribute, a first conjunct heads its coordination, words of a multiword leaf hang on its first word.
The labels come from `cess_labels`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from training.cess import Node, Tree

_FUNCTION_WORDS = {"de", "del", "la", "el", "los", "las", "y", "e", "a", "al", "en", "para", "por", "con", "of", "the"}
_VERBAL = {"grup", "infinitiu", "gerundi", "participi"}
_NOMINAL = {"sn", "snp", "sno", "snl", "snn", "sna", "snd"}
_CLAUSES = {"S", "INC"}
_AUXILIARIES = {"haber", "ser", "estar", "ir", "poder", "deber"}
_SPECIFIER_HEADS = (("Z",), ("da",), ("dp",), ("dd",), ("di", "pi"))
_COPULAS = {"ser", "estar"}


@dataclass(slots=True)
class Arc:
    """How a word was attached: the constituent it heads, the one it was found in, and the constituent of its head."""

    node: Node
    parent: Node
    sibling: Node | None
    way: str


@dataclass(slots=True)
class Skeleton:
    """Heads of a sentence (a root heads itself, -1 is not yet attached) and why each word hangs where it does."""

    tree: Tree
    heads: list[int]
    leaf_of: list[Node]
    arcs: list[Arc | None] = field(default_factory=list)
    inner: dict[int, str] = field(default_factory=dict)

    def attach(self, word: int, head: int, node: Node, parent: Node, sibling: Node | None, way: str) -> None:
        if word != head:
            self.heads[word] = head
            self.arcs[word] = Arc(node, parent, sibling, way)


def is_punctuation(node: Node) -> bool:
    """A punctuation leaf, or a constituent of nothing but such leaves."""
    return all(leaf.label.startswith("F") for leaf in node.leaves())


def skeleton(tree: Tree) -> Skeleton:
    """Attach every word but punctuation, then punctuation."""
    count = len(tree.words)
    leaf_of: list[Node] = []
    for leaf in tree.root.leaves():
        leaf_of += [leaf] * len(leaf.words)
    result = Skeleton(tree, [-1] * count, leaf_of, [None] * count)
    root = _head(tree.root, result)
    result.heads[root] = root
    for word in range(count):
        if result.heads[word] == -1 and not leaf_of[word].label.startswith("F"):
            result.attach(word, root, leaf_of[word], tree.root, None, "rest")
    _punctuate(result, root)
    return result


def _head(node: Node, out: Skeleton) -> int:
    """The head word of a constituent; everything below it is attached on the way."""
    if node.is_leaf:
        return _leaf_head(node, out)
    kids = [kid for kid in node.kids if not is_punctuation(kid)]
    if not kids:
        return node.start
    heads = {id(kid): _head(kid, out) for kid in kids}
    if "co" in node.marks and any(kid.kind == "coord" for kid in kids):
        return _coordination(node, kids, heads, out)
    top = _choose(node, kids)
    head = heads[id(top)]
    for kid in kids:
        if kid is top:
            continue
        if kid.kind == "espec" and node.kind != "sadv":
            _spread(kid, head, node, top, out)
            continue
        out.attach(heads[id(kid)], _target(node, kid, kids, top, heads), kid, node, top, "dependent")
        if kid.kind == "prep":
            _contraction(kid, head, node, top, out)
        if top.function == "ATR" and kid.kind in _VERBAL:
            _lift(heads[id(kid)], kid, head, out)
    return head


def _spread(espec: Node, head: int, parent: Node, top: Node, out: Skeleton) -> None:
    """One word of a specifier hangs on the noun: the figure, else the article, else the first; the others on it."""
    kids = [kid for kid in espec.kids if not is_punctuation(kid)]
    words = {id(kid): kid.start if kid.is_leaf else _head(kid, out) for kid in kids}
    if not kids:
        return
    chief = next((kid for tags in _SPECIFIER_HEADS for kid in kids if kid.label.startswith(tags)), kids[0])
    out.attach(words[id(chief)], head, chief, espec, top, "dependent")
    for kid in kids:
        out.attach(words[id(kid)], words[id(chief)], kid, espec, chief, "specifier")


def _contraction(prep: Node, head: int, parent: Node, top: Node, out: Skeleton) -> None:
    """The "del" that ends a multiword preposition hangs on the noun, as its article does."""
    last = list(prep.leaves())[-1]
    if len(last.words) > 1 and last.words[-1].lower() in {"del", "al"}:
        word = last.end - 1
        out.inner.pop(word, None)
        out.attach(word, head, last, parent, top, "contraction")


def _lift(verb: int, group: Node, head: int, out: Skeleton) -> None:
    """What hung on a copula inside its verb group hangs on the attribute."""
    for word in range(group.start, group.end):
        if out.heads[word] == verb and word != verb and word not in out.inner:
            out.heads[word] = head


def _target(node: Node, kid: Node, kids: list[Node], top: Node, heads: dict[int, int]) -> int:
    """The word that a dependent hangs on: the head, but "que" and "a" between two verbs hang on the second."""
    verbal = node.kind in {"infinitiu", "gerundi"} or (node.kind == "grup" and "verb" in node.marks)
    if verbal and any(leaf.label.startswith(("cs", "sp")) for leaf in kid.leaves()):
        after = kids[kids.index(kid) + 1 :]
        if after:
            return heads[id(after[0])]
    return heads[id(top)]


def _leaf_head(leaf: Node, out: Skeleton) -> int:
    """Attach the words of a multiword leaf to one another."""
    words, first = leaf.words, leaf.start
    if len(words) == 1:
        return first
    if leaf.label.startswith("np") and words[0] in {"El", "La", "Los", "Las"}:
        _inner(out, leaf, first, first + 1, "function")
        first, words = first + 1, words[1:]
    flat = leaf.label[:2] in {"np", "W", "vm", "Zp", "Zm", "nc", "Z", "aq"} or leaf.label[0] in "WZ"
    if not flat:
        for offset in range(1, len(words)):
            _inner(out, leaf, first + offset, first, "fixed")
        return first
    chief = first
    waiting: list[int] = []
    nested = False
    for offset, word in enumerate(words):
        index = first + offset
        if offset == 0:
            continue
        if word.lower() in _FUNCTION_WORDS and offset < len(words) - 1:
            waiting.append(index)
            continue
        if waiting:
            _inner(out, leaf, index, first, "flat")
            for function_word in waiting:
                _inner(out, leaf, function_word, index, "function")
            waiting = []
            if not nested:
                chief, nested = index, True
        else:
            _inner(out, leaf, index, chief, "flat")
    return first


def _inner(out: Skeleton, leaf: Node, word: int, head: int, way: str) -> None:
    out.heads[word] = head
    out.inner[word] = way
    out.arcs[word] = Arc(leaf, leaf, leaf, way)


def _coordination(node: Node, kids: list[Node], heads: dict[int, int], out: Skeleton) -> int:
    """First conjunct heads the others; a coordinator hangs on the conjunct after it, what is neither on the first."""
    conjuncts = [kid for kid in kids if _is_conjunct(node, kid)]
    if not conjuncts:
        conjuncts = [kid for kid in kids if kid.kind != "coord"] or kids
    first = conjuncts[0]
    head = heads[id(first)]
    for position, kid in enumerate(kids):
        if kid is first:
            continue
        if kid.kind == "coord":
            following = next((other for other in kids[position + 1 :] if other in conjuncts), None)
            target = following or first
            out.attach(heads[id(kid)], heads[id(target)], kid, node, target, "cc")
        elif kid in conjuncts:
            out.attach(heads[id(kid)], head, kid, node, first, "conj")
        else:
            out.attach(heads[id(kid)], head, kid, node, first, "dependent")
    return head


def _is_conjunct(node: Node, kid: Node) -> bool:
    if kid.kind in {"coord", "prep", "conj", "espec", "neg", "relatiu"} or "j" in kid.marks:
        return False
    if node.kind in _CLAUSES:
        return kid.kind in _CLAUSES
    if node.kind == "grup":
        return kid.kind in {"grup", "s", "sn", "snp"} or kid.is_leaf
    if node.kind in _NOMINAL:
        return kid.kind in _NOMINAL or kid.kind in {"grup", "S", "s"}
    return True


def _choose(node: Node, kids: list[Node]) -> Node:
    """The head child of a constituent that is no coordination."""
    kind = node.kind
    if kind in _CLAUSES or kind == "":
        return _clause_head(kids)
    if kind == "sp":
        content = [kid for kid in kids if kid.kind not in {"prep", "sadv", "neg", "coord"} and "j" not in kid.marks]
        return (content or [kid for kid in kids if kid.kind != "prep"] or kids)[0]
    if kind in _NOMINAL:
        return _first(kids, "grup") or _first(kids, *_NOMINAL, "relatiu", "espec") or _not(kids, "prep", "sadv")
    if kind == "grup" and "nom" in node.marks:
        nouns = [kid for kid in kids if kid.is_leaf and kid.label[0] in "nWZpX"]
        return (nouns or [kid for kid in kids if kid.kind == "grup"] or [_not(kids, "s", "sp", "S", "sn", "coord")])[0]
    if kind == "grup" and "verb" in node.marks:
        return _verb_head(kids)
    if kind in {"s", "sa", "grup", "sadv"}:
        groups = [kid for kid in kids if kid.kind == "grup" and "j" not in kid.marks]
        leaves = [kid for kid in kids if kid.is_leaf]
        adjective = [kid for kid in leaves if kid.label[0] in "av"]
        return (groups or adjective or leaves or kids)[-1 if kind == "grup" and leaves and not adjective else 0]
    if kind in {"infinitiu", "gerundi", "participi"}:
        return _verb_head(kids)
    return next((kid for kid in kids if kid.is_leaf), kids[0]) if kind in {"prep", "conj"} else kids[-1]


def _first(kids: list[Node], *kinds: str) -> Node | None:
    return next((kid for kid in kids if kid.kind in kinds and "j" not in kid.marks), None)


def _not(kids: list[Node], *kinds: str) -> Node:
    return next((kid for kid in kids if kid.kind not in kinds), kids[0])


def _verb_head(kids: list[Node]) -> Node:
    """Auxiliaries hang on the full verb after them; of two full verbs the first is the head ("suele hablar")."""
    verbs = [
        kid for kid in kids if (kid.is_leaf and kid.label.startswith("v")) or kid.kind in {"infinitiu", "gerundi", "participi"}
    ]
    for position, verb in enumerate(verbs[:-1]):
        between = kids[kids.index(verb) + 1 : kids.index(verbs[position + 1])]
        obliged = any(leaf.words[0].lower() == "que" for kid in between for leaf in kid.leaves())
        if obliged or _verb_lemma(verb) not in _AUXILIARIES:
            return verb
    return (verbs or kids)[-1]


def _verb_lemma(kid: Node) -> str:
    leaves = [leaf for leaf in kid.leaves() if leaf.label.startswith("v")]
    return leaves[-1].lemma if leaves else ""


def _attribute(kids: list[Node], verb: Node) -> Node | None:
    """The attribute that heads a copular clause; a finite or infinitive clause as attribute leaves the verb the head."""
    if _verb_lemma(verb) not in _COPULAS:
        return None
    return next((kid for kid in kids if kid.function == "ATR" and not (kid.kind == "S" and kid.marks & {"F", "C", "R"})), None)


def _clause_head(kids: list[Node]) -> Node:
    verbs = [kid for kid in kids if kid.kind in _VERBAL and (kid.kind != "grup" or "verb" in kid.marks)]
    if verbs:
        return _attribute(kids, verbs[0]) or verbs[0]
    order: tuple[tuple[str, ...], ...] = (("S",), ("INC",), tuple(_NOMINAL), ("sa", "s"), ("sp",), ("sadv",))
    for kinds in order:
        found = [kid for kid in kids if kid.kind in kinds and "j" not in kid.marks]
        if found:
            return found[0]
    return _not(kids, "conj", "coord", "relatiu", "neg", "prep")


def _punctuate(out: Skeleton, root: int) -> None:
    """A punctuation mark hangs on the head of its constituent, one between conjuncts on the conjunct after it."""

    def visit(node: Node, chain: list[Node]) -> None:
        for position, kid in enumerate(node.kids):
            if not kid.is_leaf:
                visit(kid, [*chain, kid])
                continue
            if not is_punctuation(kid):
                continue
            head = next((top for top in (_top(place, out) for place in reversed(chain)) if top is not None), root)
            if "co" in node.marks and kid.words[0] in {",", ";"}:
                rest = node.kids[position + 1 :]
                conjunct = next((_top(k, out) for k in rest if not is_punctuation(k) and k.kind != "coord"), None)
                head = head if conjunct is None else conjunct
            for word in range(kid.start, kid.end):
                out.attach(word, head, kid, node, None, "punct")

    visit(out.tree.root, [out.tree.root])


def _top(node: Node, out: Skeleton) -> int | None:
    """The word of a constituent whose head lies outside of it."""
    for word in range(node.start, node.end):
        head = out.heads[word]
        if out.leaf_of[word].label.startswith("F") or head == -1:
            continue
        if head == word or not node.start <= head < node.end:
            return word
    return None
