"""Fetches the Kafka jars once, checks each against its pinned SHA-256, and keeps them in the user's cache for all checkouts."""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
import shutil
import tempfile
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

from teletipo.broker.paths import cache_folder
from teletipo.errors import BrokerStartFailed

KAFKA_VERSION = "4.1.1"
DOWNLOAD_MB = 150
"""What must be free for the jars and, later, the start-up cache."""
COORDINATES = f"org.apache.kafka:kafka_2.13:{KAFKA_VERSION}+org.slf4j:slf4j-simple:1.7.36"


def pinned_jars() -> dict[str, str]:
    """File name and SHA-256 of every jar of the broker, from `jars.tsv`."""
    table = (files("teletipo.broker") / "jars.tsv").read_text("utf-8")
    return dict(line.split("\t") for line in table.splitlines() if line and not line.startswith("#"))


def install_jars(report: Callable[[str], None]) -> list[Path]:
    """The paths of all jars, sorted by name; downloads them from Maven Central if they are not there yet.

    `report` gets a line of progress before a download. Raises BrokerStartFailed if the disk is full, or a jar cannot be
    fetched or is not the pinned one.
    """
    pinned = pinned_jars()
    folder = cache_folder() / f"kafka-{KAFKA_VERSION}"
    try:
        with (cache_folder() / "install.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not all(_digest(folder / name) == digest for name, digest in pinned.items()):
                _check_room(folder.parent)
                report(f"downloading Kafka {KAFKA_VERSION} ({len(pinned)} jars, 43 MB, once for all checkouts)")
                _download(folder, pinned)
    except OSError as error:
        raise BrokerStartFailed(
            f"{folder.parent}: {error.strerror or error}; Kafka's download needs {DOWNLOAD_MB} MB there, {_ROOM}"
        ) from None
    return [folder / name for name in sorted(pinned)]


_ROOM = "make room or set XDG_CACHE_HOME to a folder elsewhere"


def _check_room(folder: Path) -> None:
    free_mb = shutil.disk_usage(folder).free // 2**20
    if free_mb < DOWNLOAD_MB:
        raise BrokerStartFailed(f"{folder}: {free_mb} MB free, Kafka's download needs {DOWNLOAD_MB}; {_ROOM}")


def _digest(jar: Path) -> str | None:
    try:
        with jar.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except FileNotFoundError:
        return None


def _download(folder: Path, pinned: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix="download-") as scratch:
        fetched = {jar.name: jar for jar in _resolve(Path(scratch))}
        for name, digest in pinned.items():
            if name not in fetched:
                raise BrokerStartFailed(f"Kafka {KAFKA_VERSION}: the download lacks {name}; try again")
            found = _digest(fetched[name])
            if found != digest:
                raise BrokerStartFailed(
                    f"{name}: SHA-256 is {found}, expected {digest}; the download is not the pinned one, not used"
                )
        ready = Path(scratch) / "ready"
        ready.mkdir()
        for name in pinned:
            shutil.move(os.path.realpath(fetched[name]), ready / name)
        shutil.rmtree(folder, ignore_errors=True)
        ready.rename(folder)


def _resolve(scratch: Path) -> list[Path]:
    try:
        import jgo
        import requests
        from jgo.maven import PythonResolver
    except ImportError:
        raise BrokerStartFailed(
            "the embedded broker is not installed: pip install 'teletipo[kafka]', or set TELETIPO_KAFKA_BOOTSTRAP_SERVERS"
        ) from None
    logging.getLogger("jgo").setLevel(logging.CRITICAL)
    context = jgo.MavenContext(
        resolver=PythonResolver(), repo_cache=scratch / "maven", remote_repos={"central": jgo.MAVEN_CENTRAL_URL}, timeout=30
    )
    builder = jgo.EnvironmentBuilder(context=context, cache_dir=scratch / "jgo", link_strategy=jgo.LinkStrategy.HARD)
    try:
        environment = builder.from_endpoint(COORDINATES)
    except OSError as error:
        # requests' exceptions are OSErrors too; a full disk is told apart by its errno.
        if isinstance(error, requests.RequestException) or error.errno is None:
            raise _no_network(error) from None
        raise
    except (RuntimeError, ValueError) as error:
        raise _no_network(error) from None
    return sorted(Path(environment.path).glob("*/*.jar"))


def _no_network(error: BaseException) -> BrokerStartFailed:
    return BrokerStartFailed(
        f"Kafka {KAFKA_VERSION} cannot be downloaded from repo.maven.apache.org: {_root(error)}; "
        "the first start needs the network, or set TELETIPO_KAFKA_BOOTSTRAP_SERVERS to a broker you have"
    )


def _root(error: BaseException) -> str:
    """What the system said, out of the exceptions that requests and urllib3 wrap around it and into each other's arguments."""
    inner = [one for one in (getattr(error, "reason", None), *error.args, error.__cause__, error.__context__) if one is not error]
    for found in (one for one in inner if isinstance(one, BaseException)):
        return _root(found)
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return " ".join(str(error).split()) or type(error).__name__
