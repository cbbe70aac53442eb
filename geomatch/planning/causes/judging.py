"""Which cause each uncovered home has: the first counterfactual that holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geomatch.planning.causes.found import Cause, CauseKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from geomatch.planning.causes.found import Obstacle

NOTHING = -1
_KINDS = tuple(CauseKind)


@dataclass(frozen=True)
class Homes:
    """Uncovered homes and what would be if one thing were otherwise; all arrays (n,).

    Attributes:
        population: int64, more than 0.
        straight_m: float64, metres as the crow flies to the nearest site, inf where there is none.
        site: int32, that site, -1 where there is none.
        walk_m: float64, the walk to the nearest site as things are, inf where there is none.
        on_network: bool.
        by_street: bool, whether a way of any kind is near enough, be it closed to who walks or cut off.
        only_steps: bool, whether that way is one that who walks may not use.
        closed_site: int32, the nearest site within the limit that is closed at the hour asked, -1 where none is.
        closed_m: float64, the walk to it; anything where there is none.
        stray_site: int32, a site that reaches no street and would be within the limit if it did, -1 where none is.
        without_steps: bool, within the limit if steps were a street.
        as_adult: bool, an adult would be within the same minutes.
        won_from: int32, the obstacle that one way across would win the home from, -1 where none would.
        by_ramp: int32, the stairs that one ramp beside them would win the home from, -1 where none would.
        behind: int32, what is on the straight line to a site so near that the walk is unusually long; -1 for nothing.
    """

    population: NDArray[np.int64]
    straight_m: NDArray[np.float64]
    site: NDArray[np.int32]
    walk_m: NDArray[np.float64]
    on_network: NDArray[np.bool_]
    by_street: NDArray[np.bool_]
    only_steps: NDArray[np.bool_]
    closed_site: NDArray[np.int32]
    closed_m: NDArray[np.float64]
    stray_site: NDArray[np.int32]
    without_steps: NDArray[np.bool_]
    as_adult: NDArray[np.bool_]
    won_from: NDArray[np.int32]
    by_ramp: NDArray[np.int32]
    behind: NDArray[np.int32]


def judge(homes: Homes, limit_m: float) -> NDArray[np.intp]:
    """Give each home the place of its cause in CauseKind.

    What is wrong with the data comes first, for no figure stands on it; then what needs no building; then what does.
    """
    off, near = ~homes.on_network, homes.straight_m <= limit_m
    cut_off = ~np.isfinite(homes.walk_m) & np.isfinite(homes.straight_m)
    rows = (
        (homes.closed_site >= 0, CauseKind.CLOSED),
        (off & homes.only_steps, CauseKind.STEPS),
        (off & homes.by_street, CauseKind.ISLAND),
        (off, CauseKind.HOME_OFF),
        (homes.stray_site >= 0, CauseKind.SITE_OFF),
        (homes.without_steps, CauseKind.STEPS),
        (cut_off, CauseKind.ISLAND),
        (homes.won_from >= 0, CauseKind.BARRIER),
        (homes.as_adult, CauseKind.PACE),
        (~near, CauseKind.NONE_NEAR),
        (homes.behind >= 0, CauseKind.BARRIER),
    )
    kinds = [_KINDS.index(kind) for _, kind in rows]
    return np.asarray(np.select([holds for holds, _ in rows], kinds, _KINDS.index(CauseKind.DETOUR)), np.intp)


def causes_of(
    homes: Homes,
    kind: NDArray[np.intp],
    mine: NDArray[np.intp],
    *,
    limit_m: float,
    site_ids: Sequence[str],
    obstacles: Sequence[Obstacle],
    streets: Mapping[int, tuple[str, ...]],
) -> tuple[Cause, ...]:
    """Sum up the causes of one gap, most people first.

    Args:
        homes: all uncovered homes.
        kind: what `judge` gave.
        mine: which of them live in the gap.
        limit_m: how far is within reach.
        site_ids: what `homes` means by a site.
        obstacles: what `homes` means by an obstacle.
        streets: by obstacle, the streets on both sides where a way through would win most of the gap.
    """
    obstacle = _obstacle_of(homes, kind)
    groups = np.stack([kind[mine], obstacle[mine]], axis=1)
    found = []
    for code, between in np.unique(groups, axis=0).tolist():
        rows = mine[(kind[mine] == code) & (obstacle[mine] == between)]
        fullest = int(rows[np.argmax(homes.population[rows])])
        site = _site_of(homes, _KINDS[code], fullest, limit_m)
        straight_m, walk_m = float(homes.straight_m[fullest]), float(homes.walk_m[fullest])
        if _KINDS[code] is CauseKind.CLOSED:
            straight_m, walk_m = np.inf, float(homes.closed_m[fullest])
        found.append(
            Cause(
                kind=_KINDS[code],
                people=int(homes.population[rows].sum()),
                homes=len(rows),
                site=None if site < 0 else site_ids[site],
                straight_m=straight_m if np.isfinite(straight_m) else None,
                walk_m=walk_m if np.isfinite(walk_m) else None,
                obstacle=None if between == NOTHING else obstacles[between],
                streets=streets.get(between, ()) if between != NOTHING else (),
            )
        )
    return tuple(sorted(found, key=lambda cause: -cause.people))


def _obstacle_of(homes: Homes, kind: NDArray[np.intp]) -> NDArray[np.int32]:
    """Give what is between each home and a site where its cause is about that, else NOTHING."""
    across = np.where(homes.won_from >= 0, homes.won_from, homes.behind)
    rows = ((CauseKind.STEPS, homes.by_ramp), (CauseKind.BARRIER, across), (CauseKind.ISLAND, homes.won_from))
    chosen = [kind == _KINDS.index(one) for one, _ in rows]
    return np.asarray(np.select(chosen, [obstacle for _, obstacle in rows], NOTHING), np.int32)


def _site_of(homes: Homes, kind: CauseKind, row: int, limit_m: float) -> int:
    if kind is CauseKind.CLOSED:
        return int(homes.closed_site[row])
    if kind is CauseKind.SITE_OFF:
        return int(homes.stray_site[row])
    return int(homes.site[row]) if homes.straight_m[row] <= limit_m else NOTHING
