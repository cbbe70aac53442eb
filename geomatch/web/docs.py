"""The OpenAPI document and the page that shows it, with nothing from another host."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import orjson
from flask import Blueprint, Response

from geomatch.web.api import openapi

if TYPE_CHECKING:
    from geomatch.web.served import Served

VENDOR = Path(__file__).parent / "static" / "vendor" / "swagger-ui-dist"
NEEDED = ("swagger-ui.css", "swagger-ui-bundle.js")

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>geomatch API</title>
<link rel="icon" href="/static/vendor/swagger-ui-dist/favicon-32x32.png">
<link rel="stylesheet" href="/static/vendor/swagger-ui-dist/swagger-ui.css">
</head>
<body>
<main id="swagger-ui"><p>The API is described at <a href="/api/v1/openapi.json">/api/v1/openapi.json</a>.</p></main>
<script src="/static/vendor/swagger-ui-dist/swagger-ui-bundle.js"></script>
<script src="/api/docs.js"></script>
</body>
</html>
"""
_SCRIPT = """window.SwaggerUIBundle({
  url: "/api/v1/openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  validatorUrl: null,
  tryItOutEnabled: true,
});
"""
_WITHOUT_ASSETS = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>geomatch API</title></head>
<body><main>
<h1>geomatch API</h1>
<p>The browser assets of this page are not installed: run <code>make assets</code> and load it again.</p>
<p>The API is described at <a href="/api/v1/openapi.json">/api/v1/openapi.json</a> (OpenAPI 3.1).</p>
</main></body>
</html>
"""


def blueprint(served: Served) -> Blueprint:
    """Make the routes of the document, its page and the page's script."""
    made = Blueprint("docs", __name__)
    written: list[bytes] = []

    @made.get("/api/v1/openapi.json")
    def document() -> Response:
        if not written:
            written.append(orjson.dumps(openapi.document(served), option=orjson.OPT_INDENT_2))
        return _kept(written[0], "application/json")

    @made.get("/api/docs")
    def page() -> Response:
        there = all((VENDOR / name).is_file() for name in NEEDED)
        return _kept((_PAGE if there else _WITHOUT_ASSETS).encode(), "text/html; charset=utf-8")

    @made.get("/api/docs.js")
    def script() -> Response:
        return _kept(_SCRIPT.encode(), "text/javascript; charset=utf-8")

    return made


def _kept(body: bytes, media: str) -> Response:
    return Response(body, 200, [("Cache-Control", "no-cache")], content_type=media)
