"""How good the enrichment is, as tables: `python -m bench.quality [events|quotes|sentiment|articles …] [options]`.

Each part is a module of this folder with `main(argv)`, or with `run(final)` that gives rows of a table; without a name all run.
"""

from __future__ import annotations

import importlib
import sys

PARTS = {
    "events": "bench.quality_events",
    "opinion": "bench.quality_opinion",
    "quotes": "bench.quality_quotes",
    "sentiment": "bench.quality_sentiment",
    "articles": "bench.quality_articles",
    "time": "bench.quality_time",
}


def main(argv: list[str]) -> None:
    """Run the parts named, or all, with the remaining options."""
    names = [a for a in argv if a in PARTS] or list(PARTS)
    options = [a for a in argv if a not in PARTS]
    for name in names:
        try:
            module = importlib.import_module(PARTS[name])
        except ModuleNotFoundError as error:
            if error.name != PARTS[name]:
                raise
            print(f"{name}: not measured here (no {PARTS[name]})", file=sys.stderr)
            continue
        if hasattr(module, "main"):
            module.main(options)
            continue
        for row in module.run("--final" in options):
            print("  ".join(f"{cell:.3f}" if isinstance(cell, float) else str(cell) for cell in row))


if __name__ == "__main__":
    main(sys.argv[1:])
