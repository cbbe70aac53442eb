"""Fairness over HTTP: how unevenly people walk, what hangs on each site, hour by hour, and how sure the headline is."""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from geomatch.geo.coordinates import CoordSys  # noqa: TC001 - pydantic reads annotations at run time
from geomatch.planning import week as week_room
from geomatch.planning.sites import SiteKind  # noqa: TC001 - as above
from geomatch.services import fairness as fairness_service
from geomatch.services import sensitivity as sensitivity_service
from geomatch.services import week as week_service
from geomatch.web.api import places, stating
from geomatch.web.api.answers import Answer, Collected, Feature, Limited, Point
from geomatch.web.api.questions import CoverageQuestion

if TYPE_CHECKING:
    from geomatch.planning.fairness import FairnessRow
    from geomatch.services.region import Region
    from geomatch.web.served import Served

    Json = dict[str, Any]

PER = 10_000
"""Access is told for so many people: for one it would be all zeros."""


_DAY = r"^(19[7-9]\d|20\d\d)-\d\d-\d\d$"


def _iso_date(given: Any) -> Any:
    if not isinstance(given, str):
        return given
    try:
        if re.match(_DAY, given, re.ASCII):
            return date.fromisoformat(given)
    except ValueError:  # the 30th of February
        pass
    raise ValueError("must be a day from 1970 to 2099, such as 2026-03-09")


Day = Annotated[
    date,
    BeforeValidator(_iso_date),
    WithJsonSchema({"type": "string", "format": "date", "pattern": _DAY}),
]


class WeekQuestion(CoverageQuestion):
    """Who has an open site within the limit, hour by hour."""

    day: Day = Field(
        week_room.ORDINARY_MONDAY,
        description="A day of the week to look at, for seasons and public holidays; an ordinary week where absent.",
    )


class FairnessFigures(Answer):
    """How unevenly people walk; percentiles, worst decile and Gini are of those who can reach a site."""

    population: int
    covered: int
    share: float | None
    straight_line: int = Field(description="People within the limit as the crow flies.")
    over_claim: int = Field(description="How many of them walk further than the limit.")
    over_claim_share: float | None
    median_walk_m: float | None
    p40_walk_m: float | None
    p90_walk_m: float | None
    p90_p40: float | None
    worst_decile_walk_m: float | None
    gini: float | None
    access_per_10k: float | None = Field(description="2SFCA: supply within the limit for 10,000 people, on average.")


class FairnessUnit(FairnessFigures):
    """One township."""

    id: str
    name: str


class SupplyFigures(Answer):
    """What the sites have to give."""

    stated: int = Field(description="Sites that state their capacity.")
    assumed: int = Field(description="Sites that do not, and count as `each`.")
    each: float = Field(description="The median of what is stated; 1 where no site states any.")
    total: float
    shared: float = Field(description="Of the sites that somebody can reach: the sum of people times their access.")


class Fairness(Limited):
    """How fairly reach is spread over people."""

    region: str
    synthetic: bool
    kind: list[SiteKind]
    total: FairnessFigures
    units: list[FairnessUnit]
    lorenz: list[Annotated[list[float], Field(min_length=2, max_length=2)]] = Field(
        description="Share of people, those who walk least first, and the share of all walking that is theirs."
    )
    supply: SupplyFigures


class CriticalProperties(Answer):
    """What hangs on a site."""

    id: str
    name: str
    kind: SiteKind
    rank: int
    lost: int = Field(description="People within the limit of this site and of no other.")
    lost_share: float | None
    nearest: int = Field(description="People within the limit whose nearest site it is.")


class CriticalFeature(Feature[Point, CriticalProperties]):
    """A site with what hangs on it."""

    id: str


class CriticalityQuery(Limited):
    """The question as it was understood."""

    coordsys: CoordSys
    kind: list[SiteKind]


class Criticality(Collected):
    """All sites, those first whose closing would leave most people without cover."""

    query: CriticalityQuery
    features: list[CriticalFeature]


Grid = Annotated[
    list[Annotated[list[int], Field(min_length=24, max_length=24)]],
    Field(min_length=7, max_length=7, description="People; a row a day, Monday first, a column an hour."),
]
Shares = Annotated[
    list[Annotated[list[float | None], Field(min_length=24, max_length=24)]], Field(min_length=7, max_length=7)
]


class Week(Limited):
    """Coverage at the start of every hour of a week."""

    region: str
    synthetic: bool
    kind: list[SiteKind]
    monday: str = Field(description="The first day of the week that was looked at.")
    timezone: str
    population: int
    sites: int
    hours_unknown: int = Field(description="Sites whose hours are not known: they count in `at_most` only.")
    covered: Grid
    share: Shares
    at_most: Grid


class Outcome(Answer):
    """Coverage under one variation."""

    speed_factor: float = Field(description="Of the speed; the minutes stay, so the limit is as many times as far.")
    access_factor: float = Field(description="Of every straight leg between a home or a site and its street.")
    limit_m: float
    covered: int
    share: float | None


class Band(Answer):
    """The least and the most that come out."""

    varied: Literal["speed", "access", "both"]
    low: Outcome
    high: Outcome


class Sensitivity(Limited):
    """The headline and the bands around it."""

    region: str
    synthetic: bool
    kind: list[SiteKind]
    population: int
    headline: Outcome
    bands: list[Band]


def fairness(_served: Served, region: Region, asked: CoverageQuestion) -> Json:
    """Tell how fairly reach is spread over people."""
    found = fairness_service.fairness(region, asked.limit, asked.kind)
    access = fairness_service.access(region, asked.limit, asked.kind)
    units = zip(found.units, access.units, strict=True)
    supply = access.supply
    return {
        **stating.stated(region, asked.limit, asked.kind),
        "total": _figures(found.total, access.total),
        "units": [{"id": row.id, "name": row.name, **_figures(row, mean)} for row, mean in units],
        "lorenz": found.lorenz,
        "supply": {
            "stated": supply.stated,
            "assumed": supply.assumed,
            "each": supply.each,
            "total": float(supply.of_site.sum()),
            "shared": access.shared,
        },
    }


def _figures(row: FairnessRow, access: float | None) -> Json:
    told = asdict(row)
    del told["id"], told["name"]
    return told | {"access_per_10k": None if access is None else access * PER}


def criticality(_served: Served, region: Region, asked: CoverageQuestion) -> Json:
    """Rank the sites by the people who would lose their cover."""
    ranked = fairness_service.criticality(region, asked.limit, asked.kind)
    spots = places.outward([(row.site.lon, row.site.lat) for row in ranked], asked.coordsys)
    features = [
        stating.site_feature(
            row.site, spot, rank=row.rank, lost=row.lost, lost_share=row.lost_share, nearest=row.nearest
        )
        for row, spot in zip(ranked, spots, strict=True)
    ]
    query = {"coordsys": asked.coordsys, "kind": asked.kind, **stating.limit(asked.limit)}
    return stating.collection(region, features, query)


def week(_served: Served, region: Region, asked: WeekQuestion) -> Json:
    """Count who has an open site within the limit, hour by hour."""
    found = week_service.week(region, asked.limit, day=asked.day, kinds=asked.kind)
    covered = found.week.covered.tolist()
    return {
        **stating.stated(region, asked.limit, asked.kind),
        "monday": found.monday.isoformat(),
        "timezone": found.timezone,
        "population": found.population,
        "sites": found.sites,
        "hours_unknown": found.unknown,
        "covered": covered,
        "share": [[people / found.population if found.population else None for people in row] for row in covered],
        "at_most": found.week.at_most.tolist(),
    }


def sensitivity(_served: Served, region: Region, asked: CoverageQuestion) -> Json:
    """Tell how far the headline moves."""
    return stating.stated(region, asked.limit, asked.kind) | asdict(
        sensitivity_service.sensitivity(region, asked.limit, asked.kind)
    )
