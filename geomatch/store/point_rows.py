"""The books of the points shop in the database: transactions are added, never changed, and every one balances."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, and_, cast, insert, literal, select, update

from geomatch.errors import ConflictError
from geomatch.store import faults, new_rows
from geomatch.store.tables.hours import hour_entries as entries
from geomatch.store.tables.points import point_balances as kept
from geomatch.store.tables.points import point_legs as legs
from geomatch.store.tables.points import point_rules
from geomatch.store.tables.points import point_transactions as transactions
from geomatch.volunteering import points
from geomatch.volunteering.hours import EntryKind
from geomatch.volunteering.points import Leg, Transaction, TransactionKind
from geomatch.volunteering.shop import PointRules

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

SUMS = frozenset({points.ISSUED, points.REDEEMED, points.EXPIRED})
"""Accounts of the district, whose balance is summed when it is asked for; else everybody would wait for one row."""

_ENOUGH = 10**15
"""They are only taken from by a reversal, once for each that put the same points in, so they always suffice."""


class PointRows:
    """The points of all regions, inside one unit of work."""

    def __init__(self, connection: Connection) -> None:
        """Work on a connection whose transaction has begun."""
        self._connection = connection

    def book(self, region: str, made: Transaction) -> None:
        """Add a transaction.

        Raises:
            ConflictError: there is one of this kind for this cause already.
            PointsError: its legs do not sum to zero, or points are not there.
        """
        points.check(made, self._held(region, [leg.account for leg in made.legs]))
        row = insert(transactions).values(
            id=made.id, region=region, kind=made.kind.value, cause=made.cause, who=made.who, at=made.at, why=made.why
        )
        if not new_rows.written(self._connection, row):
            raise ConflictError(f"there is a transaction ({made.kind.value}) for {made.cause} already")
        with faults.told():
            self._connection.execute(
                insert(legs),
                [
                    {"transaction": made.id, "region": region, "account": leg.account, "points": leg.points}
                    for leg in made.legs
                ],
            )
            for leg in made.legs:
                if leg.account not in SUMS:
                    mine = update(kept).where(kept.c.region == region, kept.c.account == leg.account)
                    self._connection.execute(mine.values(balance=kept.c.balance + leg.points))

    def _held(self, region: str, accounts: Sequence[str]) -> dict[str, int]:
        """Give the balances of wallets and holds, always in the same order, and keep others from changing them."""
        found = {}
        for account in sorted(set(accounts) - SUMS):
            query = select(kept.c.balance).where(kept.c.region == region, kept.c.account == account).with_for_update()
            with faults.told():
                balance = self._connection.execute(query).scalar_one_or_none()
            if balance is None:
                new_rows.written(self._connection, insert(kept).values(region=region, account=account, balance=0))
                with faults.told():
                    balance = self._connection.execute(query).scalar_one()
            found[account] = balance
        return found | dict.fromkeys(SUMS & set(accounts), _ENOUGH)

    def hold(self, region: str, volunteer: str) -> tuple[int, int]:
        """Keep others from a volunteer's points until the end of this unit of work; gives wallet and hold."""
        names = points.wallet(volunteer), points.hold(volunteer)
        found = self._held(region, names)
        return found[names[0]], found[names[1]]

    def balances(self, region: str, volunteer: str) -> tuple[int, int]:
        """Give the wallet and the hold of a volunteer."""
        return self._kept(region, points.wallet(volunteer)), self._kept(region, points.hold(volunteer))

    def _kept(self, region: str, account: str) -> int:
        query = select(kept.c.balance).where(kept.c.region == region, kept.c.account == account)
        with faults.told():
            return self._connection.execute(query).scalar_one_or_none() or 0

    def of(self, region: str, kind: TransactionKind, cause: str) -> Transaction | None:
        """Find the transaction of a kind for a cause."""
        mine = and_(
            transactions.c.region == region, transactions.c.kind == kind.value, transactions.c.cause == cause
        )  # fmt: skip
        found = self._read(mine)
        return found[0] if found else None

    def of_volunteer(self, region: str, volunteer: str) -> tuple[Transaction, ...]:
        """List the transactions that touch a volunteer's points, the oldest first."""
        accounts = [points.wallet(volunteer), points.hold(volunteer)]
        touching = select(legs.c.transaction).where(legs.c.region == region, legs.c.account.in_(accounts))
        return self._read(and_(transactions.c.region == region, transactions.c.id.in_(touching)))

    def everything(self, region: str) -> tuple[Transaction, ...]:
        """List all transactions of a region, the oldest first."""
        return self._read(transactions.c.region == region)

    def kept_balances(self, region: str) -> dict[str, int]:
        """Give the balances as they are kept beside the legs."""
        with faults.told():
            rows = self._connection.execute(select(kept).where(kept.c.region == region))
            return {row.account: row.balance for row in rows}

    def unearned(self, region: str, at: datetime, *, limit: int) -> tuple[int, ...]:
        """List numbers of services that count by now and for which nothing was earned yet, the oldest first."""
        earned = and_(
            transactions.c.region == entries.c.region, transactions.c.kind == TransactionKind.EARN.value,
            transactions.c.cause == literal("hours:") + cast(entries.c.number, Text),
        )  # fmt: skip
        query = select(entries.c.number).select_from(entries.outerjoin(transactions, earned)).where(
            entries.c.region == region, entries.c.kind == EntryKind.SERVICE.value, entries.c.counts_from <= at,
            transactions.c.id.is_(None),
        )  # fmt: skip
        with faults.told():
            return tuple(self._connection.execute(query.order_by(entries.c.number).limit(limit)).scalars())

    def holders(self, region: str) -> tuple[str, ...]:
        """List the volunteers whose wallet is not empty."""
        prefix = points.wallet("")
        mine = and_(kept.c.region == region, kept.c.balance > 0, kept.c.account.startswith(prefix, autoescape=True))
        with faults.told():
            found = self._connection.execute(select(kept.c.account).where(mine).order_by(kept.c.account)).scalars()
            return tuple(account.removeprefix(prefix) for account in found)

    def rules(self, region: str) -> PointRules:
        """Give what a region set, or the default."""
        with faults.told():
            row = self._connection.execute(select(point_rules).where(point_rules.c.region == region)).one_or_none()
        return PointRules() if row is None else PointRules(row.per_hour, row.last_days)

    def put_rules(self, region: str, rules: PointRules) -> None:
        """Set a region's rules."""
        values = {"per_hour": rules.per_hour, "last_days": rules.last_days}
        with faults.told():
            changed = self._connection.execute(update(point_rules).where(point_rules.c.region == region).values(values))
            if not changed.rowcount:
                self._connection.execute(insert(point_rules).values(region=region, **values))

    def _read(self, mine: Any) -> tuple[Transaction, ...]:
        query = select(transactions, legs.c.account, legs.c.points).join(legs, legs.c.transaction == transactions.c.id)
        made: dict[str, Transaction] = {}
        with faults.told():
            rows = self._connection.execute(query.where(mine).order_by(transactions.c.at, transactions.c.id)).all()
        for row in rows:
            before = made[row.id].legs if row.id in made else ()
            made[row.id] = Transaction(
                row.id, TransactionKind(row.kind), (*before, Leg(row.account, row.points)), row.cause, row.who,
                row.at, row.why,
            )  # fmt: skip
        return tuple(made.values())
