"""The planner's what-if page at /map/REGION/whatif: change sites and ways, and see at once what it does."""

from __future__ import annotations

from flask import Blueprint

from geomatch.network.profiles import PROFILES
from geomatch.web.pages import frame, served

pages = Blueprint("whatif", __name__)


@pages.get("/map/<region_id>/whatif")
def whatif(region_id: str) -> str:
    """Show the editor; what is changed there comes with the address or is done in the browser."""
    speeds = {name: profile.speed_mps for name, profile in PROFILES.items()}
    return frame.page("whatif.html", served.region_named(region_id), "whatif", speeds=speeds)
