"""What a worker does at the deadline of an order: tell those who see to it, one step up at a time; remind; expire."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geomatch.errors import NotFoundError
from geomatch.services import order_moves, order_notices
from geomatch.volunteering import deadlines
from geomatch.volunteering.deadlines import Step
from geomatch.volunteering.orders import Actor, OrderState
from geomatch.volunteering.roles import Scope

if TYPE_CHECKING:
    from datetime import datetime

    from geomatch.store.job_rows import Job
    from geomatch.store.unit_of_work import UnitOfWork
    from geomatch.volunteering.order_sheet import Order

_NOBODY = "时间已过，没有足够的人接单"


def run(work: UnitOfWork, job: Job, at: datetime) -> None:
    """Do what is due for an order; nothing where it moved on since, which has a job of its own."""
    try:
        order = work.orders.lock(job.payload["order"], Scope(job.region))
    except NotFoundError:
        return
    if order.moves != job.payload["moves"]:
        return
    if job.payload.get("remind"):
        order_notices.remind(work, order, order_moves.helpers(work, order), at)
        return
    end = deadlines.expires_at(order)
    if end is not None and at >= end:
        work.offers.silence_open(order.id, at)
        order_moves.make(
            work, order, OrderState.EXPIRED, who=order_moves.CLOCK, actor=Actor.CLOCK, at=at, why=_NOBODY
        )  # fmt: skip
        return
    _escalate(work, order, job, at)


def _escalate(work: UnitOfWork, order: Order, job: Job, at: datetime) -> None:
    step, again = deadlines.next_step(order, at)
    for higher in range(order.step + 1, step + 1):
        order_notices.at_risk(work, order, Step(higher), at)
    if step > order.step:
        work.orders.change(order, at, step=step.value)
    if again is not None:
        key = f"{order.id}:{order.moves}:{again.isoformat()}"
        work.jobs.put(kind=job.kind, region=order.region, key=key, due_at=again, payload=job.payload)
