"""Exclusive areas over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field

from geomatch.geo.coordinates import CoordSys  # noqa: TC001 - pydantic reads annotations at run time
from geomatch.planning.sites import SiteKind  # noqa: TC001 - as above
from geomatch.services import areas as areas_service
from geomatch.web.api import places, stating
from geomatch.web.api.answers import Answer, Collected, Feature, Limited, MultiPolygon

if TYPE_CHECKING:
    from geomatch.services.region import Region
    from geomatch.web.api.questions import CoverageQuestion
    from geomatch.web.served import Served

    Json = dict[str, Any]


class AreaProperties(Answer):
    """The figures of an exclusive area."""

    site: str
    area_m2: float
    population: int = Field(description="People whose own nearest site it is; never counted from the polygon.")
    homes: int


class AreasQuery(Limited):
    """The question as it was understood."""

    coordsys: CoordSys
    kind: list[SiteKind]


class Areas(Collected):
    """The ground within the limit to which each site is the nearest by walking: areas that tile what is covered."""

    query: AreasQuery
    features: list[Feature[MultiPolygon, AreaProperties]]


def areas(_served: Served, region: Region, asked: CoverageQuestion) -> Json:
    """Draw the exclusive areas of the sites."""
    features = [
        {
            "type": "Feature",
            "geometry": places.multipolygon(places.rings_of(area.geometry), asked.coordsys),
            "properties": {
                "site": area.site,
                "area_m2": area.area_m2,
                "population": area.population,
                "homes": area.homes,
            },
        }
        for area in areas_service.areas(region, asked.limit, asked.kind)
    ]
    query = {"coordsys": asked.coordsys, "kind": asked.kind, **stating.limit(asked.limit)}
    return stating.collection(region, features, query)
