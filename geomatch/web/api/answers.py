"""What is answered, as pydantic models: they write the OpenAPI document, and the tests hold every answer to them."""

from __future__ import annotations

from typing import Annotated, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from geomatch.geo.coordinates import CoordSys  # noqa: TC001 - pydantic reads annotations at run time
from geomatch.planning.sites import SiteKind  # noqa: TC001 - as above

P = TypeVar("P", bound=BaseModel)
G = TypeVar("G", bound=BaseModel)

Position = Annotated[list[float], Field(min_length=2, max_length=2, description="Longitude, latitude.")]
Ring = Annotated[list[Position], Field(min_length=4, description="Closed: the first corner again at the end.")]


class Answer(BaseModel):
    """Nothing but the members that are described."""

    model_config = ConfigDict(extra="forbid", defer_build=True)  # most serve only to describe: no start waits for them


class Point(Answer):
    """GeoJSON."""

    type: Literal["Point"]
    coordinates: Position


class LineString(Answer):
    """GeoJSON."""

    type: Literal["LineString"]
    coordinates: Annotated[list[Position], Field(min_length=2)]


class MultiPolygon(Answer):
    """GeoJSON; no coordinates where nothing can be reached."""

    type: Literal["MultiPolygon"]
    coordinates: list[list[Ring]]


class Limited(Answer):
    """What the figures refer to."""

    standard: str = Field(description='The standard that sets the limit, or "custom".', examples=["GB 50180-2018"])
    profile: str
    limit_m: float = Field(description="Inclusive bound on walking metres.")
    limit_s: float = Field(description="The same bound as seconds of the profile.")


class RegionRow(Answer):
    """One region that is served."""

    id: str
    name: str
    name_en: str | None
    bbox: Annotated[list[float], Field(min_length=4, max_length=4, description="West, south, east, north.")]
    synthetic: bool = Field(description="True where the data is made up.")
    counts: dict[SiteKind, int] = Field(description="Sites of every kind.")
    population: int


class Regions(Answer):
    """The regions that are served."""

    regions: list[RegionRow]


class HitProperties(Answer):
    """A site that can be walked to."""

    id: str
    name: str
    kind: SiteKind
    rank: int
    walk_m: float
    walk_s: float
    straight_m: float
    within: bool


class HitFeature(Answer):
    """A site that can be walked to, with the way there where asked for."""

    type: Literal["Feature"]
    id: str
    geometry: Point
    properties: HitProperties
    route: LineString | None = Field(default=None, description="Only with route=true.")


class NearestQuery(Limited):
    """The question as it was understood."""

    lon: float
    lat: float
    coordsys: CoordSys
    access_m: float | None = Field(description="The straight leg to the street; null where none lies within 2 km.")
    on_network: bool = Field(description="False where that leg is too long to count: then there are no features.")


class Feature(Answer, Generic[G, P]):
    """GeoJSON."""

    type: Literal["Feature"]
    geometry: G
    properties: P


class Collected(Answer):
    """What every FeatureCollection of ours carries."""

    type: Literal["FeatureCollection"]
    region: str
    synthetic: bool


class Nearest(Collected):
    """Sites by walking distance."""

    query: NearestQuery
    features: list[HitFeature]


class LookupRow(Answer):
    """The nearest site of a point; nulls where none can be reached."""

    site_id: str | None
    walk_m: float | None
    walk_s: float | None
    within: bool
    access_m: float | None
    on_network: bool


class Lookup(Limited):
    """The nearest sites of many points, in their order: a row each, with k > 1 a list of k rows each."""

    region: str
    synthetic: bool
    results: list[LookupRow] | list[list[LookupRow]]


class SiteProperties(Answer):
    """A site as its file tells it."""

    id: str
    name: str
    kind: SiteKind
    parent: str | None
    unit: str | None
    hours: str | None
    services: list[str]
    capacity: int | None


class SiteFeature(Feature[Point, SiteProperties]):
    """A site."""

    id: str


class Sites(Collected):
    """Sites that match, one page of them."""

    numberMatched: int  # noqa: N815 - the name of OGC API Features
    numberReturned: int  # noqa: N815 - as above
    features: list[SiteFeature]


class CircleProperties(Limited):
    """The figures of a circle."""

    site: str | None
    area_m2: float
    street_m: float
    population: int = Field(description="People whose own walk is within the limit; never counted from the polygon.")
    shed_ratio: float


class CirclesQuery(Answer):
    """The question as it was understood."""

    lon: float | None
    lat: float | None
    coordsys: CoordSys
    profile: str
    limits: list[Limited]


class Circles(Collected):
    """Walking circles, place by place, limits in the order asked."""

    query: CirclesQuery
    features: list[Feature[MultiPolygon, CircleProperties]]


class CoverageFigures(Answer):
    """Who is covered; shares of people, walking metres by people."""

    population: int
    covered: int
    share: float | None
    off_network: int
    straight_line_share: float | None
    backup_share: float | None
    median_walk_m: float | None
    p90_walk_m: float | None
    worst_decile_walk_m: float | None
    gini: float | None


class CoverageUnit(CoverageFigures):
    """One township."""

    id: str | None
    name: str | None


class Coverage(Limited):
    """The units add up to the total."""

    region: str
    synthetic: bool
    kind: list[SiteKind] = Field(description="The kinds that count; all where empty.")
    caveat: str | None = Field(description="What has to be said of the standard in a rural region; else null.")
    total: CoverageFigures
    units: list[CoverageUnit]


class GapProperties(Answer):
    """An area where people live with no site within the limit."""

    rank: int
    people: int
    unit: str | None
    nearest_site: str | None
    nearest_walk_m: float | None
    reason: Literal["too_far", "off_network", "cut_off"]


class GapsQuery(Limited):
    """The question as it was understood."""

    coordsys: CoordSys
    kind: list[SiteKind]
    min_people: int


class Gaps(Collected):
    """Gaps by rank, most people first."""

    query: GapsQuery
    numberMatched: int  # noqa: N815 - the name of OGC API Features
    numberReturned: int  # noqa: N815 - as above
    features: list[Feature[MultiPolygon, GapProperties]]


class ProblemError(Answer):
    """One parameter at fault."""

    loc: list[str | int] = Field(description="Its path, first query or body.")
    msg: str


class ProblemRegion(Answer):
    """The region nearest to a point outside all."""

    id: str
    name: str
    distance_m: float


class ProblemAnswer(Answer):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: list[ProblemError] | None = None
    nearest_region: ProblemRegion | None = None
    scenario: str | None = Field(None, description="Id of the scenario that has the name already.")
