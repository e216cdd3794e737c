"""The PostgreSQL example of the documentation, on a real server where the machine has one."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import psycopg
import pytest
from teletipo.settings import Settings
from test_client import BASE, publish

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "postgres.py"
BINARIES = [*Path("/usr/lib/postgresql").glob("*/bin/initdb"), *filter(None, [shutil.which("initdb")])]


@pytest.fixture
def example() -> ModuleType:
    """The example as a module."""
    spec = importlib.util.spec_from_file_location("postgres_example", EXAMPLE)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def database() -> Iterator[str]:
    """A PostgreSQL of its own in a temporary folder; as root it runs as `postgres`, which it insists on."""
    if not BINARIES:
        pytest.skip("no PostgreSQL server on this machine (apt-get install postgresql)")
    binaries = Path(BINARIES[0]).parent
    user = pwd.getpwnam("postgres") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    with tempfile.TemporaryDirectory() as folder, socket.socket() as probe:
        os.chown(folder, user.pw_uid, user.pw_gid)
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()

        def run(*command: str) -> None:
            subprocess.run(command, check=True, user=user.pw_uid, group=user.pw_gid, cwd=folder, capture_output=True)

        run(str(binaries / "initdb"), "-D", f"{folder}/data", "-U", "me", "-A", "trust", "--no-sync")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
        run(str(binaries / "pg_ctl"), "-D", f"{folder}/data", "-w", "-o", options, "-l", f"{folder}/log", "start")
        try:
            yield f"postgresql://me@127.0.0.1:{port}/postgres"
        finally:
            run(str(binaries / "pg_ctl"), "-D", f"{folder}/data", "-m", "immediate", "stop")


def test_the_table_holds_what_stands(database: str, example: ModuleType, settings: Callable[..., Settings]) -> None:
    mine = settings()
    publish(
        mine,
        BASE,
        replace(BASE, id="e2"),
        replace(BASE, revision=2, cameo="050"),
        replace(BASE, id="e2", revision=2, retracted=True, retraction="corrected"),
    )
    example.main(database, settings=mine, idle_seconds=4)
    with psycopg.connect(database) as connection:
        rows = connection.execute("SELECT id, revision, cameo FROM events ORDER BY id").fetchall()
        assert rows == [("e1", 2, "050")]
        example.apply(connection, BASE, gone=False)
        example.apply(connection, BASE, gone=True)
        assert connection.execute("SELECT revision FROM events").fetchall() == [(2,)], "an old change came late"
