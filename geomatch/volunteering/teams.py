"""Teams as a tree (总队, 队, 小组), and the organisations that host them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from geomatch.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class TeamLevel(StrEnum):
    """How high a team stands; the value is what files and URLs say."""

    CORPS = "corps"
    TEAM = "team"
    GROUP = "group"


LEVEL_NAMES: dict[TeamLevel, tuple[str, str]] = {
    TeamLevel.CORPS: ("总队", "Corps"),
    TeamLevel.TEAM: ("队", "Team"),
    TeamLevel.GROUP: ("小组", "Group"),
}
"""Chinese and English name of each level."""

PARENTS: dict[TeamLevel, tuple[TeamLevel, ...]] = {
    TeamLevel.CORPS: (),
    TeamLevel.TEAM: (TeamLevel.CORPS,),
    TeamLevel.GROUP: (TeamLevel.TEAM,),
}
"""What may stand above each level; nothing stands above a corps."""


class OrganisationKind(StrEnum):
    """What hosts teams and sites; the value is what files and URLs say."""

    TECH_FIRM = "tech_firm"
    UNIVERSITY = "university"
    SCHOOL = "school"
    MEMBER_UNIT = "member_unit"
    BASE = "base"
    PARTNER_SHOP = "partner_shop"
    OTHER = "other"


ORGANISATION_NAMES: dict[OrganisationKind, tuple[str, str]] = {
    OrganisationKind.TECH_FIRM: ("科技企业", "Tech firm"),
    OrganisationKind.UNIVERSITY: ("高校", "University"),
    OrganisationKind.SCHOOL: ("学校", "School"),
    OrganisationKind.MEMBER_UNIT: ("成员单位", "Member unit"),
    OrganisationKind.BASE: ("基地", "Base"),
    OrganisationKind.PARTNER_SHOP: ("合作门店", "Partner shop"),
    OrganisationKind.OTHER: ("其他", "Other"),
}
"""Chinese and English name of each kind."""


@dataclass(frozen=True, slots=True)
class Organisation:
    """A firm, school, unit or shop that hosts teams and sites.

    Attributes:
        id: unique in its region.
        name: as people call it.
        kind: what it is.
        unit: the township it stands in, or None.
        sites: ids of the sites that it hosts.
    """

    id: str
    name: str
    kind: OrganisationKind
    unit: str | None = None
    sites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Team:
    """A team of volunteers.

    Attributes:
        id: unique in its region.
        name: as people call it.
        level: corps, team or group.
        category: statutory category, or a district's own.
        parent: id of the team above it, or None.
        organisation: id of its host, or None.
        unit: the township it works in, or None.
    """

    id: str
    name: str
    level: TeamLevel
    category: str
    parent: str | None = None
    organisation: str | None = None
    unit: str | None = None


def tree_faults(teams: Sequence[Team], where: str) -> tuple[Fault, ...]:
    """List what breaks the tree: ids given twice, parents that are absent or of the wrong level.

    Levels fall by one from parent to child, so that a tree without these faults has no rings.
    """
    by_id: dict[str, Team] = {}
    faults = []
    for row, team in enumerate(teams, start=1):
        if team.id in by_id:
            faults.append(Fault(where, "another team has this id", row=row, column="id", value=team.id))
        by_id.setdefault(team.id, team)
    faults += [fault for row, team in enumerate(teams, start=1) for fault in _parent_faults(team, row, by_id, where)]
    return tuple(faults)


def _parent_faults(team: Team, row: int, by_id: Mapping[str, Team], where: str) -> list[Fault]:
    if team.parent is None:
        return []
    parent = by_id.get(team.parent)
    if parent is None:
        return [Fault(where, "no team has this id", row=row, column="parent", value=team.parent)]
    if parent.level not in PARENTS[team.level]:
        allowed = " or ".join(level.value for level in PARENTS[team.level]) or "nothing"
        told = f"{allowed} may stand above a {team.level.value}, not the {parent.level.value} {parent.name}"
        return [Fault(where, told, row=row, column="parent", value=team.parent)]
    return []


def below(team: str, parents: Mapping[str, str | None]) -> frozenset[str]:
    """Give a team and all that stand below it.

    Args:
        team: its id.
        parents: id -> id of the team above, None at the top; a tree.
    """
    children: dict[str, list[str]] = {}
    for child, parent in parents.items():
        if parent is not None:
            children.setdefault(parent, []).append(child)
    found, waiting = {team}, [team]
    while waiting:
        fresh = [child for child in children.get(waiting.pop(), ()) if child not in found]
        found.update(fresh)
        waiting += fresh
    return frozenset(found)
