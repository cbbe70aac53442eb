"""Who was asked for which post of a call-up, in the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, bindparam, case, func, or_, select, update

from geomatch.store import faults
from geomatch.store.among import among, gathered, one_of, plain, texts
from geomatch.store.callup_rows import in_scope
from geomatch.store.many import Many
from geomatch.store.tables.callups import callup_asks as asks
from geomatch.store.tables.callups import callup_posts as posts
from geomatch.store.tables.callups import callups
from geomatch.store.tables.notices import opt_outs
from geomatch.store.tables.people import volunteers
from geomatch.volunteering.callups import AskState
from geomatch.volunteering.standby import Ask

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Connection, Select

    from geomatch.volunteering.notices import Purpose
    from geomatch.volunteering.roles import Scope

_BOUND = (AskState.HELD.value, AskState.STANDBY.value)
_ASK = (asks.c.id, asks.c.post, asks.c.volunteer, asks.c.state, asks.c.ticket, asks.c.swaps_with)
_SAID_YES = (*_BOUND, AskState.WITHDRAWN.value, AskState.NO_SHOW.value)
_OF_CALL = plain(asks.c.callup) == bindparam("call")
# made once: a busy call asks these thousands of times, and to make one costs as much as to answer it
_SEEN = select(gathered(asks.c.post), gathered(asks.c.volunteer), gathered(asks.c.state))
_SEEN_ALL = _SEEN.where(asks.c.callup == bindparam("call"))
_SEEN_SOME = _SEEN.where(among(asks.c.volunteer, texts("people")), _OF_CALL)
_ENGAGED = select(asks.c.volunteer).where(
    among(asks.c.post, texts("posts")), one_of(plain(asks.c.state), (AskState.ASKED.value, AskState.HELD.value))
)
_COUNTS = select(
    *(
        select(func.count()).where(asks.c.callup == bindparam("call"), asks.c.state == state.value).scalar_subquery()
        for state in AskState
    )
)
_SILENCED = (
    update(asks)
    .where(
        asks.c.callup == bindparam("call"), asks.c.state == AskState.ASKED.value, asks.c.asked_at < bindparam("before")
    )
    .values(state=AskState.SILENT.value)
)
_OPTED_OUT = select(opt_outs.c.reader).where(
    opt_outs.c.region == bindparam("of"), opt_outs.c.purpose == bindparam("what")
)
_NAMED = select(*_ASK).where(among(asks.c.id, texts("ids")), _OF_CALL).order_by(asks.c.id)
_BOUND_BY = (
    select(*_ASK)
    .where(among(asks.c.volunteer, texts("people")), _OF_CALL, one_of(plain(asks.c.state), _BOUND))
    .order_by(asks.c.id)
)
_STANDING_BY = (
    select(*_ASK).where(among(asks.c.post, texts("posts")), asks.c.state == AskState.STANDBY.value).order_by(asks.c.id)
)
_YOUNG = (
    select(*_ASK, volunteers.c.born)
    .join(volunteers, volunteers.c.id == asks.c.volunteer)
    .where(
        among(asks.c.post, texts("posts")),
        or_(volunteers.c.born.is_(None), volunteers.c.born > bindparam("after")),
    )
)
_LOCKED = (
    select(volunteers.c.id).where(among(volunteers.c.id, texts("people"))).order_by(volunteers.c.id).with_for_update()
)
_WRITTEN = update(asks).values(
    state=bindparam("now"), ticket=bindparam("drawn"), swaps_with=bindparam("wish"), answered_at=bindparam("moment")
)
_WRITTEN_ONE = _WRITTEN.where(asks.c.id == bindparam("ask"))
_WRITTEN_ALIKE = _WRITTEN.where(among(asks.c.id, texts("ids")))
_HANDED_OVER = update(asks).where(asks.c.id == bindparam("ask")).values(volunteer=bindparam("who"))
_NEW = Many(asks, ("id", "post", "volunteer", "walk_m"), alike=("callup", "region", "wave", "state", "asked_at"))


class Asked(NamedTuple):
    """An ask as a wave sees it."""

    id: str
    post: str
    volunteer: str
    state: str
    wave: int


class Seen(NamedTuple):
    """Asks in columns of one length."""

    posts: list[str]
    volunteers: list[str]
    states: list[str]


class Sent(NamedTuple):
    """An ask that is sent now."""

    id: str
    post: str
    volunteer: str
    walk_m: float


@dataclass(frozen=True, slots=True)
class Kept:
    """An ask as people see it.

    Attributes:
        id: its own.
        callup, call: id and name of the call.
        state: where it stands.
        place: as which one stands by, 1 for the next to move up; None for who does not.
        site: the station.
        starts_at, ends_at: the shift.
        skill: code of what is needed, or None.
        walk_m: metres on foot when it was asked.
        asked_at: when.
        name, phone: of the volunteer, in full; empty where they are not there any more.
    """

    id: str
    callup: str
    call: str
    state: AskState
    place: int | None
    site: str
    starts_at: datetime
    ends_at: datetime
    skill: str | None
    walk_m: float
    asked_at: datetime
    name: str
    phone: str


class AskRows:
    """The asks of all call-ups, inside one unit of work; posts are locked before people, and both before these."""

    def __init__(self, connection: Connection) -> None:
        """Work on a connection whose transaction has begun."""
        self._connection = connection

    def of_callup(self, callup_id: str, *, wave: int | None = None) -> list[Asked]:
        """List the asks of a call, or of one of its waves."""
        query = select(*(asks.c[name] for name in Asked._fields)).where(asks.c.callup == callup_id)
        if wave is not None:
            query = query.where(asks.c.wave == wave)
        with faults.told():
            return [Asked(*row) for row in self._connection.execute(query.order_by(asks.c.asked_at, asks.c.id)).all()]

    def seen(self, callup_id: str, of: Collection[str] | None = None) -> Seen:
        """Give post, volunteer and state of the asks of a call: all, or those of some volunteers."""
        given: dict[str, object] = {"call": callup_id}
        if of is not None:
            given["people"] = list(of)
        with faults.told():
            return Seen(*self._connection.execute(_SEEN_ALL if of is None else _SEEN_SOME, given).one())

    def engaged_in(self, posts: Collection[str]) -> frozenset[str]:
        """Name the volunteers who hold a place of posts, or whose answers are awaited for them."""
        with faults.told():
            return frozenset(self._connection.execute(_ENGAGED, {"posts": list(posts)}).scalars())

    def counts(self, callup_id: str) -> dict[AskState, int]:
        """Count the asks of a call by where they stand."""
        with faults.told():
            return dict(zip(AskState, self._connection.execute(_COUNTS, {"call": callup_id}).one(), strict=True))

    def add(self, callup_id: str, region: str, wave: int, given: Sequence[Sent], at: datetime) -> None:
        """Write the asks of a wave."""
        with faults.told():
            _NEW.write(
                self._connection, given, callup=callup_id, region=region, wave=wave, state=AskState.ASKED.value,
                asked_at=at,
            )  # fmt: skip

    def silence(self, callup_id: str, asked_before: datetime) -> int:
        """Say of those who were asked before a time and have not answered that they are silent; gives how many."""
        with faults.told():
            return self._connection.execute(_SILENCED, {"call": callup_id, "before": asked_before}).rowcount

    def named(self, ids: Collection[str], callup_id: str) -> dict[str, Ask]:
        """Find asks of a call by id; those that are not there are left out."""
        return {ask.id: ask for ask in self._of(_NAMED, {"ids": list(ids), "call": callup_id})}

    def bound(self, callup_id: str, of: Collection[str]) -> tuple[Ask, ...]:
        """List what volunteers hold or stand by for in a call."""
        if not of:
            return ()
        return self._of(_BOUND_BY, {"people": list(of), "call": callup_id})

    def standing_by(self, of_posts: Collection[str]) -> tuple[Ask, ...]:
        """List who stands by for posts."""
        if not of_posts:
            return ()
        return self._of(_STANDING_BY, {"posts": list(of_posts)})

    def _of(self, query: Select[Any], given: Mapping[str, object]) -> tuple[Ask, ...]:
        with faults.told():
            return tuple(map(_ask, self._connection.execute(query, given).all()))

    def young(self, of_posts: Collection[str], born_after: date) -> tuple[tuple[Ask, date | None], ...]:
        """List who was asked for posts and was born after a day, or it is not known when."""
        with faults.told():
            rows = self._connection.execute(_YOUNG, {"posts": list(of_posts), "after": born_after})
            return tuple((_ask(ask), born) for *ask, born in rows)

    def lock_people(self, ids: Collection[str]) -> bool:
        """Keep others from binding these volunteers meanwhile; always in one order.

        Gives whether what was read before may have changed: on SQLite whoever writes is alone from the beginning.
        """
        if self._connection.dialect.name != "postgresql":
            return False
        with faults.told():
            self._connection.execute(_LOCKED, {"people": list(ids)}).all()
        return True

    def write(self, given: Sequence[Ask], at: datetime) -> None:
        """Write asks over as they stand now; whose they are stays."""
        alike: dict[AskState, list[str]] = {}
        others: list[dict[str, object]] = []
        for each in given:
            if each.ticket is None and each.swaps_with is None:
                alike.setdefault(each.state, []).append(each.id)
            else:
                now = {"now": each.state.value, "drawn": each.ticket, "wish": each.swaps_with, "moment": at}
                others.append({"ask": each.id, **now})
        with faults.told():
            for state, named in alike.items():
                now = {"now": state.value, "drawn": None, "wish": None, "moment": at}
                self._connection.execute(_WRITTEN_ALIKE, {"ids": named, **now})
            if others:
                self._connection.execute(_WRITTEN_ONE, others)

    def hand_over(self, given: Sequence[Ask]) -> None:
        """Make asks those of the volunteers that they name now."""
        with faults.told():
            self._connection.execute(_HANDED_OVER, [{"ask": each.id, "who": each.volunteer} for each in given])

    def history(self, region: str, except_callup: str) -> dict[str, tuple[int, int]]:
        """Count by volunteer how often they were asked in other calls and it is known what they say, and said yes."""
        known = and_(
            asks.c.region == region, asks.c.callup != except_callup, asks.c.state != AskState.ASKED.value
        )  # fmt: skip
        yes = func.sum(case((asks.c.state.in_(_SAID_YES), 1), else_=0))
        query = select(asks.c.volunteer, func.count(), yes).where(known).group_by(asks.c.volunteer)
        with faults.told():
            return {who: (int(count), int(said)) for who, count, said in self._connection.execute(query).all()}

    def opted_out(self, region: str, purpose: Purpose) -> frozenset[str]:
        """Name who does not want to be called."""
        with faults.told():
            rows = self._connection.execute(_OPTED_OUT, {"of": region, "what": purpose.value})
            return frozenset(rows.scalars())

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

    def callup_of(self, ask_id: str, region: str) -> tuple[str, str, str, str | None] | None:
        """Give of an ask of a region the call, the volunteer, and the site and unit of its post; None if none."""
        query = select(asks.c.callup, asks.c.volunteer, posts.c.site, posts.c.unit).join(
            posts, posts.c.id == asks.c.post
        )
        with faults.told():
            row = self._connection.execute(query.where(asks.c.id == ask_id, asks.c.region == region)).one_or_none()
        return None if row is None else (row.callup, row.volunteer, row.site, row.unit)

    def of_volunteer(self, region: str, volunteer: str, *, limit: int) -> tuple[Kept, ...]:
        """List what somebody was asked for, the newest first."""
        mine = and_(asks.c.region == region, asks.c.volunteer == volunteer)
        return self._kept(mine, asks.c.asked_at.desc(), limit=limit, offset=0)

    def places(self, callup_id: str, scope: Scope, *, limit: int, offset: int) -> tuple[int, tuple[Kept, ...]]:
        """Count and list who holds a place of the posts that may be seen, or stands by for one, site by site."""
        mine = and_(asks.c.callup == callup_id, asks.c.state.in_(_BOUND), in_scope(scope))
        counted = select(func.count()).select_from(asks.join(posts, posts.c.id == asks.c.post)).where(mine)
        with faults.told():
            count = int(self._connection.execute(counted).scalar_one())
        return count, self._kept(mine, posts.c.site, posts.c.starts_at, asks.c.state, limit=limit, offset=offset)

    def _kept(
        self, mine: ColumnElement[bool], *order: ColumnElement[Any], limit: int, offset: int
    ) -> tuple[Kept, ...]:  # fmt: skip
        ahead = asks.alias()
        place = (
            select(func.count())
            .where(
                ahead.c.post == asks.c.post, ahead.c.state == AskState.STANDBY.value, ahead.c.ticket <= asks.c.ticket
            )
            .scalar_subquery()
        )
        query = (
            select(
                asks.c.id, asks.c.state, asks.c.walk_m, asks.c.asked_at, callups.c.name.label("call"), posts.c.site,
                posts.c.starts_at, posts.c.ends_at, posts.c.skill, volunteers.c.name, volunteers.c.phone,
                case((asks.c.state == AskState.STANDBY.value, place), else_=None).label("place"),
                callups.c.id.label("callup"),
            )
            .join(posts, posts.c.id == asks.c.post)
            .join(callups, callups.c.id == asks.c.callup)
            .outerjoin(volunteers, volunteers.c.id == asks.c.volunteer)
            .where(mine)
            .order_by(*order, asks.c.id)
        )  # fmt: skip
        with faults.told():
            return tuple(_kept_row(row) for row in self._connection.execute(query.limit(limit).offset(offset)))


def _ask(row: Sequence[Any]) -> Ask:
    identity, post, volunteer, state, ticket, swaps_with = row
    return Ask(identity, post, volunteer, AskState(state), ticket, swaps_with)


def _kept_row(row: Any) -> Kept:
    return Kept(
        row.id, row.callup, row.call, AskState(row.state), row.place, row.site, row.starts_at, row.ends_at, row.skill,
        row.walk_m, row.asked_at, row.name or "", row.phone or "",
    )  # fmt: skip
