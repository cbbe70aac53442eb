"""Use cases: the sites nearest to a point, and to many points at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from numpy.typing import ArrayLike

    from geomatch.network.profiles import Limit
    from geomatch.planning.nearest import LookupAnswer, NearestAnswer
    from geomatch.planning.sites import SiteKind
    from geomatch.services.region import Region

MAX_K = 100


def nearest(
    region: Region,
    lon: float,
    lat: float,
    *,
    limit: Limit,
    k: int = 1,
    kinds: Sequence[SiteKind] = (),
    open_at: datetime | None = None,
    route: bool = False,
    only_within: bool = False,
) -> NearestAnswer:
    """Find the k sites nearest to a point by walking, exactly.

    Args:
        region: an open region.
        lon: WGS-84 degrees.
        lat: WGS-84 degrees.
        limit: sets the profile, and what counts as within.
        k: how many, 1 to MAX_K; fewer hits where fewer can be reached.
        kinds: kinds of site that count; all where empty.
        open_at: only sites open then; a time without a zone is the region's own. Sites of unknown hours do not count.
        route: also give each hit's way on foot.
        only_within: every site whose circle holds the point, k is ignored.

    Raises:
        InputError: k out of range.
    """
    raise NotImplementedError


def lookup(
    region: Region, lon: ArrayLike, lat: ArrayLike, *, limit: Limit, k: int = 1, kinds: Sequence[SiteKind] = ()
) -> LookupAnswer:
    """Find the k nearest sites of many points.

    Args:
        region: an open region.
        lon: WGS-84 degrees, shape (n,).
        lat: WGS-84 degrees, shape (n,).
        limit: sets the profile, and what counts as within.
        k: how many for each point, 1 to MAX_K.
        kinds: kinds of site that count; all where empty.

    Raises:
        InputError: k out of range.
    """
    raise NotImplementedError
