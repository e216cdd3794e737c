"""`python -m training.stock es en`: spaCy's own small configuration, trained on what people annotated, to measure against.

It is what a user gets who follows spaCy's quickstart for an efficient pipeline on a CPU. The benches compare speed with it;
nothing of it is shipped. It is left in `training/work/stock/`, and `bench.stream` says so when it is not there.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from spacy import util
from spacy.cli.init_config import init_config
from spacy.language import Language
from spacy.lookups import Lookups

from training import recipe
from training.errors import TrainingError
from training.loop import Trainer, evaluate, initialise
from training.paths import STOCK, Corpora
from training.sentence import Sentence

TRAINED = ("morphologizer", "parser", "ner")
"""The components of our pipelines that learn, beside the tok2vec that they share; lemmas are looked up."""
BATCH_WORDS = 900


def blank_stock(language: str) -> Language:
    """The untrained components, as `spacy init config --lang LANGUAGE --pipeline morphologizer,parser,ner --optimize efficiency`
    configures them; `add_lemmatizer` brings the one that is looked up."""
    config = init_config(lang=language, pipeline=list(TRAINED), optimize="efficiency", gpu=False, silent=True)
    return util.load_model_from_config(config, auto_fill=True)


def add_lemmatizer(stock: Language, table: Mapping[str, str]) -> None:
    """spaCy's lookup lemmatizer on a table of lemmas by word form.

    It comes after the training of the others: its own initialisation asks for the package of spaCy's tables.
    """
    lookups = Lookups()
    lookups.add_table("lemma_lookup", dict(table))
    stock.add_pipe("lemmatizer", config={"mode": "lookup"}).initialize(lookups=lookups)  # type: ignore[attr-defined]


def lemma_table(sentences: Iterable[Sentence]) -> dict[str, str]:
    """The most frequent lemma of each word form that people annotated."""
    seen: dict[str, Counter[str]] = {}
    for sentence in sentences:
        for word, lemma in zip(sentence.words, sentence.lemmas or (), strict=sentence.lemmas is not None):
            seen.setdefault(word, Counter())[lemma] += 1
    return {word: lemmas.most_common(1)[0][0] for word, lemmas in seen.items()}


def train(corpora: Corpora, language: str, minutes: float, work: Path) -> Path:
    """Train the stock pipeline of a language for some minutes with the learn rate and dropout of its own configuration.

    Gives the folder that it is left in. Raises CorpusError where a corpus is missing.
    """

    def say(line: str) -> None:
        print(f"{time.strftime('%H:%M:%S')} {language}, stock: {line}", flush=True)

    pools = recipe.pools(corpora, language, False, say)
    held = recipe.evaluation(corpora, language)
    nlp = blank_stock(language)
    training = nlp.config.interpolate()["training"]
    config: dict[str, Any] = {
        "seed": training["seed"],
        "learn_rate": training["optimizer"]["learn_rate"],
        "dropout": training["dropout"],
        "batch_words": BATCH_WORDS,
    }
    initialise(nlp, pools, config["seed"])
    trainer = Trainer(nlp, config, lambda sentence: sentence, lambda found: evaluate(found, held.trees, held.entities, 180), say)
    sizes = {name: sum(map(len, pool)) for name, pool in pools.items()}
    trainer.run(pools, sizes, minutes, (1.0, 0.05), every=120.0)
    trainer.report(minutes * 60)
    add_lemmatizer(nlp, lemma_table(sentence for pool in pools.values() for sentence in pool))
    made = work / language
    trainer.save(made)
    return made


def main(arguments: list[str] | None = None) -> int:
    """Train; the exit status is 0, or 2 with one line on standard error."""
    parser = argparse.ArgumentParser(prog="python -m training.stock", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("languages", nargs="+", choices=sorted(recipe.languages()))
    parser.add_argument("--shared", help="the shared folder; default: TELETIPO_SHARED, else ../shared")
    parser.add_argument("--minutes", type=float, default=6.0, help="of training, each language")
    parser.add_argument("--work", type=Path, default=STOCK, help="folder that the pipelines are left in")
    options = parser.parse_args(arguments)
    try:
        corpora = Corpora.find(options.shared)
        for language in options.languages:
            print(f"left in {train(corpora, language, options.minutes, options.work)}", flush=True)
    except TrainingError as error:
        print(f"training.stock: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
