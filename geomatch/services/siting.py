"""Use case: which of many candidate places to open, and a proof of how good the choice is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from geomatch.errors import Fault, InputError
from geomatch.network import naming, reach
from geomatch.planning.siting import capacity, center, cover, dispersion, median
from geomatch.planning.siting.candidates import Candidate
from geomatch.planning.siting.plan import Plan, added
from geomatch.planning.siting.problem import Cover, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geomatch.network.profiles import Limit
    from geomatch.network.snap import Places
    from geomatch.planning.sites import SiteKind
    from geomatch.services.region import Region

FARTHEST_M = 10_000.0
"""Walks beyond this count as this in a mean, and are not counted on in a longest walk."""
MAX_CANDIDATES = 5_000
MAX_APART = 2_000
"""Candidates for dispersion, which looks at every pair of them."""
_AT_A_TIME = 200
MIN_GRID_M, MAX_GRID_M = 50.0, 5_000.0
JUNCTION_ARCS = 3
_WHOLE = 100.0
_FREE = 1e-9
"""What a candidate costs that costs nothing: a rating by cost divides by it."""


class Objective(StrEnum):
    """What a choice is good for, by the names of the field."""

    MCLP = "mclp"
    LSCP = "lscp"
    P_MEDIAN = "p_median"
    P_CENTER = "p_center"
    CAPACITATED = "capacitated"
    BACKUP = "backup"
    P_DISPERSION = "p_dispersion"


MEASURE_OF = {
    Objective.MCLP: "people", Objective.CAPACITATED: "people", Objective.BACKUP: "people", Objective.LSCP: "sites",
    Objective.P_MEDIAN: "m", Objective.P_CENTER: "m", Objective.P_DISPERSION: "m",
}  # fmt: skip
"""What the figure of an objective is counted in."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of a choice.

    Attributes:
        objective: what it is good for.
        p: how many to choose.
        budget: what they may cost together instead; p and budget exclude each other.
        target: per cent of all people to be covered (lscp only).
        floor: per cent of each unit's people to be covered before anything else (mclp, lscp); 0 where nothing is asked.
        capacity: people whom a candidate serves at most where it says nothing itself (capacitated only).
    """

    objective: Objective = Objective.MCLP
    p: int | None = None
    budget: float | None = None
    target: float | None = None
    floor: float = 0.0
    capacity: int | None = None


@dataclass(frozen=True)
class Siting:
    """A plan with the places that it is about.

    Attributes:
        limit, kinds, wanted: the question; the sites of these kinds (all where none) stay open.
        candidates: those that stand on the network, which the plan's indexes refer to.
        off_network: candidates that reach no street, with the metres to the nearest one (inf: none within 2 km).
        plan: the choice and its certificate.
        problem: people, units, floors, and who is within reach of what.
        population: int64 (units,), people of each unit, those in no unit left out.
    """

    limit: Limit
    kinds: tuple[SiteKind, ...]
    wanted: Wanted
    candidates: tuple[Candidate, ...]
    off_network: tuple[tuple[Candidate, float], ...]
    plan: Plan
    problem: Problem
    population: NDArray[np.int64]


def junctions(region: Region, spacing_m: float, profile: str) -> tuple[Candidate, ...]:
    """Give the street junction nearest to the middle of every square of the region's ground that holds one.

    Raises:
        InputError: the spacing is out of bounds.
    """
    if not MIN_GRID_M <= spacing_m <= MAX_GRID_M:
        raise InputError.of("grid_m", f"must be from {MIN_GRID_M:g} to {MAX_GRID_M:g} metres", value=spacing_m)
    graph, ways = region.graph, region.ways(profile)
    arcs = np.diff(graph.arc_start)
    usable = np.zeros(graph.node_count, bool)
    usable[graph.edge_u[ways.usable]] = True
    usable[graph.edge_v[ways.usable]] = True
    nodes = np.flatnonzero(usable & (arcs >= JUNCTION_ARCS))
    xy = np.asarray(graph.node_xy)[nodes]
    lon, lat = graph.plane.to_lonlat(xy[:, 0], xy[:, 1])
    inside = region.townships.locate(lon, lat) >= 0
    nodes, xy, lon, lat = nodes[inside], xy[inside], lon[inside], lat[inside]
    square = np.floor(xy / spacing_m).astype(np.int64)
    away = np.hypot(*(xy - (square + 0.5) * spacing_m).T)
    order = np.lexsort((nodes, away, square[:, 1], square[:, 0]))
    first = np.ones(len(order), bool)
    first[1:] = (np.diff(square[order], axis=0) != 0).any(axis=1)
    kept = order[first]
    return tuple(
        Candidate(
            f"J{nodes[row]}", " / ".join(naming.meeting_at(graph, int(nodes[row]))), float(lon[row]), float(lat[row])
        )
        for row in kept.tolist()
    )


def siting(
    region: Region, candidates: Sequence[Candidate], limit: Limit, wanted: Wanted, *, kinds: Sequence[SiteKind] = ()
) -> Siting:
    """Choose candidates; the region's sites stay.

    Args:
        region: an open region.
        candidates: with ids that differ.
        limit: how far is within reach, and for whom.
        wanted: the objective, how much of it, and what must be kept.
        kinds: kinds of existing sites that count; all where empty.

    Raises:
        InputError: options that do not go together, no usable candidate, ids that stand twice.
    """
    _check(wanted)
    _check_candidates(candidates)
    everywhere = reach.place(region.ways(limit.profile), *_xy(region, candidates))
    standing = np.flatnonzero(everywhere.on_network)
    if not len(standing):
        raise InputError.of("candidates", "none of them stands on the walking network of the region")
    usable = tuple(candidates[row] for row in standing.tolist())
    asked = _Asked(region, usable, everywhere.take(standing), limit, tuple(kinds), wanted)
    problem = _problem(asked)
    off = np.flatnonzero(~everywhere.on_network)
    return Siting(
        limit=limit,
        kinds=tuple(kinds),
        wanted=wanted,
        candidates=usable,
        off_network=tuple((candidates[row], float(everywhere.access_m[row])) for row in off.tolist()),
        plan=_plan(asked, problem),
        problem=problem,
        population=_in_units(region),
    )


@dataclass(frozen=True)
class _Asked:
    """A question whose candidates stand on the network."""

    region: Region
    candidates: tuple[Candidate, ...]
    places: Places
    limit: Limit
    kinds: tuple[SiteKind, ...]
    wanted: Wanted


def _check(wanted: Wanted) -> None:
    objective, p, budget, target = wanted.objective, wanted.p, wanted.budget, wanted.target
    by_cost = objective in {Objective.MCLP, Objective.BACKUP, Objective.CAPACITATED}
    by_target = objective is Objective.LSCP
    floored = objective in {Objective.MCLP, Objective.LSCP}
    rules = (
        ("target", by_target == (target is None), "is given with the objective lscp, and only with it"),
        ("p", by_target and p is not None, "is what lscp finds; leave it out"),
        ("budget", by_target and budget is not None, "is what lscp finds; leave it out"),
        ("p, budget", not by_target and (p is None) == (budget is None), "give one of the two"),
        ("budget", not by_target and budget is not None and not by_cost, f"does not go with {objective.value}; give p"),
        ("floor", wanted.floor != 0 and not floored, "goes with mclp and lscp only"),
        ("capacity", wanted.capacity is not None and objective is not Objective.CAPACITATED, "is for capacitated only"),
        ("p", p is not None and not 1 <= p <= MAX_CANDIDATES, f"must be 1 to {MAX_CANDIDATES:,}"),
        ("budget", budget is not None and not 0 < budget < np.inf, "must be more than nothing"),
        ("target", target is not None and not 0 < target <= _WHOLE, "must be per cent, above 0 and up to 100"),
        ("floor", not 0 <= wanted.floor <= _WHOLE, "must be per cent, from 0 to 100"),
        ("capacity", wanted.capacity is not None and wanted.capacity < 1, "must be at least 1"),
    )
    faults = [Fault(name, reason) for name, broken, reason in rules if broken]
    if faults:
        raise InputError(faults)


def _check_candidates(candidates: Sequence[Candidate]) -> None:
    if not candidates:
        raise InputError.of("candidates", "are none; give at least one, or a grid")
    if len(candidates) > MAX_CANDIDATES:
        raise InputError.of("candidates", f"are {len(candidates):,}; at most {MAX_CANDIDATES:,} at a time")
    often = Counter(candidate.id for candidate in candidates)
    twice = sorted(name for name, count in often.items() if count > 1)
    if twice:
        raise InputError.of("candidates", f"have ids that stand twice: {', '.join(twice[:20])}")


def _xy(region: Region, candidates: Sequence[Candidate]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    lon = np.array([candidate.lon for candidate in candidates], np.float64)
    lat = np.array([candidate.lat for candidate in candidates], np.float64)
    return region.graph.plane.to_xy(lon, lat)


def _problem(asked: _Asked) -> Problem:
    """Turn streets into matrices: who is within reach of which candidate, and of the sites that stay."""
    region, limit, wanted = asked.region, asked.limit, asked.wanted
    ways, homes = region.ways(limit.profile), region.home_places(limit.profile)
    pairs = reach.within(ways, asked.places, homes, limit.limit_m, ordered=region.homes_by_edge(limit.profile))
    walks = region.home_walks(limit.profile, asked.kinds).walk_m
    weight, bound = region.homes.population.astype(np.int64), wanted.budget if wanted.p is None else wanted.p
    priced = wanted.budget is not None
    return Problem(
        cover=Cover(pairs.start, pairs.point, len(weight)),
        weight=weight,
        already=(walks <= limit.limit_m).sum(axis=1).astype(np.int64),
        cost=np.array([max(candidate.cost, _FREE) if priced else 1.0 for candidate in asked.candidates]),
        budget=np.inf if bound is None else float(bound),
        unit=region.homes.unit,
        floor=_share_of(_in_units(region), wanted.floor),
        target=int(_share_of(np.array([weight.sum()]), wanted.target or 0.0)[0]),
        need=2 if wanted.objective is Objective.BACKUP else 1,
    )


def _in_units(region: Region) -> NDArray[np.int64]:
    homes = region.homes
    inside = homes.unit >= 0
    people = np.bincount(homes.unit[inside], weights=homes.population[inside], minlength=len(region.units))
    return people.astype(np.int64)


def _share_of(people: NDArray[np.int64], percent: float) -> NDArray[np.int64]:
    """Give the people that a share means, whole people and no float's hair too many."""
    return np.ceil(people * percent / 100 - 1e-6).astype(np.int64)


def _plan(asked: _Asked, problem: Problem) -> Plan:
    objective = asked.wanted.objective
    if objective is Objective.LSCP:
        return cover.fewest(problem)
    if objective is Objective.CAPACITATED:
        return capacity.most_served(problem, _capacities(asked))
    if objective is Objective.P_DISPERSION:
        return _dispersed(asked, problem)
    if objective is Objective.P_MEDIAN:
        return median.least_walk(problem, _walks(asked, capped=True))
    if objective is Objective.P_CENTER:
        return center.shortest_longest(problem, _walks(asked, capped=False))
    return cover.most_covered(problem)


def _capacities(asked: _Asked) -> NDArray[np.int64]:
    common = asked.wanted.capacity
    silent = [candidate.id for candidate in asked.candidates if candidate.capacity is None]
    if silent and common is None:
        told = ", ".join(silent[:3]) + ("..." if len(silent) > 3 else "")  # noqa: PLR2004 - a few are enough to find it
        raise InputError.of("capacity", f"is not stated for {len(silent):,} candidates ({told}); give one for all")
    own = (candidate.capacity for candidate in asked.candidates)
    return np.array([common if stated is None else stated for stated in own], np.int64)


def _walks(asked: _Asked, *, capped: bool) -> median.Walks:
    """Give the walks that a candidate would shorten; `capped` counts a longer walk than FARTHEST_M as that."""
    region, limit, places = asked.region, asked.limit, asked.places
    now_m = region.home_walks(limit.profile, asked.kinds).walk_m[:, 0]
    counted = now_m if not capped else np.minimum(now_m, FARTHEST_M)
    farthest_m = float(min(FARTHEST_M, counted[np.isfinite(counted)].max(initial=0.0)))
    if not np.isfinite(counted).all():
        farthest_m = FARTHEST_M
    parts = [
        _shorter(asked, places.take(rows), counted, farthest_m)
        for rows in np.split(np.arange(len(places)), range(_AT_A_TIME, len(places), _AT_A_TIME))
    ]
    sizes, point, walk_m = (np.concatenate(column) for column in zip(*parts, strict=True))
    start = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    weight = region.homes.population.astype(np.int64)
    reachable = np.isfinite(counted)
    reachable[point] = True
    return median.Walks(Cover(start, point, len(weight)), walk_m, counted, np.where(reachable, weight, 0))


def _shorter(
    asked: _Asked, places: Places, now_m: NDArray[np.float64], farthest_m: float
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float64]]:
    """Give the homes that walk less to some candidates than now: how many of each, which, and how far."""
    region, profile = asked.region, asked.limit.profile
    homes, order = region.home_places(profile), region.homes_by_edge(profile)
    pairs = reach.within(region.ways(profile), places, homes, farthest_m, ordered=order)
    candidate = np.repeat(np.arange(len(places)), np.diff(pairs.start))
    nearer = pairs.walk_m < now_m[pairs.point]
    sizes = np.bincount(candidate[nearer], minlength=len(places))
    return sizes.astype(np.int64), pairs.point[nearer], pairs.walk_m[nearer]


def _dispersed(asked: _Asked, problem: Problem) -> Plan:
    """Choose by walks between the candidates themselves, and to the sites of the given kinds."""
    region, limit, kinds, places = asked.region, asked.limit, asked.kinds, asked.places
    ways, count = region.ways(limit.profile), len(places)
    if count > MAX_APART:
        raise InputError.of("candidates", f"are {count:,}; at most {MAX_APART:,} for p_dispersion")
    pairs = reach.within(ways, places, places, float("inf"))
    between = np.full((count, count), np.inf)
    between[np.repeat(np.arange(count), np.diff(pairs.start)), pairs.point] = pairs.walk_m
    between = np.minimum(between, between.T)
    kept = np.full(count, np.inf)
    if kinds:
        kept = reach.nearest(ways, region.field(limit.profile, kinds), places)[1][:, 0]
    chosen, value, certificate = dispersion.farthest_apart(between, kept, int(problem.budget))
    finite = value if np.isfinite(value) else None
    return Plan(chosen, added(problem, chosen), problem.covered(), problem.covered(chosen), None, finite, certificate)
