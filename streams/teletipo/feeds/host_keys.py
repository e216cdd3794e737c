"""Whom an sftp folder is read from: servers whose key is known, as OpenSSH knows it. Needs `paramiko`."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from teletipo.errors import SettingsError


def only_known(known_hosts: Path | None) -> Any:
    """A policy of paramiko's that refuses every server whose key is not in the file (~/.ssh/known_hosts by default).

    Raises SettingsError if paramiko is not installed or a file that was named cannot be read.
    """
    try:
        import paramiko
    except ImportError:
        raise SettingsError("sftp:// needs the package paramiko: pip install paramiko") from None
    logging.getLogger("paramiko").setLevel(logging.CRITICAL)  # it logs with a traceback what it raises anyway
    path = known_hosts or Path.home() / ".ssh" / "known_hosts"
    known = paramiko.HostKeys()
    try:
        if known_hosts is not None or path.exists():
            known.load(str(path))
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}") from None

    class OnlyKnown(paramiko.MissingHostKeyPolicy):
        """Compares the key that a server shows with the file."""

        def missing_host_key(self, client: paramiko.SSHClient, hostname: str, key: paramiko.PKey) -> None:
            if known.check(hostname, key):
                return
            host = hostname.strip("[]").replace("]:", " -p ").split()
            port = f"-p {host[2]} " if len(host) == 3 else ""
            if (known.lookup(hostname) or {}).get(key.get_name()) is not None:
                raise paramiko.SSHException(f"its key is not the one in {path}: another server, or somebody between")
            raise paramiko.SSHException(f"its key is not in {path}: `ssh-keyscan {port}{host[0]} >> {path}`, and compare it")

    return OnlyKnown()
