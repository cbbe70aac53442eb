"""What the matcher asks the database: histories, budgets and blocked pairs; and the choices that it keeps there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import and_, case, delete, func, insert, select, update

from geomatch.store import faults, ids, new_rows
from geomatch.store.among import among
from geomatch.store.tables.matching import blocked_pairs, matching_settings, matchings
from geomatch.store.tables.notices import outbox
from geomatch.store.tables.orders import offers
from geomatch.store.tables.people import volunteers
from geomatch.volunteering.dispatch import OfferState
from geomatch.volunteering.notices import ASKS, NoticeState

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

    Settings: TypeAlias = dict[str, Any]

_ANSWERED = (OfferState.ACCEPTED.value, OfferState.DECLINED.value, OfferState.SILENT.value)
_TAKEN_BACK = (NoticeState.OPTED_OUT.value, NoticeState.WITHDRAWN.value, NoticeState.EXPIRED.value)


@dataclass(frozen=True, slots=True)
class History:
    """How it went with a volunteer so far.

    Attributes:
        load: tasks taken on since a moment.
        last_called: when an offer was made last.
        offers, accepted: how many were answered, silence included, and how many with yes.
    """

    load: int
    last_called: datetime
    offers: int
    accepted: int


@dataclass(frozen=True, slots=True)
class KeptMatching:
    """A choice as it is kept.

    Attributes:
        id: ours.
        order: the order's id.
        batch: id of the batch that it was part of, or None.
        phase: of the order's dispatch.
        wanted: how many were to be found.
        chosen: ids of volunteers, in their order.
        record: what the choice was made of.
        by: account or job.
        at: when.
    """

    id: str
    order: str
    batch: str | None
    phase: int
    wanted: int
    chosen: tuple[str, ...]
    record: bytes
    by: str
    at: datetime


class MatchingRows:
    """Choices, settings and blocked pairs of all regions, inside one unit of work."""

    def __init__(self, connection: Connection) -> None:
        """Work on a connection whose transaction has begun."""
        self._connection = connection

    def keep(self, region: str, given: Sequence[KeptMatching]) -> None:
        """Keep choices."""
        rows = [
            {
                "id": each.id, "region": region, "order": each.order, "batch": each.batch, "phase": each.phase,
                "wanted": each.wanted, "chosen": list(each.chosen), "record": each.record, "by": each.by,
                "at": each.at,
            }
            for each in given
        ]  # fmt: skip
        if rows:
            with faults.told():
                self._connection.execute(insert(matchings), rows)

    def of_order(self, order: str) -> tuple[KeptMatching, ...]:
        """List the choices for an order, the earliest first."""
        query = (
            select(matchings)
            .where(matchings.c.order == order)
            .order_by(matchings.c.at, matchings.c.phase, matchings.c.id)
        )
        with faults.told():
            return tuple(map(_kept, self._connection.execute(query)))

    def histories(self, region: str, of: Sequence[str], since: datetime) -> dict[str, History]:
        """Give how it went with some volunteers; who was never asked is left out."""
        said_yes = offers.c.state == OfferState.ACCEPTED.value
        columns = (
            offers.c.volunteer,
            func.sum(case((and_(said_yes, offers.c.answered_at >= since), 1), else_=0)).label("load"),
            func.max(offers.c.offered_at).label("last_called"),
            func.sum(case((offers.c.state.in_(_ANSWERED), 1), else_=0)).label("asked"),
            func.sum(case((said_yes, 1), else_=0)).label("accepted"),
        )
        mine = and_(offers.c.region == region, among(offers.c.volunteer, of))
        query = select(*columns).where(mine).group_by(offers.c.volunteer)
        with faults.told():
            rows = self._connection.execute(query).all()
        return {row.volunteer: History(row.load, row.last_called, row.asked, row.accepted) for row in rows}

    def answers(self, region: str) -> tuple[list[int], list[int]]:
        """Give of everybody who answered, how many offers and how many of these with yes."""
        yes = func.sum(case((offers.c.state == OfferState.ACCEPTED.value, 1), else_=0))
        mine = and_(offers.c.region == region, offers.c.state.in_(_ANSWERED))
        query = select(func.count(), yes).where(mine).group_by(offers.c.volunteer)
        with faults.told():
            rows = self._connection.execute(query).all()
        return [int(row[0]) for row in rows], [int(row[1]) for row in rows]

    def notified(self, region: str, of: Sequence[str], since: datetime) -> dict[str, int]:
        """Count the notices that ask something and were written for some volunteers since a moment."""
        mine = and_(
            outbox.c.region == region, among(outbox.c.volunteer, of), outbox.c.made_at >= since,
            outbox.c.purpose.in_([purpose.value for purpose in ASKS]), outbox.c.state.not_in(_TAKEN_BACK),
        )  # fmt: skip
        query = select(outbox.c.volunteer, func.count()).where(mine).group_by(outbox.c.volunteer)
        with faults.told():
            return {volunteer: int(count) for volunteer, count in self._connection.execute(query).all()}

    def hold(self, of: Collection[str]) -> None:
        """Keep some volunteers from being asked by others until the end of this unit of work."""
        query = select(volunteers.c.id).where(volunteers.c.id.in_(sorted(of))).order_by(volunteers.c.id)
        with faults.told():
            self._connection.execute(query.with_for_update()).all()

    def settings(self, region: str) -> Settings | None:
        """Give what a region set, or None."""
        query = select(matching_settings.c.settings).where(matching_settings.c.region == region)
        with faults.told():
            found: Settings | None = self._connection.execute(query).scalar_one_or_none()
        return found

    def put_settings(self, region: str, settings: Settings, *, by: str, at: datetime) -> None:
        """Set them."""
        values = {"settings": settings, "by": by, "at": at}
        fresh = insert(matching_settings).values(region=region, **values)
        if not new_rows.written(self._connection, fresh):
            row = update(matching_settings).where(matching_settings.c.region == region)
            with faults.told():
                self._connection.execute(row.values(**values))

    def block(self, region: str, account: str, volunteer: str, *, by: str, at: datetime) -> None:
        """Say that one of two does not want the other; said twice it is the same."""
        row = insert(blocked_pairs).values(region=region, account=account, volunteer=volunteer, by=by, at=at)
        new_rows.written(self._connection, row)

    def unblock(self, region: str, account: str, volunteer: str, *, by: str | None) -> bool:
        """Take that back, by whoever said it (None: whoever did); False where it was not said."""
        mine = [
            blocked_pairs.c.region == region,
            blocked_pairs.c.account == account,
            blocked_pairs.c.volunteer == volunteer,
        ]
        if by is not None:
            mine.append(blocked_pairs.c.by == by)
        with faults.told():
            return self._connection.execute(delete(blocked_pairs).where(*mine)).rowcount == 1

    def blocked_for(self, region: str, account: str) -> frozenset[str]:
        """Give the volunteers whom a resident does not want, or who do not want that resident."""
        mine = and_(blocked_pairs.c.region == region, blocked_pairs.c.account == account)
        with faults.told():
            return frozenset(self._connection.execute(select(blocked_pairs.c.volunteer).where(mine)).scalars())


def fresh(
    order: str,
    at: datetime,
    *,
    phase: int,
    wanted: int,
    chosen: Sequence[str],
    record: bytes,
    by: str,
    batch: str | None = None,
) -> KeptMatching:
    """Give a choice as it is to be kept, with an id of its own."""
    return KeptMatching(ids.fresh(), order, batch, phase, wanted, tuple(chosen), record, by, at)


def _kept(row: Row[Any]) -> KeptMatching:
    return KeptMatching(
        row.id, row.order, row.batch, row.phase, row.wanted, tuple(row.chosen), row.record, row.by, row.at
    )
