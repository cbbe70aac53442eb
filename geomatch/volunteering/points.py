"""The points shop's books: double entry, so that no point comes from nowhere and none is spent twice.

Every transaction moves points between accounts and its legs sum to zero. Points come from ISSUED, which alone may be
negative; a volunteer's points lie in its wallet, what is ordered and not yet handed out in its hold, and what was
handed out or lapsed in REDEEMED and EXPIRED. The balance of an account is the sum of its legs and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from geomatch.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

ISSUED, REDEEMED, EXPIRED = "issued", "redeemed", "expired"
MOST_POINTS = 1_000_000
"""More in one transaction is a slip of the pen."""


class TransactionKind(StrEnum):
    """What a transaction is; the value is what files and URLs say."""

    EARN = "earn"
    RESERVE = "reserve"
    REDEEM = "redeem"
    REVERSE = "reverse"
    EXPIRE = "expire"


@dataclass(frozen=True, slots=True)
class Leg:
    """Points that come to an account (positive) or leave it (negative)."""

    account: str
    points: int


@dataclass(frozen=True, slots=True)
class Transaction:
    """Points that move, all at once or not at all.

    Attributes:
        id: unique; the same id is the same transaction.
        kind: what it is.
        legs: they sum to zero.
        cause: what it was for, such as hours:12, redemption:ID; of a reversal, the id of what it reverses.
        who: account or job that made it.
        at: when.
        why: said where a person decided.
    """

    id: str
    kind: TransactionKind
    legs: tuple[Leg, ...]
    cause: str
    who: str
    at: datetime
    why: str = ""


class PointsError(InputError):
    """The points are not there, or the transaction would not balance."""


def wallet(volunteer: str) -> str:
    """Name the account of a volunteer's points."""
    return f"wallet:{volunteer}"


def hold(volunteer: str) -> str:
    """Name the account of a volunteer's points that are reserved."""
    return f"hold:{volunteer}"


_FLOW = {
    TransactionKind.EARN: (lambda _: ISSUED, wallet),
    TransactionKind.RESERVE: (wallet, hold),
    TransactionKind.REDEEM: (hold, lambda _: REDEEMED),
    TransactionKind.EXPIRE: (wallet, lambda _: EXPIRED),
}


def legs(kind: TransactionKind, volunteer: str, points: int) -> tuple[Leg, Leg]:
    """Give the two legs of earning, reserving, redeeming or expiring a volunteer's points.

    Raises:
        PointsError: not a whole number from 1 to MOST_POINTS.
    """
    if not 1 <= points <= MOST_POINTS:
        raise PointsError.of("points", f"must be from 1 to {MOST_POINTS:,}", value=points)
    source, goal = (end(volunteer) for end in _FLOW[kind])
    return Leg(source, -points), Leg(goal, points)


def reversed_legs(transaction: Transaction) -> tuple[Leg, ...]:
    """Give the legs that undo a transaction.

    Raises:
        PointsError: it is a reversal itself; what was undone is done anew, not undone twice.
    """
    if transaction.kind is TransactionKind.REVERSE:
        raise PointsError.of("transaction", "is a reversal, which is not reversed", value=transaction.id)
    return tuple(Leg(leg.account, -leg.points) for leg in transaction.legs)


def check(transaction: Transaction, balances: Mapping[str, int]) -> None:
    """Let a transaction through only where it balances and leaves no account but ISSUED below zero.

    Args:
        transaction: what is to be booked.
        balances: of every account that it touches, 0 where absent.

    Raises:
        PointsError: its legs do not sum to zero, or points are not there.
    """
    if sum(leg.points for leg in transaction.legs) != 0 or not transaction.legs:
        raise PointsError.of("legs", "must sum to zero", value=transaction.id)
    after = dict(balances)
    for leg in transaction.legs:
        after[leg.account] = after.get(leg.account, 0) + leg.points
    for leg in transaction.legs:
        if after[leg.account] < 0 and leg.account != ISSUED:
            there = balances.get(leg.account, 0)
            raise PointsError.of("points", f"only {there:,} are there, {-leg.points:,} are needed", value=leg.account)


def balances(transactions: Iterable[Transaction]) -> dict[str, int]:
    """Sum the legs by account: the only way to know what somebody has."""
    sums: dict[str, int] = {}
    for transaction in transactions:
        for leg in transaction.legs:
            sums[leg.account] = sums.get(leg.account, 0) + leg.points
    return sums
