"""A siting answer as plain members: what the web service answers and the command line writes."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from geomatch.geo.coordinates import CoordSys, from_wgs84

if TYPE_CHECKING:
    from geomatch.services.region import Region
    from geomatch.services.siting import SitingAnswer

    Json = dict[str, Any]


def members(region: Region, answer: SitingAnswer, coordsys: CoordSys = CoordSys.WGS84) -> Json:
    """Write an answer; places in the asked coordinate system."""
    found, limit, wanted = answer.siting, answer.limit, answer.wanted
    return {
        "region": region.spec.id,
        "synthetic": region.spec.synthetic,
        "standard": limit.standard,
        "profile": limit.profile,
        "limit_m": limit.limit_m,
        "limit_s": limit.limit_s,
        "coordsys": coordsys.value,
        "kind": [kind.value for kind in answer.kinds],
        **asdict(wanted),
        "candidates": len(answer.candidates),
        "off_network": [
            {"id": one.id, "name": one.name, "access_m": away_m if np.isfinite(away_m) else None}
            for one, away_m in answer.off_network
        ],
        "population": answer.population,
        "covered_before": found.covered_before,
        "covered": found.covered,
        "bound": found.certificate.bound,
        "gap": found.certificate.gap,
        "certificate": asdict(found.certificate),
        "chosen": _chosen(answer, coordsys),
        "curve": _curve(answer),
        "units": _units(region, answer),
        "unmet": _unmet(region, answer),
    }


def _chosen(answer: SitingAnswer, coordsys: CoordSys) -> list[Json]:
    found = answer.siting
    sites = [answer.candidates[row] for row in found.chosen]
    lon, lat = from_wgs84(
        np.array([site.lon for site in sites], np.float64), np.array([site.lat for site in sites], np.float64), coordsys
    )
    covered = found.covered_before + np.cumsum(found.people_added)
    return [
        {
            "rank": rank,
            "id": site.id,
            "name": site.name,
            "lon": lon_deg,
            "lat": lat_deg,
            "cost": site.cost,
            "people_added": added,
            "covered": up_to,
        }
        for rank, (site, lon_deg, lat_deg, added, up_to) in enumerate(
            zip(sites, lon.tolist(), lat.tolist(), found.people_added.tolist(), covered.tolist(), strict=True), start=1
        )
    ]


def _curve(answer: SitingAnswer) -> list[Json]:
    found = answer.siting
    covered = [found.covered_before, *(found.covered_before + np.cumsum(found.people_added)).tolist()]
    cost = np.cumsum([0.0, *(answer.candidates[row].cost for row in found.chosen)]).tolist()
    return [
        {"count": count, "cost": paid, "covered": people, "share": _share(people, answer.population)}
        for count, (people, paid) in enumerate(zip(covered, cost, strict=True))
    ]


def _units(region: Region, answer: SitingAnswer) -> list[Json]:
    found = answer.siting
    rows = zip(
        region.units, answer.unit_population.tolist(), found.units_before.tolist(), found.units.tolist(), strict=True
    )
    return [
        {
            "id": unit.id,
            "name": unit.name,
            "population": people,
            "covered_before": before,
            "covered": after,
            "share_before": _share(before, people),
            "share": _share(after, people),
        }
        for unit, people, before, after in rows
    ]


def _unmet(region: Region, answer: SitingAnswer) -> list[Json]:
    return [
        {
            "what": "target" if row.unit is None else "floor",
            "id": None if row.unit is None else region.units[row.unit].id,
            "name": None if row.unit is None else region.units[row.unit].name,
            "wanted": row.wanted,
            "reached": row.reached,
            "short": row.short,
            "reachable": row.reachable,
        }
        for row in answer.siting.unmet
    ]


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
