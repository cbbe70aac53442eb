"""Siting over HTTP: which places to open, with a certificate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from geomatch.errors import Fault, InputError
from geomatch.geo.coordinates import CoordSys, looks_swapped
from geomatch.planning.sites import SiteKind  # noqa: TC001 - pydantic reads annotations at run time
from geomatch.planning.siting.candidates import Candidate
from geomatch.services import siting as siting_service
from geomatch.services import siting_answer
from geomatch.services.siting import MAX_CANDIDATES, MAX_GRID_M, MIN_GRID_M, Objective
from geomatch.web.api import places, questions
from geomatch.web.api.answers import Answer, Limited
from geomatch.web.served import SWAPPED

if TYPE_CHECKING:
    from geomatch.services.region import Region
    from geomatch.web.served import Served

    Json = dict[str, Any]

Degrees = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
_MOST_COST = 1e12


class CandidateProperties(BaseModel):
    """What is known of a place that could be opened; other properties are passed over."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str = Field(min_length=1, max_length=200)
    name: str = Field("", max_length=200)
    cost: float = Field(1.0, ge=0, le=_MOST_COST, allow_inf_nan=False, description="In the unit of the budget.")
    capacity: int | None = Field(None, ge=0, le=1_000_000_000, description="How many people it could serve.")


class CandidatePoint(BaseModel):
    """GeoJSON."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    type: Literal["Point"]
    coordinates: tuple[Degrees, Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]]


class CandidateFeature(BaseModel):
    """A place that could be opened."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    type: Literal["Feature"]
    geometry: CandidatePoint
    properties: CandidateProperties


class CandidateCollection(BaseModel):
    """GeoJSON FeatureCollection of points in `coordsys`."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    type: Literal["FeatureCollection"]
    features: list[CandidateFeature] = Field(max_length=MAX_CANDIDATES)


class SitingQuestion(questions.CoverageQuestion):
    """Which places to open beside the sites that there are."""

    model_config = ConfigDict(strict=True)

    candidates: CandidateCollection | None = Field(None, description="Places that could be opened.")
    grid_m: float | None = Field(
        None,
        ge=MIN_GRID_M,
        le=MAX_GRID_M,
        allow_inf_nan=False,
        description="Also try street junctions, one in every square of so many metres.",
    )
    objective: Objective = Field(
        Objective.MCLP,
        description=(
            "mclp: most people covered; lscp: fewest sites for `target`; p_median: least mean walk; p_center: shortest"
            " longest walk; capacitated: most people served within capacities; backup: most people with two or more;"
            " p_dispersion: farthest from each other."
        ),
    )
    p: Annotated[int, BeforeValidator(questions.whole)] | None = Field(
        None, ge=1, le=MAX_CANDIDATES, description="How many sites to open."
    )
    budget: float | None = Field(
        None, gt=0, le=_MOST_COST, allow_inf_nan=False, description="What they may cost together, instead of `p`."
    )
    target: float | None = Field(
        None, gt=0, le=100, allow_inf_nan=False, description="Per cent of all people to be covered; with lscp."
    )
    floor: float = Field(
        0.0, ge=0, le=100, allow_inf_nan=False, description="Per cent of every township's people, before any average."
    )
    capacity: Annotated[int, BeforeValidator(questions.whole)] | None = Field(
        None, ge=1, le=1_000_000_000, description="People whom a candidate serves at most that states no capacity."
    )
    kind: Annotated[questions.Kinds, BeforeValidator(questions.one_or_many)] = Field(default_factory=list)


class ChosenRow(Answer):
    """A site to open."""

    rank: int
    id: str
    name: str
    lon: float
    lat: float
    cost: float
    people_added: int = Field(description="People within the limit of a site whom it adds to those before it.")
    covered: int = Field(description="People within the limit of a site once it is open.")


class CurvePoint(Answer):
    """Coverage once so many of the chosen are open; the first is before any."""

    count: int
    cost: float
    covered: int
    share: float | None


class SitingUnit(Answer):
    """One township, before and after."""

    id: str
    name: str
    population: int
    covered_before: int
    covered: int
    share_before: float | None
    share: float | None


class CertificateFigures(Answer):
    """How good the answer is, and how that was proven."""

    measure: Literal["people", "sites", "m"] = Field(
        description="What the figures are: people covered, sites, metres (mean, longest, or least between two)."
    )
    before: float | None = Field(description="The figure with nothing chosen.")
    value: float | None
    bound: float | None = Field(description="What no choice of these candidates can beat.")
    gap: float | None = Field(description="|bound - value| as a share of the larger; null where nothing was proven.")
    optimal: bool = Field(description="True only where the bound equals the value.")
    method: Literal["all", "lagrangian", "linear", "cliques"] | None = Field(
        description="What proves it: all candidates together; prices of people; a linear relaxation; groups too close."
    )


class UnmetRow(Answer):
    """A floor or target that the answer misses, and by how much."""

    what: Literal["floor", "target"]
    id: str | None = Field(description="The township; null for the target of the whole.")
    name: str | None
    wanted: int
    reached: int
    short: int
    reachable: int = Field(description="People reached if every candidate were opened; below wanted, nothing helps.")


class OffNetworkRow(Answer):
    """A candidate that reaches no street, so that it was not considered."""

    id: str
    name: str
    access_m: float | None = Field(description="Metres to the nearest street; null where none lies within 2 km.")


class SitingFigures(Limited):
    """Sites to open, in order of choice, and a certificate.

    `bound` and `gap` are those of the certificate where people are sought, null elsewhere; for mclp the gap is
    (bound - covered) / bound.
    `people_added` of the chosen sums to covered - covered_before.
    """

    region: str
    synthetic: bool
    coordsys: CoordSys
    kind: list[SiteKind]
    objective: Objective
    p: int | None
    budget: float | None
    target: float | None
    floor: float
    capacity: int | None
    candidates: int = Field(description="How many were considered: those on the network.")
    off_network: list[OffNetworkRow]
    population: int
    covered_before: int
    covered: int
    bound: float | None
    gap: float | None
    certificate: CertificateFigures
    chosen: list[ChosenRow]
    curve: list[CurvePoint]
    units: list[SitingUnit]
    unmet: list[UnmetRow]


def siting(_served: Served, region: Region, asked: SitingQuestion) -> Json:
    """Choose which candidates to open; the sites that there are stay open."""
    wanted = siting_service.Wanted(asked.objective, asked.p, asked.budget, asked.target, asked.floor, asked.capacity)
    candidates = _candidates(asked)
    if asked.grid_m is not None:
        candidates += siting_service.junctions(region, asked.grid_m, asked.profile)
    found = siting_service.siting(region, candidates, asked.limit, wanted, kinds=asked.kind)
    return siting_answer.members(region, found, asked.coordsys)


def _candidates(asked: SitingQuestion) -> list[Candidate]:
    features = asked.candidates.features if asked.candidates is not None else []
    swapped = [
        Fault(f"candidates.features.{place}", SWAPPED)
        for place, feature in enumerate(features)
        if looks_swapped(*feature.geometry.coordinates)
    ]
    if swapped:
        raise InputError(swapped)
    made = []
    for feature in features:
        lon, lat = places.inward(*feature.geometry.coordinates, asked.coordsys)
        of = feature.properties
        made.append(Candidate(of.id, of.name, lon, lat, of.cost, of.capacity))
    return made
