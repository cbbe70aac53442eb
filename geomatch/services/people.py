"""Use case: teams and volunteers come in from an office's files, and go out again; duplicates are found, not made."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from geomatch.errors import Fault, InputError
from geomatch.files import people_table, sheet_out
from geomatch.store import ids
from geomatch.volunteering.roles import Scope

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from geomatch.files.people_table import Listed
    from geomatch.store.unit_of_work import UnitOfWork
    from geomatch.volunteering.people import Volunteer
    from geomatch.volunteering.roles import Principal
    from geomatch.volunteering.taxonomy import Taxonomy
    from geomatch.volunteering.teams import Team


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a file: how many volunteers are new, and how many were known and are written over."""

    added: int
    changed: int


def import_teams(work: UnitOfWork, region: str, given: tuple[Team, ...]) -> int:
    """Take the teams of a file for all teams of the region; gives how many.

    Raises:
        InputError: an organisation that is named as a host is not there; with every team.
    """
    with work:
        hosts = {each.id for each in work.organisations.all(region)}
        homeless = [each for each in given if each.organisation is not None and each.organisation not in hosts]
        if homeless:
            told = "no organisation has this id; import the organisations first"
            raise InputError(
                Fault(f"team {each.id}", told, column="organisation", value=each.organisation) for each in homeless
            )
        work.people.put_teams(region, given)
        work.commit()
    return len(given)


def import_volunteers(work: UnitOfWork, region: str, listed: Listed, *, at: datetime) -> Imported:
    """Take volunteers of a file in; all of them or none.

    One with a number is the volunteer of that number; one without is whoever has the same name and phone.

    Raises:
        InputError: somebody stands in the file twice, or a team that is named is not there; with every row.
    """
    with work:
        faults = _doubled(listed) + _without_team(listed, {team.id for team in work.people.teams(region)})
        faults += _unknown_skills(listed, work.organisations.taxonomy(region))
        by_number, by_person = work.people.known(region)
        held = {identity: number for number, identity in by_number.items()}
        fresh, again, taken = [], [], set()
        for each, row in zip(listed.volunteers, listed.rows, strict=True):
            identity = by_number.get(each.number or "") or by_person.get((each.name, each.phone))
            if identity is None:
                fresh.append(replace(each, id=ids.fresh()))
                continue
            if identity in taken or (each.number and held.get(identity) not in {None, each.number}):
                told = "has the name and phone of a volunteer who has another number"
                faults.append(Fault(listed.where, told, row=row, column="number", value=each.number))
            taken.add(identity)
            again.append(replace(each, id=identity, number=each.number or held.get(identity)))
        if faults:
            raise InputError(sorted(faults, key=lambda fault: fault.row or 0))
        work.people.add(region, fresh, at)
        work.people.put(region, again, at)
        work.commit()
    return Imported(len(fresh), len(again))


def _doubled(listed: Listed) -> list[Fault]:
    """List rows of somebody who stands in an earlier row, by name and phone."""
    first: dict[tuple[str, str], int] = {}
    faults = []
    for each, row in zip(listed.volunteers, listed.rows, strict=True):
        person = (each.name, each.phone)
        if person in first:
            told = f"has the name and phone of row {first[person]}"
            faults.append(Fault(listed.where, told, row=row, column="name, phone"))
        first.setdefault(person, row)
    return faults


def _without_team(listed: Listed, teams: set[str]) -> list[Fault]:
    return [
        Fault(listed.where, "no team has this id; import the teams first", row=row, column="team", value=each.team)
        for each, row in zip(listed.volunteers, listed.rows, strict=True)
        if each.team is not None and each.team not in teams
    ]


def _unknown_skills(listed: Listed, taxonomy: Taxonomy) -> list[Fault]:
    told = "is no skill of this region; see geomatch people export --what skills"
    return [
        Fault(listed.where, told, row=row, column="skills", value=skill)
        for each, row in zip(listed.volunteers, listed.rows, strict=True)
        for skill in taxonomy.unknown(each.skills)
    ]


def export_volunteers(work: UnitOfWork, region: str, path: Path, *, made: datetime) -> int:
    """Write all volunteers of a region as a table that can be imported again, in full; gives how many."""
    with work:
        everyone = tuple(work.people.all(region))
    rows = people_table.volunteer_rows(everyone)
    sheet_out.write_table(path, "volunteers", people_table.VOLUNTEER_COLUMNS, rows, made=made)
    return len(everyone)


def export_teams(work: UnitOfWork, region: str, path: Path, *, made: datetime) -> int:
    """Write all teams of a region as a table that can be imported again; gives how many."""
    found = teams(work, region)
    sheet_out.write_table(path, "teams", people_table.TEAM_COLUMNS, people_table.team_rows(found), made=made)
    return len(found)


def counts(work: UnitOfWork, region: str) -> dict[str, int]:
    """Count teams by level, and volunteers, those on duty and the professionals among them."""
    with work:
        levels = Counter(team.level.value for team in work.people.teams(region))
        everyone: Counter[str] = Counter()
        for each in work.people.all(region):
            everyone.update(_counted(each))
    return {**levels, **everyone}


def _counted(each: Volunteer) -> list[str]:
    marks = (("volunteers", True), ("on_duty", each.on_duty), ("professionals", each.is_professional))
    return [name for name, holds in marks if holds]


def teams(work: UnitOfWork, region: str) -> tuple[Team, ...]:
    """List the teams of a region by id."""
    with work:
        return work.people.teams(region)


def page(work: UnitOfWork, scope: Scope, *, limit: int, offset: int) -> tuple[int, tuple[Volunteer, ...]]:
    """Count the volunteers that may be seen, and list some by id."""
    with work:
        return work.people.page(scope, limit=limit, offset=offset)


def set_duty(work: UnitOfWork, who: Principal, *, on_duty: bool, at: datetime) -> Volunteer:
    """Turn somebody's own switch.

    Raises:
        NotFoundError: the account's volunteer is not, or no longer, there.
    """
    own = Scope(who.region, account=who.account, volunteer=who.volunteer)
    with work:
        each = work.people.get(who.volunteer or "", own)
        work.people.set_duty(each.id, at, on_duty=on_duty)
        work.commit()
    return replace(each, on_duty=on_duty)
