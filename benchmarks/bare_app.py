"""The least that the same server and framework can do: one route, one small JSON answer."""

from __future__ import annotations

from flask import Flask


def app() -> Flask:
    """Make the application; granian calls this in every worker."""
    flask = Flask("bare")

    @flask.get("/bare")
    def bare() -> dict[str, str]:
        return {"status": "ok"}

    return flask
