"""Use case: seeded teams and volunteers for a bundled region, so that the right wing can be tried. All are invented."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from geomatch.errors import NotFoundError
from geomatch.files import organisation_table, people_table, sheet_out
from geomatch.files.organisation_table import ORGANISATION_COLUMNS, SKILL_COLUMNS
from geomatch.files.people_table import TEAM_COLUMNS, VOLUNTEER_COLUMNS
from geomatch.planning.sites import SiteKind
from geomatch.volunteering import people
from geomatch.volunteering.categories import NAMES, Category
from geomatch.volunteering.people import Certificate, PlaceKind, UsualPlace, Volunteer
from geomatch.volunteering.taxonomy import COMMON_SKILLS
from geomatch.volunteering.teams import ORGANISATION_NAMES, Organisation, OrganisationKind, Team, TeamLevel

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from geomatch.services.region import Region

SEED = 20261125
TODAY = date(2026, 11, 25)
"""The day for which ages, certificates and insurance were drawn; not the clock's."""

SKILLS = {category: [skill.code for skill in COMMON_SKILLS if skill.category == category] for category in Category}
"""What the volunteers of each category may do."""
CERTIFIED = frozenset(skill.code for skill in COMMON_SKILLS if skill.needs_certificate)
"""Skills that only a certificate proves."""

_SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任沈"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀兰霞平刚桂英华玉建国文辉云洁梅琳素珍莉雪荣爱香月莺媛瑞凡佳嘉琼勤珊"
_EVENINGS = tuple(day * 24 + hour for day in range(5) for hour in range(18, 21))
_WEEKEND = tuple(day * 24 + hour for day in (5, 6) for hour in range(9, 18))
_WORKDAYS = tuple(day * 24 + hour for day in range(5) for hour in range(9, 18))
_SHIFTS = (_EVENINGS, _WEEKEND, _EVENINGS + _WEEKEND, _WORKDAYS, _WORKDAYS + _WEEKEND)
_SHIFT_SHARES = (0.15, 0.30, 0.25, 0.20, 0.10)


_HOSTS = {SiteKind.BASE: OrganisationKind.BASE, SiteKind.OUTPOST: OrganisationKind.PARTNER_SHOP}


@dataclass(frozen=True, slots=True)
class Size:
    """How many of what a region has, as it has published itself."""

    teams: int
    volunteers: int
    professionals: int
    organisations: dict[OrganisationKind, int]
    firm_teams: int = 0


_HAIDIAN = {OrganisationKind.TECH_FIRM: 40, OrganisationKind.UNIVERSITY: 16, OrganisationKind.SCHOOL: 166,
    OrganisationKind.MEMBER_UNIT: 155}  # fmt: skip
_FEW = {OrganisationKind.SCHOOL: 8, OrganisationKind.MEMBER_UNIT: 12}
SIZES = {
    "haidian": Size(1871, 100_000, 5_000, _HAIDIAN, firm_teams=200),
    "ledu": Size(619, 4_609, 783, _FEW),
    "chaozhou": Size(40, 600, 30, _FEW),
}
"""Haidian's and Ledu's teams and volunteers, Ledu's professionals, Haidian's universities, schools, member units and
teams of tech firms are published figures; the rest is invented."""


def write_people(region: Region, folder: Path) -> tuple[int, int]:
    """Write tables for a bundled region; the same bytes every time. Gives how many teams and volunteers there are.

    They are organisations.csv, skills.csv, teams.csv and volunteers.csv.

    Raises:
        NotFoundError: the region is none of the bundled ones.
        InputError: the folder cannot be written.
    """
    size = SIZES.get(region.spec.id)
    if size is None:
        told = f"there are no sample people for region {region.spec.id!r}; there are for: {', '.join(SIZES)}"
        raise NotFoundError(told)
    rng = np.random.default_rng([SEED, *region.spec.id.encode()])
    organisations = make_organisations(region, size)
    teams = hosted(make_teams(region, size.teams, rng), organisations, size)
    volunteers = make_volunteers(region, teams, size, rng)
    hosts = organisation_table.organisation_rows(organisations)
    sheet_out.write_csv(folder / "organisations.csv", ORGANISATION_COLUMNS, hosts)
    sheet_out.write_csv(folder / "skills.csv", SKILL_COLUMNS, organisation_table.skill_rows(COMMON_SKILLS))
    sheet_out.write_csv(folder / "teams.csv", TEAM_COLUMNS, people_table.team_rows(teams))
    sheet_out.write_csv(folder / "volunteers.csv", VOLUNTEER_COLUMNS, people_table.volunteer_rows(volunteers))
    return len(teams), len(volunteers)


def make_organisations(region: Region, size: Size) -> tuple[Organisation, ...]:
    """Make firms, schools and units in turn over the townships, and a host of every base and outpost."""
    names = region.unit_names
    made: list[Organisation] = []
    for kind, count in size.organisations.items():
        for n in range(1, count + 1):
            unit = names[(n - 1) % len(names)]
            title = f"{unit}示范{ORGANISATION_NAMES[kind][0]}{n}"
            made.append(Organisation(f"O{len(made) + 1:04d}", title, kind, unit))
    for site in region.sites:
        host = _HOSTS.get(site.kind)
        if host is not None:
            made.append(Organisation(f"O{len(made) + 1:04d}", site.name, host, site.unit, (site.id,)))
    return tuple(made)


def hosted(teams: Sequence[Team], organisations: Sequence[Organisation], size: Size) -> tuple[Team, ...]:
    """Give as many teams below the corps to the tech firms as they have, spread over all of them."""
    firms = [each for each in organisations if each.kind is OrganisationKind.TECH_FIRM]
    below = [n for n, team in enumerate(teams) if team.level is not TeamLevel.CORPS]
    hosts = {
        below[turn * len(below) // size.firm_teams]: firms[turn % len(firms)].id for turn in range(size.firm_teams)
    }
    return tuple(replace(team, organisation=hosts.get(n)) for n, team in enumerate(teams))


def make_teams(region: Region, count: int, rng: np.random.Generator) -> tuple[Team, ...]:
    """Make eight corps, one a category, teams of them in every unit, and groups below those."""
    names = region.unit_names
    corps = [
        Team(f"T{n:04d}", f"{region.spec.name}{NAMES[category][0]}总队", TeamLevel.CORPS, category.value)
        for n, category in enumerate(Category, start=1)
    ]
    made = list(corps)
    middle = min(count - len(corps), len(names) * len(corps))
    for n in range(middle):
        above, unit = corps[n % len(corps)], names[n // len(corps) % len(names)]
        title = f"{unit}{NAMES[Category(above.category)][0]}队"
        made.append(Team(f"T{len(made) + 1:04d}", title, TeamLevel.TEAM, above.category, above.id, None, unit))
    parents = [team for team in made if team.level is TeamLevel.TEAM]
    for n in range(count - len(made)):
        above = parents[int(rng.integers(len(parents)))]
        title = f"{above.name.removesuffix('队')}第{n + 1}小组"
        made.append(Team(f"T{len(made) + 1:04d}", title, TeamLevel.GROUP, above.category, above.id, None, above.unit))
    return tuple(made)


def make_volunteers(
    region: Region,
    teams: Sequence[Team],
    size: Size,
    rng: np.random.Generator,
    *,
    people_at: NDArray[np.float64] | None = None,
) -> tuple[Volunteer, ...]:
    """Make volunteers who live where people live, each in a team of the own unit where there is one.

    `people_at` says how many people live at each home; all of the region's where it is not given.
    """
    homes = region.homes
    living = homes.population if people_at is None else people_at
    share = living / living.sum()
    at = rng.choice(len(share), size.volunteers, p=share)
    by_unit: dict[str | None, list[Team]] = {}
    for team in teams:
        by_unit.setdefault(team.unit, []).append(team)
    names = region.unit_names
    units = [names[unit] if unit >= 0 else None for unit in homes.unit[at].tolist()]
    made = []
    for n, (row, unit) in enumerate(zip(at.tolist(), units, strict=True), start=1):
        choice = by_unit.get(unit) or by_unit[None]
        team = choice[int(rng.integers(len(choice)))]
        spot = people.coarse(float(homes.lon[row]), float(homes.lat[row]))
        made.append(_volunteer(n, team, unit, spot, rng, is_professional=n <= size.professionals))
    return tuple(made)


def _volunteer(
    n: int, team: Team, unit: str | None, spot: tuple[float, float], rng: np.random.Generator, *, is_professional: bool
) -> Volunteer:
    known = SKILLS[Category(team.category)]
    skills = {known[int(rng.integers(len(known)))]}
    if rng.random() < 0.4:  # noqa: PLR2004 - two in five can do something else as well
        other = SKILLS[tuple(Category)[int(rng.integers(len(Category)))]]
        skills.add(other[int(rng.integers(len(other)))])
    held = tuple(
        Certificate(skill, f"{n:06d}", TODAY + timedelta(days=int(rng.integers(-60, 900))))
        for skill in sorted(skills)
        if skill in CERTIFIED and (is_professional or rng.random() < 0.6)  # noqa: PLR2004 - some have lost theirs
    )
    age = int(np.clip(rng.normal(42, 17), 12, 78))
    return Volunteer(
        id="",
        number=f"V{n:06d}",
        name=_SURNAMES[int(rng.integers(len(_SURNAMES)))] + "".join(rng.choice(list(_GIVEN), int(rng.integers(1, 3)))),
        phone=f"100{n:08d}",  # no mobile number in China begins like this
        team=team.id,
        unit=unit,
        skills=tuple(sorted(skills)),
        certificates=held,
        hours=_SHIFTS[int(rng.choice(len(_SHIFTS), p=_SHIFT_SHARES))],
        on_duty=bool(rng.random() < 0.9),  # noqa: PLR2004 - one in ten is away
        places=(UsualPlace(PlaceKind.HOME, *spot),),
        born=TODAY - timedelta(days=int(age * 365.25) + int(rng.integers(0, 365))),
        insured_until=TODAY + timedelta(days=int(rng.integers(-20, 365))),
        trained=int(rng.poisson(1.2)),
        guardian_agreed=age < people.CHILD_UNTIL,
        is_professional=is_professional,
    )
