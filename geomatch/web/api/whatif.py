"""What-if over HTTP: sites come, go and move, links are built; coverage before and after."""

from __future__ import annotations

import hashlib
from dataclasses import fields
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
import orjson
from pydantic import BaseModel, ConfigDict, Field

from geomatch.errors import Fault, InputError
from geomatch.geo.coordinates import looks_swapped
from geomatch.planning.coverage import CoverageRow
from geomatch.planning.sites import Site, SiteKind
from geomatch.services import whatif as whatif_service
from geomatch.services.whatif import Changes, Link, Move
from geomatch.web.api import places, questions, stating
from geomatch.web.api.answers import Answer, CoverageFigures, CoverageUnit, Feature, Limited, Point
from geomatch.web.served import SWAPPED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from geomatch.services.region import Region
    from geomatch.services.whatif import WhatIf
    from geomatch.web.served import Served

    Json = dict[str, Any]

MAX_ADDED, MAX_CLOSED, MAX_LINKS = 500, 2000, 10
Lon = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Lat = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
SiteId = Annotated[str, Field(min_length=1, max_length=200)]


class _Part(BaseModel):
    """A part of a what-if; an unknown member is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class NewSite(_Part):
    """A site that could be opened."""

    lon: Lon
    lat: Lat
    kind: SiteKind = SiteKind.OUTPOST
    id: SiteId | None = Field(None, description="new-1, new-2 and so on where absent.")
    name: str = Field("", max_length=200)


class MovedSite(_Part):
    """A site that could stand elsewhere."""

    id: SiteId
    lon: Lon
    lat: Lat


class NewLink(_Part):
    """A straight footbridge or a gate; both ends are joined to the nearest street."""

    from_: tuple[Lon, Lat] = Field(alias="from", description="Longitude, latitude.")
    to: tuple[Lon, Lat] = Field(description="Longitude, latitude.")
    kind: Literal["footbridge", "gate"] = Field("footbridge", description="What it is called; it is walked alike.")


class WhatIfQuestion(questions.CoverageQuestion):
    """What would be if these sites came, went or moved, and these links were built."""

    add: list[NewSite] = Field(default_factory=list, max_length=MAX_ADDED)
    close: list[SiteId] = Field(default_factory=list, max_length=MAX_CLOSED)
    move: list[MovedSite] = Field(default_factory=list, max_length=MAX_ADDED)
    links: list[NewLink] = Field(default_factory=list, max_length=MAX_LINKS)
    homes: questions.Flag = Field(default=False, description="Also list the homes that come or go.")
    all_units: questions.Flag = Field(default=False, description="Also list the townships that do not change.")
    open_at: questions.IsoTime | None = Field(
        None, description="Only sites that are open then count (ISO 8601), and new ones; the region's own time."
    )
    open: list[SiteId] = Field(
        default_factory=list, max_length=MAX_CLOSED, description="Sites that would be open at `open_at` too."
    )


HOW_TO_ANSWER = frozenset({"homes", "all_units"})
"""Members of a question that change what is told and nothing else: no part of what is kept, nor of the hash."""


class Delta(Answer):
    """After less before; null where one of the two is."""

    covered: int
    share: float | None
    straight_line_share: float | None
    backup_share: float | None
    median_walk_m: float | None
    p90_walk_m: float | None
    worst_decile_walk_m: float | None
    gini: float | None


class ChangedUnit(Answer):
    """A township, before and after."""

    id: str | None
    name: str | None
    before: CoverageUnit
    after: CoverageUnit
    delta: Delta


class LinkReach(Answer):
    """How far one may still walk from the ends of a link, for who came there over a link from the nearest site.

    The ground within the limit is that of the sites without links, and that around these ends within these metres.
    """

    from_left_m: float | None = Field(description="Null where the link brings no site near enough to its first end.")
    to_left_m: float | None = Field(description="The same of its second end.")


class TurnedHome(Answer):
    """A home that comes within the limit, or falls out of it."""

    people: int
    turned: Literal["won", "lost"]


class TurnedHomes(Answer):
    """GeoJSON."""

    type: Literal["FeatureCollection"]
    features: list[Feature[Point, TurnedHome]]


class WhatIfFigures(Limited):
    """Coverage before and after; nothing is saved."""

    region: str
    synthetic: bool
    kind: list[SiteKind] = Field(description="The kinds that count; all where empty.")
    open_at: str | None = Field(description="The hour at which a site must be open to count; null where any hour does.")
    coordsys: str
    before: CoverageFigures
    after: CoverageFigures
    delta: Delta
    units: list[ChangedUnit] = Field(description="Townships whose figures change; all with all_units=true.")
    off_network: list[str] = Field(description="New or moved sites that reach no street and serve nobody.")
    shut: list[str] = Field(description="Sites that do not count since they are not known to be open at `open_at`.")
    links: list[LinkReach] = Field(description="In the order of the links that were asked for.")
    homes: TurnedHomes | None = Field(description="Only with homes=true; else null.")
    hash: str = Field(description="SHA-256 of the changes and the figures: the same inputs give the same hash.")


def whatif(_served: Served, region: Region, asked: WhatIfQuestion) -> Json:
    """Count coverage with some changes."""
    return stated(region, asked, reckon(region, asked))


def reckon(region: Region, asked: WhatIfQuestion) -> WhatIf:
    """Count a what-if; InputError names the changes that do not fit the region."""
    return whatif_service.whatif(region, changes_of(asked), asked.limit, asked.kind, open_at=asked.open_at)


def stated(region: Region, asked: WhatIfQuestion, found: WhatIf) -> Json:
    """Write a what-if with its hash."""
    units = list(zip(found.before.units, found.after.units, strict=True))
    told = {
        **stating.stated(region, asked.limit, asked.kind),
        "open_at": None if asked.open_at is None else asked.open_at.isoformat(),
        "coordsys": asked.coordsys.value,
        "before": stating.figures(found.before.total),
        "after": stating.figures(found.after.total),
        "delta": delta(found.before.total, found.after.total),
        "units": [_changed(before, after) for before, after in units if before != after],
        "off_network": list(found.off_network),
        "shut": list(found.shut),
        "links": [{"from_left_m": here, "to_left_m": there} for here, there in found.left_m],
    }
    given = asked.model_dump(mode="json", include={"add", "close", "move", "links", "open", "open_at"})
    said = orjson.dumps([given, told], option=orjson.OPT_SORT_KEYS)
    if asked.all_units:
        told["units"] = [_changed(before, after) for before, after in units]
    homes = _turned(region, found.turned, asked) if asked.homes else None
    return told | {"homes": homes, "hash": hashlib.sha256(said).hexdigest()}


def _turned(region: Region, turned: NDArray[np.int8], asked: WhatIfQuestion) -> Json:
    """Write the homes that come within the limit or fall out, where somebody lives."""
    homes = region.homes
    rows = np.flatnonzero((turned != 0) & (homes.population > 0))
    spots = places.outward(list(zip(homes.lon[rows].tolist(), homes.lat[rows].tolist(), strict=True)), asked.coordsys)
    told = zip(spots, homes.population[rows].tolist(), turned[rows].tolist(), strict=True)
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": spot},
            "properties": {"people": people, "turned": "won" if turn > 0 else "lost"},
        }
        for spot, people, turn in told
    ]
    return {"type": "FeatureCollection", "features": features}


def _changed(before: CoverageRow, after: CoverageRow) -> Json:
    named = {"id": before.id, "name": before.name}
    rows = {"before": named | stating.figures(before), "after": named | stating.figures(after)}
    return named | rows | {"delta": delta(before, after)}


def delta(before: CoverageRow, after: CoverageRow) -> Json:
    """Write the figures after less those before."""
    told: Json = {}
    for name in _DELTAS:
        was, now = getattr(before, name), getattr(after, name)
        told[name] = None if was is None or now is None else now - was
    return told


_DELTAS = [field.name for field in fields(CoverageRow) if field.name in Delta.model_fields]


def changes_of(asked: WhatIfQuestion) -> Changes:
    """Read the changes; every place whose numbers look changed over is named."""
    faults = [Fault(where, SWAPPED) for where, lon, lat in _spots(asked) if looks_swapped(lon, lat)]
    if faults:
        raise InputError(faults)

    def inward(lon: float, lat: float) -> tuple[float, float]:
        return places.inward(lon, lat, asked.coordsys)

    return Changes(
        add=tuple(
            Site(site.id or f"new-{number}", site.name, site.kind, *inward(site.lon, site.lat))
            for number, site in enumerate(asked.add, start=1)
        ),
        close=tuple(asked.close),
        move=tuple(Move(move.id, *inward(move.lon, move.lat)) for move in asked.move),
        links=tuple(Link(*inward(*link.from_), *inward(*link.to)) for link in asked.links),
        open=tuple(asked.open),
    )


def _spots(asked: WhatIfQuestion) -> Iterator[tuple[str, float, float]]:
    yield from ((f"add.{row}", site.lon, site.lat) for row, site in enumerate(asked.add))
    yield from ((f"move.{row}", site.lon, site.lat) for row, site in enumerate(asked.move))
    for row, link in enumerate(asked.links):
        yield f"links.{row}.from", *link.from_
        yield f"links.{row}.to", *link.to
