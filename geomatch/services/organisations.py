"""Use case: organisations that host teams and sites, a district's own categories, and its skills."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from geomatch.errors import Fault, InputError, NotAllowedError
from geomatch.files import organisation_table, sheet_out
from geomatch.volunteering.roles import Role, scope_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime
    from pathlib import Path

    from geomatch.store.unit_of_work import UnitOfWork
    from geomatch.volunteering.categories import OwnCategory, Skill
    from geomatch.volunteering.roles import Principal
    from geomatch.volunteering.taxonomy import Taxonomy
    from geomatch.volunteering.teams import Organisation


def import_organisations(work: UnitOfWork, region: str, given: Sequence[Organisation]) -> int:
    """Take the organisations of a file for all of the region; gives how many.

    Raises:
        InputError: one that hosts teams would be gone; with every team.
    """
    kept = {each.id for each in given}
    with work:
        hosted = [team for team in work.people.teams(region) if team.organisation and team.organisation not in kept]
        if hosted:
            raise InputError(
                Fault("organisations", f"lack the one that hosts team {team.id}", column="id", value=team.organisation)
                for team in hosted
            )
        work.organisations.put_all(region, given)
        work.commit()
    return len(given)


def seen(work: UnitOfWork, who: Principal) -> tuple[Organisation, ...]:
    """List the organisations that an account may see: its township's, its site's, or the host of its team."""
    scope = scope_of(who)
    with work:
        found = work.organisations.all(who.region)
        if scope.account is None and scope.team is None:
            return tuple(each for each in found if _is_in(each, scope.unit, scope.site)) if not scope.nothing else ()
        team = scope.team
        if scope.volunteer is not None:
            team = next((each.team for each in work.people.some([scope.volunteer], who.region)), None)
        hosts = {each.organisation for each in work.people.teams(who.region) if each.id == team}
    return tuple(each for each in found if each.id in hosts)


def _is_in(each: Organisation, unit: str | None, site: str | None) -> bool:
    return (unit is None or each.unit == unit) and (site is None or site in each.sites)


def put(work: UnitOfWork, who: Principal, given: Organisation, *, sites: Collection[str]) -> Organisation:
    """Add an organisation, or write it over; an office only those of its own township.

    Raises:
        InputError: it hosts sites that are not there.
        NotAllowedError: it is, or would be, another township's.
    """
    absent = [site for site in given.sites if site not in sites]
    if absent:
        raise InputError.of("sites", f"names sites that are not there: {', '.join(absent[:5])}")
    with work:
        before = next((each for each in work.organisations.all(who.region) if each.id == given.id), given)
        if who.role is Role.OFFICE and {before.unit, given.unit} != {who.unit}:
            raise NotAllowedError("an office changes organisations of its own township only")
        work.organisations.put(who.region, given)
        work.commit()
    return given


def taxonomy(work: UnitOfWork, region: str) -> Taxonomy:
    """Give the categories and skills of a region."""
    with work:
        return work.organisations.taxonomy(region)


def put_categories(work: UnitOfWork, region: str, given: Sequence[OwnCategory]) -> int:
    """Take these for all of a district's own categories; gives how many.

    Raises:
        InputError: a team or a skill is in one that would be gone, or two share a code or a name.
    """
    _check_twice(given)
    kept = {each.code for each in given}
    with work:
        gone = {each.code for each in work.organisations.taxonomy(region).own} - kept
        teams = [f"team {team.id}" for team in work.people.teams(region) if team.category in gone]
        skills = [f"skill {each.code}" for each in work.organisations.taxonomy(region).skills if each.category in gone]
        if teams or skills:
            raise InputError.of("categories", f"would go while {(teams + skills)[0]} is in one of them")
        work.organisations.put_own_categories(region, given)
        work.commit()
    return len(given)


def put_skills(work: UnitOfWork, region: str, given: Sequence[Skill]) -> int:
    """Take these for all skills of a region; without any it has the common ones again. Gives how many.

    Raises:
        InputError: one is in a category that the region has not, or two share a code or a name.
    """
    _check_twice(given)
    with work:
        known = work.organisations.taxonomy(region)
        for each in given:
            try:
                known.category(each.category)
            except ValueError as error:
                raise InputError.of("category", str(error), value=each.category) from None
        work.organisations.put_skills(region, given)
        work.commit()
    return len(given)


def _check_twice(given: Sequence[OwnCategory] | Sequence[Skill]) -> None:
    for column, texts in (("code", [each.code for each in given]), ("name", [each.name for each in given])):
        twice = [text for text, count in Counter(texts).items() if count > 1]
        if twice:
            raise InputError.of(column, "is given twice", value=twice[0])


def export_organisations(work: UnitOfWork, region: str, path: Path, *, made: datetime) -> int:
    """Write all organisations of a region as a table that can be imported again; gives how many."""
    with work:
        found = work.organisations.all(region)
    rows = organisation_table.organisation_rows(found)
    sheet_out.write_table(path, "organisations", organisation_table.ORGANISATION_COLUMNS, rows, made=made)
    return len(found)


def export_categories(work: UnitOfWork, region: str, path: Path, *, made: datetime) -> int:
    """Write a district's own categories as a table that can be imported again; gives how many."""
    found = taxonomy(work, region).own
    rows = organisation_table.category_rows(found)
    sheet_out.write_table(path, "categories", organisation_table.CATEGORY_COLUMNS, rows, made=made)
    return len(found)


def export_skills(work: UnitOfWork, region: str, path: Path, *, made: datetime) -> int:
    """Write the skills of a region as a table that can be imported again; gives how many."""
    found = taxonomy(work, region).skills
    rows = organisation_table.skill_rows(found)
    sheet_out.write_table(path, "skills", organisation_table.SKILL_COLUMNS, rows, made=made)
    return len(found)
