"""Who was asked for which post of a call-up, in the database."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, bindparam, case, func, insert, select, update

from geomatch.store import faults
from geomatch.store.tables.callups import callup_asks as asks
from geomatch.store.tables.notices import opt_outs
from geomatch.store.tables.people import volunteers
from geomatch.volunteering.callups import AskState
from geomatch.volunteering.standby import Ask

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row

    from geomatch.volunteering.notices import Purpose

_AT_A_TIME = 2000
_BOUND = (AskState.HELD.value, AskState.STANDBY.value)
_SAID_YES = (*_BOUND, AskState.WITHDRAWN.value, AskState.NO_SHOW.value)


class Asked(NamedTuple):
    """An ask as a wave sees it."""

    id: str
    post: str
    volunteer: str
    state: str
    wave: int
    asked_at: datetime


class Sent(NamedTuple):
    """An ask that is sent now."""

    id: str
    post: str
    volunteer: str
    walk_m: float


class AskRows:
    """The asks of all call-ups, inside one unit of work; posts are locked before people, and both before these."""

    def __init__(self, connection: Connection) -> None:
        """Work on a connection whose transaction has begun."""
        self._connection = connection

    def of_callup(self, callup_id: str) -> list[Asked]:
        """List all asks of a call."""
        query = select(*(asks.c[name] for name in Asked._fields)).where(asks.c.callup == callup_id)
        with faults.told():
            return [Asked(*row) for row in self._connection.execute(query.order_by(asks.c.asked_at, asks.c.id))]

    def add(self, callup_id: str, region: str, wave: int, given: Sequence[Sent], at: datetime) -> None:
        """Write the asks of a wave."""
        rest = {
            "callup": callup_id, "region": region, "wave": wave, "state": AskState.ASKED.value, "asked_at": at,
            "answered_at": None, "ticket": None, "swaps_with": None,
        }  # fmt: skip
        for start in range(0, len(given), _AT_A_TIME):
            rows = [each._asdict() | rest for each in given[start : start + _AT_A_TIME]]
            with faults.told():
                self._connection.execute(insert(asks), rows)

    def silence(self, callup_id: str, asked_before: datetime) -> int:
        """Say of those who were asked before a time and have not answered that they are silent; gives how many."""
        late = and_(
            asks.c.callup == callup_id, asks.c.state == AskState.ASKED.value, asks.c.asked_at < asked_before
        )  # fmt: skip
        with faults.told():
            return self._connection.execute(update(asks).where(late).values(state=AskState.SILENT.value)).rowcount

    def named(self, ids: Collection[str], callup_id: str) -> dict[str, Ask]:
        """Find asks of a call by id; those that are not there are left out."""
        return {row.id: _ask(row) for row in self._of(asks.c.id, ids, asks.c.callup == callup_id)}

    def bound(self, callup_id: str, of: Collection[str]) -> tuple[Ask, ...]:
        """List what volunteers hold or stand by for in a call."""
        mine = and_(asks.c.callup == callup_id, asks.c.state.in_(_BOUND))
        return tuple(_ask(row) for row in self._of(asks.c.volunteer, of, mine))

    def standing_by(self, of_posts: Collection[str]) -> tuple[Ask, ...]:
        """List who stands by for posts."""
        return tuple(
            _ask(row) for row in self._of(asks.c.post, of_posts, asks.c.state == AskState.STANDBY.value)
        )  # fmt: skip

    def lock_people(self, ids: Collection[str]) -> None:
        """Keep others from binding these volunteers meanwhile; always in one order."""
        named = sorted(ids)
        for start in range(0, len(named), _AT_A_TIME):
            query = select(volunteers.c.id).where(volunteers.c.id.in_(named[start : start + _AT_A_TIME]))
            with faults.told():
                self._connection.execute(query.order_by(volunteers.c.id).with_for_update()).all()

    def write(self, given: Sequence[Ask], at: datetime) -> None:
        """Write asks over as they stand now."""
        if given:
            row = update(asks).where(asks.c.id == bindparam("ask")).values(
                state=bindparam("now"), ticket=bindparam("drawn"), swaps_with=bindparam("wish"),
                volunteer=bindparam("who"), answered_at=bindparam("moment"),
            )  # fmt: skip
            rows = [
                {
                    "ask": each.id, "now": each.state.value, "drawn": each.ticket, "wish": each.swaps_with,
                    "who": each.volunteer, "moment": at,
                }
                for each in given
            ]  # fmt: skip
            with faults.told():
                self._connection.execute(row, rows)

    def history(self, region: str, except_callup: str) -> dict[str, tuple[int, int]]:
        """Count by volunteer how often they were asked in other calls and it is known what they say, and said yes."""
        known = and_(
            asks.c.region == region, asks.c.callup != except_callup, asks.c.state != AskState.ASKED.value
        )  # fmt: skip
        yes = func.sum(case((asks.c.state.in_(_SAID_YES), 1), else_=0))
        query = select(asks.c.volunteer, func.count(), yes).where(known).group_by(asks.c.volunteer)
        with faults.told():
            return {who: (int(count), int(said)) for who, count, said in self._connection.execute(query)}

    def opted_out(self, region: str, purpose: Purpose) -> frozenset[str]:
        """Name who does not want to be called."""
        query = select(opt_outs.c.reader).where(opt_outs.c.region == region, opt_outs.c.purpose == purpose.value)
        with faults.told():
            return frozenset(self._connection.execute(query).scalars())

    def is_known(self, post: str, volunteer: str) -> bool:
        """Tell whether somebody was asked for a post."""
        query = select(asks.c.id).where(asks.c.post == post, asks.c.volunteer == volunteer)
        with faults.told():
            return self._connection.execute(query).one_or_none() is not None

    def awaited_posts(self, callup_id: str) -> tuple[str, ...]:
        """Name the posts of a call for which answers are awaited."""
        mine = and_(asks.c.callup == callup_id, asks.c.state == AskState.ASKED.value)
        with faults.told():
            return tuple(self._connection.execute(select(asks.c.post).where(mine).distinct()).scalars())

    def tallies(self, callup_id: str) -> dict[str, Counter[str]]:
        """Count the asks of a call by post and state."""
        query = select(asks.c.post, asks.c.state, func.count()).where(asks.c.callup == callup_id)
        found: dict[str, Counter[str]] = {}
        with faults.told():
            for post, state, count in self._connection.execute(query.group_by(asks.c.post, asks.c.state)):
                found.setdefault(post, Counter())[state] = int(count)
        return found

    def _of(self, column: ColumnElement[str], ids: Iterable[str], bound: ColumnElement[bool]) -> list[Row[Any]]:
        named = sorted(set(ids))
        rows: list[Row[Any]] = []
        for start in range(0, len(named), _AT_A_TIME):
            query = select(asks).where(column.in_(named[start : start + _AT_A_TIME]), bound).order_by(asks.c.id)
            with faults.told():
                rows += self._connection.execute(query).all()
        return rows


def _ask(row: Row[Any]) -> Ask:
    return Ask(row.id, row.post, row.volunteer, AskState(row.state), row.ticket, row.swaps_with)
