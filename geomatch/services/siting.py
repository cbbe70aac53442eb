"""Use case: which of these places to open, with a proof of how good the choice is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geomatch.errors import InputError
from geomatch.network import reach
from geomatch.planning.siting.answer import Objective, Siting, choose
from geomatch.planning.siting.candidates import Candidate
from geomatch.planning.siting.problem import Cover, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geomatch.network.profiles import Limit
    from geomatch.network.snap import Places
    from geomatch.planning.sites import SiteKind
    from geomatch.services.region import Region

MAX_CANDIDATES = 5000
MIN_GRID_M, MAX_GRID_M = 50.0, 5000.0
JUNCTION_ARCS = 3


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of a choice.

    Attributes:
        objective: see Objective.
        p: how many sites; None where a budget or a target bounds the choice.
        budget: what they may cost together; None where they are counted.
        target: per cent of all people to be covered (LSCP).
        floor: per cent of every unit's people to be covered before any average counts; 0 where nothing is asked.
    """

    objective: Objective = Objective.MCLP
    p: int | None = None
    budget: float | None = None
    target: float | None = None
    floor: float = 0.0


@dataclass(frozen=True)
class SitingAnswer:
    """What to open in a region.

    Attributes:
        limit, kinds, wanted: the question; the sites of these kinds (all where none) stay open.
        candidates: those that were considered; `siting.chosen` indexes them.
        off_network: candidates that reach no street, with the metres to the nearest one (inf: none within 2 km).
        siting: the answer of the matrices.
        population: people of the region.
        unit_population: int64 (units,), of each unit.
    """

    limit: Limit
    kinds: tuple[SiteKind, ...]
    wanted: Wanted
    candidates: tuple[Candidate, ...]
    off_network: tuple[tuple[Candidate, float], ...]
    siting: Siting
    population: int
    unit_population: NDArray[np.int64]


def site(
    region: Region,
    candidates: Sequence[Candidate],
    limit: Limit,
    *,
    wanted: Wanted,
    kinds: Sequence[SiteKind] = (),
    grid_m: float | None = None,
) -> SitingAnswer:
    """Choose which candidates to open beside the sites that there are.

    Args:
        region: an open region.
        candidates: places that could be opened.
        limit: how far counts as near.
        wanted: objective, count or budget, target, floor.
        kinds: sites of these kinds count as there; all where none are given.
        grid_m: also try street junctions, one in every square of so many metres.

    Raises:
        InputError: no candidates, too many, ids that stand twice, or options that do not go together.
    """
    _check(wanted)
    given = (*candidates, *(junctions(region, grid_m, limit.profile) if grid_m is not None else ()))
    _check_candidates(given)
    ways = region.ways(limit.profile)
    lon, lat = (np.array([getattr(one, axis) for one in given], np.float64) for axis in ("lon", "lat"))
    places = reach.place(ways, *region.graph.plane.to_xy(lon, lat))
    on = np.flatnonzero(places.on_network)
    off = np.flatnonzero(~places.on_network)
    considered = tuple(given[row] for row in on.tolist())
    problem = _problem(region, considered, places.take(on), limit=limit, wanted=wanted, kinds=kinds)
    return SitingAnswer(
        limit=limit,
        kinds=tuple(kinds),
        wanted=wanted,
        candidates=considered,
        off_network=tuple((given[row], float(places.access_m[row])) for row in off.tolist()),
        siting=choose(problem),
        population=int(region.homes.population.sum()),
        unit_population=_by_unit(region),
    )


def _check(wanted: Wanted) -> None:
    least = wanted.objective is Objective.LSCP
    if least != (wanted.target is not None):
        raise InputError.of("target", "is given with the objective lscp, and only with it")
    if least and (wanted.p is not None or wanted.budget is not None):
        raise InputError.of("p, budget", "are not given with lscp, which finds how few are enough")
    if not least and (wanted.p is None) == (wanted.budget is None):
        raise InputError.of("p, budget", "give one of the two: how many sites, or what they may cost")


def _check_candidates(given: Sequence[Candidate]) -> None:
    if not given:
        raise InputError.of("candidates", "are none; give at least one, or a grid")
    if len(given) > MAX_CANDIDATES:
        raise InputError.of("candidates", f"must be at most {MAX_CANDIDATES:,}", value=f"{len(given):,}")
    seen: set[str] = set()
    twice = {one.id for one in given if one.id in seen or seen.add(one.id)}  # type: ignore[func-returns-value] # add gives None
    if twice:
        raise InputError.of("candidates", f"have ids that stand twice: {', '.join(sorted(twice)[:20])}")


def _problem(
    region: Region,
    candidates: Sequence[Candidate],
    places: Places,
    *,
    limit: Limit,
    wanted: Wanted,
    kinds: Sequence[SiteKind],
) -> Problem:
    homes, ways = region.homes, region.ways(limit.profile)
    found = reach.within(
        ways, places, region.home_places(limit.profile), limit.limit_m, ordered=region.homes_by_edge(limit.profile)
    )
    priced = wanted.p is None and (wanted.budget is not None or any(one.cost != 1.0 for one in candidates))
    bound = wanted.p if wanted.p is not None else wanted.budget
    people = int(homes.population.sum())
    return Problem(
        cover=Cover(found.start, found.point, len(homes)),
        weight=homes.population,
        already=(region.home_walks(limit.profile, kinds).walk_m <= limit.limit_m).sum(axis=1).astype(np.int64),
        cost=np.array([one.cost for one in candidates], np.float64) if priced else np.ones(len(candidates)),
        budget=math.inf if bound is None else float(bound),
        unit=homes.unit,
        floor=_share_of(_by_unit(region), wanted.floor),
        target=None if wanted.target is None else int(_share_of(np.array([people]), wanted.target)[0]),
        need=2 if wanted.objective is Objective.BACKUP else 1,
    )


def _by_unit(region: Region) -> NDArray[np.int64]:
    homes = region.homes
    inside = homes.unit >= 0
    people = np.bincount(homes.unit[inside], weights=homes.population[inside], minlength=len(region.units))
    return people.astype(np.int64)


def _share_of(people: NDArray[np.int64], percent: float) -> NDArray[np.int64]:
    """Give whole people that are at least so many per cent; a float just above a whole must not ask for one more."""
    return np.asarray(np.ceil(people * (percent / 100.0) - 1e-6), np.int64)


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
        Candidate(f"J{nodes[row]}", _crossing(region, int(nodes[row])), float(lon[row]), float(lat[row]))
        for row in kept.tolist()
    )


def _crossing(region: Region, node: int) -> str:
    """Name a junction by its streets, where they have names."""
    graph = region.graph
    edges = graph.arc_edge[graph.arc_start[node] : graph.arc_start[node + 1]]
    names = dict.fromkeys(graph.names[name] for name in graph.edge_name[edges].tolist() if name >= 0)
    return " / ".join(names)
