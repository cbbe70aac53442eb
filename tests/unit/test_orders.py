"""An order makes legal moves only, each by whom it concerns and with the reason that it needs."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomatch.volunteering import orders
from geomatch.volunteering.orders import ENDS, MOVES, Actor, OrderState
from geomatch.volunteering.roles import Role

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


@pytest.mark.parametrize("before", OrderState)
def test_what_is_not_in_the_table_is_refused(before: OrderState) -> None:
    """Each pair of states that is no move is refused for everybody, reason or not."""
    for after, actor in product(OrderState, Actor):
        if (before, after) not in MOVES:
            with pytest.raises(orders.IllegalMoveError, match="can go to"):
                orders.move("o1", before, after, who="a1", actor=actor, at=NOW, why="so")


@pytest.mark.parametrize(("pair", "rule"), MOVES.items(), ids=["-".join(pair) for pair in MOVES])
def test_each_move_is_for_its_actors_and_reasons(pair: tuple[OrderState, OrderState], rule: orders.Rule) -> None:
    """Who may, may, with a reason where one is needed; who may not, may not."""
    for actor in Actor:
        if actor not in rule.by:
            with pytest.raises(orders.IllegalMoveError, match="only"):
                orders.move("o1", *pair, who="a1", actor=actor, at=NOW, why="so")
            continue
        made = orders.move("o1", *pair, who="a1", actor=actor, at=NOW, why=" so ")
        assert (made.before, made.after, made.why, made.at) == (*pair, "so", NOW)
        if rule.needs_reason:
            with pytest.raises(orders.IllegalMoveError, match="say why"):
                orders.move("o1", *pair, who="a1", actor=actor, at=NOW, why=" ")


def test_ends_are_ends_and_nothing_else_is() -> None:
    """No move leaves an end; some move leaves every other state, and every state can be come to."""
    assert {before for before, _ in MOVES} == set(OrderState) - ENDS
    assert {after for _, after in MOVES} == set(OrderState) - {OrderState.SUBMITTED}


@given(st.data())
def test_every_order_can_come_to_an_end(data: st.DataObject) -> None:
    """From wherever legal moves lead, an end can be reached without going back."""
    state = OrderState.SUBMITTED
    for _ in range(data.draw(st.integers(0, 12))):
        ways = [after for before, after in MOVES if before is state]
        if not ways:
            break
        state = data.draw(st.sampled_from(ways))
    seen, waiting = {state}, [state]
    while waiting:
        fresh = {after for before, after in MOVES if before is waiting[-1]} - seen
        waiting.pop()
        seen |= fresh
        waiting += sorted(fresh)
    assert seen & ENDS


@pytest.mark.parametrize(
    ("role", "is_requester", "is_helper", "actor"),
    [
        (Role.RESIDENT, True, False, Actor.REQUESTER),
        (Role.RESIDENT, False, False, None),
        (Role.VOLUNTEER, False, True, Actor.HELPER),
        (Role.VOLUNTEER, True, False, Actor.REQUESTER),
        (Role.VOLUNTEER, False, False, None),
        (Role.STATION, False, False, Actor.DISPATCHER),
        (Role.OFFICE, False, False, Actor.DISPATCHER),
        (Role.CENTRE, False, False, Actor.DISPATCHER),
        (Role.LEADER, False, False, None),
        (Role.AUDITOR, False, False, None),
        (Role.PROGRAM, False, False, Actor.DISPATCHER),
    ],
)
def test_somebody_acts_as_what_they_are_to_the_order(
    role: Role,
    is_requester: bool,  # noqa: FBT001 - columns of the table
    is_helper: bool,  # noqa: FBT001
    actor: Actor | None,
) -> None:
    """A helper helps even where the helper asked; staff and programs dispatch; an auditor only looks."""
    assert orders.actor_towards(role, is_requester=is_requester, is_helper=is_helper) is actor
