"""Is somebody at this address a Kafka broker that is ready to work?"""

from __future__ import annotations

import socket
import struct

_METADATA = 3
_CLIENT = b"teletipo"


def answers(address: str, timeout: float = 1.0) -> bool:
    """Whether a plain-text Kafka broker at `host:port` answers a metadata request and knows a broker that is up.

    Written out by hand (Metadata version 0, for no topic that exists) because a client library needs a fraction of a
    second for the same, and a start asks many times.
    """
    host, _, port = address.rpartition(":")
    body = struct.pack(">hhih", _METADATA, 1, 1, len(_CLIENT)) + _CLIENT + struct.pack(">i", 0)
    try:
        with socket.create_connection((host, int(port)), timeout) as connection:
            connection.sendall(struct.pack(">i", len(body)) + body)
            size = struct.unpack(">i", _read(connection, 4))[0]
            reply = _read(connection, min(size, 65_536))
    except OSError:
        return False
    correlation, brokers = struct.unpack(">ii", reply[:8])
    return bool(correlation == 1 and brokers >= 1)


def _read(connection: socket.socket, size: int) -> bytes:
    received = b""
    while len(received) < size:
        chunk = connection.recv(size - len(received))
        if not chunk:
            raise ConnectionError("closed in the middle of an answer")
        received += chunk
    return received
