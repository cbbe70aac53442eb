"""The outbox in the database: written with its cause, let out by the worker, ended at once by who opts out."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, case, false, func, insert, or_, select, update

from geomatch.errors import NotFoundError
from geomatch.store import faults, ids
from geomatch.store.among import among, one_of, plain, texts
from geomatch.store.many import Many
from geomatch.store.tables.accounts import accounts
from geomatch.store.tables.notices import deliveries, notice_rules, outbox
from geomatch.store.tables.people import volunteers
from geomatch.volunteering.notices import ASKS, Notice, NoticeRules, NoticeState, Posted, Purpose, Waiting

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row

    from geomatch.volunteering.notices import Verdict
    from geomatch.volunteering.roles import Scope

_UNSENT = (NoticeState.WAITING.value, NoticeState.SENDING.value)
_NEW = Many(
    outbox,
    (
        "id", "region", "key", "purpose", "cause_kind", "cause_id", "why_zh", "why_en", "body", "made_at", "volunteer",
        "account", "not_before", "expires_at", "urgent",
    ),
    alike=("state", "told"),
    unless=("region", "key"),
)  # fmt: skip
# made once: the worker asks these every few seconds, and to make one costs more than to answer it
_OF_REGION = outbox.c.region == bindparam("region")
_STILL = one_of(plain(outbox.c.state), _UNSENT)
_OF_CAUSES = select(outbox.c.id).where(
    _OF_REGION, outbox.c.cause_kind == bindparam("kind"), among(outbox.c.cause_id, texts("causes")), _STILL
)
_OVER = (
    update(outbox)
    .where(among(outbox.c.id, texts("ids")), _STILL)
    .values(state=bindparam("then"), told=bindparam("why"))
)
_WAYS_OVER = (
    update(deliveries)
    .where(among(deliveries.c.notice, texts("ids")), plain(deliveries.c.state) == "waiting")
    .values(state="withdrawn", told=bindparam("why"))
)
_DUE = (
    select(*(outbox.c[name] for name in Waiting._fields))
    .where(outbox.c.state == NoticeState.WAITING.value, outbox.c.not_before <= bindparam("now"), _OF_REGION)
    .order_by(case((outbox.c.urgent, 0), else_=1), outbox.c.not_before, outbox.c.id)
    .limit(bindparam("most"))
)
_DUE_LOCKED = _DUE.with_for_update(skip_locked=True)
_SETTLED = update(outbox).where(among(outbox.c.id, texts("ids")), plain(outbox.c.state) == NoticeState.WAITING.value)
_POSTPONED = _SETTLED.values(not_before=bindparam("until"), told=bindparam("why"))
_ENDED = _SETTLED.values(state=bindparam("then"), told=bindparam("why"))
_LET_OUT = _SETTLED.values(state=bindparam("then"), released_at=bindparam("now"), told="")
_REACHED = (
    select(outbox.c.volunteer, func.count())
    .where(
        _OF_REGION, outbox.c.released_at >= bindparam("since"), outbox.c.released_at < bindparam("before"),
        one_of(outbox.c.purpose, sorted(ASKS)),
    )
    .group_by(outbox.c.volunteer)
)  # fmt: skip
_REACHED_ALL = _REACHED.where(outbox.c.volunteer.is_not(None))
_REACHED_SOME = _REACHED.where(among(outbox.c.volunteer, texts("people")))
_PRESSED = (
    select(outbox.c.volunteer)
    .where(
        _OF_REGION, one_of(outbox.c.purpose, ASKS),
        or_(
            and_(outbox.c.released_at >= bindparam("since"), outbox.c.released_at < bindparam("before")),
            plain(outbox.c.state) == NoticeState.WAITING.value,
        ),
    )
    .group_by(outbox.c.volunteer)
    .having(func.count() >= bindparam("least"))
)  # fmt: skip
_PRESSED_ALL = _PRESSED.where(outbox.c.volunteer.is_not(None))
_PRESSED_SOME = _PRESSED.where(among(outbox.c.volunteer, texts("people")))
_RULES = select(notice_rules).where(notice_rules.c.region == bindparam("region"))


class OutboxRows:
    """The notices of all regions, inside one unit of work."""

    def __init__(self, connection: Connection) -> None:
        """Work on a connection whose transaction has begun."""
        self._connection = connection

    def put(self, *given: Notice) -> int:
        """Put notices in; those whose key is there already stay as they are. Gives how many are new."""
        with faults.told():
            rows = [*map(_values, given)]
            return _NEW.write(self._connection, rows, state=NoticeState.WAITING.value, told="")

    def withdraw(self, region: str, cause_kind: str, *cause_ids: str, told: str) -> int:
        """End whatever causes have put in and is not sent yet; gives how many. `told` says why, for the record."""
        if not cause_ids:
            return 0
        given = {"region": region, "kind": cause_kind, "causes": list(cause_ids)}
        with faults.told():
            found = self._connection.execute(_OF_CAUSES, given).scalars().all()
        return self._end(found, NoticeState.WITHDRAWN, told)

    def end_for(self, region: str, reader: str, purposes: Collection[Purpose]) -> int:
        """End what is not sent yet of somebody who opts out of these purposes; gives how many."""
        mine = select(outbox.c.id).where(
            outbox.c.region == region,
            or_(outbox.c.volunteer == reader, outbox.c.account == reader),
            outbox.c.purpose.in_([purpose.value for purpose in purposes]),
            _STILL,
        )
        with faults.told():
            found = self._connection.execute(mine).scalars().all()
        return self._end(found, NoticeState.OPTED_OUT, "the reader opted out")

    def _end(self, found: Sequence[str], state: NoticeState, told: str) -> int:
        if not found:
            return 0
        with faults.told():
            self._connection.execute(_WAYS_OVER, {"ids": list(found), "why": told})
            given = {"ids": list(found), "then": state.value, "why": told}
            return self._connection.execute(_OVER, given).rowcount

    def get(self, notice_id: str, region: str, readers: Collection[str] | None) -> Posted:
        """Find one; NotFoundError where there is none to these readers. None: to anybody."""
        query = select(outbox).where(outbox.c.id == notice_id, outbox.c.region == region)
        with faults.told():
            row = self._connection.execute(query if readers is None else query.where(_to(readers))).one_or_none()
        if row is None:
            raise NotFoundError(f"there is no notice {notice_id!r} that this account may see")
        return posted(row)

    def page(
        self,
        region: str,
        readers: Collection[str] | None,
        states: Collection[NoticeState],
        *,
        limit: int,
        offset: int,
    ) -> tuple[int, tuple[Posted, ...]]:
        """Count and list the notices of a region to these readers (None: to anybody), the newest first."""
        mine = and_(outbox.c.region == region, outbox.c.state.in_([state.value for state in states]))
        if readers is not None:
            mine = and_(mine, _to(readers))
        query = select(outbox).where(mine).order_by(outbox.c.made_at.desc(), outbox.c.id).limit(limit).offset(offset)
        with faults.told():
            count = self._connection.execute(select(func.count()).select_from(outbox).where(mine)).scalar_one()
            return int(count), tuple(posted(row) for row in self._connection.execute(query).all())

    def area_page(
        self, scope: Scope, states: Collection[NoticeState], *, limit: int, offset: int
    ) -> tuple[int, tuple[Posted, ...]]:
        """Count and list the notices to the readers of an area, the newest first."""
        mine = and_(outbox.c.state.in_([state.value for state in states]), _in_area(scope))
        query = select(outbox).where(mine).order_by(outbox.c.made_at.desc(), outbox.c.id).limit(limit).offset(offset)
        with faults.told():
            count = self._connection.execute(select(func.count()).select_from(outbox).where(mine)).scalar_one()
            return int(count), tuple(posted(row) for row in self._connection.execute(query).all())

    def get_in(self, notice_id: str, scope: Scope) -> Posted:
        """Find one to a reader of an area; NotFoundError where there is none."""
        with faults.told():
            row = self._connection.execute(
                select(outbox).where(outbox.c.id == notice_id, _in_area(scope))
            ).one_or_none()
        if row is None:
            raise NotFoundError(f"there is no notice {notice_id!r} that this account may see")
        return posted(row)

    def hold(self, region: str) -> None:
        """Let one at a time let notices of a region out, so that nobody's day is counted twice at once."""
        if self._connection.dialect.name == "postgresql":  # on SQLite whoever writes is alone
            key = int.from_bytes(blake2b(f"outbox of {region}".encode(), digest_size=8).digest(), signed=True)
            with faults.told():
                self._connection.execute(select(func.pg_advisory_xact_lock(key)))

    def due(self, region: str, at: datetime, *, limit: int, locked: bool = False) -> tuple[Waiting, ...]:
        """List waiting notices of a region that may be let out by now, the urgent and the longest waiting first.

        Where they are `locked`, others are kept from them, and those that others have at the moment are left out.
        """
        given = {"region": region, "now": at, "most": limit}
        with faults.told():
            rows = self._connection.execute(_DUE_LOCKED if locked else _DUE, given).all()
        return tuple(Waiting(row[0], Purpose(row[1]), *row[2:]) for row in rows)

    def settle(self, ids: Collection[str], verdict: Verdict, state: NoticeState, at: datetime) -> int:
        """Do to waiting notices what was judged of all of them, `state` being that of those let out; gives how many."""
        given: dict[str, object] = {"ids": list(ids)}
        if verdict.until is not None:
            row, given = _POSTPONED, given | {"until": verdict.until, "why": verdict.told}
        elif verdict.state is not None:
            row, given = _ENDED, given | {"then": verdict.state.value, "why": verdict.told}
        else:
            row, given = _LET_OUT, given | {"then": state.value, "now": at}
        with faults.told():
            return self._connection.execute(row, given).rowcount

    def let_out_of(self, ids: Collection[str]) -> frozenset[str]:
        """Name those of some notices that were let out."""
        mine = and_(among(outbox.c.id, ids), outbox.c.released_at.is_not(None))
        with faults.told():
            return frozenset(self._connection.execute(select(outbox.c.id).where(mine)).scalars())

    def count_on(self, notice_id: str, at: datetime) -> None:
        """Count a notice on the day of its latest try."""
        with faults.told():
            self._connection.execute(update(outbox).where(outbox.c.id == notice_id).values(released_at=at))

    def finish(self, notice_id: str, state: NoticeState, told: str = "") -> None:
        """Say how a notice that was on its way ended."""
        row = update(outbox).where(outbox.c.id == notice_id, outbox.c.state == NoticeState.SENDING.value)
        with faults.told():
            self._connection.execute(row.values(state=state.value, told=told))

    def reached(
        self, region: str, since: datetime, before: datetime, volunteers: Collection[str] | None = None
    ) -> dict[str, int]:
        """Count by volunteer the notices that ask something and were let out in a time; who had none is left out.

        Args:
            region: id.
            since: start of the time; NoticeRules.day_of gives a day's.
            before: its end, which is not in it.
            volunteers: of whom; None for everybody.
        """
        given: dict[str, object] = {"region": region, "since": since, "before": before}
        if volunteers is not None:
            given["people"] = list(volunteers)
        with faults.told():
            rows = self._connection.execute(_REACHED_ALL if volunteers is None else _REACHED_SOME, given).all()
        return {volunteer: int(count) for volunteer, count in rows}

    def counts(self, region: str) -> dict[tuple[Purpose, NoticeState], int]:
        """Count the notices of a region by what they are for and where they stand."""
        query = select(outbox.c.purpose, outbox.c.state, func.count()).where(outbox.c.region == region)
        with faults.told():
            rows = self._connection.execute(query.group_by(outbox.c.purpose, outbox.c.state)).all()
        return {(Purpose(purpose), NoticeState(state)): int(count) for purpose, state, count in rows}

    def pressed(
        self,
        region: str,
        since: datetime,
        before: datetime,
        *,
        least: int,
        volunteers: Collection[str] | None = None,
    ) -> frozenset[str]:
        """Name whoever has at least so many, counted as `reached` does, and what still waits to be let out as well."""
        given: dict[str, object] = {"region": region, "since": since, "before": before, "least": least}
        if volunteers is not None:
            given["people"] = list(volunteers)
        with faults.told():
            query = _PRESSED_ALL if volunteers is None else _PRESSED_SOME
            return frozenset(self._connection.execute(query, given).scalars())

    def rules(self, region: str) -> NoticeRules:
        """Give what a region set, or the default."""
        with faults.told():
            row = self._connection.execute(_RULES, {"region": region}).one_or_none()
        if row is None:
            return NoticeRules()
        return NoticeRules(row.quiet_from, row.quiet_until, row.most_a_day, row.timezone)

    def put_rules(self, region: str, rules: NoticeRules) -> None:
        """Set a region's rules."""
        values = {
            "quiet_from": rules.quiet_from, "quiet_until": rules.quiet_until,
            "most_a_day": rules.most_a_day, "timezone": rules.timezone,
        }  # fmt: skip
        with faults.told():
            changed = self._connection.execute(
                update(notice_rules).where(notice_rules.c.region == region).values(values)
            )
            if not changed.rowcount:
                self._connection.execute(insert(notice_rules).values(region=region, **values))


def _to(readers: Iterable[str]) -> ColumnElement[bool]:
    named = list(readers)
    return or_(outbox.c.volunteer.in_(named), outbox.c.account.in_(named))


def _in_area(scope: Scope) -> ColumnElement[bool]:
    """Say of a notice whether its reader belongs to an area; a volunteer has a township and a team, and no site."""
    if scope.nothing:
        return false()
    bounds = [(name, bound) for name in ("unit", "site", "team") if (bound := getattr(scope, name)) is not None]
    mine = outbox.c.region == scope.region
    if not bounds:
        return mine
    readers = []
    for table, column in ((volunteers, outbox.c.volunteer), (accounts, outbox.c.account)):
        if all(name in table.c for name, _ in bounds):
            area = [table.c[name] == bound for name, bound in bounds]
            readers.append(column.in_(select(table.c.id).where(table.c.region == scope.region, *area)))
    return and_(mine, or_(*readers))


def _values(each: Notice) -> tuple[Any, ...]:
    return (
        ids.fresh(), each.region, each.key, each.purpose.value, each.cause_kind, each.cause_id, each.why_zh,
        each.why_en, each.body, each.made_at, each.volunteer, each.account, each.not_before or each.made_at,
        each.expires_at, each.urgent,
    )  # fmt: skip


def posted(row: Row[Any]) -> Posted:
    """Read a notice."""
    notice = Notice(
        row.region, row.key, Purpose(row.purpose), row.cause_kind, row.cause_id, row.why_zh, row.why_en, row.body,
        row.made_at, row.volunteer, row.account, row.not_before, row.expires_at, row.urgent,
    )  # fmt: skip
    return Posted(row.id, notice, NoticeState(row.state), row.not_before, row.released_at, row.told)
