"""The lines on subscribing in the README, as they stand there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from teletipo.records import Span
from teletipo.settings import Settings
from test_client import BASE, publish

README = Path(__file__).parents[2] / "README.md"


def test_the_lines_of_the_readme_work_when_pasted(settings: Callable[..., Settings], tmp_path: Path) -> None:
    (lines,) = re.findall(r"^```python\n(.*?)^```$", README.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert "teletipo.subscribe" in lines
    mine = settings()
    publish(
        mine,
        replace(BASE, sentence=Span(0, 8, "Firmaron.")),
        replace(BASE, id="unsure", confidence=0.2),
        replace(BASE, id="gone", retracted=True, retraction="killed"),
    )
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TELETIPO_")} | {
        "TELETIPO_KAFKA_BOOTSTRAP_SERVERS": str(mine.kafka_bootstrap_servers),
        "TELETIPO_TOPIC_PREFIX": mine.topic_prefix,
    }
    pasted = subprocess.Popen(
        [sys.executable, "-u", "-c", lines], stdout=subprocess.PIPE, text=True, env=environment, cwd=tmp_path
    )
    try:
        assert pasted.stdout
        shown = [pasted.stdout.readline().split(maxsplit=2) for _ in range(2)]
    finally:
        pasted.kill()
        pasted.communicate()
    assert shown == [["stands", "e1", "SUPPORT ['Vladimir Putin'] Firmaron.\n"], ["gone", "gone"]]
