"""HTTP for polling addresses that other people wrote down: no request to private networks, bounded in size and time.

The check stands where the connection is made, on the address that is then connected to: a redirect, or a name that answers
differently the second time (DNS rebinding), cannot get round it.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import httpcore
import httpx

from teletipo import __version__
from teletipo.errors import OversizedDocument, TeletipoError

MAX_BYTES = 10 * 1024 * 1024
"""A response larger than this, also after decompression, is refused."""
TIMEOUT_SECONDS = 30.0
MAX_REDIRECTS = 5


class FetchFailed(TeletipoError):
    """A document could not be fetched. `retry_after`: seconds the server asks to wait; `lasting`: do not ask again."""

    def __init__(self, message: str, *, retry_after: float | None = None, lasting: bool = False) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.lasting = lasting


@dataclass(slots=True, frozen=True)
class Fetched:
    """A response: `data` None if the server says that nothing changed; the validators for the next conditional request."""

    data: bytes | None
    etag: str | None
    modified: str | None


class _PublicOnly(httpcore.SyncBackend):
    """Connects to public addresses alone, resolving the name once and connecting to what was resolved."""

    def __init__(self, allow_private: bool) -> None:
        self._allow_private = allow_private

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Resolve, check every answer, connect to the first."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except socket.gaierror as error:
            raise httpcore.ConnectError(f"{host}: {error.strerror}") from None
        addresses = [str(row[4][0]) for row in found]
        for address in addresses:
            if not self._allow_private and not is_public(address):
                raise httpcore.ConnectError(f"{host} is {address}, no public address; TELETIPO_FEED_ALLOW_PRIVATE=true allows it")
        return super().connect_tcp(addresses[0], port, timeout, local_address, socket_options)


def is_public(address: str) -> bool:
    """True for a globally reachable unicast address, also when it is an IPv4 address written as IPv6."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        ip = ip.ipv4_mapped or ip.sixtofour or ip
    return ip.is_global and not ip.is_multicast


class SafeClient:
    """Fetches documents with the limits of this module; a context manager."""

    def __init__(self, *, allow_private: bool = False, ca: ssl.SSLContext | None = None) -> None:
        transport = httpx.HTTPTransport()
        transport._pool = httpcore.ConnectionPool(
            ssl_context=ca or httpx.create_ssl_context(), network_backend=_PublicOnly(allow_private), max_connections=10
        )
        self._client = httpx.Client(
            transport=transport,
            timeout=TIMEOUT_SECONDS,
            follow_redirects=True,
            max_redirects=MAX_REDIRECTS,
            trust_env=False,
            headers={"User-Agent": f"teletipo/{__version__}", "Accept-Encoding": "gzip, deflate"},
            event_hooks={"request": [_keep_secrets]},
        )

    def __enter__(self) -> SafeClient:
        return self

    def __exit__(self, *exception: object) -> None:
        self._client.close()

    def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        modified: str | None = None,
        headers: dict[str, str] | None = None,
        origin: str | None = None,
    ) -> Fetched:
        """Fetch a document, conditionally if validators are given. Raises FetchFailed or OversizedDocument with one line.

        `headers` (a key, a token) go to the scheme, host and port of `origin` alone (of the address itself if it is not
        given): neither another address nor a redirect gets them.
        """
        if not url.startswith(("http://", "https://")):
            raise FetchFailed(f"{url}: not an http or https address", lasting=True)
        conditions = {"If-None-Match": etag, "If-Modified-Since": modified}
        sent = {**(headers or {}), **{name: value for name, value in conditions.items() if value}}
        try:
            secrets = {"teletipo": (_place(httpx.URL(origin or url)), tuple(headers or ()))}
            with self._client.stream("GET", url, headers=sent, extensions=secrets) as response:
                if response.status_code == 304:
                    return Fetched(None, etag, modified)
                if response.status_code >= 400:
                    raise _refusal(url, response)
                data = _bounded(url, response)
                return Fetched(data, response.headers.get("etag"), response.headers.get("last-modified"))
        except httpx.TooManyRedirects:
            raise FetchFailed(f"{url}: more than {MAX_REDIRECTS} redirects", lasting=True) from None
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise FetchFailed(f"{url}: {error or type(error).__name__}") from None


def _place(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _keep_secrets(request: httpx.Request) -> None:
    """Take the caller's headers off a request that goes elsewhere; httpx itself does so with `Authorization` alone."""
    origin, names = request.extensions.get("teletipo", (None, ()))
    if origin != _place(request.url):
        for name in names:
            request.headers.pop(name, None)


def _refusal(url: str, response: httpx.Response) -> FetchFailed:
    wait = response.headers.get("retry-after", "")
    after = float(wait) if wait.isdigit() else None
    lasting = response.status_code in (401, 403, 404, 410)
    return FetchFailed(f"{url}: HTTP {response.status_code}", retry_after=after, lasting=lasting)


def _bounded(url: str, response: httpx.Response) -> bytes:
    """The body, decompressed step by step so that a bomb is refused before it takes memory."""
    encoding = response.headers.get("content-encoding", "identity").lower().strip()
    if encoding not in ("identity", "", "gzip", "deflate"):
        raise FetchFailed(f"{url}: content-encoding {encoding} was not asked for")
    unpack = zlib.decompressobj(47 if encoding == "gzip" else 15) if encoding in ("gzip", "deflate") else None
    data = bytearray()
    for chunk in response.iter_raw():
        try:
            data += unpack.decompress(chunk, MAX_BYTES + 1 - len(data)) if unpack else chunk
        except zlib.error as error:
            raise FetchFailed(f"{url}: {error}") from None
        if len(data) > MAX_BYTES or (unpack and unpack.unconsumed_tail):
            declared = response.headers.get("content-length", "")
            size = int(declared) if not unpack and declared.isdigit() and len(declared) < 16 else 0
            raise OversizedDocument(f"{url}: more than {MAX_BYTES} bytes", bytes(data), max(size, len(data)))
    return bytes(data)
