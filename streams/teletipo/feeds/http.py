"""The HTTP receiver: an agency or program posts wire documents, and hears 202 only after Kafka has acknowledged them."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from aiohttp import web

from teletipo.errors import BrokerUnavailable, InputError, OversizedDocument, SettingsError
from teletipo.feeds.metrics import metrics
from teletipo.feeds.overrides import with_provider
from teletipo.feeds.refusals import Refusals
from teletipo.feeds.sender import Sender
from teletipo.settings import Settings
from teletipo.wires import read

MAX_BYTES = 16 * 1024 * 1024
_TOO_LARGE = f"more than {MAX_BYTES} bytes"
REPLAY_SECONDS = 300
"""A signed request older than this, or signed before and seen again within it, is refused."""
MAX_WAITING = _THREADS = 64
ANSWER_SECONDS = 10.0
"""How long a request waits for Kafka before it is told to come back."""


class Receiver:
    """`POST /items` (any wire format, one or many items), `/livez`, `/metrics`.

    A request carries `Authorization: Bearer TOKEN`, or `X-Teletipo-Timestamp` (seconds since 1970) and
    `X-Teletipo-Signature`, the hexadecimal HMAC-SHA256 of timestamp, full stop and body.
    """

    def __init__(self, settings: Settings, sender: Sender, say: Callable[[str], None]) -> None:
        if not settings.feed_http_token and not settings.feed_http_hmac_key:
            raise SettingsError(
                "TELETIPO_FEED_HTTP_TOKEN or TELETIPO_FEED_HTTP_HMAC_KEY: one is needed, nobody could send otherwise"
            )
        self._settings, self._sender, self._say = settings, sender, say
        self._refusals = Refusals(sender, "feed http", patience=ANSWER_SECONDS)
        # As many threads as requests may wait: while Kafka stands still, each is answered when its own time is over.
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="items")
        self._waiting = 0
        self._signatures: dict[str, float] = {}
        self.answers: Counter[int] = Counter()

    def app(self) -> web.Application:
        """The aiohttp application."""
        app = web.Application()
        app.add_routes([web.post("/items", self._items), web.get("/livez", self._livez), web.get("/metrics", self._metrics)])
        return app

    async def _items(self, request: web.Request) -> web.Response:
        response = await self._receive(request)
        self.answers[response.status] += 1
        return response

    async def _receive(self, request: web.Request) -> web.Response:
        is_known = self._has_token(request)
        key = self._settings.feed_http_hmac_key
        if not is_known and not key:
            return _refuse(401, "no valid bearer token")
        body = await _body(request)
        is_whole = len(body) <= MAX_BYTES
        if not is_known and not (is_whole and key and self._signed(request, body, key.get_secret_value().encode())):
            return _refuse(401, "no valid bearer token or signature") if is_whole else _refuse(413, _TOO_LARGE)
        if self._waiting >= MAX_WAITING:
            return _busy("too many requests wait for Kafka")
        self._waiting += 1
        try:
            size = max(len(body), request.content_length or 0)
            source = f"POST {request.path_qs} from {request.remote}"
            provider = request.query.get("provider")
            loop = asyncio.get_running_loop()
            work = loop.run_in_executor(self._pool, self._answer, body, size, provider, source)
            return await asyncio.wait_for(work, 2 * ANSWER_SECONDS + 1)
        except TimeoutError:
            # The producer waits for metadata with a clock of its own, and a thread may wait for its turn.
            return _busy("Kafka does not answer")
        finally:
            self._waiting -= 1

    def _has_token(self, request: web.Request) -> bool:
        token = self._settings.feed_http_token
        given = request.headers.get("Authorization", "")
        return bool(token) and hmac.compare_digest(given.encode(), f"Bearer {token.get_secret_value() if token else ''}".encode())

    def _signed(self, request: web.Request, body: bytes, key: bytes) -> bool:
        stamp, signature = request.headers.get("X-Teletipo-Timestamp", ""), request.headers.get("X-Teletipo-Signature", "")
        now = time.time()
        if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12) or abs(now - int(stamp)) > REPLAY_SECONDS:
            return False
        expected = hmac.new(key, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(signature.encode(), expected.encode()):
            return False
        self._signatures = {seen: at for seen, at in self._signatures.items() if now - at <= 2 * REPLAY_SECONDS}
        if signature in self._signatures:
            return False
        self._signatures[signature] = now
        return True

    def _answer(self, body: bytes, size: int, provider: str | None, source: str) -> web.Response:
        """In a thread: 202 after Kafka has acknowledged, 4xx after it has acknowledged the dead letter, else 503."""
        try:
            return self._send(body, size, provider, source)
        except BrokerUnavailable as error:
            self._say(f"{source}: 503: {error}")
            return _busy(str(error))

    def _send(self, body: bytes, size: int, provider: str | None, source: str) -> web.Response:
        try:
            if len(body) > MAX_BYTES:
                raise OversizedDocument(_TOO_LARGE, body, size)
            reading = read(body, name="request", provider=provider, settings=self._settings)
            self._sender.deliver(with_provider(reading.items, "add ?provider=NAME"), ANSWER_SECONDS)
        except InputError as error:
            self._refusals.keep(body, error, source, provider)
            status = 413 if isinstance(error, OversizedDocument) else 422
            self._say(f"{source}: {status}: {error}")
            return _refuse(status, str(error))
        self._refusals.lost(body, reading.losses, source, provider)
        return web.json_response({"items": [item.key for item in reading.items], "lost": reading.losses}, status=202)

    async def _livez(self, request: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def _metrics(self, request: web.Request) -> web.Response:
        return web.Response(text=metrics(self._sender, self.answers), content_type="text/plain")


async def _body(request: web.Request) -> bytes:
    """The body; of one that is too large no more than it takes to see that."""
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > MAX_BYTES:
            break
    return bytes(body)


def _refuse(status: int, reason: str) -> web.Response:
    return web.json_response({"error": reason}, status=status)


def _busy(reason: str) -> web.Response:
    return web.json_response({"error": reason}, status=503, headers={"Retry-After": "5"})
