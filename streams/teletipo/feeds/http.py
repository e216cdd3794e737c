"""The HTTP receiver: an agency or program posts wire documents, and hears 202 only after Kafka has acknowledged them."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import threading
import time
from collections import Counter

from aiohttp import web

from teletipo.errors import BrokerUnavailable, InputError, SettingsError
from teletipo.feeds.metrics import metrics
from teletipo.feeds.sender import Sender
from teletipo.settings import Settings
from teletipo.wires import read

MAX_BYTES = 16 * 1024 * 1024
REPLAY_SECONDS = 300
"""A signed request older than this, or signed before and seen again within it, is refused."""
MAX_WAITING = 64


class Receiver:
    """`POST /items` (any wire format, one or many items), `/livez`, `/metrics`.

    A request carries `Authorization: Bearer TOKEN`, or `X-Teletipo-Timestamp` (seconds since 1970) and
    `X-Teletipo-Signature`, the hexadecimal HMAC-SHA256 of timestamp, full stop and body.
    """

    def __init__(self, settings: Settings, sender: Sender) -> None:
        if not settings.feed_http_token and not settings.feed_http_hmac_key:
            raise SettingsError(
                "TELETIPO_FEED_HTTP_TOKEN or TELETIPO_FEED_HTTP_HMAC_KEY: one is needed, nobody could send otherwise"
            )
        self._settings, self._sender = settings, sender
        self._lock = threading.Lock()
        self._waiting = 0
        self._signatures: dict[str, float] = {}
        self.answers: Counter[int] = Counter()

    def app(self) -> web.Application:
        """The aiohttp application."""
        app = web.Application(client_max_size=MAX_BYTES)
        app.add_routes([web.post("/items", self._items), web.get("/livez", self._livez), web.get("/metrics", self._metrics)])
        return app

    async def _items(self, request: web.Request) -> web.Response:
        response = await self._receive(request)
        self.answers[response.status] += 1
        return response

    async def _receive(self, request: web.Request) -> web.Response:
        try:
            body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            return _refuse(413, f"more than {MAX_BYTES} bytes")
        if not self._authorised(request, body):
            return _refuse(401, "no valid bearer token or signature")
        if self._waiting >= MAX_WAITING:
            return _busy("too many requests wait for Kafka")
        self._waiting += 1
        try:
            provider = request.query.get("provider")
            return await asyncio.get_running_loop().run_in_executor(None, self._send, body, provider)
        finally:
            self._waiting -= 1

    def _authorised(self, request: web.Request, body: bytes) -> bool:
        token, key = self._settings.feed_http_token, self._settings.feed_http_hmac_key
        given = request.headers.get("Authorization", "")
        if token and hmac.compare_digest(given.encode(), f"Bearer {token.get_secret_value()}".encode()):
            return True
        return bool(key) and self._signed(request, body, key.get_secret_value().encode() if key else b"")

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

    def _send(self, body: bytes, provider: str | None) -> web.Response:
        try:
            reading = read(body, name="request", provider=provider, settings=self._settings)
            if any(item.provider == "unknown" for item in reading.items):
                return _refuse(422, "the document names no provider; add ?provider=NAME")
            with self._lock:
                for item in reading.items:
                    self._sender.send(item)
                self._sender.flush()
        except InputError as error:
            self._sender.report.refused[provider or "unknown"] += 1
            return _refuse(422, str(error))
        except BrokerUnavailable as error:
            return _busy(str(error))
        return web.json_response({"items": [item.key for item in reading.items], "lost": reading.losses}, status=202)

    async def _livez(self, request: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def _metrics(self, request: web.Request) -> web.Response:
        return web.Response(text=metrics(self._sender, self.answers), content_type="text/plain")


def _refuse(status: int, reason: str) -> web.Response:
    return web.json_response({"error": reason}, status=status)


def _busy(reason: str) -> web.Response:
    return web.json_response({"error": reason}, status=503, headers={"Retry-After": "5"})
