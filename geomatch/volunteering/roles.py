"""Who may see which rows: roles, the area of each, and the scope that every listing is cut to. The default is no."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What an account is; the value is what files and URLs say."""

    RESIDENT = "resident"
    VOLUNTEER = "volunteer"
    LEADER = "leader"
    STATION = "station"
    OFFICE = "office"
    CENTRE = "centre"
    AUDITOR = "auditor"
    PROGRAM = "program"


STAFF = frozenset({Role.STATION, Role.OFFICE, Role.CENTRE})
"""They dispatch, each in its own area."""

ROLE_NAMES: dict[Role, tuple[str, str]] = {
    Role.RESIDENT: ("居民", "Resident"),
    Role.VOLUNTEER: ("志愿者", "Volunteer"),
    Role.LEADER: ("队长", "Team leader"),
    Role.STATION: ("实践站", "Station"),
    Role.OFFICE: ("实践所", "Office"),
    Role.CENTRE: ("实践中心", "Centre"),
    Role.AUDITOR: ("审计", "Auditor"),
    Role.PROGRAM: ("程序", "Program"),
}
"""Chinese and English name of each role."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks, as the door has made sure of it.

    Attributes:
        account: the account's id.
        role: what it is.
        region: the region it belongs to.
        unit: its township (station and office), else None.
        site: its site (station), else None.
        team: its team (leader), else None.
        volunteer: the volunteer that it is, where it is one (leaders are, too), else None.
        scopes: what a program's token was made for; empty for people.
    """

    account: str
    role: Role
    region: str
    unit: str | None = None
    site: str | None = None
    team: str | None = None
    volunteer: str | None = None
    scopes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Scope:
    """The rows that somebody may see: all bounds that are given must hold; `nothing` beats all.

    Attributes:
        region: rows of this region only.
        unit, site, team: rows of this area only, where given.
        account: rows that this account made or is meant by, where given.
        volunteer: or rows that are offered to, or held by, this volunteer, where given.
        nothing: True where no row may be seen.
    """

    region: str
    unit: str | None = None
    site: str | None = None
    team: str | None = None
    account: str | None = None
    volunteer: str | None = None
    nothing: bool = False

    def holds(
        self,
        *,
        region: str,
        unit: str | None = None,
        site: str | None = None,
        team: str | None = None,
        accounts: frozenset[str] = frozenset(),
        volunteers: frozenset[str] = frozenset(),
    ) -> bool:
        """Tell whether a row of this area, made by or meant for these people, may be seen."""
        if self.nothing or region != self.region:
            return False
        area = ((self.unit, unit), (self.site, site), (self.team, team))
        if any(bound is not None and bound != given for bound, given in area):
            return False
        if self.account is None and self.volunteer is None:
            return True
        return self.account in accounts or self.volunteer in volunteers


def scope_of(who: Principal) -> Scope:
    """Cut the region to what an account may see; one whose area was never set sees nothing."""
    if who.role in {Role.CENTRE, Role.AUDITOR}:
        return Scope(who.region)
    if who.role is Role.PROGRAM:
        return Scope(who.region, unit=who.unit, site=who.site, team=who.team)
    if who.role in {Role.VOLUNTEER, Role.RESIDENT}:
        return Scope(who.region, account=who.account, volunteer=who.volunteer)
    scope = {
        Role.OFFICE: Scope(who.region, unit=who.unit),
        Role.STATION: Scope(who.region, site=who.site),
        Role.LEADER: Scope(who.region, team=who.team),
    }[who.role]
    return Scope(who.region, nothing=True) if scope == Scope(who.region) else scope
