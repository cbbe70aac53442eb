"""Use case: the walking circles of sites, or around a point."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geomatch.errors import InputError
from geomatch.network import reach, shape
from geomatch.planning import circles as circles_room

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geomatch.geo.coordinates import LngLat
    from geomatch.network.profiles import Limit
    from geomatch.network.snap import Places
    from geomatch.planning.circles import Circle
    from geomatch.planning.sites import SiteKind
    from geomatch.services.region import Region


def circles(
    region: Region,
    limits: Sequence[Limit],
    *,
    site_ids: Sequence[str] = (),
    at: LngLat | None = None,
    kinds: Sequence[SiteKind] = (),
) -> tuple[Circle, ...]:
    """Draw the circle of every place for every limit, place by place and limits in the order given.

    Args:
        region: an open region; it keeps the circles of sites that were drawn last.
        limits: one profile's limits; the rings of one place nest.
        site_ids: the sites; all sites of `kinds` where neither site_ids nor at is given.
        at: a WGS-84 point instead of sites.
        kinds: kinds of site, all where empty; used only where neither site_ids nor at is given.

    Raises:
        NotFoundError: no site of such an id.
        InputError: both site_ids and at, no limit, or limits of different profiles.
    """
    _check(limits, site_ids, at)
    if at is not None:
        x, y = region.graph.plane.to_xy(at.lon, at.lat)
        return tuple(_draw(region, limits, [None], reach.place(region.ways(limits[0].profile), x, y))[0])
    rows = [region.site_row(site_id) for site_id in site_ids] or np.flatnonzero(region.is_kind(kinds)).tolist()
    question = tuple(limits)
    kept = {row: region.circles.held((row, question)) for row in dict.fromkeys(rows)}
    missing = [row for row, drawn in kept.items() if drawn is None]
    if missing:
        ids = [region.sites[row].id for row in missing]
        places = region.site_places(limits[0].profile).take(missing)
        for row, drawn in zip(missing, _draw(region, limits, ids, places), strict=True):
            region.circles.hold((row, question), drawn)
            kept[row] = drawn
    return tuple(circle for row in rows for circle in kept[row] or ())


def _check(limits: Sequence[Limit], site_ids: Sequence[str], at: LngLat | None) -> None:
    if not limits:
        raise InputError.of("minutes, metres", "give at least one limit")
    if len({limit.profile for limit in limits}) > 1:
        raise InputError.of("profile", "the rings of one place are for one profile")
    if site_ids and at is not None:
        raise InputError.of("site, lon, lat", "give sites or a point, not both")


def _draw(
    region: Region, limits: Sequence[Limit], site_ids: Sequence[str | None], places: Places
) -> list[list[Circle]]:
    """Draw the rings of each place: a list of circles a place, in the order of the limits."""
    profile = limits[0].profile
    ways, homes = region.ways(profile), region.home_places(profile)
    drawn = shape.circles(ways, region.shape(profile), places, [limit.limit_m for limit in limits])
    near = reach.within(
        ways, places, homes, max(limit.limit_m for limit in limits), ordered=region.homes_by_edge(profile)
    )
    rings = [
        circles_room.assemble(
            site_ids, limit, ring_set, circles_room.people_within(near, region.homes.population, limit.limit_m)
        )
        for limit, ring_set in zip(limits, drawn, strict=True)
    ]
    return [list(of_place) for of_place in zip(*rings, strict=True)]
