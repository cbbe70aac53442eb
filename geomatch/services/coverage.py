"""Use case: who has a site within reach, township by township."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geomatch.network.profiles import Limit
    from geomatch.planning.coverage import CoverageTable
    from geomatch.planning.sites import SiteKind
    from geomatch.services.region import Region


def coverage(region: Region, limit: Limit, kinds: Sequence[SiteKind] = ()) -> CoverageTable:
    """Count the people within the limit of a site of the given kinds (all where none); cached by region."""
    raise NotImplementedError
