"""The one place that builds: settings become open regions and a database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geomatch.errors import InputError
from geomatch.geo import coordinates
from geomatch.geo.coordinates import CoordSys
from geomatch.services import region as region_room
from geomatch.services.identity import Keys
from geomatch.store.database import Database

if TYPE_CHECKING:
    from geomatch.config import Settings
    from geomatch.services.region import Region


def database(settings: Settings) -> Database:
    """Make the database of the settings; it is reached when it is first asked, so that streets answer without it.

    Raises:
        InputError: its address is at fault.
    """
    return Database(settings.database_url)


def identity_keys(settings: Settings) -> Keys:
    """Give what tells identities apart; its secret is read, or made, when it is first asked."""
    return Keys(settings.identity_key)


def open_regions(settings: Settings) -> tuple[Region, ...]:
    """Open every region of the settings in their order, and warm them where asked.

    Raises:
        InputError: no region is named, or two share an id.
        NotBuiltError: a region has no usable build.
    """
    if not settings.regions:
        raise InputError.of("GEOMATCH_REGIONS", "names no region folder")
    regions = tuple(region_room.open_region(folder) for folder in settings.regions)
    ids = [region.spec.id for region in regions]
    for region_id in ids:
        if ids.count(region_id) > 1:
            raise InputError.of("GEOMATCH_REGIONS", "two regions share an id", value=region_id)
    if settings.warm:
        coordinates.to_wgs84(0.0, 0.0, CoordSys.GCJ02)
        for region in regions:
            region.warm()
    return regions
