"""Whether the service lives, whether it is ready, and its figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
from flask import Blueprint, Response

from geomatch.errors import StoreError
from geomatch.web import metrics as metrics_room

if TYPE_CHECKING:
    from geomatch.store.database import Database
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
        database = _database(served.database)
        status = "ready" if regions else "no regions"
        if "fault" in database:
            status = "no database"
        told = {"status": status, "regions": regions, "database": database}
        return _json(told, 200 if status == "ready" else 503)

    @made.get("/metrics")
    def figures() -> Response:
        return Response(metrics.text(), content_type=metrics_room.CONTENT_TYPE, headers=[("Cache-Control", "no-store")])

    return made


def _database(database: Database) -> dict[str, str]:
    try:
        database.check()
    except StoreError as error:
        return {"kind": database.kind, "status": "unreachable", "fault": str(error)}
    return {"kind": database.kind, "status": "reachable"}


def _json(value: object, status: int) -> Response:
    return Response(orjson.dumps(value), status, [("Cache-Control", "no-store")], content_type="application/json")
