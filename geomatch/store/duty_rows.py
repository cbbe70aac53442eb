"""Duties in the database: nobody promises to be in two places at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, exists, func, insert, or_, select, update

from geomatch.errors import BusyError, ConflictError
from geomatch.store import faults, ids
from geomatch.store.among import among, one_of, texts
from geomatch.store.schema import UtcTime
from geomatch.store.tables.callups import callup_posts
from geomatch.store.tables.orders import duties
from geomatch.store.tables.people import volunteers
from geomatch.volunteering.duties import BINDING, Duty, DutyKind, DutyState

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row, Select

_BINDS = one_of(duties.c.state, BINDING)
_AT_A_TIME = 500
_NOT_RELEASED = select(duties.c.subject, duties.c.volunteer).where(
    duties.c.kind == bindparam("of"), among(duties.c.subject, texts("subjects")),
    duties.c.state != DutyState.RELEASED.value,
)  # fmt: skip
_CAME = _NOT_RELEASED.add_columns(duties.c.begun_at).order_by(duties.c.starts_at, duties.c.id).with_for_update()
_AROUND = select(duties).where(
    among(duties.c.volunteer, texts("people")), duties.c.starts_at < bindparam("before"),
    duties.c.ends_at > bindparam("after"), _BINDS,
)  # fmt: skip

_OUTSIDE = (
    select(duties)
    .where(
        duties.c.starts_at < bindparam("before"), duties.c.ends_at > bindparam("after"), _BINDS,
        or_(
            duties.c.kind != DutyKind.POST.value,
            ~exists().where(callup_posts.c.id == duties.c.subject, callup_posts.c.callup == bindparam("call")),
        ),
    )
    .order_by(duties.c.id)
)  # fmt: skip
_OUTSIDE_ALL = _OUTSIDE.where(duties.c.region == bindparam("of"))
_OUTSIDE_SOME = _OUTSIDE.where(among(duties.c.volunteer, texts("people")))
_MOMENT = bindparam("moment", type_=UtcTime)
_TIMES: dict[DutyState, dict[str, Any]] = {
    DutyState.PLANNED: {"begun_at": None},
    DutyState.STARTED: {"begun_at": func.coalesce(duties.c.begun_at, _MOMENT)},
    DutyState.DONE: {"done_at": _MOMENT},
}
_SET_ALL = {
    state: update(duties)
    .where(duties.c.kind == bindparam("of"), duties.c.subject == bindparam("thing"), _BINDS)
    .values(state=state.value, changed_at=_MOMENT, **_TIMES.get(state, {}))
    for state in DutyState
}
_SET_ONE = {state: row.where(duties.c.volunteer == bindparam("who")) for state, row in _SET_ALL.items()}


class DutyRows:
    """The duties of all regions, inside one unit of work; an order is locked before."""

    def __init__(self, connection: Connection) -> None:
        """Work on a connection whose transaction has begun."""
        self._connection = connection

    def add(self, duty: Duty, at: datetime) -> bool:
        """Write a duty, others kept from the volunteer's meanwhile; False where it is there already.

        Raises:
            ConflictError: the volunteer has another duty at that time.
            BusyError: the volunteer is being written over, or is not there any more.
        """
        with faults.told():
            person = select(volunteers.c.id).where(volunteers.c.id == duty.volunteer).with_for_update()
            if self._connection.execute(person).one_or_none() is None:
                raise BusyError("the volunteer is being written over; try again soon")
        for other in self.around([duty.volunteer], duty.starts_at, duty.ends_at):
            if (other.kind, other.subject) == (duty.kind, duty.subject):
                return False
            told = f"the volunteer has another duty from {other.starts_at:%F %R} to {other.ends_at:%F %R} (UTC)"
            raise ConflictError(told)
        with faults.told():
            self._connection.execute(insert(duties).values(**_values(duty), changed_at=at))
        return True

    def around(self, of: Collection[str], starts_at: datetime, ends_at: datetime) -> tuple[Duty, ...]:
        """List the duties of these volunteers that bind and overlap a window, the earliest first."""
        given = {"people": list(of), "before": ends_at, "after": starts_at}
        with faults.told():
            found = map(_duty, self._connection.execute(_AROUND, given))
            return tuple(sorted(found, key=lambda duty: (duty.starts_at, duty.volunteer, duty.subject)))

    def add_all(self, given: Sequence[Duty], at: datetime) -> None:
        """Write duties of volunteers who are locked, and of whom `around` knows nothing at those times."""
        for start in range(0, len(given), _AT_A_TIME):
            rows = [_values(duty) | {"changed_at": at} for duty in given[start : start + _AT_A_TIME]]
            with faults.told():
                self._connection.execute(insert(duties), rows)

    def outside(
        self, callup: str, region: str, starts_at: datetime, ends_at: datetime, of: Collection[str] | None = None
    ) -> tuple[Duty, ...]:
        """List the duties of a region that bind and overlap a window, but for those of a call-up's own posts.

        Those of some volunteers, or of everybody.
        """
        given: dict[str, object] = {"call": callup, "of": region, "before": ends_at, "after": starts_at}
        if of is not None:
            given["people"] = list(of)
        with faults.told():
            rows = self._connection.execute(_OUTSIDE_ALL if of is None else _OUTSIDE_SOME, given)
            return tuple(map(_duty, rows.all()))

    def posts_at(self, volunteer: str, site: str, since: datetime, before: datetime) -> tuple[str, ...]:
        """Name the posts of call-ups that somebody is bound by at a site and in a time, the earliest first."""
        mine = and_(
            duties.c.volunteer == volunteer, duties.c.kind == DutyKind.POST.value, duties.c.starts_at < before,
            duties.c.ends_at > since, callup_posts.c.site == site, _BINDS,
        )  # fmt: skip
        query = select(duties.c.subject).join(callup_posts, callup_posts.c.id == duties.c.subject).where(mine)
        with faults.told():
            return tuple(self._connection.execute(query.order_by(duties.c.starts_at)).scalars())

    def came(self, kind: DutyKind, subjects: Collection[str]) -> frozenset[tuple[str, str]]:
        """Name who began what they promised, as pairs of the thing and the volunteer; nobody begins it meanwhile."""
        if not subjects:
            return frozenset()
        return frozenset((row.subject, row.volunteer) for row in self._found(_CAME, kind, subjects) if row.begun_at)

    def bound_by(self, kind: DutyKind, subjects: Collection[str]) -> frozenset[tuple[str, str]]:
        """Name who has a duty that was not released, as pairs of the thing and the volunteer."""
        return frozenset((row.subject, row.volunteer) for row in self._found(_NOT_RELEASED, kind, subjects))

    def _found(self, query: Select[Any], kind: DutyKind, subjects: Collection[str]) -> Sequence[Row[Any]]:
        with faults.told():
            return self._connection.execute(query, {"of": kind.value, "subjects": list(subjects)}).all()

    def of_subject(self, kind: DutyKind, subject: str) -> tuple[Duty, ...]:
        """List all duties for one thing, those that were released included."""
        query = select(duties).where(duties.c.kind == kind.value, duties.c.subject == subject)
        with faults.told():
            return tuple(map(_duty, self._connection.execute(query.order_by(duties.c.volunteer, duties.c.id))))

    def set_state(self, kind: DutyKind, subject: str, volunteer: str, state: DutyState, at: datetime) -> bool:
        """Say where a duty that binds stands now; False where there is none."""
        given = {"of": kind.value, "thing": subject, "who": volunteer, "moment": at}
        with faults.told():
            return self._connection.execute(_SET_ONE[state], given).rowcount == 1

    def worked(self, kind: DutyKind, subject: str) -> tuple[tuple[str, datetime, datetime], ...]:
        """List who did their part of one thing, each with when it was begun first and done last."""
        mine = and_(duties.c.kind == kind.value, duties.c.subject == subject, duties.c.state == DutyState.DONE.value)
        query = select(duties.c.volunteer, duties.c.begun_at, duties.c.done_at).where(
            mine, duties.c.begun_at.is_not(None), duties.c.done_at.is_not(None)
        )
        with faults.told():
            rows = self._connection.execute(query.order_by(duties.c.volunteer))
            return tuple((row.volunteer, row.begun_at, row.done_at) for row in rows)

    def release(self, kind: DutyKind, subject: str, at: datetime) -> int:
        """Let everybody go who is bound by one thing; gives how many."""
        given = {"of": kind.value, "thing": subject, "moment": at}
        with faults.told():
            return self._connection.execute(_SET_ALL[DutyState.RELEASED], given).rowcount

    def reopen(self, kind: DutyKind, subject: str, of: Collection[str], at: datetime) -> None:
        """Say that these volunteers are at it again with what they had called done."""
        mine = and_(_of(kind, subject), duties.c.volunteer.in_(list(of)), duties.c.state == DutyState.DONE.value)
        with faults.told():
            self._connection.execute(
                update(duties).where(mine).values(state=DutyState.STARTED.value, changed_at=at)
            )  # fmt: skip


def _of(kind: DutyKind, subject: str) -> ColumnElement[bool]:
    return and_(duties.c.kind == kind.value, duties.c.subject == subject)


def _values(duty: Duty) -> dict[str, Any]:
    return {
        "id": ids.fresh(), "region": duty.region, "volunteer": duty.volunteer, "kind": duty.kind.value,
        "subject": duty.subject, "starts_at": duty.starts_at, "ends_at": duty.ends_at, "lon": duty.lon,
        "lat": duty.lat, "state": duty.state.value,
    }  # fmt: skip


def _duty(row: Row[Any]) -> Duty:
    return Duty(
        row.volunteer, row.region, DutyKind(row.kind), row.subject, row.starts_at, row.ends_at, row.lon, row.lat,
        DutyState(row.state),
    )  # fmt: skip
