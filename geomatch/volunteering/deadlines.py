"""Until when somebody must have moved an order, and who hears of it when nobody did: team, then office, then centre."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import TYPE_CHECKING

from geomatch.volunteering.orders import OrderState

if TYPE_CHECKING:
    from geomatch.volunteering.order_sheet import Order

EARLIEST_START = timedelta(hours=1)
"""So long before the window a helper may say that the work begins."""


class Step(IntEnum):
    """How far up an order was escalated."""

    NONE = 0
    TEAM = 1
    OFFICE = 2
    CENTRE = 3


STEP_NAMES: dict[Step, tuple[str, str]] = {
    Step.NONE: ("未升级", "not escalated"),
    Step.TEAM: ("队", "team"),
    Step.OFFICE: ("所", "office"),
    Step.CENTRE: ("中心", "centre"),
}
"""Chinese and English name of each step."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long an order may stand.

    Attributes:
        check: from submitted until checked.
        place: from checked or offered until enough have accepted.
        before: so long before the window the two above end in any case.
        late: how long after the window's start it may not have begun, and after its end not be done.
        confirm: from done until both sides agree.
        between: from one step of escalation to the next.
        remind: so long before the window helpers and the resident are reminded.
    """

    check: timedelta = timedelta(hours=2)
    place: timedelta = timedelta(hours=4)
    before: timedelta = timedelta(hours=1)
    late: timedelta = timedelta(minutes=15)
    confirm: timedelta = timedelta(hours=24)
    between: timedelta = timedelta(minutes=30)
    remind: timedelta = timedelta(hours=2)


USUAL = Patience()


def deadline_of(order: Order, moved_at: datetime, patience: Patience = USUAL) -> datetime | None:
    """Say until when an order must leave the state that it came to; None where nobody need do anything.

    An order whose window is near may have no time left: then it is at once.
    """
    starts_at, ends_at = order.sheet.starts_at, order.sheet.ends_at
    soon = max(moved_at, starts_at - patience.before)
    if order.state is OrderState.SUBMITTED:
        return min(moved_at + patience.check, soon)
    if order.state in {OrderState.CHECKED, OrderState.OFFERED}:
        return min(moved_at + patience.place, soon)
    if order.state is OrderState.ACCEPTED:
        return max(moved_at, starts_at + patience.late)
    if order.state is OrderState.UNDER_WAY:
        return max(moved_at, ends_at + patience.late)
    return moved_at + patience.confirm if order.state is OrderState.DONE else None


def expires_at(order: Order) -> datetime | None:
    """Say when an order that is not accepted is of no use any more: when its window ends; None in other states."""
    waits = {OrderState.SUBMITTED, OrderState.CHECKED, OrderState.OFFERED}
    return order.sheet.ends_at if order.state in waits else None


def next_step(order: Order, now: datetime, patience: Patience = USUAL) -> tuple[Step, datetime | None]:
    """Say how far up an order is to be escalated by now, and when to look again, or None for not any more.

    The first step is taken at the deadline, each further one `between` later; an order without a team begins at the
    office.
    """
    if order.deadline is None:
        return Step.NONE, None
    first = Step.TEAM if order.team is not None else Step.OFFICE
    times = {step: order.deadline + patience.between * (step - first) for step in Step if step >= first}
    due = max((step for step, at in times.items() if at <= now), default=Step.NONE)
    ahead = [at for at in times.values() if at > now]
    end = expires_at(order)
    if end is not None and end > now:
        ahead.append(end)
    return due, min(ahead, default=None)
