"""How long an order may stand, and who hears of it when it stood too long."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomatch.volunteering import deadlines
from geomatch.volunteering.deadlines import USUAL, Step
from geomatch.volunteering.orders import ENDS, OrderState
from tests.order_rows import NOW, order, sheet

TOMORROW = NOW + timedelta(days=1)


@pytest.mark.parametrize(
    ("state", "until"),
    [
        (OrderState.SUBMITTED, NOW + timedelta(hours=2)),
        (OrderState.CHECKED, NOW + timedelta(hours=4)),
        (OrderState.OFFERED, NOW + timedelta(hours=4)),
        (OrderState.ACCEPTED, TOMORROW + timedelta(minutes=15)),
        (OrderState.UNDER_WAY, TOMORROW + timedelta(hours=2, minutes=15)),
        (OrderState.DONE, NOW + timedelta(hours=24)),
        (OrderState.CONFIRMED, None),
        *((state, None) for state in sorted(ENDS)),
    ],
    ids=str,
)
def test_each_state_has_its_deadline(state: OrderState, until: object) -> None:
    """Counted from the move for what people owe, from the window for what was agreed."""
    assert deadlines.deadline_of(order(state), NOW) == until


def test_an_order_whose_window_is_near_has_less_time() -> None:
    """An hour before the window somebody must know; where that is over, at once."""
    soon = sheet(starts_at=NOW + timedelta(minutes=90), ends_at=NOW + timedelta(hours=3))
    assert deadlines.deadline_of(order(sheet=soon), NOW) == NOW + timedelta(minutes=30)
    assert deadlines.deadline_of(order(sheet=soon), NOW + timedelta(hours=1)) == NOW + timedelta(hours=1)


def test_it_goes_up_step_by_step() -> None:
    """Team, office, centre, half an hour apart; without a team it begins at the office."""
    late = order(deadline=NOW, team="t1")
    half = USUAL.between
    told = [deadlines.next_step(late, NOW + half * n - timedelta(seconds=s))[0] for n in range(3) for s in (1, 0)]
    assert told == [Step.NONE, Step.TEAM, Step.TEAM, Step.OFFICE, Step.OFFICE, Step.CENTRE]
    assert deadlines.next_step(replace(late, team=None), NOW) == (Step.OFFICE, NOW + half)


def test_after_the_last_step_only_the_end_of_the_window_is_left() -> None:
    """Then it expires, if nobody accepted; one that is accepted has nothing more to wait for."""
    late = order(deadline=NOW)
    assert deadlines.next_step(late, NOW + timedelta(hours=5)) == (Step.CENTRE, late.sheet.ends_at)
    assert deadlines.next_step(replace(late, state=OrderState.DONE), NOW + timedelta(hours=5)) == (Step.CENTRE, None)
    assert deadlines.next_step(replace(late, deadline=None), NOW) == (Step.NONE, None)


@given(st.sampled_from(OrderState), st.timedeltas(timedelta(0), timedelta(days=3)), st.booleans())
def test_who_looks_again_when_told_misses_nothing(state: OrderState, passed: timedelta, has_team: bool) -> None:  # noqa: FBT001 - drawn
    """Between now and the time to look again the step does not change."""
    late = order(state, deadline=NOW, team="t1" if has_team else None)
    step, again = deadlines.next_step(late, NOW + passed)
    if again is not None:
        assert again > NOW + passed
        assert deadlines.next_step(late, again - timedelta(microseconds=1)) == (step, again)
