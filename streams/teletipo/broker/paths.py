"""Where things lie on this machine: what a checkout owns (broker data, worker caches), and what a person's checkouts share."""

from __future__ import annotations

import hashlib
import os
import re
import sys
from pathlib import Path

from teletipo.errors import SettingsError
from teletipo.settings import Settings


def state_folder(settings: Settings) -> Path:
    """The folder of this checkout's own data; made if it is missing.

    It lies in `TELETIPO_STATE_DIR`, else in the user's state folder, under a name made from the place of the virtual
    environment that runs us, so that two checkouts never share a broker. Raises SettingsError if it cannot be written.
    """
    base = settings.state_dir or _user_folder("XDG_STATE_HOME", ".local/state") / "teletipo"
    folder = base.expanduser().absolute() / _checkout_name()
    _make(folder, "TELETIPO_STATE_DIR")
    return folder


def cache_folder() -> Path:
    """The folder of downloads that all checkouts of a person share; made if it is missing."""
    folder = _user_folder("XDG_CACHE_HOME", ".cache") / "teletipo"
    _make(folder, "XDG_CACHE_HOME")
    return folder


def checkout_root() -> Path:
    """What tells one checkout from another: the parent of the virtual environment, else the repository or folder we are in."""
    if sys.prefix != sys.base_prefix:
        return Path(sys.prefix).resolve().parent
    here = Path.cwd().resolve()
    return next((folder for folder in (here, *here.parents) if (folder / ".git").exists()), here)


def _checkout_name() -> str:
    root = str(checkout_root())
    readable = re.sub(r"[^A-Za-z0-9._-]+", "-", Path(root).name) or "root"
    return f"{readable}-{hashlib.sha256(root.encode()).hexdigest()[:8]}"


def _user_folder(variable: str, default: str) -> Path:
    given = os.environ.get(variable, "")
    return Path(given) if given.startswith("/") else Path.home() / default


def _make(folder: Path, variable: str) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            f"{folder}: cannot be made ({error.strerror}); set {variable} to a folder that you may write"
        ) from None
