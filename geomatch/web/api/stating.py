"""What every answer says of itself, and how the figures of coverage are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geomatch.planning.coverage import FIGURES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from geomatch.network.profiles import Limit
    from geomatch.planning.coverage import CoverageRow
    from geomatch.planning.sites import Site, SiteKind
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


def collection(region: Region, features: list[Json], query: Json | None, **members: object) -> Json:
    """Write a FeatureCollection with the foreign members that every one of ours carries."""
    spec = region.spec
    asked = {} if query is None else {"query": query}
    return {
        "type": "FeatureCollection",
        "region": spec.id,
        "synthetic": spec.synthetic,
        **asked,
        **members,
        "features": features,
    }


def site_feature(site: Site, spot: Sequence[float], **figures: object) -> Json:
    """Write a site as a point, with what every answer says of it and the figures of this one."""
    return {
        "type": "Feature",
        "id": site.id,
        "geometry": {"type": "Point", "coordinates": spot},
        "properties": {"id": site.id, "name": site.name, "kind": site.kind, **figures},
    }


def whole_site(site: Site, spot: Sequence[float]) -> Json:
    """Write a site as a point, with all that is known of it."""
    return site_feature(
        site,
        spot,
        parent=site.parent,
        unit=site.unit,
        hours=site.hours,
        services=site.services,
        capacity=site.capacity,
    )
