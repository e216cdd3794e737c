"""Labels, parts of speech, features and lemmas for converted CESS-ESP trees, learnt from the parallel AnCora-dev files.

The 43 files of CESS that are parallel to AnCora-dev show how UD AnCora names what CESS marks as constituents, functions
and EAGLES tags. Only these files are looked at; they are themselves never trained on.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from training.cess import Node, Tree, read_cess
from training.cess_heads import Skeleton, skeleton
from training.conllu import read_conllu
from training.paths import Corpora
from training.sentence import Sentence

_PLACES = {
    "Gender": {"m": "Masc", "f": "Fem"},
    "Number": {"s": "Sing", "p": "Plur"},
    "Person": {"1": "1", "2": "2", "3": "3"},
}
_MOODS = {
    "i": "Mood=Ind|VerbForm=Fin",
    "s": "Mood=Sub|VerbForm=Fin",
    "m": "Mood=Imp|VerbForm=Fin",
    "n": "VerbForm=Inf",
    "g": "VerbForm=Ger",
    "p": "Tense=Past|VerbForm=Part",
}
_TENSES = {"p": "Pres", "i": "Imp", "f": "Fut", "s": "Past"}
_CLASSES = {
    "n": "NOUN", "a": "ADJ", "d": "DET", "p": "PRON", "v": "VERB", "r": "ADV", "s": "ADP", "Z": "NUM", "W": "NOUN",
    "F": "PUNCT", "i": "INTJ", "I": "INTJ", "X": "X", "Y": "X",
}  # fmt: skip


@dataclass(slots=True)
class Converter:
    """Turns trees into sentences; made by `learn`."""

    vectorizer: DictVectorizer
    labels: LogisticRegression
    words: dict[str, Counter[tuple[str, str]]] = field(default_factory=lambda: defaultdict(Counter))
    lemmas: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def convert(self, tree: Tree) -> Sentence:
        """A sentence with all layers; entities are None where the tree leaves a proper noun without a class."""
        frame = skeleton(tree)
        rows = [_features(frame, word) for word in range(len(frame.heads))]
        predicted = list(self.labels.predict(self.vectorizer.transform(rows)))
        deps = []
        for word, head in enumerate(frame.heads):
            label = str(predicted[word])
            deps.append("ROOT" if head == word else "dep" if label == "ROOT" else label)
        pos, morphs = zip(*(self._analysis(frame, word) for word in range(len(deps))), strict=True)
        return Sentence(
            words=list(tree.words),
            spaces=guess_spaces(tree.words),
            pos=list(pos),
            morphs=list(morphs),
            lemmas=[self._lemma(frame, word) for word in range(len(deps))],
            heads=list(frame.heads),
            deps=deps,
            entities=tree.entities(),
            document=tree.file,
            source="cess-esp",
        )

    def _analysis(self, frame: Skeleton, word: int) -> tuple[str, str]:
        for key in _keys(frame, word):
            if key in self.words:
                return self.words[key].most_common(1)[0][0]
        return decode(frame.leaf_of[word].label)

    def _lemma(self, frame: Skeleton, word: int) -> str:
        leaf, form = frame.leaf_of[word], frame.tree.words[word]
        known = self.lemmas.get(f"{leaf.label} {form.lower()}")
        if known:
            return known.most_common(1)[0][0]
        if leaf.label.startswith("np"):
            return form
        if len(leaf.words) > 1 or leaf.label[0] in "WZF":
            return form.lower()
        return leaf.lemma


def decode(tag: str) -> tuple[str, str]:
    """Part of speech and features of an EAGLES tag that the parallel files do not show."""
    if tag.startswith("np"):
        return "PROPN", ""
    pos = {"cc": "CCONJ", "cs": "SCONJ", "va": "AUX"}.get(tag[:2]) or _CLASSES.get(tag[0], "X")
    features: list[str] = []
    if tag.startswith("v"):
        features = _MOODS.get(tag[2], "").split("|")
        if tag[2] in "is" and tag[3] == "c":
            features[0] = "Mood=Cnd"
        elif tag[2] in "is" and tag[3] in _TENSES:
            features.append(f"Tense={_TENSES[tag[3]]}")
        places = {"Person": tag[4:5], "Number": tag[5:6], "Gender": tag[6:7]}
    elif tag[0] in "na":
        places = {"Gender": tag[2:3], "Number": tag[3:4]} if tag[0] == "n" else {"Gender": tag[3:4], "Number": tag[4:5]}
    else:
        places = {"Person": tag[2:3], "Gender": tag[3:4], "Number": tag[4:5]} if tag[0] in "dp" else {}
    features += [f"{name}={_PLACES[name][value]}" for name, value in places.items() if value in _PLACES[name]]
    return pos, "|".join(sorted(filter(None, features)))


def _keys(frame: Skeleton, word: int) -> tuple[str, str, str]:
    leaf, form = frame.leaf_of[word], frame.tree.words[word].lower()
    way = frame.inner.get(word, "first" if len(leaf.words) > 1 else "")
    tag = leaf.label if len(leaf.words) == 1 else leaf.label[:2] + way
    return f"{tag} {form}", f"{tag} *{leaf.lemma if not way else ''}", tag


def _preposition(node: Node) -> str:
    first = next(node.leaves())
    return "_".join(first.words).lower() if first.label.startswith(("s", "c")) else ""


def _features(frame: Skeleton, word: int) -> dict[str, str]:
    arc, leaf = frame.arcs[word], frame.leaf_of[word]
    form = frame.tree.words[word].lower()
    if arc is None:
        return {"root": "yes"}
    head = frame.leaf_of[frame.heads[word]]
    node, parent = arc.node, arc.parent
    name = f"{node.kind}.{'.'.join(sorted(node.marks & {'F', 'NF', 'C', 'R', 'A', 'P', 'nom', 'verb', 'a', 'j', 'x', 'co'}))}"
    side = "left" if word < frame.heads[word] else "right"
    sibling = arc.sibling.kind if arc.sibling else ""
    group = f"{parent.kind}.{'.'.join(sorted(parent.marks & {'nom', 'verb', 'a', 'adv', 'R'}))}"
    tag = leaf.label[:3] if leaf.label[0] in "vp" else leaf.label[:2]
    base = {
        "way": arc.way,
        "name": name,
        "function": node.function,
        "group": group,
        "tag": tag,
        "head": head.label[:2],
        "preposition": _preposition(node),
        "form": form if leaf.label[0] not in "nav" or leaf.label[1] == "a" else "",
        "lemma": leaf.lemma if leaf.label[0] in "v" else "",
    }
    pairs = {
        "name+function": f"{name} {node.function}",
        "name+function+tag": f"{name} {node.function} {tag}",
        "way+name": f"{arc.way} {name}",
        "way+tag": f"{arc.way} {tag}",
        "way+form": f"{arc.way} {base['form']}",
        "way+head": f"{arc.way} {tag} {head.label[:2]}",
        "name+group": f"{name} {group} {side}",
        "name+group+tag": f"{name} {group} {tag} {head.label[:2]}",
        "function+head": f"{node.function} {head.label[:2]} {tag}",
        "name+function+preposition": f"{name} {node.function} {base['preposition']}",
        "sibling": f"{name} {sibling} {tag}",
        "upper": f"{arc.way} {group} {parent.function}",
        "order": f"{name} {side} {head.label[:2]}",
    }
    return base | pairs


def parallel(corpora: Corpora) -> list[tuple[Tree, Sentence]]:
    """Sentences that stand in CESS and in AnCora-dev with the same words."""
    gold = {
        tuple(word.lower() for word in sentence.words): sentence
        for sentence in read_conllu(corpora.training("es/ancora-dev.conllu"))
    }
    pairs = []
    for tree in read_cess(corpora, corpora.parallel_files("dev")):
        sentence = gold.get(tuple(word.lower() for word in tree.words))
        if sentence:
            pairs.append((tree, sentence))
    return pairs


def learn(pairs: Iterable[tuple[Tree, Sentence]]) -> Converter:
    """A converter from parallel sentences."""
    rows: list[dict[str, str]] = []
    names: list[str] = []
    frames = []
    for tree, gold in pairs:
        frame = skeleton(tree)
        frames.append((frame, gold))
        for word in range(len(gold)):
            if gold.heads and gold.deps and frame.heads[word] == gold.heads[word]:
                rows.append(_features(frame, word))
                names.append(gold.deps[word])
    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform(rows)
    labels = LogisticRegression(C=3.0, max_iter=150).fit(matrix, names)
    converter = Converter(vectorizer, labels)
    for frame, gold in frames:
        for word in range(len(gold)):
            if not (gold.pos and gold.morphs and gold.lemmas):
                continue
            analysis = (gold.pos[word], gold.morphs[word])
            for key in _keys(frame, word):
                converter.words[key][analysis] += 1
            form = frame.tree.words[word].lower()
            if not frame.leaf_of[word].label.startswith("np"):
                converter.lemmas[f"{frame.leaf_of[word].label} {form}"][gold.lemmas[word]] += 1
    return converter


def evaluate(pairs: Sequence[tuple[Tree, Sentence]], folds: int = 5) -> dict[str, float]:
    """Cross-validated accuracy of head, head and label, part of speech, features and lemma on parallel sentences."""
    hits: Counter[str] = Counter()
    total = 0
    checks: dict[str, Callable[[Sentence, Sentence, int], bool]] = {
        "uas": lambda a, b, i: a.heads[i] == b.heads[i],  # type: ignore[index]
        "las": lambda a, b, i: (a.heads[i], a.deps[i]) == (b.heads[i], b.deps[i]),  # type: ignore[index]
        "pos": lambda a, b, i: a.pos[i] == b.pos[i],  # type: ignore[index]
        "morph": lambda a, b, i: a.morphs[i] == b.morphs[i],  # type: ignore[index]
        "lemma": lambda a, b, i: a.lemmas[i] == b.lemmas[i],  # type: ignore[index]
    }
    for fold in range(folds):
        converter = learn([pair for i, pair in enumerate(pairs) if i % folds != fold])
        for tree, gold in pairs[fold::folds]:
            made = converter.convert(tree)
            total += len(gold)
            for name, check in checks.items():
                hits[name] += sum(check(made, gold, word) for word in range(len(gold)))
    return {name: hits[name] / total for name in checks}


_NO_SPACE_BEFORE = set(",.;:)]}?!»”%") | {"...", "…"}
_NO_SPACE_AFTER = set("([{¿¡«“")


def guess_spaces(words: Sequence[str]) -> list[bool]:
    """Where a text of these words has spaces; straight quotes open and close in turn."""
    spaces = [True] * len(words)
    opened = False
    for i, word in enumerate(words):
        if word == '"':
            opened = not opened
            if opened:
                spaces[i] = False
            elif i:
                spaces[i - 1] = False
        elif word in _NO_SPACE_BEFORE and i:
            spaces[i - 1] = False
        elif word in _NO_SPACE_AFTER:
            spaces[i] = False
    if spaces:
        spaces[-1] = True
    return spaces
