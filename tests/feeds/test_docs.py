"""docs/feeding.md: every command shown there is run, and prints what is shown."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from teletipo.settings import Settings

PAGE = Path(__file__).parents[2] / "docs" / "feeding.md"
FIXTURES = Path(__file__).parent / "fixtures"
BLOCK = re.compile(r"^```(console|toml)\n(.*?)^```$", re.M | re.S)
HOSTS = ("https://api.ap.example", "https://www.elfaro.example")


@pytest.fixture
def web() -> Iterator[str]:
    """The servers of the agencies: the files of `web`, with an ETag; AP's want a key."""

    class Files(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = FIXTURES / "web" / Path(self.path).name
            data = path.read_bytes() if path.is_file() else b""
            for host in HOSTS:
                data = data.replace(host.encode(), url.encode())
            tag = f'"{hashlib.sha256(data).hexdigest()[:8]}"'
            allowed = path.name not in ("ap.json", "f14dd246c9b5.nitf") or self.headers.get("x-api-key") == "4711"
            known = self.headers.get("If-None-Match") == tag
            status = 404 if not data else 403 if not allowed else 304 if known else 200
            self.send_response(status)
            self.send_header("ETag", tag)
            self.send_header("Content-Length", str(len(data) if status == 200 else 0))
            self.end_headers()
            if status == 200:
                self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            """Keep the test output quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Files) as http:
        url = f"http://127.0.0.1:{http.server_address[1]}"
        threading.Thread(target=http.serve_forever, daemon=True).start()
        yield url
        http.shutdown()


def test_every_command_prints_what_the_page_shows(settings: Callable[..., Settings], tmp_path: Path, web: str) -> None:
    mine = settings()
    work = tmp_path / "work"
    shutil.copytree(FIXTURES, work)
    environment = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "HOME": str(tmp_path), "LC_ALL": "C.UTF-8",
        "TELETIPO_KAFKA_BOOTSTRAP_SERVERS": str(mine.kafka_bootstrap_servers), "TELETIPO_TOPIC_PREFIX": mine.topic_prefix,
        "TELETIPO_STATE_DIR": str(tmp_path / "state"), "TELETIPO_FEED_ALLOW_PRIVATE": "true",
    }  # fmt: skip
    shown, printed = [], []
    for kind, block in BLOCK.findall(PAGE.read_text("utf-8")):
        if kind == "toml":
            name = block.split("\n", 1)[0].removeprefix("# ")
            for host in HOSTS:
                block = block.replace(host, web)
            (work / name).write_text(block, "utf-8")
            continue
        shown += block.splitlines()
        for command in (line for line in block.splitlines() if line.startswith("$ ")):
            done = subprocess.run(
                ["bash", "-c", command[2:]], cwd=work, env=environment, text=True, encoding="utf-8", timeout=120,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, check=False,
            )  # fmt: skip
            output = done.stdout.replace(mine.topic_prefix, "")
            output = re.sub(re.escape(web) + r"(/\w+\.(?:json|nitf))", HOSTS[0] + r"\1", output)
            output = output.replace(web, HOSTS[1])
            printed += [command, *output.splitlines()]
    assert printed == shown, "\n".join(printed)
