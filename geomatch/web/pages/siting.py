"""The planner's page where new sites are chosen out of candidates, and the door for the office's list of them."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, jsonify, request

from geomatch.errors import Fault, InputError
from geomatch.files import candidate_table
from geomatch.geo.coordinates import CoordSys
from geomatch.services.siting import MAX_CANDIDATES
from geomatch.web.pages import fault_words, frame, served
from geomatch.web.problems import Problem

if TYPE_CHECKING:
    from flask import Response

    from geomatch.planning.siting.candidates import Candidate

pages = Blueprint("siting", __name__)

_MOST_FAULTS = 200
_LONGEST_NAME = 200


@pages.get("/map/<region_id>/siting")
def siting(region_id: str) -> str:
    """Show the form and the map; what is chosen is asked of the API."""
    return frame.page("siting.html", served.region_named(region_id), "siting")


@pages.post("/map/<region_id>/candidates")
def candidates(region_id: str) -> Response:
    """Read a list of candidates: the file is the body, ?name= what it is called, ?coordsys= the system it is in.

    Nothing is kept. The answer is what POST /siting takes, in WGS-84; a list at fault is refused with every fault by
    its row, in the reader's language.
    """
    served.region_named(region_id)
    name = request.args.get("name", "")[:_LONGEST_NAME] or "list"
    try:
        found = candidate_table.parse_candidates(request.get_data(cache=False), name, _system())
        if len(found) > MAX_CANDIDATES:
            raise InputError.of(name, f"are {len(found):,}; at most {MAX_CANDIDATES:,} at a time")
    except InputError as error:
        raise _refusal(error.faults) from None
    return jsonify({"type": "FeatureCollection", "features": [_feature(one) for one in found]})


def _system() -> CoordSys:
    try:
        return CoordSys(request.args.get("coordsys", "wgs84"))
    except ValueError as error:
        raise InputError.of("coordsys", f"must be one of {', '.join(CoordSys)}") from error


def _refusal(faults: tuple[Fault, ...]) -> Problem:
    rows = [fault_words.told(fault) for fault in faults[:_MOST_FAULTS]]
    detail = str(InputError(faults[:1]))
    extra: dict[str, object] = {"faults": rows, "count": len(faults)}
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, title="Input at fault", extra=extra)


def _feature(one: Candidate) -> dict[str, object]:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [one.lon, one.lat]},
        "properties": {"id": one.id, "name": one.name, "cost": one.cost, "capacity": one.capacity},
    }
