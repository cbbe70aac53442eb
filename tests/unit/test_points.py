"""The books always balance, no wallet goes below zero, and a reversal restores both sides."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomatch.volunteering import points
from geomatch.volunteering.points import ISSUED, Leg, PointsError, Transaction, TransactionKind

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
ONE_WAY = [kind for kind in TransactionKind if kind is not TransactionKind.REVERSE]


def transaction(number: int, kind: TransactionKind, legs: tuple[Leg, ...], cause: str = "hours:1") -> Transaction:
    """A transaction of now."""
    return Transaction(f"t{number}", kind, legs, cause, "a1", NOW)


steps = st.lists(
    st.tuples(st.sampled_from(TransactionKind), st.sampled_from(["v1", "v2"]), st.integers(1, 30), st.integers(0, 40)),
    max_size=60,
)


@given(steps)
def test_whatever_is_tried_the_books_hold(tried: list[tuple[TransactionKind, str, int, int]]) -> None:
    """Random earning, reserving, redeeming, expiring and reversing; what is refused is not booked."""
    booked: list[Transaction] = []
    for number, (kind, volunteer, amount, back) in enumerate(tried):
        before = points.balances(booked)
        try:
            if kind is TransactionKind.REVERSE:
                if not booked:
                    continue
                undone = booked[back % len(booked)]
                made = transaction(number, kind, points.reversed_legs(undone), undone.id)
            else:
                made = transaction(number, kind, points.legs(kind, volunteer, amount))
            points.check(made, before)
        except PointsError:
            assert points.balances(booked) == before
            continue
        booked.append(made)
        after = points.balances(booked)
        assert sum(after.values()) == 0
        assert all(sum_ >= 0 for account, sum_ in after.items() if account != ISSUED)


@pytest.mark.parametrize("kind", ONE_WAY)
def test_a_reversal_restores_every_account(kind: TransactionKind) -> None:
    """After the reversal each account stands where it stood."""
    funds = [
        transaction(1, TransactionKind.EARN, points.legs(TransactionKind.EARN, "v1", 50)),
        transaction(2, TransactionKind.RESERVE, points.legs(TransactionKind.RESERVE, "v1", 20)),
    ]
    before = points.balances(funds)
    made = transaction(3, kind, points.legs(kind, "v1", 10))
    undone = transaction(4, TransactionKind.REVERSE, points.reversed_legs(made), "t3")
    points.check(made, before)
    points.check(undone, points.balances([*funds, made]))
    after = points.balances([*funds, made, undone])
    assert {account: sum_ for account, sum_ in after.items() if sum_} == before


def test_what_is_not_there_is_not_spent() -> None:
    """Neither from an empty wallet nor from an empty hold, and the message says how much is there."""
    for kind in (TransactionKind.RESERVE, TransactionKind.REDEEM, TransactionKind.EXPIRE):
        with pytest.raises(PointsError, match="only 0 are there, 5 are needed"):
            points.check(transaction(1, kind, points.legs(kind, "v1", 5)), {})


@pytest.mark.parametrize("legs", [(), (Leg(ISSUED, -5),), (Leg(ISSUED, -5), Leg("wallet:v1", 6))])
def test_legs_that_do_not_balance_are_refused(legs: tuple[Leg, ...]) -> None:
    """No point comes from nowhere."""
    with pytest.raises(PointsError, match="sum to zero"):
        points.check(transaction(1, TransactionKind.EARN, legs), {})


@pytest.mark.parametrize("amount", [0, -5, points.MOST_POINTS + 1])
def test_an_amount_out_of_bounds_is_refused(amount: int) -> None:
    """Nothing, less than nothing, and a slip of the pen."""
    with pytest.raises(PointsError, match="must be from 1"):
        points.legs(TransactionKind.EARN, "v1", amount)


def test_a_reversal_is_not_reversed() -> None:
    """What was undone is done anew, with its own cause."""
    made = transaction(1, TransactionKind.REVERSE, (Leg(ISSUED, 5), Leg("wallet:v1", -5)), "t0")
    with pytest.raises(PointsError, match="reversal"):
        points.reversed_legs(made)
