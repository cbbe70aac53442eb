"""Use case: teams and volunteers come in from an office's files, and go out again; duplicates are found, not made."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from geomatch.errors import Fault, InputError
from geomatch.files import people_table, sheet_out
from geomatch.store import ids
from geomatch.store.identity_rows import VOLUNTEER
from geomatch.volunteering import duplicates as doubles
from geomatch.volunteering import identity as same
from geomatch.volunteering import masking
from geomatch.volunteering.roles import Scope

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from geomatch.files.people_table import Listed
    from geomatch.services.identity import Keys
    from geomatch.store.unit_of_work import UnitOfWork
    from geomatch.volunteering.duplicates import Group
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


def import_volunteers(
    work: UnitOfWork, region: str, listed: Listed, *, at: datetime, keys: Keys | None = None
) -> Imported:
    """Take volunteers of a file in; all of them or none.

    One with a number is the volunteer of that number; else one with an identity number is whoever came with it before;
    else it is whoever has the same name and phone. Of the identity number only its key stays.

    Args:
        work: a unit of work that may write.
        region: whose volunteers they are.
        listed: what the file holds.
        at: now.
        keys: gives keys of identity numbers; needed where the file has some.

    Raises:
        InputError: somebody stands in the file twice, is known as somebody else, or names what is not there; with
            every row.
    """
    documents = [
        None if number is None or keys is None else keys.of_document(region, number) for number in listed.documents
    ]
    with work:
        faults = _doubled(listed) + _without_team(listed, {team.id for team in work.people.teams(region)})
        faults += _unknown_skills(listed, work.organisations.taxonomy(region))
        known = _Known(work, region)
        fresh: list[Volunteer] = []
        again: list[Volunteer] = []
        held: dict[str, str] = {}
        for each, row, key in zip(listed.volunteers, listed.rows, documents, strict=True):
            identity, told = known.find(each, key)
            if told:
                faults.append(Fault(listed.where, told, row=row, column="number", value=each.number))
            number = each.number or known.numbers.get(identity or "")
            mine = replace(each, id=identity or ids.fresh(), number=number)
            (fresh if identity is None else again).append(mine)
            if key is not None:
                held[mine.id] = key
        if faults:
            raise InputError(sorted(faults, key=lambda fault: fault.row or 0))
        work.people.add(region, fresh, at)
        work.people.put(region, again, at)
        work.identities.put(region, VOLUNTEER, held)
        work.commit()
    return Imported(len(fresh), len(again))


class _Known:
    """Who is there already, and who was found by the rows of a file so far."""

    def __init__(self, work: UnitOfWork, region: str) -> None:
        self._by_number, self._by_person = work.people.known(region)
        self._by_key = work.identities.known(region, VOLUNTEER)
        self._keys = {identity: key for key, identity in self._by_key.items()}
        self.numbers = {identity: number for number, identity in self._by_number.items()}
        self._taken: set[str] = set()

    def find(self, each: Volunteer, key: str | None) -> tuple[str | None, str]:
        """Find whose row it is, if anybody's, and say what speaks against it."""
        found = (
            self._by_number.get(each.number or ""),
            self._by_key.get(key or ""),
            self._by_person.get(same.person(each.name, each.phone)),
        )
        identity = next((one for one in found if one is not None), None)
        if identity is None:
            return None, ""
        by_number, by_key, _ = found
        told = ""
        if by_number is not None and by_key not in {None, by_number}:
            told = "is the number of one volunteer, while the identity number is another's"
        elif identity in self._taken or (each.number and self.numbers.get(identity) not in {None, each.number}):
            mark = "identity number" if by_key == identity else "name and phone"
            told = f"has the {mark} of a volunteer who has another number"
        elif key is not None and self._keys.get(identity) not in {None, key}:
            told = "has another identity number than this volunteer came with before"
        self._taken.add(identity)
        return identity, told


def _doubled(listed: Listed) -> list[Fault]:
    """List rows of somebody who stands in an earlier row: by name and phone, or by identity number."""
    marks = (
        ("name, phone", "name and phone", [same.person(each.name, each.phone) for each in listed.volunteers]),
        ("document", "identity number", list(listed.documents)),
    )
    faults = []
    for column, words, texts in marks:
        first: dict[str, int] = {}
        for text, row in zip(texts, listed.rows, strict=True):
            if text is not None and text in first:
                faults.append(Fault(listed.where, f"has the {words} of row {first[text]}", row=row, column=column))
            elif text is not None:
                first[text] = row
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


def page(
    work: UnitOfWork, scope: Scope, *, limit: int, offset: int, professional: bool | None = None
) -> tuple[int, tuple[Volunteer, ...]]:
    """Count the volunteers that may be seen, and list some by id; only professionals, or only others, where asked."""
    with work:
        return work.people.page(scope, limit=limit, offset=offset, professional=professional)


def duplicates(work: UnitOfWork, scope: Scope) -> tuple[Group, ...]:
    """Find who among the volunteers that may be seen may be one person."""
    with work:
        entries = work.people.entries(scope)
    return doubles.find(entries)


def export_duplicates(work: UnitOfWork, region: str, path: Path, *, made: datetime) -> int:
    """Write who may be one person as a table, masked; gives how many groups there are."""
    groups = duplicates(work, Scope(region))
    rows = [
        (n, doubles.REASONS[group.reason], each.id, each.number, masking.name(each.name), masking.phone(each.phone),
         each.team, each.unit)
        for n, group in enumerate(groups, start=1)
        for each in group.entries
    ]  # fmt: skip
    sheet_out.write_table(path, "duplicates", _DUPLICATE_COLUMNS, rows, made=made)
    return len(groups)


_DUPLICATE_COLUMNS = ("group", "reason", "id", "number", "name", "phone", "team", "unit")


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
