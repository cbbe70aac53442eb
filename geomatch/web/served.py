"""The regions that are served: by name, and by the ground under a point."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from geomatch.errors import InputError, NotFoundError, OutsideRegionError
from geomatch.services.followed import Followed
from geomatch.services.rosters import Rosters

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from geomatch.services.identity import Keys
    from geomatch.services.region import Region
    from geomatch.store.database import Database
    from geomatch.web.limits import Limits

SWAPPED = "longitude and latitude look swapped: give the longitude first, in China the larger of the two"


class NowhereError(OutsideRegionError):
    """A point lies in no region that is served; the nearest one is named."""

    def __init__(self, lon: float, lat: float, nearest: Region, away_m: float) -> None:
        self.nearest = nearest
        self.away_m = away_m
        spec = nearest.spec
        super().__init__(
            f"the point {lon:g}, {lat:g} lies outside every region that is served;"
            f" the nearest is {spec.id!r} ({spec.name}), {away_m / 1000:,.1f} km away"
        )


class Served:
    """The open regions, in the order in which they are listed; how many points one lookup may hold; the database.

    Their sites follow the store: every look here gives them as they are now. Who answers by a region keeps it until the
    answer is whole. Notices go out to `notice_hosts`; `limits` say how often something may be asked; districts sign by
    the keys in `keys_folder`. The volunteers are read by read_volunteers, or when somebody first asks for a match; the
    secret of `keys`, which tell who is the same person, when somebody first asks for one.
    """

    def __init__(
        self, regions: Sequence[Region], *, max_points: int, database: Database, limits: Limits,
        notice_hosts: Sequence[str] = (), keys_folder: Path | None = None,
        keys: Keys,
    ) -> None:  # fmt: skip
        self.max_points = max_points
        self.notice_hosts = tuple(notice_hosts)
        self.keys_folder = keys_folder
        self.database = database
        self.limits = limits
        self.rosters = Rosters()
        self.keys = keys
        self._followed = Followed(regions, database)
        self._rows = {region.spec.id: row for row, region in enumerate(regions)}

    def read_volunteers(self) -> None:
        """Read the volunteers of every region that has some."""
        self.rosters.warm(self.database, {name: partial(self.named, name) for name in self._rows}, datetime.now(UTC))

    @property
    def regions(self) -> tuple[Region, ...]:
        """All of them."""
        return self._followed.regions()

    def named(self, region_id: str) -> Region:
        """Find a region by its id; NotFoundError names those there are."""
        row = self._rows.get(region_id)
        if row is None:
            there_are = ", ".join(self._rows) or "none"
            raise NotFoundError(f"there is no region {region_id!r}; regions served: {there_are}")
        return self._followed.regions()[row]

    def around(self, lon: float, lat: float) -> Region:
        """Find the first region that holds a WGS-84 point.

        Raises:
            NowhereError: no region holds it.
            InputError: no region holds it, but one holds the point with its two numbers changed over.
        """
        for region in self.regions:
            if region.covers(lon, lat):
                return region
        raise self._nowhere(lon, lat)

    def check_inside(self, region: Region, lon: float, lat: float) -> None:
        """Refuse a point outside every region; `region` is the one that was asked, and is tried first."""
        if not region.covers(lon, lat):
            self.around(lon, lat)

    def _nowhere(self, lon: float, lat: float) -> Exception:
        regions = self.regions
        if abs(lon) <= 90 and any(region.covers(lat, lon) for region in regions):  # noqa: PLR2004 - a latitude
            return InputError.of("lon, lat", SWAPPED, value=f"{lon:g}, {lat:g}")
        if not regions:
            return OutsideRegionError("no region is served")
        away_m, _, nearest = min((region.distance_m(lon, lat), order, region) for order, region in enumerate(regions))
        return NowhereError(lon, lat, nearest, away_m)
