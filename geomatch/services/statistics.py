"""Use case: four measures of a scope and a period, split and opened to their rows; and figures that were published."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from geomatch.errors import ConflictError, Fault, InputError, NotAllowedError
from geomatch.store import ids
from geomatch.volunteering import masking, statistics
from geomatch.volunteering.categories import check_category
from geomatch.volunteering.roles import Role, scope_of
from geomatch.volunteering.statistics import By, Draft, Event, Figures, Measure, Published
from geomatch.volunteering.teams import below

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geomatch.store.unit_of_work import UnitOfWork
    from geomatch.volunteering.roles import Principal, Scope

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 1, 1)
_NOBODY = "?"


@dataclass(frozen=True, slots=True)
class Period:
    """Days that count, both in it, of a time zone."""

    first: date
    last: date
    timezone: str

    def moments(self) -> tuple[datetime, datetime]:
        """Give its start, and its end, which is not in it."""
        zone = ZoneInfo(self.timezone)
        return (
            datetime.combine(self.first, time(), zone),
            datetime.combine(self.last + timedelta(days=1), time(), zone),
        )


@dataclass(frozen=True, slots=True)
class Part:
    """A line of a table: what it is of, its name, and its figures."""

    id: str
    name: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class Table:
    """Figures of an area and a period, whole and split.

    Attributes:
        scope: the area.
        period: the days.
        total: over all.
        by: what it is split by, or None.
        parts: its lines.
    """

    scope: Scope
    period: Period
    total: Figures
    by: By | None
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One of the rows that a figure is made of: the figure is the sum of what they add."""

    id: str
    title: str
    adds: int
    note: str


def table(
    work: UnitOfWork, who: Principal, first: date, last: date, *, by: By | None, timezone: str, at: datetime
) -> Table:
    """Count what took place in an account's area; InputError where the days make no period."""
    period = _period(first, last, timezone)
    with work:
        events, parents, names = _events(work, who, period, at)
    if by is None:
        parts: dict[str, Figures] = {}
    else:
        parts = statistics.rolled_up(events, parents) if by is By.TREE else statistics.split(events, by)
    named = tuple(
        Part(part, names.get(part, part) if by in {By.TEAM, By.TREE} else part, own) for part, own in parts.items()
    )
    return Table(scope_of(who), period, statistics.counted(events), by, named)


def rows(
    work: UnitOfWork,
    who: Principal,
    measure: Measure,
    first: date,
    last: date,
    *,
    by: By | None,
    part: str,
    timezone: str,
    at: datetime,
) -> tuple[Row, ...]:
    """Open one figure to the rows that it is made of; people are masked.

    Args:
        work: of the database.
        who: whose area.
        measure: which figure.
        first: day of the period.
        last: day of the period.
        by: what the table was split by, or None for the total.
        part: which of its lines; "" is what belongs to none.
        timezone: of the days.
        at: now.
    """
    period = _period(first, last, timezone)
    with work:
        events, parents, _ = _events(work, who, period, at)
        if by is By.TREE:
            teams = below(part, parents)
            events = tuple(each for each in events if each.team in teams)
        elif by is not None:
            events = tuple(each for each in events if each.part(by) == part)
        everyone = {person for each in events for person in each.people}
        names = work.readers.people(who.region, everyone) if measure in {Measure.PARTICIPATIONS, Measure.PEOPLE} else {}
    return _rows(measure, events, {person: masking.name(name) for person, name in names.items()})


def _rows(measure: Measure, events: Sequence[Event], names: dict[str, str]) -> tuple[Row, ...]:
    if measure is Measure.EVENTS:
        return tuple(Row(each.activity, each.title, 1, "") for each in events)
    if measure is Measure.AUDIENCE:
        return tuple(
            Row(each.activity, each.title, each.audience or 0, "" if each.audience is not None else "未登记 not noted")
            for each in events
        )
    if measure is Measure.PARTICIPATIONS:
        return tuple(
            Row(each.activity, each.title, 1, names.get(person, _NOBODY)) for each in events for person in each.people
        )
    came = Counter(person for each in events for person in each.people)
    return tuple(
        Row(person, names.get(person, _NOBODY), 1, f"{count} 次签到 check-ins") for person, count in came.items()
    )


def _events(
    work: UnitOfWork, who: Principal, period: Period, at: datetime
) -> tuple[tuple[Event, ...], dict[str, str | None], dict[str, str]]:
    """List the events of an account's area; a leader's is the team with all below it."""
    teams = work.people.teams(who.region)
    parents = {team.id: team.parent for team in teams}
    scope = scope_of(who)
    own = below(scope.team, parents) if scope.team is not None else None
    events = work.statistics.events(scope, own, *period.moments(), at)
    return events, parents, {team.id: team.name for team in teams}


def _period(first: date, last: date, timezone: str) -> Period:
    if not FIRST_DAY <= first <= last < LAST_DAY:
        raise InputError.of(
            "first, last", f"must be days of {FIRST_DAY.year} to {LAST_DAY.year - 1}, the first not after the last"
        )
    return Period(first, last, timezone)


def publish(
    work: UnitOfWork, who: Principal, drafts: Sequence[Draft], *, where: str, at: datetime
) -> tuple[int, tuple[Published, ...]]:
    """Write published figures down, all of them or none; gives how many are new, and all as they stand.

    Figures of two days, or of two sources, both stay. The same figure again is one.

    Raises:
        InputError: one does not say which measure it is, or is no figure; with every row.
        ConflictError: another value stands for the same measure, scope, period, day and source.
        NotAllowedError: an office writes of another township than its own.
    """
    faults: list[Fault] = []
    made = [figure for draft in drafts if (figure := _published(draft, who, where, faults)) is not None]
    if faults:
        raise InputError(faults)
    with work:
        stand = [work.statistics.publish(figure, at) for figure in made]
        for figure, there in zip(made, stand, strict=True):
            if (figure.value, figure.bound) != (there.value, there.bound):
                what = f"{figure.measure.value} of {figure.published_on} by {figure.source}"
                told = f"{figure.as_written}: {there.as_written} stands there already for {what}"
                raise ConflictError(f"{told}; another day or source is another figure")
        work.commit()
    return sum(figure.id == there.id for figure, there in zip(made, stand, strict=True)), tuple(stand)


def published(work: UnitOfWork, who: Principal, *, limit: int, offset: int) -> tuple[int, tuple[Published, ...]]:
    """Count and list the published figures of an account's area, the latest first."""
    with work:
        return work.statistics.published(scope_of(who), limit=limit, offset=offset)


def _published(draft: Draft, who: Principal, where: str, faults: list[Fault]) -> Published | None:
    unit = who.unit if who.role is Role.OFFICE and draft.unit is None else draft.unit
    if who.role is Role.OFFICE and unit != who.unit:
        raise NotAllowedError(f"this office writes of its own township ({who.unit})")
    try:
        figure = statistics.said(draft.figure)
        measure = statistics.measured(figure, draft.measure)
        category = None if draft.category is None else check_category(draft.category, "category")
        days = [day for day in (draft.first, draft.last, draft.published_on) if day is not None]
        if not all(FIRST_DAY <= day < LAST_DAY for day in days) or days[:-1] != sorted(days[:-1]):
            raise InputError.of("first, last", "must be days of this century, the first not after the last")
    except InputError as error:
        faults += [
            fault if draft.row is None else replace(fault, where=where, row=draft.row, column=fault.where)
            for fault in error.faults
        ]
        return None
    return Published(
        ids.fresh(), who.region, measure, figure.value, figure.bound, draft.figure, unit, draft.team, category,
        draft.first, draft.last, draft.published_on, draft.source, who.account,
    )  # fmt: skip
