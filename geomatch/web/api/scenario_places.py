"""The sites and links of a saved scenario as GeoJSON, for other tools."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from geomatch.planning.sites import SiteKind  # noqa: TC001 - pydantic reads annotations at run time
from geomatch.services import scenarios as scenario_service
from geomatch.web.api import places, scenarios, stating
from geomatch.web.api.answers import Answer, Collected, LineString, Point, Position
from geomatch.web.api.replies import Reply, as_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from geomatch.geo.coordinates import CoordSys
    from geomatch.services.region import Region
    from geomatch.web.api.scenario_shapes import ScenarioQuestion
    from geomatch.web.served import Served

    Json = dict[str, Any]


class ChangeProperties(Answer):
    """One change."""

    change: Literal["add", "close", "move", "open", "link"]
    id: str | None = Field(description="Of the site; null for a link.")
    name: str | None = Field(description="Of the site, as the region has it; null where it has none such.")
    kind: SiteKind | Literal["footbridge", "gate"] | None
    moved_from: Position | None = Field(description="Where a moved site stands now.")


class ChangeFeature(Answer):
    """GeoJSON; no geometry where the region no longer has the site."""

    type: Literal["Feature"]
    geometry: Point | LineString | None
    properties: ChangeProperties


class ScenarioPlaces(Collected):
    """Where the changes of a scenario are."""

    id: str
    name: str
    features: list[ChangeFeature]


def scenario_places(served: Served, scenario_id: str, asked: ScenarioQuestion) -> Reply:
    """Give the sites and links of a scenario as a file for other tools."""
    scenario = scenario_service.found(served.database.reading(), scenario_id)
    region, name = served.named(scenario.draft.region), scenario.draft.name
    features = list(_features(region, scenarios.question_in(scenario, asked.coordsys), asked.coordsys))
    told = stating.collection(region, features, None, id=scenario.id, name=name)
    return Reply(told, (as_file(f"{name}.geojson"),))


def _features(region: Region, question: Json, coordsys: CoordSys) -> Iterator[Json]:
    sites = {site.id: site for site in region.sites}

    def stands(site_id: str) -> Sequence[float] | None:
        site = sites.get(site_id)
        return None if site is None else places.outward([(site.lon, site.lat)], coordsys)[0]

    def change(what: str, site_id: str, spot: Sequence[float] | None, moved_from: Sequence[float] | None) -> Json:
        site = sites.get(site_id)
        named = {"id": site_id, "name": site and site.name, "kind": site and site.kind}
        return _feature(what, "Point", spot, named, moved_from)

    for number, site in enumerate(question["add"], 1):
        named = {"id": site.get("id", f"new-{number}"), "name": site["name"], "kind": site["kind"]}
        yield _feature("add", "Point", (site["lon"], site["lat"]), named, None)
    for site_id in question["close"]:
        yield change("close", site_id, stands(site_id), None)
    for move in question["move"]:
        yield change("move", move["id"], (move["lon"], move["lat"]), stands(move["id"]))
    for site_id in question["open"]:
        yield change("open", site_id, stands(site_id), None)
    for link in question["links"]:
        named = {"id": None, "name": None, "kind": link["kind"]}
        yield _feature("link", "LineString", (link["from"], link["to"]), named, None)


def _feature(
    change: str, shape: str, coordinates: Sequence[Any] | None, named: Json, moved_from: Sequence[float] | None
) -> Json:
    return {
        "type": "Feature",
        "geometry": None if coordinates is None else {"type": shape, "coordinates": coordinates},
        "properties": {"change": change, **named, "moved_from": moved_from},
    }
