"""`python -m training es en`: from the corpora to packed pipelines.

Each step leaves a file in the work folder and is not repeated when the file is there; `--again` starts afresh.
"""

from __future__ import annotations

import argparse
import pickle
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import spacy
from teletipo.enrich.components.arithmetic import NUMPY
from teletipo.enrich.components.lexicon import Lexicon
from thinc.api import set_current_ops

from training import recipe
from training.augment import Augmenter, Rates
from training.errors import TrainingError
from training.loop import Trainer, blank_pipeline, evaluate, initialise, warm_start
from training.package import pack, score_table
from training.paths import ROOT, Corpora
from training.sentence import Sentence
from training.teacher import Teacher

Made = TypeVar("Made")
Pools = dict[str, list[Sentence]]
Say = Callable[[str], None]


def main(arguments: list[str] | None = None) -> int:
    """Train and pack; the exit status is 0, or 2 with one line on standard error."""
    parser = argparse.ArgumentParser(prog="python -m training", description="Train and pack the shipped pipelines.")
    parser.add_argument("languages", nargs="+", choices=sorted(recipe.languages()))
    parser.add_argument("--shared", help="the shared folder; default: TELETIPO_SHARED, else ../shared")
    parser.add_argument("--cleared", action="store_true", help="only corpora whose row in SOURCES.md says yes")
    parser.add_argument("--minutes", type=float, default=1.0, help="factor on the configured training time")
    parser.add_argument("--work", type=Path, default=ROOT / "training" / "work", help="folder for what is resumed")
    parser.add_argument("--output", type=Path, help="folder of the packed pipelines; default: the package's, if not --cleared")
    parser.add_argument("--start", type=Path, help="folder of packed pipelines whose weights to start from")
    parser.add_argument("--again", action="store_true", help="forget what earlier runs left in the work folder")
    options = parser.parse_args(arguments)
    set_current_ops(NUMPY)
    try:
        corpora = Corpora.find(options.shared)
        for language in options.languages:
            train(corpora, language, options)
    except TrainingError as error:
        print(f"training: {error}", file=sys.stderr)
        return 2
    return 0


def train(corpora: Corpora, language: str, options: argparse.Namespace) -> None:
    """All steps for one language."""
    cleared = bool(options.cleared)
    config = recipe.read_config(language)
    work = options.work / (language + ("-cleared" if cleared else ""))
    if options.again:
        shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True, exist_ok=True)

    def say(line: str) -> None:
        print(f"{time.strftime('%H:%M:%S')} {language}: {line}", flush=True)

    pools: Pools = _kept(work / "pools.pickle", lambda: recipe.pools(corpora, language, cleared, say), say)
    lexicon = _kept(work / "lexicon.pickle", lambda: recipe.make_lexicon(corpora, config, pools, cleared), say)
    lemmas = _kept(work / "lemmas.pickle", lambda: recipe.make_lemmas(corpora, language, pools, cleared), say)
    held = recipe.evaluation(corpora, language)
    if not cleared:
        earlier = spacy.load(options.start / f"{language}_teletipo") if options.start else None
        teacher = _kept(work / "teacher.pickle", lambda: _teach(corpora, config, pools, lexicon, held, options.minutes, say), say)
        pools["taught"] = _kept(
            work / "taught.pickle", lambda: recipe.taught_sentences(corpora, language, teacher, earlier, say), say
        )
    final = work / "final"
    if not (final / "progress.json").exists():
        nlp = blank_pipeline(config, lexicon)
        initialise(nlp, pools, config["seed"])
        if options.start:
            say("started from earlier weights of " + ", ".join(warm_start(nlp, options.start / f"{language}_teletipo")))
        trainer = Trainer(
            nlp,
            config,
            Augmenter(recipe.CONFIGS / config["augment"], config["seed"]),
            lambda pipeline: evaluate(pipeline, held.trees, held.entities, 180),
            say,
        )
        shares = config["shares"]["cleared" if cleared else "student"]
        trainer.run(pools, shares, config["minutes"] * options.minutes, (1.0, 0.02))
        if config["entity_minutes"]:
            trainer.run(pools, shares, config["entity_minutes"] * options.minutes, (0.7, 0.02), only="ner")
        trainer.save(final)
    output = options.output or (work if cleared else ROOT / "streams" / "teletipo" / "pipelines")
    folder = pack(spacy.load(final), lemmas, held, output, cleared)
    say(f"packed to {folder}")
    print(score_table(folder), flush=True)


def _teach(
    corpora: Corpora, config: dict[str, Any], pools: Pools, lexicon: Lexicon, held: recipe.Evaluation, factor: float, say: Say
) -> Teacher:
    """The teacher, trained in rounds on what people annotated, and in later rounds on what it has annotated itself."""
    seed = config["seed"]
    teacher = Teacher.blank([sentence for pool in pools.values() for sentence in pool], lexicon, seed)
    change = Augmenter(recipe.CONFIGS / config["augment"], seed, Rates(**config["teacher_rates"]))
    for number, each in enumerate(config["teacher_rounds"]):
        known = dict(pools)
        if "taught" in each["shares"]:
            known["taught"] = recipe.taught_sentences(corpora, config["language"], teacher, None, say)
        teacher.study(
            known,
            each["shares"],
            change,
            each["minutes"] * factor,
            each["learn_rate"],
            seed + number,
            lambda trained: recipe.shown(recipe.teacher_scores(trained, held, 250)),
            say,
        )
    return teacher


def _kept(path: Path, make: Callable[[], Made], say: Say) -> Made:
    """What an earlier run left, else made now and left for the next run."""
    if path.exists():
        say(f"{path.stem} is there already")
        with open(path, "rb") as file:
            return pickle.load(file)
    made = make()
    with open(path, "wb") as file:
        pickle.dump(made, file)
    say(f"{path.stem} is made")
    return made


if __name__ == "__main__":
    sys.exit(main())
