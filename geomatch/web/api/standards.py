"""Standards over HTTP: every preset, one's own target, every profile side by side."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from geomatch.network.profiles import profile_named
from geomatch.planning import standards as standards_room
from geomatch.planning.sites import SiteKind  # noqa: TC001 - pydantic reads annotations at run time
from geomatch.services import standards as standards_service
from geomatch.web.api import questions, stating
from geomatch.web.api.answers import Answer, CoverageFigures, CoverageUnit, Limited

if TYPE_CHECKING:
    from geomatch.planning.standards import Verdict
    from geomatch.services.region import Region
    from geomatch.services.standards import Kept, Setting
    from geomatch.web.served import Served

    Json = dict[str, Any]


class StandardsQuestion(questions.CoverageQuestion):
    """Who keeps the standards."""

    target: float = Field(
        standards_room.DEFAULT_TARGET_PERCENT,
        gt=0,
        le=100,
        allow_inf_nan=False,
        description="The share of people to be covered, in per cent; Shanghai's of 2025 where absent.",
    )


class ProfilesQuestion(questions.Bounded):
    """How many people of every profile have a site within the limit."""

    kind: questions.Kinds = Field(default_factory=list)


class VerdictFigures(Answer):
    """Coverage held against the target."""

    population: int
    covered: int
    share: float | None
    passes: bool | None = Field(description="Whether the share reaches the target; null where nobody lives.")
    shortfall: int = Field(description="How many more people would have to be covered.")


class VerdictUnit(VerdictFigures):
    """One township."""

    id: str
    name: str


class SettingFigures(VerdictFigures):
    """Coverage held against the target, and what kind of place it is."""

    people_per_km2: float | None
    rural: bool = Field(description="1000 m on foot makes little sense here: look at the minutes.")
    minutes: dict[str, int] = Field(description="People by walking minutes to the nearest site.")


class SettingUnit(SettingFigures):
    """One township."""

    id: str
    name: str


class PresetRow(Limited):
    """One tier of a standard, held against the target."""

    id: str
    clause: str | None = Field(description="null where we hold no number of one.")
    minutes: float
    least_limit_m: float | None
    least_residents: int | None
    most_residents: int | None
    total: VerdictFigures
    units_passed: int
    units_shortfall: int
    units: list[VerdictUnit]


class CityTargetRow(Answer):
    """A share that a city has promised, and how far this region is from it under the asked limit."""

    place: str
    year: int
    target: float
    passes: bool | None
    shortfall: int
    units_passed: int
    units_shortfall: int


class RuralRule(Answer):
    """Where 1000 m on foot makes little sense: units with fewer people per km2 than the bound."""

    below_people_per_km2: float
    units: int
    people: int
    applies: bool = Field(description="Whether the region as a whole is rural.")
    rule: Literal["setting", "density"] = Field(
        description="setting: region.toml says so; density: more than half of the people live in rural units, or not."
    )
    caveat: str | None = Field(description="What has to be said of 1000 m on foot here, in Chinese and English.")


class Standards(Limited):
    """The region held against the standards."""

    region: str
    synthetic: bool
    kind: list[SiteKind]
    target: float = Field(description="Per cent.")
    total: SettingFigures
    units_passed: int
    units_shortfall: int = Field(description="How many more people would have to be covered for every unit to pass.")
    units: list[SettingUnit]
    presets: list[PresetRow]
    city_targets: list[CityTargetRow]
    rural: RuralRule


class ProfileRow(Limited):
    """The coverage table of one profile."""

    speed_mps: float
    total: CoverageFigures
    units: list[CoverageUnit]


class Profiles(Answer):
    """Every profile, for the same minutes or the same metres."""

    region: str
    synthetic: bool
    kind: list[SiteKind]
    profiles: list[ProfileRow]


def standards(_served: Served, region: Region, asked: StandardsQuestion) -> Json:
    """Hold a region against the standards."""
    found = standards_service.standards(region, asked.limit, target_percent=asked.target, kinds=asked.kind)
    units = zip(found.asked.units, found.settings, strict=True)
    return {
        **stating.stated(region, asked.limit, asked.kind),
        "target": asked.target,
        "total": _verdict(found.asked.total) | _setting(found.total_setting),
        "units_passed": found.asked.units_passed,
        "units_shortfall": found.asked.units_shortfall,
        "units": [_unit(verdict) | _setting(setting) for verdict, setting in units],
        "presets": [
            {
                **stating.limit(kept.limit),
                "id": preset.id,
                "clause": preset.clause,
                "minutes": preset.minutes,
                "least_limit_m": preset.least_limit_m,
                "least_residents": preset.least_residents,
                "most_residents": preset.most_residents,
                "total": _verdict(kept.total),
                "units_passed": kept.units_passed,
                "units_shortfall": kept.units_shortfall,
                "units": [_unit(verdict) for verdict in kept.units],
            }
            for preset, kept in found.presets
        ],
        "city_targets": [
            {"place": city.place, "year": city.year, "target": city.percent, **_reached(kept)}
            for city, kept in found.city_targets
        ],
        "rural": {
            "below_people_per_km2": standards_room.RURAL_BELOW_PER_KM2,
            "units": found.ground.rural_units,
            "people": found.ground.rural_people,
            "applies": found.ground.rural,
            "rule": found.ground.rule,
            "caveat": found.ground.caveat,
        },
    }


def profiles(_served: Served, region: Region, asked: ProfilesQuestion) -> Json:
    """Give the coverage of every profile side by side."""
    tables = standards_service.profiles(region, minutes=asked.minutes, metres=asked.metres, kinds=asked.kind)
    return {
        "region": region.spec.id,
        "synthetic": region.spec.synthetic,
        "kind": list(asked.kind),
        "profiles": [
            {
                **stating.limit(table.limit),
                "speed_mps": profile_named(table.limit.profile).speed_mps,
                "total": stating.figures(table.total),
                "units": [{"id": row.id, "name": row.name, **stating.figures(row)} for row in table.units],
            }
            for table in tables
        ],
    }


def _verdict(verdict: Verdict) -> Json:
    told = asdict(verdict)
    del told["id"], told["name"]
    return told


def _unit(verdict: Verdict) -> Json:
    return asdict(verdict)


def _setting(setting: Setting) -> Json:
    minutes = dict(zip(standards_room.BANDS, setting.minutes, strict=True))
    return {"people_per_km2": setting.people_per_km2, "rural": setting.rural, "minutes": minutes}


def _reached(kept: Kept) -> Json:
    return {
        "passes": kept.total.passes,
        "shortfall": kept.total.shortfall,
        "units_passed": kept.units_passed,
        "units_shortfall": kept.units_shortfall,
    }
