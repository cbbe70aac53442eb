"""Use case: where people live with no site within reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geomatch.network.profiles import Limit
    from geomatch.planning.gaps import Gap
    from geomatch.planning.sites import SiteKind
    from geomatch.services.region import Region


def gaps(region: Region, limit: Limit, *, kinds: Sequence[SiteKind] = (), min_people: int = 0) -> tuple[Gap, ...]:
    """Find the uncovered areas where at least min_people live, most people first; cached by region."""
    raise NotImplementedError
