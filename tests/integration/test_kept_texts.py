"""An agency whose texts may not be passed on, sent as HTML by a producer of its own: the records keep offsets, never words."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from teletipo.settings import Settings
from wire_stream import Wire, WorkerProcess, environment, read_all, wait_delivered

ITEM = {
    "provider": "celosa", "item_id": "1", "version": 2, "language": "es", "published_at": "2025-03-12T15:00:00Z",
    "headline": "Chile y Perú firman un tratado", "body_format": "html",
    "body": "<div><p>Chile y <b>Perú</b> firmaron este mi&eacute;rcoles en Lima un tratado de extradici&oacute;n.</p>"
    "<script>var x = 1;</script><p>«Es un gran día», dijo el canciller Alberto van Klaveren.</p></div>",
}  # fmt: skip
OPEN = ITEM | {"provider": "abierta"}
WORDS = ("Chile", "Perú", "Lima", "tratado", "Klaveren", "gran día")
TEXTS = ("Chile y Perú firman un tratado\n\nChile y Perú firmaron este miércoles en Lima un tratado de extradición.\n"
         "«Es un gran día», dijo el canciller Alberto van Klaveren.")  # fmt: skip


@pytest.fixture
def kept(tmp_path: Path) -> dict[str, str]:
    """The variable that names a profile of the user's."""
    (tmp_path / "celosa.toml").write_text('name = "celosa"\npublish_text = false\n', "utf-8")
    return {"TELETIPO_WIRES_PROFILES": f'["{tmp_path / "celosa.toml"}"]'}


def spans(value: Any) -> Iterator[dict[str, Any]]:
    """Every part of a record that has a place in the text."""
    if isinstance(value, dict):
        if "start" in value:
            yield value
        value = list(value.values())
    for part in value if isinstance(value, list) else ():
        yield from spans(part)


def assert_kept(article: dict[str, Any], events: list[dict[str, Any]], like: dict[str, Any]) -> None:
    """No word of the text in any record, and the same offsets as where it is passed on (`like`)."""
    assert events
    assert article["text"] == ""
    for word in WORDS:
        assert word not in orjson.dumps(article | {"entities": []}).decode(), word
    for record in (article, *events):
        for span in spans(record):
            assert not span.get("text"), span
    places = [(one["start"], one["end"]) for one in spans(article)]
    assert places == [(one["start"], one["end"]) for one in spans(like)]
    assert max(end for _, end in places) > 60


def enrich(items: list[dict[str, Any]], variables: dict[str, str]) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", "teletipo", "enrich"], input=b"\n".join(map(orjson.dumps, items)), capture_output=True,
        env=environment(Settings()) | variables, timeout=120, check=True,
    )  # fmt: skip
    return [orjson.loads(line) for line in done.stdout.splitlines()]


def test_enrich_keeps_the_texts_of_a_profile_back(kept: dict[str, str]) -> None:
    closed, opened = enrich([ITEM, OPEN], kept)
    assert opened["article"]["text"] == TEXTS, "HTML of another producer is read as the wires' is"
    assert_kept(closed["article"], closed["events"], opened["article"])


@pytest.mark.long
def test_the_worker_keeps_the_texts_of_a_profile_back(
    settings: Callable[..., Settings],
    start_worker: Callable[..., WorkerProcess],
    open_wire: Callable[[Settings], Wire],
    kept: dict[str, str],
) -> None:
    made = settings()
    start_worker(made, extra=kept).wait_ready()
    wire = open_wire(made)
    for item in (ITEM, OPEN):
        wire.send(**item)
    wire.flush()
    wait_delivered(made)
    articles = {message.record["provider"]: message.record for message in read_all(made, "news.articles")}
    events = [message.record for message in read_all(made, "news.events")]
    assert articles["abierta"]["text"] == TEXTS
    assert_kept(articles["celosa"], [one for one in events if one["provider"] == "celosa"], articles["abierta"])
