"""What a feeder tells Prometheus: items, refusals and silence by provider; and the small server that tells it."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from teletipo.errors import UserError
from teletipo.feeds.sender import Sender


def metrics(sender: Sender, answers: Counter[int]) -> str:
    """Prometheus text of a feeder: items and refusals by provider, seconds since each provider's last item, answers by status."""
    report, now = sender.report, datetime.now(UTC)
    lines = ["# TYPE teletipo_feed_items_total counter"]
    lines += [f'teletipo_feed_items_total{{provider="{_label(p)}"}} {n}' for p, n in dict(report.sent).items()]
    lines.append("# TYPE teletipo_feed_refused_total counter")
    lines += [f'teletipo_feed_refused_total{{provider="{_label(p)}"}} {n}' for p, n in dict(report.refused).items()]
    lines.append("# TYPE teletipo_feed_silent_seconds gauge")
    lines += [
        f'teletipo_feed_silent_seconds{{provider="{_label(p)}"}} {(now - at).total_seconds():.1f}'
        for p, at in dict(report.last).items()
    ]
    lines.append("# TYPE teletipo_feed_http_responses_total counter")
    lines += [f'teletipo_feed_http_responses_total{{status="{status}"}} {n}' for status, n in dict(answers).items()]
    return "\n".join(lines) + "\n"


@contextmanager
def serving(sender: Sender, port: int | None, host: str = "127.0.0.1") -> Iterator[int | None]:
    """Answer `/metrics` and `/livez` while the block runs; yields the port (any free one for 0), None where none is wanted.

    Raises UserError if the port cannot be listened on.
    """
    if port is None:
        yield None
        return

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            text = {"/metrics": lambda: metrics(sender, Counter()), "/livez": lambda: "ok\n"}.get(self.path)
            body = text().encode() if text else b"not found\n"
            self.send_response(200 if text else 404)
            self.send_header("Content-Type", "text/plain; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Scrapes are no news."""

    try:
        server = ThreadingHTTPServer((host, port), Answers)
    except OSError as error:
        raise UserError(f"{host}:{port} cannot be listened on ({error.strerror}); choose another --metrics-port") from None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


def _label(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
