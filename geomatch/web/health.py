"""Whether the service lives, whether it is ready, and its figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
from flask import Blueprint, Response

from geomatch.web import metrics as metrics_room

if TYPE_CHECKING:
    from geomatch.web.metrics import Metrics
    from geomatch.web.served import Served


def blueprint(served: Served, metrics: Metrics) -> Blueprint:
    """Make the routes that machines watch."""
    made = Blueprint("health", __name__)

    @made.get("/healthz")
    def healthz() -> Response:
        return _json({"status": "alive"}, 200)

    @made.get("/readyz")
    def readyz() -> Response:
        regions = [{"id": region.spec.id, "built_at": region.built_at} for region in served.regions]
        return _json({"status": "ready" if regions else "no regions", "regions": regions}, 200 if regions else 503)

    @made.get("/metrics")
    def figures() -> Response:
        return Response(metrics.text(), content_type=metrics_room.CONTENT_TYPE, headers=[("Cache-Control", "no-store")])

    return made


def _json(value: object, status: int) -> Response:
    return Response(orjson.dumps(value), status, [("Cache-Control", "no-store")], content_type="application/json")
