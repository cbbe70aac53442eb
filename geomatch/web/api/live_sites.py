"""Sites over HTTP, one by one: read, added, changed and closed; the next answer of every worker follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from geomatch.planning.sites import Site
from geomatch.services import live_sites as live_site_service
from geomatch.store import ids
from geomatch.volunteering.roles import Role
from geomatch.web.api import answers, places, stating
from geomatch.web.api import live_site_shapes as shapes
from geomatch.web.api.operation import GEOJSON, Operation
from geomatch.web.api.replies import Reply
from geomatch.web.guard import ANYBODY

if TYPE_CHECKING:
    from geomatch.geo.coordinates import CoordSys
    from geomatch.planning.live_sites import LiveSite
    from geomatch.services.region import Region
    from geomatch.volunteering.roles import Principal
    from geomatch.web.served import Served

    Json = dict[str, Any]

_OFFICES: frozenset[Role | None] = frozenset({Role.CENTRE, Role.OFFICE})
_ALL = "/regions/<region_id>/sites"
_ONE = f"{_ALL}/<site_id>"


def site(served: Served, region: Region, site_id: str, asked: shapes.WhichSite) -> Reply:
    """Give a site as it is now; its ETag is the version that If-Match wants."""
    return _whole(live_site_service.found(served.database.reading(), region, site_id), asked.coordsys)


def add(served: Served, region: Region, asked: shapes.NewSite, *, who: Principal) -> Reply:
    """Add a site to what this account's area has; every answer counts it from then on."""
    wanted = _site(asked.id or ids.fresh(), asked)
    made = live_site_service.add(served.database.writing(), region, wanted, who=who, at=datetime.now(UTC))
    reply = _whole(made, asked.coordsys)
    address = f"/api/v1/regions/{quote(region.spec.id, safe='')}/sites/{quote(made.id, safe='')}"
    return replace(reply, headers=(*reply.headers, ("Location", address)))


def change(
    served: Served, region: Region, site_id: str, asked: shapes.SiteDraft, *, who: Principal, version: int | None
) -> Reply:
    """Write a site over as a whole, unless somebody else changed it since the version that If-Match names.

    The centre changes every site, an office those in its township, a station its own hours, services and capacity.
    """
    changed = live_site_service.change(
        served.database.writing(), region, _site(site_id, asked), version=version, who=who, at=datetime.now(UTC)
    )
    return _whole(changed, asked.coordsys)


def close(
    served: Served, region: Region, site_id: str, _asked: shapes.WhichSite, *, who: Principal, version: int | None
) -> Reply:
    """Close a site for good; no answer counts it from then on, and the region's files do not bring it back."""
    live_site_service.close(served.database.writing(), region, site_id, version=version, who=who, at=datetime.now(UTC))
    return Reply(None)


def _site(site_id: str, asked: shapes.SiteDraft) -> Site:
    lon, lat = places.inward(asked.lon, asked.lat, asked.coordsys)
    return live_site_service.plain(
        Site(
            site_id, asked.name, asked.kind, lon, lat, asked.parent, asked.unit, asked.hours, tuple(asked.services),
            asked.capacity,
        )
    )  # fmt: skip


def _whole(row: LiveSite, coordsys: CoordSys) -> Reply:
    now: Site = row.now  # type: ignore[assignment] # it is open
    (spot,) = places.outward([(now.lon, now.lat)], coordsys)
    return Reply(stating.whole_site(now, spot), (("ETag", f'"{row.version}"'),))


OPERATIONS = tuple(
    replace(operation, stored=True, media=GEOJSON)
    for operation in (
        Operation("site", _ONE, site, shapes.WhichSite, answers.SiteFeature, "One site", allowed=ANYBODY),
        Operation(
            "site_add", _ALL, add, shapes.NewSite, answers.SiteFeature, "Add a site", method="POST", status=201,
            allowed=_OFFICES, keyed=True,
        ),
        Operation(
            "site_change", _ONE, change, shapes.SiteDraft, answers.SiteFeature, "Write a site over", method="PUT",
            if_match="required", allowed=_OFFICES | {Role.STATION},
        ),
        Operation(
            "site_close", _ONE, close, shapes.WhichSite, None, "Close a site", method="DELETE", status=204,
            if_match="optional", allowed=_OFFICES,
        ),
    )
)  # fmt: skip
