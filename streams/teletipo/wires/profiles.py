"""Profiles: what is known of an agency beforehand, as TOML that a user adds without touching code.

A profile is chosen by the id that a document gives its provider, by a feed's host, or by a format that only one agency has.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from teletipo.errors import SettingsError

_FIELDS = {
    "name", "title", "ids", "hosts", "formats", "time_zone", "publish_text", "kill_signals", "newsml_1_id", "cut_from_id",
    "replaced_ids", "nonpublic_lines",
}  # fmt: skip
_LISTS = ("ids", "hosts", "formats", "kill_signals", "replaced_ids")
_NEWSML_1_IDS = ("PublicIdentifier", "NewsItemId", "Duid")


@dataclass(slots=True, frozen=True)
class Profile:
    """One agency. `ids` and `hosts` are compared in lower case; `formats` are those that nobody else writes.

    `kill_signals` are signals or instructions that kill whatever the status says; `newsml_1_id` names the element that holds
    the item's id in NewsML 1; `cut_from_id` is a regular expression of what counts versions in an id; `replaced_ids` are the
    types of `altId` (NewsML-G2) that name the item in whose place one comes; `nonpublic_lines` are regular expressions of
    lines at either end of a text that are for editors alone.
    """

    name: str
    title: str = ""
    ids: frozenset[str] = frozenset()
    hosts: frozenset[str] = frozenset()
    formats: frozenset[str] = frozenset()
    time_zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    publish_text: bool = True
    kill_signals: frozenset[str] = frozenset()
    newsml_1_id: str = "PublicIdentifier"
    cut_from_id: re.Pattern[str] | None = None
    replaced_ids: frozenset[str] = frozenset()
    nonpublic_lines: tuple[re.Pattern[str], ...] = ()
    path: str = ""

    def item_id(self, wire_id: str) -> str:
        """The id without what counts its versions."""
        return self.cut_from_id.sub("", wire_id) or wire_id if self.cut_from_id else wire_id

    def public(self, body: str) -> str:
        """The text without the lines at its beginning and end that are not for publication."""
        if not self.nonpublic_lines or not body:
            return body
        lines = body.split("\n")
        while lines and self._is_nonpublic(lines[0]):
            del lines[0]
        while lines and self._is_nonpublic(lines[-1]):
            del lines[-1]
        return "\n".join(lines)

    def _is_nonpublic(self, line: str) -> bool:
        return any(pattern.search(line) for pattern in self.nonpublic_lines)


class Profiles:
    """The profiles at hand; a later one of the same name replaces an earlier."""

    def __init__(self, profiles: Iterable[Profile]) -> None:
        self.by_name = {profile.name: profile for profile in profiles}
        self._by_id = {key: profile for profile in self.by_name.values() for key in (profile.name, *profile.ids)}

    def find(self, own_id: str | None, format_name: str) -> Profile | None:
        """The profile of a provider id or `rss:host`, else the one that owns the format."""
        if own_id:
            key = own_id.lower()
            found = self._by_id.get(key) or self._by_id.get(slug(key)) or self._by_host(key.removeprefix("rss:"))
            if found:
                return found
        return next((profile for profile in self.by_name.values() if format_name in profile.formats), None)

    def _by_host(self, host: str) -> Profile | None:
        return next(
            (
                profile
                for profile in self.by_name.values()
                if any(host == own or host.endswith("." + own) for own in profile.hosts)
            ),
            None,
        )


@lru_cache(maxsize=4096)
def profile_for(provider: str, paths: tuple[Path, ...] | None = None) -> Profile:
    """The profile of a record's provider, by name, id or host; one that allows everything where there is none.

    `paths` are further profile files, those of `TELETIPO_WIRES_PROFILES` where none are given.
    """
    if paths is None:
        from teletipo.settings import load_settings

        paths = tuple(load_settings().wires_profiles)
    return load(paths).find(provider, "") or Profile(provider)


def slug(text: str) -> str:
    """A provider id in lower case with `-` for white space and other signs; dots and colons stay."""
    return re.sub(r"[^\w.:]+", "-", text.strip().lower()).strip("-")


@lru_cache
def load(paths: tuple[Path, ...] = ()) -> Profiles:
    """Our own profiles and those of the given files or folders. Raises SettingsError that names file and entry."""
    shipped = [_read(entry.name, entry.read_text("utf-8")) for entry in _shipped()]
    return Profiles([*shipped, *read_files(paths)])


def read_files(paths: Iterable[Path]) -> list[Profile]:
    """The profiles in files and folders. Raises SettingsError that names file and entry."""
    found = []
    for path in paths:
        for file in sorted(path.glob("*.toml")) if path.is_dir() else [path]:
            try:
                found.append(_read(str(file), file.read_text("utf-8")))
            except (OSError, UnicodeDecodeError) as error:
                raise SettingsError(f"profile {file}: {getattr(error, 'strerror', None) or 'not UTF-8'}") from None
    return found


def _shipped() -> list[Any]:
    folder = resources.files("teletipo.wires").joinpath("profiles")
    return sorted((entry for entry in folder.iterdir() if entry.name.endswith(".toml")), key=lambda entry: entry.name)


def _read(path: str, text: str) -> Profile:
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"profile {path}: not TOML: {error}") from None
    unknown = sorted(given.keys() - _FIELDS)
    if unknown:
        raise SettingsError(f"profile {path}: unknown field {unknown[0]}; known are {', '.join(sorted(_FIELDS))}")
    if not isinstance(given.get("name"), str) or slug(given["name"]) != given["name"]:
        raise SettingsError(f"profile {path}: name must be a provider's id in lower case, such as efe or reuters.com")
    lists = {name: _texts(path, name, given.get(name, [])) for name in _LISTS}
    try:
        zone = ZoneInfo(str(given.get("time_zone", "UTC")))
    except (ZoneInfoNotFoundError, ValueError):
        raise SettingsError(
            f"profile {path}: time_zone {given['time_zone']!r} is not in the tz database; write one like Europe/Madrid"
        ) from None
    publish_text = given.get("publish_text", True)
    if not isinstance(publish_text, bool):
        raise SettingsError(f"profile {path}: publish_text must be true or false")
    newsml_1_id = given.get("newsml_1_id", "PublicIdentifier")
    if newsml_1_id not in _NEWSML_1_IDS:
        raise SettingsError(f"profile {path}: newsml_1_id must be one of {', '.join(_NEWSML_1_IDS)}")
    cut = _expressions(path, "cut_from_id", [given["cut_from_id"]]) if "cut_from_id" in given else ()
    return Profile(
        given["name"],
        str(given.get("title", "")),
        **lists,
        time_zone=zone,
        publish_text=publish_text,
        newsml_1_id=newsml_1_id,
        cut_from_id=cut[0] if cut else None,
        nonpublic_lines=_expressions(path, "nonpublic_lines", given.get("nonpublic_lines", [])),
        path=path,
    )


def _expressions(path: str, name: str, value: Any) -> tuple[re.Pattern[str], ...]:
    if not isinstance(value, list):
        raise SettingsError(f"profile {path}: {name} must be a list of regular expressions")
    try:
        return tuple(re.compile(member) for member in value)
    except (re.error, TypeError) as error:
        raise SettingsError(f"profile {path}: {name} is no regular expression: {error}") from None


def _texts(path: str, name: str, value: Any) -> frozenset[str]:
    if not isinstance(value, list) or not all(isinstance(member, str) for member in value):
        raise SettingsError(f"profile {path}: {name} must be a list of texts")
    return frozenset(member.lower() for member in value)
