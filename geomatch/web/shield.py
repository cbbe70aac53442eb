"""The outermost layer, around Flask: security headers and figures on every answer, whoever made it."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from geomatch.web.metrics import Metrics

    Headers: TypeAlias = list[tuple[str, str]]

RULE_KEY = "geomatch.rule"
"""environ key: the route that answers, as Flask spells it."""

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; "
    "script-src 'self'; "
    "style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; "
    "worker-src 'self' blob:; "
    "connect-src 'self'; "
    "object-src 'none'; "
    "base-uri 'none'; "
    "form-action 'self'; "
    "frame-ancestors 'none'"
)
SECURITY_HEADERS = (
    ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "geolocation=(self), camera=(), microphone=(), payment=()"),
)


class Shield:
    """A WSGI layer: cheaper than Flask's hooks, and it also sees what Flask answers by itself."""

    def __init__(self, inner: WSGIApplication, metrics: Metrics) -> None:
        self._inner = inner
        self._metrics = metrics

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request; time is measured until the headers are out."""
        started = perf_counter()

        def start(status: str, headers: Headers, exc_info: Any = None) -> Callable[[bytes], object]:
            headers.extend(SECURITY_HEADERS)
            self._metrics.count(
                environ.get(RULE_KEY, "none"), environ["REQUEST_METHOD"], status[:3], perf_counter() - started
            )
            return start_response(status, headers, exc_info) if exc_info else start_response(status, headers)

        return self._inner(environ, start)
