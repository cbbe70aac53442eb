"""An order from 点单 to 评单: its states, the moves that are legal, and who may make them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from geomatch.errors import InputError
from geomatch.volunteering.roles import STAFF, Role

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class OrderState(StrEnum):
    """Where an order stands; the value is what files and URLs say."""

    SUBMITTED = "submitted"
    CHECKED = "checked"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    UNDER_WAY = "under_way"
    DONE = "done"
    CONFIRMED = "confirmed"
    REVIEWED = "reviewed"
    DECLINED = "declined"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class Actor(StrEnum):
    """Who makes a move: a person by role towards this order, or the service itself."""

    REQUESTER = "requester"
    HELPER = "helper"
    DISPATCHER = "dispatcher"
    CLOCK = "clock"
    MATCHER = "matcher"


@dataclass(frozen=True, slots=True)
class Rule:
    """A legal move.

    Attributes:
        by: who may make it.
        needs_reason: True where it must be said why.
    """

    by: frozenset[Actor]
    needs_reason: bool = False


_S = OrderState
_STAFF = frozenset({Actor.DISPATCHER})
_STAFF_OR_CLOCK = frozenset({Actor.DISPATCHER, Actor.CLOCK})
_CANCEL = Rule(frozenset({Actor.REQUESTER, Actor.DISPATCHER}), needs_reason=True)
_EXPIRE = Rule(frozenset({Actor.CLOCK}), needs_reason=True)
_AGAIN = Rule(frozenset({Actor.HELPER, Actor.DISPATCHER, Actor.CLOCK}), needs_reason=True)
"""An order that was accepted goes out once more: the helper can't, did not come, or was taken off."""

MOVES: Mapping[tuple[OrderState, OrderState], Rule] = {
    (_S.SUBMITTED, _S.CHECKED): Rule(_STAFF_OR_CLOCK),
    (_S.SUBMITTED, _S.DECLINED): Rule(_STAFF, needs_reason=True),
    (_S.SUBMITTED, _S.CANCELLED): _CANCEL,
    (_S.SUBMITTED, _S.EXPIRED): _EXPIRE,
    (_S.CHECKED, _S.OFFERED): Rule(frozenset({Actor.DISPATCHER, Actor.MATCHER})),
    (_S.CHECKED, _S.ACCEPTED): Rule(frozenset({Actor.HELPER})),  # grabbed, 抢单
    (_S.CHECKED, _S.DECLINED): Rule(_STAFF, needs_reason=True),
    (_S.CHECKED, _S.CANCELLED): _CANCEL,
    (_S.CHECKED, _S.EXPIRED): _EXPIRE,
    (_S.OFFERED, _S.ACCEPTED): Rule(frozenset({Actor.HELPER})),
    (_S.OFFERED, _S.CHECKED): Rule(_STAFF_OR_CLOCK, needs_reason=True),  # nobody answered: a person decides
    (_S.OFFERED, _S.CANCELLED): _CANCEL,
    (_S.OFFERED, _S.EXPIRED): _EXPIRE,
    (_S.ACCEPTED, _S.UNDER_WAY): Rule(frozenset({Actor.HELPER})),
    (_S.ACCEPTED, _S.OFFERED): _AGAIN,
    (_S.ACCEPTED, _S.CANCELLED): _CANCEL,
    (_S.UNDER_WAY, _S.DONE): Rule(frozenset({Actor.HELPER})),
    (_S.UNDER_WAY, _S.OFFERED): _AGAIN,
    (_S.UNDER_WAY, _S.CANCELLED): _CANCEL,
    (_S.DONE, _S.CONFIRMED): Rule(frozenset({Actor.REQUESTER, Actor.DISPATCHER})),
    (_S.DONE, _S.UNDER_WAY): Rule(frozenset({Actor.REQUESTER, Actor.DISPATCHER}), needs_reason=True),  # not so
    (_S.CONFIRMED, _S.REVIEWED): Rule(frozenset({Actor.REQUESTER, Actor.DISPATCHER})),  # by phone, 评单
}
"""Every legal move; what is not here is illegal."""

ENDS = frozenset({_S.REVIEWED, _S.DECLINED, _S.EXPIRED, _S.CANCELLED})
"""States that no move leaves."""

STATE_NAMES: dict[OrderState, tuple[str, str]] = {
    _S.SUBMITTED: ("已点单", "Submitted"),
    _S.CHECKED: ("已受理", "Checked"),
    _S.OFFERED: ("派单中", "Offered"),
    _S.ACCEPTED: ("已接单", "Accepted"),
    _S.UNDER_WAY: ("服务中", "Under way"),
    _S.DONE: ("已完成", "Done"),
    _S.CONFIRMED: ("已确认", "Confirmed"),
    _S.REVIEWED: ("已评单", "Reviewed"),
    _S.DECLINED: ("不予受理", "Declined"),
    _S.EXPIRED: ("已过期", "Expired"),
    _S.CANCELLED: ("已取消", "Cancelled"),
}
"""Chinese and English name of each state."""


@dataclass(frozen=True, slots=True)
class Move:
    """One step of an order, as it is recorded.

    Attributes:
        order: the order's id.
        before, after: its states; before is None where it was submitted just then.
        who: account or job that made it.
        actor: as whom.
        at: when.
        why: the reason, empty where none is needed.
    """

    order: str
    before: OrderState | None
    after: OrderState
    who: str
    actor: Actor
    at: datetime
    why: str = ""


class IllegalMoveError(InputError):
    """The order cannot go there from where it stands, or not by this actor, or not without a reason."""


def move(
    order: str, before: OrderState, after: OrderState, *, who: str, actor: Actor, at: datetime, why: str = ""
) -> Move:
    """Give the move as it is to be recorded.

    Raises:
        IllegalMoveError: the move is not in the table, this actor may not make it, or it needs a reason.
    """
    rule = MOVES.get((before, after))
    if rule is None:
        legal = sorted(there.value for here, there in MOVES if here is before)
        told = f"an order that is {before.value} can go to {', '.join(legal) or 'nowhere any more'}"
        raise IllegalMoveError.of("state", told, value=after.value)
    if actor not in rule.by:
        told = f"only {', '.join(sorted(rule.by))} may move an order from {before.value} to {after.value}"
        raise IllegalMoveError.of("state", told, value=actor.value)
    if rule.needs_reason and not why.strip():
        raise IllegalMoveError.of("why", f"say why the order goes from {before.value} to {after.value}")
    return Move(order, before, after, who, actor, at, why.strip())


def actor_towards(role: Role, *, is_requester: bool, is_helper: bool) -> Actor | None:
    """Say as whom somebody moves an order: those whom it concerns first, then staff and programs of its area."""
    if is_helper:
        return Actor.HELPER
    if is_requester:
        return Actor.REQUESTER
    return Actor.DISPATCHER if role in STAFF or role is Role.PROGRAM else None
