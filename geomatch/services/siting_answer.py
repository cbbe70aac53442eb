"""A siting as plain members: what the web service answers and the command line writes."""

from __future__ import annotations

from dataclasses import asdict
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import numpy as np

from geomatch.geo.coordinates import CoordSys, from_wgs84
from geomatch.services.siting import MEASURE_OF

if TYPE_CHECKING:
    from geomatch.services.region import Region
    from geomatch.services.siting import Siting

    Json = dict[str, Any]


def members(region: Region, found: Siting, system: CoordSys = CoordSys.WGS84) -> Json:
    """Write an answer, its places in the asked coordinate system."""
    plan, limit, proven = found.plan, found.limit, found.plan.certificate
    measure = MEASURE_OF[found.wanted.objective]
    people = measure == "people"
    return {
        "region": region.spec.id,
        "synthetic": region.spec.synthetic,
        "standard": limit.standard,
        "profile": limit.profile,
        "limit_m": limit.limit_m,
        "limit_s": limit.limit_s,
        "coordsys": system.value,
        "kind": [kind.value for kind in found.kinds],
        **asdict(found.wanted),
        "candidates": len(found.candidates),
        "off_network": [
            {"id": one.id, "name": one.name, "access_m": away_m if np.isfinite(away_m) else None}
            for one, away_m in found.off_network
        ],
        "population": int(found.problem.weight.sum()),
        "covered_before": plan.covered_before,
        "covered": plan.covered,
        "bound": proven.bound if people else None,
        "gap": proven.gap if people else None,
        "certificate": {
            "measure": measure,
            "before": plan.before,
            "value": plan.value,
            "bound": proven.bound,
            "gap": proven.gap,
            "optimal": proven.gap == 0,
            "method": proven.method,
        },
        "chosen": _chosen(found, system),
        "curve": _curve(found),
        "units": _units(region, found),
        "unmet": _unmet(region, found),
    }


def _chosen(found: Siting, system: CoordSys) -> list[Json]:
    plan = found.plan
    sites = [found.candidates[row] for row in plan.chosen]
    degrees = np.array([(site.lon, site.lat) for site in sites], np.float64).reshape(-1, 2)
    lon, lat = from_wgs84(degrees[:, 0], degrees[:, 1], system)
    covered = accumulate(plan.people_added, initial=plan.covered_before)
    next(covered)
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
            zip(sites, lon.tolist(), lat.tolist(), plan.people_added, covered, strict=True), start=1
        )
    ]


def _curve(found: Siting) -> list[Json]:
    plan, people = found.plan, int(found.problem.weight.sum())
    covered = accumulate(plan.people_added, initial=plan.covered_before)
    cost = accumulate((found.candidates[row].cost for row in plan.chosen), initial=0.0)
    return [
        {"count": count, "cost": paid, "covered": reached, "share": _share(reached, people)}
        for count, (reached, paid) in enumerate(zip(covered, cost, strict=True))
    ]


def _units(region: Region, found: Siting) -> list[Json]:
    before, after = found.problem.by_unit(), found.problem.by_unit(found.plan.chosen)
    rows = zip(region.units, found.population.tolist(), before.tolist(), after.tolist(), strict=True)
    return [
        {
            "id": unit.id,
            "name": unit.name,
            "population": people,
            "covered_before": was,
            "covered": now,
            "share_before": _share(was, people),
            "share": _share(now, people),
        }
        for unit, people, was, now in rows
    ]


def _unmet(region: Region, found: Siting) -> list[Json]:
    """List floors and the target that are missed, with what every candidate together would reach."""
    problem, plan = found.problem, found.plan
    everything = range(len(found.candidates))
    floors = zip(region.units, plan.floors_short, problem.floor, problem.by_unit(everything).tolist(), strict=False)
    missed = [
        _missed("floor", unit.id, unit.name, wanted=int(wanted), short=short, reachable=reachable)
        for unit, short, wanted, reachable in floors
        if short
    ]
    if plan.short_of:
        reachable = problem.covered(everything)
        missed.append(_missed("target", None, None, wanted=problem.target, short=plan.short_of, reachable=reachable))
    return missed


def _missed(what: str, unit_id: str | None, name: str | None, *, wanted: int, short: int, reachable: int) -> Json:
    figures = {"wanted": wanted, "reached": wanted - short, "short": short, "reachable": reachable}
    return {"what": what, "id": unit_id, "name": name, **figures}


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
