"""Call-ups and their posts in the database."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, bindparam, case, func, insert, select, true, update

from geomatch.errors import NotFoundError
from geomatch.store import faults
from geomatch.store.among import among, texts
from geomatch.store.tables.callups import callup_asks as asks
from geomatch.store.tables.callups import callup_posts as posts
from geomatch.store.tables.callups import callups
from geomatch.volunteering.callups import AskState, CallPolicy, Callup, Need, Post

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row, Select

    from geomatch.volunteering.roles import Scope

_AT_A_TIME = 2000
_WAITS = (AskState.STANDBY, AskState.ASKED)
_CALL = select(callups).where(callups.c.id == bindparam("call"), callups.c.region == bindparam("region"))
_CALL_LOCKED = _CALL.with_for_update()
_WAVE = update(callups).where(callups.c.id == bindparam("call")).values(wave=bindparam("now"))
_IN_TURN = (posts.c.site, posts.c.starts_at, posts.c.skill, posts.c.id)
_ALL = select(posts).where(posts.c.callup == bindparam("call")).order_by(*_IN_TURN)
_IS_SHORT = and_(
    posts.c.callup == bindparam("call"), posts.c.held < posts.c.people, posts.c.ends_at > bindparam("now")
)  # fmt: skip
_SHORT = select(posts).where(_IS_SHORT).order_by(*_IN_TURN)
_ANY_SHORT = select(posts.c.id).where(_IS_SHORT).limit(1)
_PHASE = update(posts).where(posts.c.id == bindparam("post")).values(phase=bindparam("far"))
_NAMED = select(posts).where(among(posts.c.id, texts("ids"))).order_by(posts.c.id)
_NAMED_SHORT = (
    select(posts.c.id)
    .where(among(posts.c.id, texts("ids")), posts.c.held < posts.c.people)
    .order_by(posts.c.id)
    .with_for_update()
)
_NAMED_LOCKED = _NAMED.with_for_update()
_HELD = update(posts).where(among(posts.c.id, texts("ids"))).values(held=bindparam("count"))


class Tally(NamedTuple):
    """Places of one site in one shift for one skill: how many there are, are held, stood by for and asked for."""

    site: str
    starts_at: datetime
    ends_at: datetime
    skill: str | None
    places: int
    held: int
    standby: int
    asked: int


class CallupRows:
    """The call-ups of all regions and their posts, inside one unit of work; a call is locked before its posts."""

    def __init__(self, connection: Connection) -> None:
        """Work on a connection whose transaction has begun."""
        self._connection = connection

    def add(self, callup: Callup, given: Sequence[Post]) -> None:
        """Add a call, whose id is new, with its posts."""
        row = {
            "id": callup.id, "region": callup.region, "name": callup.name, "words": callup.words,
            "policy": _written(callup.policy), "urgent": callup.urgent, "wave": callup.wave,
            "opened_by": callup.opened_by, "opened_at": callup.opened_at, "closed_at": callup.closed_at,
        }  # fmt: skip
        with faults.told():
            self._connection.execute(insert(callups).values(**row))
            for start in range(0, len(given), _AT_A_TIME):
                rows = [_values(callup.id, each) for each in given[start : start + _AT_A_TIME]]
                self._connection.execute(insert(posts), rows)

    def get(self, callup_id: str, region: str, *, locked: bool = False) -> Callup:
        """Find a call of a region, others kept from sending a wave meanwhile if `locked`; NotFoundError if none."""
        given = {"call": callup_id, "region": region}
        with faults.told():
            row = self._connection.execute(_CALL_LOCKED if locked else _CALL, given).one_or_none()
        if row is None:
            raise NotFoundError(f"there is no call-up {callup_id!r} in region {region!r}")
        return _callup(row)

    def all(self, region: str) -> tuple[Callup, ...]:
        """List the calls of a region, the newest first."""
        query = select(callups).where(callups.c.region == region).order_by(callups.c.opened_at.desc(), callups.c.id)
        with faults.told():
            return tuple(map(_callup, self._connection.execute(query)))

    def set_wave(self, callup_id: str, wave: int) -> None:
        """Say how many waves were sent."""
        with faults.told():
            self._connection.execute(_WAVE, {"call": callup_id, "now": wave})

    def close(self, callup_id: str, at: datetime) -> None:
        """End a call."""
        with faults.told():
            self._connection.execute(update(callups).where(callups.c.id == callup_id).values(closed_at=at))

    def posts(self, callup_id: str) -> tuple[Post, ...]:
        """List the posts of a call, site by site and in time."""
        return self._in_turn(_ALL, {"call": callup_id})

    def short_posts(self, callup_id: str, at: datetime) -> tuple[Post, ...]:
        """List the posts of a call with free places in shifts that are not over, site by site and in time."""
        return self._in_turn(_SHORT, {"call": callup_id, "now": at})

    def _in_turn(self, query: Select[Any], given: Mapping[str, object]) -> tuple[Post, ...]:
        with faults.told():
            return tuple(map(_post, self._connection.execute(query, given).all()))

    def is_short(self, callup_id: str, at: datetime) -> bool:
        """Tell whether places are free in shifts of a call that are not over."""
        with faults.told():
            return self._connection.execute(_ANY_SHORT, {"call": callup_id, "now": at}).one_or_none() is not None

    def shifts(self, callup_id: str) -> dict[str, tuple[int, int]]:
        """Give by post of a call when its shift starts and ends, in seconds since 1970."""
        query = select(posts.c.id, posts.c.starts_at, posts.c.ends_at).where(posts.c.callup == callup_id)
        with faults.told():
            rows = self._connection.execute(query).all()
        return {post: (int(starts.timestamp()), int(ends.timestamp())) for post, starts, ends in rows}

    def tallies(self, callup_id: str, scope: Scope) -> tuple[Tally, ...]:
        """Count the places and asks of the posts that may be seen, by site, shift and skill."""
        kind = (posts.c.site, posts.c.starts_at, posts.c.ends_at, posts.c.skill)
        mine = and_(posts.c.callup == callup_id, in_scope(scope))
        places = select(*kind, func.sum(posts.c.people), func.sum(posts.c.held)).where(mine).group_by(*kind)
        awaits = [func.sum(case((asks.c.state == state.value, 1), else_=0)) for state in _WAITS]
        waiting = select(*kind, *awaits).join(asks, asks.c.post == posts.c.id).where(mine, asks.c.callup == callup_id)
        with faults.told():
            counts = {tuple(row[:4]): row[4:] for row in self._connection.execute(waiting.group_by(*kind))}
            rows = self._connection.execute(places).all()
        return tuple(Tally(*row[:4], *map(int, row[4:]), *map(int, counts.get(tuple(row[:4]), (0, 0)))) for row in rows)

    def lock_posts(self, ids: Collection[str]) -> dict[str, Post]:
        """Find posts, others kept from them until the end; always in one order, so that nobody waits in a ring."""
        return self._named(ids, locked=True)

    def lock_short(self, ids: Collection[str]) -> frozenset[str]:
        """Name those of some posts that have free places, others kept from these until the end, in the same order."""
        with faults.told():
            return frozenset(self._connection.execute(_NAMED_SHORT, {"ids": list(ids)}).scalars())

    def named_posts(self, ids: Collection[str]) -> dict[str, Post]:
        """Find posts as they stand."""
        return self._named(ids, locked=False)

    def _named(self, ids: Collection[str], *, locked: bool) -> dict[str, Post]:
        if not ids:
            return {}
        with faults.told():
            rows = self._connection.execute(_NAMED_LOCKED if locked else _NAMED, {"ids": list(ids)}).all()
            return {row.id: _post(row) for row in rows}

    def set_held(self, held: Mapping[str, int]) -> None:
        """Say how many places of posts are taken; the posts are locked."""
        alike: dict[int, list[str]] = {}
        for post, count in held.items():
            alike.setdefault(count, []).append(post)
        with faults.told():
            for count, named in alike.items():
                self._connection.execute(_HELD, {"ids": named, "count": count})

    def set_phases(self, phases: Iterable[tuple[str, int]]) -> None:
        """Say how far posts reach now."""
        given = [{"post": post, "far": phase} for post, phase in phases]
        if given:
            with faults.told():
                self._connection.execute(_PHASE, given)


def in_scope(scope: Scope) -> ColumnElement[bool]:
    """Say of a post whether it may be seen: by its area; whoever has no area of sites sees none."""
    if scope.nothing or scope.team is not None or scope.account is not None:
        return ~true()
    bounds = [(posts.c.unit, scope.unit), (posts.c.site, scope.site)]
    return and_(true(), *(column == bound for column, bound in bounds if bound is not None))


def _written(policy: CallPolicy) -> dict[str, Any]:
    """Give a policy as JSON: times in seconds."""
    return {
        name: given.total_seconds() if isinstance(given, timedelta) else given for name, given in asdict(policy).items()
    }


def _policy(kept: Mapping[str, Any]) -> CallPolicy:
    times = {name: timedelta(seconds=kept[name]) for name in ("reply_within", "wave_every", "rest")}
    return CallPolicy(**{**kept, **times, "limits_m": tuple(kept["limits_m"])})


def _callup(row: Row[Any]) -> Callup:
    return Callup(
        row.id, row.region, row.name, row.words, _policy(row.policy), row.urgent, row.opened_by, row.opened_at,
        row.wave, row.closed_at,
    )  # fmt: skip


def _values(callup: str, each: Post) -> dict[str, Any]:
    return {
        "id": each.id, "callup": callup, "site": each.site, "unit": each.unit, "starts_at": each.starts_at,
        "ends_at": each.ends_at, "people": each.need.people, "skill": each.need.skill,
        "certified": each.need.certified, "held": each.held, "phase": each.phase,
    }  # fmt: skip


def _post(row: Sequence[Any]) -> Post:
    identity, _, site, unit, starts_at, ends_at, people, skill, certified, held, phase = row
    return Post(identity, site, unit, starts_at, ends_at, _need(people, skill, certified), held, phase)


@lru_cache(maxsize=1024)
def _need(people: int, skill: str | None, certified: bool) -> Need:  # noqa: FBT001 - as it stands in a row
    """Make what a post asks for; a call has thousands of posts that ask for one of a few things."""
    return Need(people, skill, certified)
