"""Answers in the form that the map's programs read: the same whether a page fetches them or carries them."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, TypeAlias

import shapely

from geomatch.planning.standards import BANDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from shapely.geometry.base import BaseGeometry

    from geomatch.network.profiles import Limit
    from geomatch.planning.areas import Area
    from geomatch.planning.circles import Circle
    from geomatch.planning.coverage import CoverageTable
    from geomatch.planning.gaps import Gap
    from geomatch.planning.minutes import Minutes
    from geomatch.planning.sites import Site
    from geomatch.planning.units import Unit

    Json: TypeAlias = dict[str, Any]

_DECIMALS = 5
"""A metre: these shapes are looked at; figures never come from them."""
_UNIT_TOLERANCE_DEG = 3e-5


def collection(features: Iterable[Json]) -> Json:
    """Wrap features."""
    return {"type": "FeatureCollection", "features": list(features)}


def sites(found: Iterable[Site]) -> Json:
    """Say of every site what a marker shows."""
    return collection(
        _feature(
            shapely.Point(site.lon, site.lat),
            {"id": site.id, "name": site.name, "kind": site.kind.value, "hours": site.hours},
        )
        for site in found
    )


def units(found: Iterable[Unit]) -> Json:
    """Give the townships' borders, simplified by about 3 m."""
    return collection(
        _feature(shapely.simplify(unit.geometry, _UNIT_TOLERANCE_DEG), {"id": unit.id, "name": unit.name})
        for unit in found
    )


def circles(found: Iterable[Circle]) -> Json:
    """Give circles with their figures."""
    return collection(
        _feature(
            circle.geometry,
            {
                "site": circle.site,
                **_limit(circle.limit),
                "population": circle.population,
            },
        )
        for circle in found
    )


def areas(found: Iterable[Area]) -> Json:
    """Give exclusive areas with their figures."""
    return collection(
        _feature(
            area.geometry,
            {"site": area.site, "population": area.population, "homes": area.homes, "area_m2": area.area_m2},
        )
        for area in found
    )


def gaps(found: Iterable[Gap]) -> Json:
    """Give gaps by rank."""
    return collection(
        _feature(
            gap.geometry,
            {
                "rank": gap.rank,
                "people": gap.people,
                "unit": gap.unit,
                "nearest_site": gap.nearest_site,
                "nearest_walk_m": gap.nearest_walk_m,
                "reason": gap.reason,
            },
        )
        for gap in found
    )


def coverage(table: CoverageTable) -> Json:
    """Give the coverage table."""
    return {**_limit(table.limit), "total": asdict(table.total), "units": [asdict(row) for row in table.units]}


def minutes(row: Minutes) -> Json:
    """Give the spread of walking minutes; null where nobody can reach a site."""
    parts: Sequence[float | None] = (None,) * 3 if row.quartile_s is None else [part / 60 for part in row.quartile_s]
    return {
        "population": row.population,
        "minutes": dict(zip(BANDS, row.bands, strict=True)),
        "quarter_minutes": parts[0],
        "median_minutes": parts[1],
        "three_quarter_minutes": parts[2],
    }


def _limit(limit: Limit) -> Json:
    return asdict(limit)


def _feature(geometry: BaseGeometry, properties: Json) -> Json:
    shape = shapely.geometry.mapping(geometry)
    drawn = {"type": shape["type"], "coordinates": _rounded(shape["coordinates"])}
    return {"type": "Feature", "geometry": drawn, "properties": properties}


def _rounded(part: Any) -> Any:
    """Round nested coordinates to what can be seen."""
    return [_rounded(inner) for inner in part] if isinstance(part, (tuple, list)) else round(part, _DECIMALS)
