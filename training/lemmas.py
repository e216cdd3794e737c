"""Makes the lemma tables of both languages from gold corpora, conjugation and the words of raw text."""

from __future__ import annotations

import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from teletipo.enrich.components.lemmatizer import LemmaTable

from training.conjugate_es import CLITICS, conjugate
from training.sentence import Sentence

Row = tuple[str, str, str, str]
_VOWELS = "aeiou"


def gold_rows(sentences: Iterable[Sentence]) -> tuple[list[Row], Counter[tuple[str, str]]]:
    """What annotated corpora say of each form, commonest first, and how often each (part of speech, lemma) stands there."""
    seen: dict[tuple[str, str], Counter[tuple[str, str]]] = defaultdict(Counter)
    lemmas: Counter[tuple[str, str]] = Counter()
    for sentence in sentences:
        if sentence.lemmas is None or sentence.pos is None or sentence.morphs is None:
            continue
        for word, pos, morph, lemma in zip(sentence.words, sentence.pos, sentence.morphs, sentence.lemmas, strict=True):
            if pos in {"PUNCT", "SYM", "X", "NUM", "PROPN", ""} and not (pos == "NUM" and word.isalpha()):
                continue
            if pos in {"VERB", "AUX"}:
                lemma = lemma.split(" ")[0]
                lemma = lemma.removesuffix("se") if lemma.endswith("rse") else lemma
            if word.lower() == lemma and word != word.lower():
                lemma = lemma.lower()
            seen[(word.lower(), pos)][(morph, lemma)] += 1
            lemmas[(pos, lemma)] += 1
    rows: list[Row] = []
    for (form, pos), analyses in seen.items():
        commonest = Counter[str]()
        for (_morph, lemma), count in analyses.items():
            commonest[lemma] += count
        if len(commonest) == 1 or commonest.most_common(1)[0][1] >= 0.95 * sum(commonest.values()):
            rows.append((form, pos, "", commonest.most_common(1)[0][0]))
            if pos not in {"VERB", "AUX"}:
                continue
        rows += [(form, pos, morph, lemma) for (morph, lemma), _count in analyses.most_common()]
    return rows, lemmas


def spanish_table(sentences: Sequence[Sentence], silver: Mapping[tuple[str, str, str], int], verbs: Iterable[str]) -> LemmaTable:
    """The Spanish table.

    Args:
        sentences: annotated ones with lemmas.
        silver: how often each (form, part of speech, features) stands in automatically tagged text.
        verbs: further infinitives.
    """
    gold, counts = gold_rows(sentences)
    infinitives: Counter[str] = Counter(dict.fromkeys(verbs, 1))
    for (pos, lemma), count in counts.items():
        if pos in {"VERB", "AUX"} and lemma.isalpha():
            infinitives[lemma] += 10 * count
    for (form, pos, morph), count in silver.items():
        if pos == "VERB" and morph == "VerbForm=Inf" and count > 1 and form.isalpha():
            infinitives[form] += count
    generated: list[Row] = []
    for infinitive, _count in infinitives.most_common():
        generated += [(form, "VERB", features, infinitive) for form, features in conjugate(infinitive)]
    known = {row[:2] for row in gold}
    vocabulary: Counter[str] = Counter()
    for (form, _pos, _morph), count in silver.items():
        vocabulary[form] += count
    for form, _pos, _features, _lemma in gold:
        vocabulary[form] += 2
    resolved = [row for row in _spanish_nominals(silver, vocabulary) if row[:2] not in known]
    return LemmaTable.build([*gold, *generated, *resolved], _spanish_suffixes(), CLITICS, ".")


def _spanish_nominals(silver: Mapping[tuple[str, str, str], int], vocabulary: Mapping[str, int]) -> Iterator[Row]:
    """Nouns and adjectives of raw text with the singular, for adjectives masculine, that the text knows too."""
    for form, pos, morph in silver:
        if pos not in {"NOUN", "ADJ"} or not form.isalpha():
            continue
        singulars = list(_singulars(form)) if "Number=Plur" in morph or form.endswith("s") else [form]
        candidates = [m for s in singulars for m in (_masculines(s) if pos == "ADJ" else [s])]
        best = max(candidates, key=lambda word: (vocabulary.get(word, 0) > 0, candidates.index(word) * -1), default=form)
        if vocabulary.get(best, 0) or best != form:
            yield form, pos, "", best


def _singulars(form: str) -> Iterator[str]:
    accents = str.maketrans("aeiou", "áéíóú")
    if form.endswith("ces"):
        yield form[:-3] + "z"
    if form.endswith("es") and len(form) > 4:
        stem = form[:-2]
        if stem[-1] in "ns" and stem[-2] in _VOWELS:
            yield stem[:-2] + stem[-2].translate(accents) + stem[-1]
        if stem[-1] in "nrldzsyj":
            yield stem
    if form.endswith("s") and form[-2:-1] in "aeiouáéíóú":
        yield form[:-1]
    yield form


def _masculines(form: str) -> Iterator[str]:
    if form.endswith("a"):
        yield form[:-1] + "o"
        if form.endswith(("ana", "ona", "ina", "esa")):
            yield form[:-3] + {"a": "á", "o": "ó", "i": "í", "e": "é"}[form[-3]] + form[-2]
        if form.endswith(("ora", "ola")):
            yield form[:-1]
    yield form


def _spanish_suffixes() -> list[list[str]]:
    """Endings of the regular verbs, for verbs that no list has, and plurals."""
    rows: dict[tuple[str, str], str] = {}
    for model in ("xxar", "xxer", "xxir"):
        for form, _features in conjugate(model):
            rows.setdefault(("VERB", form[2:]), model[2:])
    for spelled, ending in (("qu", "c"), ("gu", "g"), ("c", "z")):
        for tail in ("é", "e", "en", "emos", "es"):
            rows[("VERB", spelled + tail)] = ending + "ar"
    plurals = [("ciones", "ción"), ("siones", "sión"), ("dades", "dad"), ("ces", "z"), ("ores", "or"), ("ales", "al"), ("s", "")]
    rows |= {(pos, ending): single for pos in ("NOUN", "ADJ") for ending, single in plurals}
    rows |= {("ADJ", ending): "o" for ending in ("as", "os", "a")}
    rows |= {("ADJ", ending): new for ending, new in (("istas", "ista"), ("ista", "ista"), ("ora", "or"), ("oras", "or"))}
    rows |= {("NOUN", "ientes"): "iente", ("NOUN", "antes"): "ante", ("NOUN", "iones"): "ión"}
    return [[pos, ending, new] for (pos, ending), new in rows.items() if ending]


def english_table(sentences: Sequence[Sentence], vocabulary: Mapping[str, int]) -> LemmaTable:
    """The English table; `vocabulary` counts the lower-case words of raw text."""
    with open(Path(__file__).parent / "configs" / "words_en.toml", "rb") as file:
        irregular = tomllib.load(file)
    gold, counts = gold_rows(sentences)
    known = {row[:2] for row in gold}
    verbs: Counter[str] = Counter(dict.fromkeys(irregular["verbs"], 1000))
    for (pos, lemma), count in counts.items():
        if pos == "VERB" and lemma.isalpha() and lemma.islower():
            verbs[lemma] += 10 * count
    for word, count in vocabulary.items():
        if vocabulary.get(word + "e", 0) or word.endswith("s"):
            continue
        if word.isalpha() and count > 2 and _seen(word, "ing", vocabulary) > 1 and _seen(word, "ed", vocabulary) > 1:
            verbs[word] += count
    generated: list[Row] = []
    for verb, _count in verbs.most_common():
        generated += _english_verb(verb, irregular["verbs"].get(verb))
    nouns = [(form, "NOUN", "", lemma) for form, lemma in irregular["nouns"].items()]
    for word, count in vocabulary.items():
        if word.isalpha() and word.endswith("s") and count > 1 and word not in irregular["nouns"]:
            single = next((s for s in _english_singulars(word) if vocabulary.get(s, 0)), None)
            if single:
                nouns.append((word, "NOUN", "", single))
    suffixes = [
        ["NOUN", "ies", "y"], ["NOUN", "sses", "ss"], ["NOUN", "ches", "ch"], ["NOUN", "shes", "sh"], ["NOUN", "xes", "x"],
        ["NOUN", "ss", "ss"], ["NOUN", "us", "us"], ["NOUN", "is", "is"], ["NOUN", "s", ""], ["VERB", "ies", "y"],
        ["VERB", "ied", "y"], ["VERB", "ss", "ss"], ["VERB", "ches", "ch"], ["VERB", "shes", "sh"], ["VERB", "sses", "ss"],
        ["VERB", "s", ""], ["VERB", "ized", "ize"], ["VERB", "izing", "ize"], ["VERB", "ated", "ate"], ["VERB", "ating", "ate"],
        ["VERB", "ed", ""], ["VERB", "ing", ""],
    ]  # fmt: skip
    kept = [row for row in nouns if row[:2] not in known]
    return LemmaTable.build([*gold, *generated, *kept], suffixes, [], ",")


def _seen(verb: str, ending: str, vocabulary: Mapping[str, int]) -> int:
    """How often a form with this ending stands in the text, its last consonant doubled or not."""
    forms = english_forms(verb)
    return max(vocabulary.get(forms.get(name, ""), 0) for name in (ending, f"doubled {ending}"))


def english_forms(verb: str) -> dict[str, str]:
    """The regular forms of a verb."""
    doubled = verb
    if len(verb) > 2 and verb[-1] in "bdgklmnprtv" and verb[-2] in _VOWELS and verb[-3] not in _VOWELS:
        doubled = verb + verb[-1]
    if verb.endswith("e"):
        stem = verb[:-2] + "y" if verb.endswith("ie") else verb if verb.endswith("ee") else verb[:-1]
        return {"s": verb + "s", "ed": verb + "d", "ing": stem + "ing"}
    if verb.endswith("y") and verb[-2:-1] not in _VOWELS:
        return {"s": verb[:-1] + "ies", "ed": verb[:-1] + "ied", "ing": verb + "ing"}
    many = verb + "es" if verb.endswith(("s", "x", "z", "ch", "sh", "o")) else verb + "s"
    return {"s": many, "ed": verb + "ed", "ing": verb + "ing", "doubled ed": doubled + "ed", "doubled ing": doubled + "ing"}


def _english_verb(verb: str, irregular: str | None) -> Iterator[Row]:
    present, past = "Mood=Ind|Number=Sing|Person=3|Tense=Pres|VerbForm=Fin", "Mood=Ind|Tense=Past|VerbForm=Fin"
    participle = "Tense=Past|VerbForm=Part"
    yield verb, "VERB", "VerbForm=Inf", verb
    forms = english_forms(verb)
    yield forms["s"], "VERB", present, verb
    for name in ("ing", "doubled ing"):
        if name in forms:
            yield forms[name], "VERB", "Tense=Pres|VerbForm=Part", verb
    if irregular:
        pasts, participles = irregular.split(" ")
        for form in pasts.split("/"):
            yield form, "VERB", past, verb
        for form in participles.split("/"):
            yield form, "VERB", participle, verb
    for name in ("ed", "doubled ed"):
        if name in forms:
            yield forms[name], "VERB", past, verb
            yield forms[name], "VERB", participle, verb


def _english_singulars(word: str) -> Iterator[str]:
    if word.endswith("ies"):
        yield word[:-3] + "y"
    if word.endswith(("ses", "xes", "zes", "ches", "shes")):
        yield word[:-2]
    if not word.endswith("ss"):
        yield word[:-1]
