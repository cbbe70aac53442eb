"""What people are told of an order: put into the outbox by the transaction that makes it true, each once."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from geomatch.volunteering import masking
from geomatch.volunteering.deadlines import STEP_NAMES, Step
from geomatch.volunteering.notices import Notice, Purpose
from geomatch.volunteering.orders import STATE_NAMES
from geomatch.volunteering.roles import Role
from geomatch.volunteering.window_words import window

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from geomatch.store.unit_of_work import UnitOfWork
    from geomatch.volunteering.order_sheet import Order

ORDER, OFFER = "order", "order_offer"
"""Kinds of cause: what is told of an order, and offers of it, which are taken back when it is full."""
_SHOWN = 40


def offered(work: UnitOfWork, order: Order, volunteers: Iterable[str], at: datetime) -> None:
    """Ask volunteers whether they will take an order; nothing of the door is said."""
    sheet = order.sheet
    street, when = masking.address(sheet.contact.address), _window(work, order)
    body = f"有一单请您看看：{_title(order)}，{when}，{street}，需要 {sheet.people_needed} 人。请接单或谢绝。"
    work.outbox.put(
        *(
            Notice(
                order.region, f"offer:{order.id}:{each}:{at.timestamp():.6f}", Purpose.OFFER, OFFER, order.id,
                "这一单派给了您", "this order was offered to you", body, at, volunteer=each,
                expires_at=sheet.starts_at,
            )
            for each in volunteers
        )
    )  # fmt: skip


def not_asked_any_more(work: UnitOfWork, order: Order, told: str) -> None:
    """Take back the offers that have not gone out yet."""
    work.outbox.withdraw(order.region, OFFER, order.id, told=told)


def moved(work: UnitOfWork, order: Order, at: datetime, *, why: str = "") -> None:
    """Tell the resident where the order stands now; nobody where it was taken by phone."""
    if order.requester is None:
        return
    name, _ = STATE_NAMES[order.state]
    body = f"您的订单“{_title(order)}”（{_window(work, order)}）：{name}。{why}"
    work.outbox.put(
        Notice(
            order.region, f"order:{order.id}:{order.moves}", Purpose.RESULT, ORDER, order.id, "这是您点的单",
            "you placed this order", body, at, account=order.requester,
        )
    )  # fmt: skip


def called_off(work: UnitOfWork, order: Order, helpers: Iterable[str], at: datetime, *, why: str) -> None:
    """Tell those who were to come that they need not, also in quiet hours: they may be on their way."""
    body = f"不用去了：{_title(order)}（{_window(work, order)}）。{why}"
    work.outbox.put(
        *(
            Notice(
                order.region, f"order:{order.id}:{order.moves}:{each}", Purpose.RESULT, ORDER, order.id,
                "您接了这一单", "you accepted this order", body, at, volunteer=each, urgent=True,
            )
            for each in helpers
        )
    )  # fmt: skip


def remind(work: UnitOfWork, order: Order, helpers: Iterable[str], at: datetime) -> None:
    """Remind those who come, and the resident, of what was agreed."""
    body = f"提醒：{_title(order)}，{_window(work, order)}。"
    readers: list[tuple[str | None, str | None]] = [(each, None) for each in helpers]
    if order.requester is not None:
        readers.append((None, order.requester))
    work.outbox.put(
        *(
            Notice(
                order.region, f"remind:{order.id}:{order.moves}:{volunteer or account}", Purpose.REMINDER, ORDER,
                order.id, "您约好了这件事", "you agreed to this", body, at, volunteer=volunteer, account=account,
                expires_at=order.sheet.ends_at,
            )
            for volunteer, account in readers
        )
    )  # fmt: skip


def at_risk(work: UnitOfWork, order: Order, step: Step, at: datetime) -> None:
    """Tell those of one step of escalation that nobody has moved an order in time."""
    name, _ = STATE_NAMES[order.state]
    body = f"订单 {order.id} 逾期未处理（{name}）：{_title(order)}，{_window(work, order)}。"
    why_zh, why_en = f"您负责这一单（{STEP_NAMES[step][0]}）", f"this order is yours to see to ({STEP_NAMES[step][1]})"
    work.outbox.put(
        *(
            Notice(
                order.region, f"risk:{order.id}:{order.moves}:{step.value}:{each}", Purpose.STAFF, ORDER, order.id,
                why_zh, why_en, body, at, account=each,
            )
            for each in _seeing_to(work, order, step)
        )
    )  # fmt: skip


def _seeing_to(work: UnitOfWork, order: Order, step: Step) -> tuple[str, ...]:
    """List the accounts of a step: the leader of the team, the office of the township with its station, the centre."""
    if step is Step.TEAM:
        return work.accounts.of_roles(order.region, [Role.LEADER], team=order.team or "")
    if step is Step.OFFICE:
        office = work.accounts.of_roles(order.region, [Role.OFFICE], unit=order.unit or "")
        return office + work.accounts.of_roles(order.region, [Role.STATION], site=order.site or "")
    return work.accounts.of_roles(order.region, [Role.CENTRE])


def _title(order: Order) -> str:
    words = order.sheet.words
    return words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"


def _window(work: UnitOfWork, order: Order) -> str:
    zone = ZoneInfo(work.outbox.rules(order.region).timezone)
    return window(order.sheet.starts_at, order.sheet.ends_at, zone)
