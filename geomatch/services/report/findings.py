"""What was asked of a report, and every answer that goes into it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geomatch.errors import Fault, InputError
from geomatch.network.profiles import limit_for
from geomatch.planning import standards as standards_room
from geomatch.reporting.language import Language
from geomatch.services import causes as causes_service
from geomatch.services import coverage as coverage_service
from geomatch.services import fairness as fairness_service
from geomatch.services import minutes as minutes_service
from geomatch.services import sensitivity as sensitivity_service
from geomatch.services import standards as standards_service
from geomatch.services import week as week_service

if TYPE_CHECKING:
    from geomatch.files.siting_file import SitingAnswer
    from geomatch.network.profiles import Limit
    from geomatch.planning.causes.found import GapCauses
    from geomatch.planning.coverage import CoverageTable, People
    from geomatch.planning.fairness import Fairness
    from geomatch.planning.sites import SiteKind
    from geomatch.services.fairness import CriticalSite
    from geomatch.services.minutes import MinutesTable
    from geomatch.services.region import Region
    from geomatch.services.sensitivity import Sensitivity
    from geomatch.services.standards import Standards
    from geomatch.services.week import OpenWeek


@dataclass(frozen=True)
class Asked:
    """The question of a report.

    Attributes:
        profile, minutes, metres: as for limits; 15 minutes where neither is given.
        kinds: kinds of site that count; all where empty.
        target: per cent of people to be covered.
        language: of the report.
        siting: the answer of a siting to show, made for the same question and build; or None.
    """

    profile: str = "standard"
    minutes: float | None = None
    metres: float | None = None
    kinds: tuple[SiteKind, ...] = ()
    target: float = standards_room.DEFAULT_TARGET_PERCENT
    language: Language = Language.ZH
    siting: SitingAnswer | None = None

    @property
    def limit(self) -> Limit:
        """How far counts as near; InputError where the question is at fault."""
        return limit_for(self.profile, minutes=self.minutes, metres=self.metres)


@dataclass(frozen=True)
class Findings:
    """Every answer, for one question."""

    region: Region
    asked: Asked
    limit: Limit
    people: People
    coverage: CoverageTable
    standards: Standards
    fairness: Fairness
    sensitivity: Sensitivity
    profiles: tuple[CoverageTable, ...]
    minutes: MinutesTable
    week: OpenWeek
    gaps: tuple[GapCauses, ...]
    critical: tuple[CriticalSite, ...]


def find(region: Region, asked: Asked) -> Findings:
    """Ask every use case.

    Raises:
        InputError: an impossible question, or a siting that was made for another one.
    """
    limit, kinds = asked.limit, asked.kinds
    standards_room.check_target(asked.target)
    table = coverage_service.coverage(region, limit, kinds)
    if asked.siting is not None:
        _check_siting(asked.siting, region, asked, table)
    return Findings(
        region=region,
        asked=asked,
        limit=limit,
        people=coverage_service.people_of(region, limit.profile, kinds),
        coverage=table,
        standards=standards_service.standards(region, limit, target_percent=asked.target, kinds=kinds),
        fairness=fairness_service.fairness(region, limit, kinds),
        sensitivity=sensitivity_service.sensitivity(region, limit, kinds),
        profiles=standards_service.profiles(region, minutes=asked.minutes, metres=asked.metres, kinds=kinds),
        minutes=minutes_service.minutes(region, limit.profile, kinds),
        week=week_service.week(region, limit, kinds=kinds),
        gaps=causes_service.causes(region, limit, kinds=kinds),
        critical=fairness_service.criticality(region, limit, kinds),
    )


def _check_siting(siting: SitingAnswer, region: Region, asked: Asked, table: CoverageTable) -> None:
    """Refuse a siting whose figures would not belong to those around it."""
    limit = asked.limit
    told: list[tuple[str, object, object]] = [
        ("region", siting.region, region.spec.id),
        ("profile", siting.profile, limit.profile),
        ("limit_m", siting.limit_m, limit.limit_m),
        ("kind", sorted(siting.kinds), sorted(kind.value for kind in asked.kinds)),
        ("population", siting.population, table.total.population),
    ]
    if siting.objective != "backup":  # which counts people with two sites as covered
        told.append(("covered_before", siting.covered_before, table.total.covered))
    faults = [
        Fault(siting.where, f"is of another question or build: {name} is {given}, this report's is {here}")
        for name, given, here in told
        if given != here
    ]
    if faults:
        raise InputError(faults)
