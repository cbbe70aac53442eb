"""The planner's page of where a region stands: targets, profiles, fairness, critical sites, the week, the band."""

from __future__ import annotations

from flask import Blueprint

from geomatch.web.pages import frame, served

pages = Blueprint("standing", __name__)


@pages.get("/map/<region_id>/standing")
def standing(region_id: str) -> str:
    """Show the index and the map; every section asks the API for its figures."""
    return frame.page("standing.html", served.region_named(region_id), "standing")
