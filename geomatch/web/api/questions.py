"""What may be asked: one pydantic model per operation, used to validate requests and to write the OpenAPI document."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from geomatch.errors import InputError
from geomatch.geo.coordinates import CoordSys
from geomatch.network.profiles import MAX_METRES, MAX_MINUTES, MIN_METRES, MIN_MINUTES, PROFILES, Limit, limit_for
from geomatch.planning.sites import SiteKind
from geomatch.services.nearest import MAX_K, MAX_LOOKUP_K

if TYPE_CHECKING:
    from typing import Self

MAX_RINGS = 6
MAX_SITES = 1000


def _known_profile(name: str) -> str:
    if name not in PROFILES:
        raise ValueError(f"must be one of {', '.join(PROFILES)}")
    return name


def _plain_flag(given: Any) -> Any:
    """Take true and false as they are written; "yes" or "2" would be a guess."""
    flags = {"true": True, "false": False}
    return flags.get(given, given) if isinstance(given, str) else given


def _is_flag(given: Any) -> Any:
    if not isinstance(given, bool):
        raise ValueError("must be true or false")  # noqa: TRY004 - pydantic wants a ValueError
    return given


def _iso_time(given: Any) -> Any:
    """Read a time as ISO 8601; a plus sign that arrived as a blank is put back."""
    if not isinstance(given, str):
        return given
    head, blank, zone = given.rpartition(" ")
    text = f"{head}+{zone}" if blank and ":" in head else given
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("must be a time such as 2026-11-23T10:30 or 2026-11-23T10:30:00+08:00") from None


def _by_comma(given: Any) -> Any:
    return given.split(",") if isinstance(given, str) else given


def one_or_many(given: Any) -> Any:
    """Take one text for a list of one."""
    return [given] if isinstance(given, str) else given


def whole(given: Any) -> Any:
    """Take 7.0 for 7: JSON has one kind of number."""
    return int(given) if isinstance(given, float) and given.is_integer() else given


def _all_differ(given: list[float]) -> list[float]:
    if len(set(given)) < len(given):
        raise ValueError("must not name the same limit twice")
    return given


def _in_order(box: list[float]) -> list[float]:
    west, south, east, north = box
    if west > east or south > north or min(south, north) < -90 or max(south, north) > 90:  # noqa: PLR2004 - degrees
        raise ValueError("must be west,south,east,north in degrees with west <= east and south <= north")
    return box


Lon = Annotated[
    float, Field(ge=-180, le=180, allow_inf_nan=False, description="Degrees east, in `coordsys`.", examples=[116.31])
]
Lat = Annotated[
    float, Field(ge=-90, le=90, allow_inf_nan=False, description="Degrees north, in `coordsys`.", examples=[39.96])
]
ProfileName = Annotated[
    str,
    AfterValidator(_known_profile),
    Field(description="Who walks: sets the speed and which ways are used.", json_schema_extra={"enum": [*PROFILES]}),
]
Minutes = Annotated[float, Field(ge=MIN_MINUTES, le=MAX_MINUTES, allow_inf_nan=False)]
Metres = Annotated[float, Field(ge=MIN_METRES, le=MAX_METRES, allow_inf_nan=False)]
Flag = Annotated[bool, BeforeValidator(_is_flag), BeforeValidator(_plain_flag)]
Kinds = Annotated[list[SiteKind], Field(description="Kinds of site that count; may be repeated; all where absent.")]
CommaMinutes = Annotated[
    list[Minutes],
    BeforeValidator(_by_comma),
    AfterValidator(_all_differ),
    Field(min_length=1, max_length=MAX_RINGS, json_schema_extra={"uniqueItems": True}),
]
CommaMetres = Annotated[
    list[Metres],
    BeforeValidator(_by_comma),
    AfterValidator(_all_differ),
    Field(min_length=1, max_length=MAX_RINGS, json_schema_extra={"uniqueItems": True}),
]
Box = Annotated[
    list[Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]],
    BeforeValidator(_by_comma),
    Field(min_length=4, max_length=4),
    AfterValidator(_in_order),
]
IsoTime = Annotated[
    datetime,
    BeforeValidator(_iso_time),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]


class Given(BaseModel):
    """What every request shares: nothing unknown is let pass, and nothing changes afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)  # each is built when it is first asked


class Question(Given):
    """What every question about places shares."""

    coordsys: CoordSys = Field(
        CoordSys.WGS84, description="The coordinate system of every place in the question and in the answer."
    )


class RegionsQuestion(Question):
    """Which regions are served."""


class Bounded(Question):
    """A question with one limit, whoever walks."""

    minutes: Minutes | None = Field(None, description="The limit as minutes of the profile; 15 where neither is given.")
    metres: Metres | None = Field(None, description="The limit as metres; not together with `minutes`.")

    @model_validator(mode="after")
    def _one_limit(self) -> Self:
        if self.minutes is not None and self.metres is not None:
            raise InputError.of("minutes, metres", "give one of the two, not both")
        return self


class _Walking(Bounded):
    profile: ProfileName = "standard"

    @property
    def limit(self) -> Limit:
        """The limit that the question means."""
        return limit_for(self.profile, minutes=self.minutes, metres=self.metres)


class NearestQuestion(_Walking):
    """Which sites are nearest to a point."""

    lon: Lon
    lat: Lat
    k: int = Field(1, ge=1, le=MAX_K, description="How many sites.")
    kind: Kinds = Field(default_factory=list)
    open_at: IsoTime | None = Field(
        None, description="Only sites that are open then (ISO 8601; the region's own time where it names no zone)."
    )
    route: Flag = Field(default=False, description="Also give each site's way on foot.")
    only: Literal["within"] | None = Field(
        None, description="`within`: every site whose circle holds the point; `k` is then ignored."
    )


class LookupQuestion(_Walking):
    """Which sites are nearest to each of many points."""

    model_config = ConfigDict(strict=True)

    points: list[
        Annotated[
            tuple[
                Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)],
                Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)],
            ],
            Field(description="Longitude, latitude."),
        ]
    ]
    k: Annotated[int, BeforeValidator(whole)] = Field(
        1, ge=1, le=MAX_LOOKUP_K, description="How many sites for each point."
    )
    kind: Annotated[Kinds, BeforeValidator(one_or_many)] = Field(default_factory=list)


class SitesQuestion(Question):
    """Which sites there are."""

    bbox: Box | None = Field(None, description="west,south,east,north in `coordsys`.")
    kind: Kinds = Field(default_factory=list)
    q: str | None = Field(None, max_length=200, description="Words in the name or the id.")
    limit: int = Field(1000, ge=1, le=10_000, description="Most sites in one answer.")
    offset: int = Field(0, ge=0, le=1_000_000, description="Sites to skip.")


class CirclesQuestion(Question):
    """What ground can be walked from sites, or from a point."""

    site: Annotated[
        list[str],
        Field(max_length=MAX_SITES, description="Ids of sites; may be repeated. All where no point is given."),
    ] = []
    lon: Lon | None = None
    lat: Lat | None = None
    kind: Kinds = Field(default_factory=list)
    profile: ProfileName = "standard"
    minutes: CommaMinutes | None = Field(None, description="Limits in minutes, split by commas; 15 where absent.")
    metres: CommaMetres | None = Field(None, description="Limits in metres, split by commas; not with `minutes`.")

    @model_validator(mode="after")
    def _one_of_each(self) -> Self:
        if self.minutes is not None and self.metres is not None:
            raise InputError.of("minutes, metres", "give one of the two, not both")
        if (self.lon is None) != (self.lat is None):
            raise InputError.of("lon, lat", "give both together")
        if sum((bool(self.site), self.lon is not None, bool(self.kind))) > 1:
            raise InputError.of("site, lon, lat, kind", "give sites, or a point, or kinds: only one of the three")
        return self

    @property
    def limits(self) -> tuple[Limit, ...]:
        """The limits in the order asked for."""
        if self.metres is not None:
            return tuple(limit_for(self.profile, metres=figure) for figure in self.metres)
        if self.minutes is not None:
            return tuple(limit_for(self.profile, minutes=figure) for figure in self.minutes)
        return (limit_for(self.profile),)


class CoverageQuestion(_Walking):
    """How many people have a site within the limit."""

    kind: Kinds = Field(default_factory=list)


class GapsQuestion(_Walking):
    """Where people live with no site within the limit."""

    kind: Kinds = Field(default_factory=list)
    min_people: int = Field(0, ge=0, le=1_000_000_000, description="Leave out areas where fewer people live.")
