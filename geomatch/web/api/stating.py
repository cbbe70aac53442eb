"""What every answer says of itself, and how the figures of coverage are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geomatch.planning.coverage import FIGURES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geomatch.network.profiles import Limit
    from geomatch.planning.coverage import CoverageRow
    from geomatch.planning.sites import SiteKind
    from geomatch.services.region import Region

    Json = dict[str, Any]


def limit(asked: Limit) -> Json:
    """Say how far counts as near, and by which standard."""
    return {
        "standard": asked.standard,
        "profile": asked.profile,
        "limit_m": asked.limit_m,
        "limit_s": asked.limit_s,
    }


def figures(row: CoverageRow) -> Json:
    """Write the figures of a row of coverage."""
    return {name: getattr(row, name) for name in FIGURES}


def stated(region: Region, asked: Limit, kinds: Iterable[SiteKind]) -> Json:
    """Say which region, limit and kinds the figures of an answer are of."""
    spec = region.spec
    return {"region": spec.id, "synthetic": spec.synthetic, **limit(asked), "kind": list(kinds)}
