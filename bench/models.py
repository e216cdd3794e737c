"""Scores and speed of the shipped pipelines: `python -m bench.models [--shared FOLDER] [es] [en]`.

Speed is words a second on one core, one thread, all components, against spaCy's own small configuration of the same
components (`training.stock`: what `spacy init config --optimize efficiency` gives, and lookup lemmas) on the same texts in the
same run. The stock pipeline has random weights: its arithmetic is the same for any weights, and its parser makes at most two
moves a word whatever it predicts. Rounds alternate, the best of each counts.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Sequence

from spacy.language import Language
from teletipo.enrich.annotate import PIPELINES, load_pipeline

from training.errors import TrainingError
from training.measure import scores, sentence_f1
from training.paths import ROOT, Corpora
from training.recipe import evaluation
from training.stock import add_lemmatizer, blank_stock

FLOORS = {
    "es": {"las": 0.86, "pos": 0.97, "lemma": 0.96, "ner": 0.79, "sentences": 0.96},
    "en": {"las": 0.825, "ner": 0.66},
}
NEWSWIRE = ROOT / "tests" / "pipelines" / "data" / "en_sentences.txt"
SPEED_FLOOR, LOAD_FLOOR, MEMORY_FLOOR = 1.5, 2.0, 350.0


def main() -> int:
    """Print the table; the exit status is 2 where there are no corpora."""
    parser = argparse.ArgumentParser(prog="python -m bench.models", description=__doc__.splitlines()[0])
    parser.add_argument("languages", nargs="*", default=["es", "en"])
    parser.add_argument("--shared", help="the shared folder; default: TELETIPO_SHARED, else ../shared")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of the speed test")
    options = parser.parse_args()
    try:
        corpora = Corpora.find(options.shared)
    except TrainingError as error:
        print(f"bench.models: {error}", file=sys.stderr)
        return 2
    print(f"{'':<34}{'measured':>10}{'floor':>8}")
    for language in options.languages:
        _quality(corpora, language)
    for language in options.languages:
        _speed(corpora, language, options.rounds)
    seconds, megabytes = load_cost()
    _row("load time of both, s", seconds, LOAD_FLOOR)
    _row("memory of both in one process, MB", megabytes, MEMORY_FLOOR)
    for language in options.languages:
        size = sum(path.stat().st_size for path in (PIPELINES / f"{language}_teletipo").rglob("*") if path.is_file())
        _row(f"{language} packed, MB", size / 2**20, 20.0)
    return 0


def _row(name: str, value: float, floor: float | None) -> None:
    print(f"{name:<34}{value:>10.2f}{'' if floor is None else f'{floor:>8.2f}'}", flush=True)


def _quality(corpora: Corpora, language: str) -> None:
    nlp = load_pipeline(language)
    held = evaluation(corpora, language)
    for name, value in scores(nlp, held).items():
        floor = FLOORS[language].get(name)
        _row(f"{language} {name}, %", 100 * value, None if floor is None else 100 * floor)
    if language == "en":
        _row("en sentences, own newswire set, %", 100 * sentence_f1(nlp, newswire()), 96.0)


def newswire() -> list[list[str]]:
    """Our own English sentences, by paragraph."""
    blocks = NEWSWIRE.read_text(encoding="utf-8").split("\n\n")
    return [[line for line in block.split("\n") if line] for block in blocks if block.strip()]


def stock_pipeline(nlp: Language, sample: Sequence[str]) -> Language:
    """spaCy's small configuration with the labels of a given pipeline, random weights and a lookup of its lemmas."""
    from spacy.tokens import Doc
    from spacy.training import Example

    stock = blank_stock(nlp.lang)
    docs = list(nlp.pipe(sample))
    examples = [
        Example(Doc(stock.vocab, words=[t.text for t in doc]), Doc(stock.vocab).from_bytes(doc.to_bytes())) for doc in docs
    ]
    stock.initialize(lambda: examples)
    add_lemmatizer(stock, {token.text: token.lemma_ for doc in docs for token in doc})
    return stock


def speed(nlp: Language, texts: Sequence[str]) -> float:
    """Words a second over texts, after a first pass that fills caches."""
    started = time.process_time()
    words = sum(len(doc) for doc in nlp.pipe(texts))
    return words / (time.process_time() - started)


def _speed(corpora: Corpora, language: str, rounds: int) -> None:
    import gzip
    import json

    texts: list[str] = []
    with gzip.open(corpora.path(f"text/{language}-articles.jsonl.gz"), "rt", encoding="utf-8") as lines:
        for line in lines:
            texts += [part for part in json.loads(line)["body"].split("\n") if part]
            if len(texts) > 900:
                break
    nlp = load_pipeline(language)
    stock = stock_pipeline(nlp, texts[:200])
    ours: list[float] = []
    theirs: list[float] = []
    for _round in range(rounds + 1):
        theirs.append(speed(stock, texts))
        ours.append(speed(nlp, texts))
    _row(f"{language} words/s, stock small", max(theirs[1:]), None)
    _row(f"{language} words/s, {language}_teletipo", max(ours[1:]), None)
    _row(f"{language} speed, ours ÷ stock", max(ours[1:]) / max(theirs[1:]), SPEED_FLOOR)


def load_cost() -> tuple[float, float]:
    """Seconds to load both pipelines and megabytes that they take, in a fresh process that has spaCy imported already."""
    code = (
        "import resource, spacy, time\n"
        "import spacy.lang.es, spacy.lang.en, teletipo.enrich.annotate as a\n"
        "started = time.process_time()\n"
        "annotator = a.Annotator()\n"
        "seconds = time.process_time() - started\n"
        "annotator.annotate(['El ministro viajó a Lima. ' * 200], 'es'), annotator.annotate(['He met her. ' * 200], 'en')\n"
        "pages = int(open('/proc/self/statm').read().split()[1])\n"
        "print(seconds, pages * resource.getpagesize() / 2**20)\n"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    seconds, megabytes = found.stdout.split()[-2:]
    return float(seconds), float(megabytes)


if __name__ == "__main__":
    sys.exit(main())
