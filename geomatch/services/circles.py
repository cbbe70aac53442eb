"""Use case: the walking circles of sites, or around a point."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geomatch.geo.coordinates import LngLat
    from geomatch.network.profiles import Limit
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
        region: an open region.
        limits: one profile's limits; the rings of one place nest.
        site_ids: the sites; all sites of `kinds` where neither site_ids nor at is given.
        at: a WGS-84 point instead of sites.
        kinds: kinds of site, all where empty; used only where neither site_ids nor at is given.

    Raises:
        NotFoundError: no site of such an id.
        InputError: both site_ids and at, no limit, or limits of different profiles.
    """
    raise NotImplementedError
