"""What stands between homes and sites, and the footbridges, gates, paths and ramps that would win most people."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from geomatch.network import barriers as barriers_room
from geomatch.network import reach
from geomatch.planning.causes import crossings, ramps
from geomatch.planning.causes.found import Obstacle, Remedy, RemedyKind
from geomatch.planning.causes.judging import NOTHING
from geomatch.services import cause_facts, cause_places

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geomatch.geo.coordinates import LngLat
    from geomatch.network.snap import Places
    from geomatch.planning.causes.crossings import Crossings, Stops
    from geomatch.planning.causes.judging import Homes
    from geomatch.services.cause_facts import Uncovered

STEPS = "steps"
MOST_OF_A_KIND = 2
"""Ways of one kind that a gap is told of."""


@dataclass(frozen=True)
class Between:
    """What is between homes and sites.

    Attributes:
        homes: the homes, with what is between each and a site.
        obstacles: what `homes` refers to.
        remedies: for each gap the ways that would win its people.
        streets: by gap and obstacle, the streets on both sides where a way through would win most.
    """

    homes: Homes
    obstacles: tuple[Obstacle, ...]
    remedies: list[list[Remedy]]
    streets: dict[tuple[int, int], tuple[str, ...]]


@dataclass(frozen=True)
class _Way:
    """A way chosen for a gap, as crossings.Choice says, with its ends as a what-if takes them.

    It leads across an obstacle, or NOTHING.
    """

    gap: int
    obstacle: int
    turn: int
    ends: tuple[LngLat, LngLat]


def between(asked: Uncovered, homes: Homes, gaps: int) -> Between:
    """Find what is between homes and sites, and what would lead across.

    Args:
        asked: the uncovered homes of all gaps.
        homes: what is known of them.
        gaps: how many gaps there are.
    """
    limit_m, ways, places, barriers = asked.limit.limit_m, asked.ways, asked.places, asked.counted.barriers
    sites = asked.counted.field(asked.limit.profile, asked.kinds)
    stops = crossings.stops_of(ways, sites, places)
    over = crossings.find(stops, barriers, limit_m)
    won_over = crossings.wins(ways, stops, over, places, limit_m)
    ends, past, stairs = ramps.find(ways, sites, places, limit_m)
    won_past = crossings.wins(ways, ends, past, places, limit_m)
    obstacles = [Obstacle(kind, name) for kind, name in barriers.labels]
    first_stairs = len(obstacles)
    obstacles += [Obstacle(STEPS, name) for name in stairs]
    found = [*_chosen(asked, stops, over, won_over, 0), *_chosen(asked, ends, past, won_past, first_stairs)]
    remedies, streets = _told(asked, found, obstacles, gaps)
    by_ramp = crossings.won_from(past, won_past, asked.gap, asked.population)
    homes = replace(
        homes,
        won_from=crossings.won_from(over, won_over, asked.gap, asked.population),
        by_ramp=np.where(by_ramp >= 0, by_ramp + first_stairs, NOTHING).astype(np.int32),
        behind=_behind(asked, homes),
    )
    return Between(homes, tuple(obstacles), remedies, streets)


def _chosen(
    asked: Uncovered,
    stops: Stops,
    found: Crossings,
    won: tuple[NDArray[np.intp], NDArray[np.int32]],
    first: int,
) -> list[_Way]:
    """Choose ways for each gap, and round their ends to what a what-if is told."""
    chosen = crossings.choose(found, won, asked.gap, asked.population, MOST_OF_A_KIND)
    rows = np.array([choice.way for choice in chosen], np.intp)
    here, there = (cause_places.rounded(asked, stops.xy[side[rows]]) for side in (found.here, found.there))
    return [
        _Way(choice.gap, NOTHING if choice.label == NOTHING else choice.label + first, choice.turn, ends)
        for choice, ends in zip(chosen, zip(here, there, strict=True), strict=True)
    ]


def _told(
    asked: Uncovered, found: Sequence[_Way], obstacles: Sequence[Obstacle], gaps: int
) -> tuple[list[list[Remedy]], dict[tuple[int, int], tuple[str, ...]]]:
    """Count the people of each way, name its ends, and give each gap its remedies."""
    barriers = asked.counted.barriers
    xy, places = cause_places.placed(asked, [way.ends[side] for side in (0, 1) for way in found])
    here, there = xy[: len(found)], xy[len(found) :]
    length_m = np.hypot(*(here - there).T)
    people = _people(asked, places, length_m, gaps)
    names = cause_places.names(asked, xy, places)
    line, label = barriers_room.crossed(barriers, here, there)
    told: list[list[tuple[int, Remedy]]] = [[] for _ in range(gaps)]
    streets: dict[tuple[int, int], tuple[str, ...]] = {}
    for row, way in enumerate(found):
        won, won_here = int(people[row].sum()), int(people[row, way.gap])
        if not won_here:
            continue  # rounded to another street
        past_stairs = way.obstacle >= len(barriers.labels)
        over = [way.obstacle] if past_stairs else label[line == row].tolist()
        crosses = tuple(obstacles[one] for one in over)
        both = (names[row], names[row + len(found)])
        remedy = Remedy(_kind_of(crosses), won, won_here, None, way.ends, both, crosses, float(length_m[row]))
        told[way.gap].append((way.turn, remedy))
        streets.setdefault((way.gap, way.obstacle), both)
    return [_best(mine) for mine in told], streets


def _kind_of(crosses: Sequence[Obstacle]) -> RemedyKind:
    kinds = {obstacle.kind for obstacle in crosses}
    if STEPS in kinds:
        return RemedyKind.RAMP
    if kinds & set(barriers_room.WIDE):
        return RemedyKind.BRIDGE
    return RemedyKind.GATE if kinds else RemedyKind.PATH


def _best(told: Sequence[tuple[int, Remedy]]) -> list[Remedy]:
    """Keep a few of each kind: the best over each obstacle before a second one over the same."""
    kept = []
    for kind in RemedyKind:
        mine = [(turn, remedy) for turn, remedy in told if remedy.kind is kind]
        mine.sort(key=lambda one: (one[0], -one[1].people_here))
        kept += [remedy for _, remedy in mine[:MOST_OF_A_KIND]]
    return kept


def _people(asked: Uncovered, places: Places, length_m: NDArray[np.float64], gaps: int) -> NDArray[np.int64]:
    """Count the uncovered people whom each way brings within the limit, as a what-if does: int64 (ways, gaps)."""
    ways, limit_m, count = asked.ways, asked.limit.limit_m, len(length_m)
    sites = asked.counted.field(asked.limit.profile, asked.kinds)
    to_site_m = reach.nearest(ways, sites, places)[1][:, 0]
    across_m = np.concatenate([to_site_m[count:] + length_m, to_site_m[:count] + length_m])
    met = reach.within(ways, places, asked.places, limit_m)
    end = np.repeat(np.arange(2 * count), np.diff(met.start))
    won = np.flatnonzero(met.walk_m + np.minimum(to_site_m, across_m)[end] <= limit_m)
    pairs = np.unique(np.column_stack([end[won] % max(count, 1), met.point[won]]), axis=0)
    return asked.by_gap(pairs[:, 0], pairs[:, 1], count, gaps)


def _behind(asked: Uncovered, homes: Homes) -> NDArray[np.int32]:
    """Give what is hardest to cross on the straight line from each home to its site.

    Only where the site is so near that the walk would be within the limit were it no more roundabout than elsewhere.
    """
    barriers, every = asked.counted.barriers, asked.every
    found = np.full(len(homes.site), NOTHING, np.int32)
    near = np.flatnonzero(homes.straight_m * cause_facts.usual_detour(asked) <= asked.limit.limit_m)
    site = homes.site[near]
    line, label = barriers_room.crossed(
        barriers, asked.xy[near], np.column_stack([every.site_x[site], every.site_y[site]])
    )
    found[near] = barriers_room.hardest(barriers, len(near), line, label)
    return found
