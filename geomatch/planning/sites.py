"""Sites of the practice network: their kinds, and the tree centre > office > station."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class SiteKind(StrEnum):
    """What a site is; the value is what files and URLs say."""

    CENTRE = "centre"
    OFFICE = "office"
    STATION = "station"
    OUTPOST = "outpost"
    BASE = "base"
    LANDSCAPE = "landscape"


@dataclass(frozen=True, slots=True)
class Site:
    """One place where help is found.

    Attributes:
        id: unique in its region.
        name: as people call it.
        kind: what it is.
        lon, lat: WGS-84 degrees.
        parent: id of the site above it, or None.
        unit: name or id of the township that it says it belongs to, or None.
        hours: OpenStreetMap opening_hours, or None where unknown.
        services: what it offers, as the file says.
        capacity: how many people it can serve, or None.
    """

    id: str
    name: str
    kind: SiteKind
    lon: float
    lat: float
    parent: str | None = None
    unit: str | None = None
    hours: str | None = None
    services: tuple[str, ...] = ()
    capacity: int | None = None
