"""Use case: everybody near an order with all that speaks for and against them, as the choice needs it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from geomatch.services import volunteers_near
from geomatch.volunteering import may
from geomatch.volunteering.dispatch import OfferState
from geomatch.volunteering.matching import Bar, Candidates
from geomatch.volunteering.may import Duties, Task

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from numpy.typing import NDArray

    from geomatch.network.snap import Places
    from geomatch.services.volunteers_near import PlacedRoster
    from geomatch.store.unit_of_work import UnitOfWork
    from geomatch.volunteering.dispatch import Offer
    from geomatch.volunteering.order_sheet import Order

BETWEEN_DUTIES = timedelta(minutes=90)
"""Duties that end, or begin, further away in time than this leave time enough for any walk."""
LOAD_COUNTS_FOR = timedelta(days=30)
_LIVE = (OfferState.OFFERED, OfferState.ACCEPTED)
_TENTHS = 10.0


@dataclass(frozen=True)
class Near:
    """Who is near an order, and where it is.

    Attributes:
        placed: the roster.
        at: the order on the streets.
        task: what is asked.
        rows: int64 (n,), rows of the roster.
        walk_s: float64 (n,), to a tenth of a second, so that a record of it is short.
    """

    placed: PlacedRoster
    at: Places
    task: Task
    rows: NDArray[np.int64]
    walk_s: NDArray[np.float64]


def near(placed: PlacedRoster, order: Order, limit_m: float) -> Near:
    """Find who is within a walk of an order."""
    sheet, zone = order.sheet, ZoneInfo(placed.region.spec.timezone)
    task = Task(sheet.starts_at.astimezone(zone), sheet.ends_at.astimezone(zone), sheet.people_needed, sheet.need)
    at = volunteers_near.on_streets(placed, sheet.lon, sheet.lat)
    rows, walk_m = volunteers_near.near(placed, at, limit_m)
    walk_s = np.round(walk_m / placed.ways.profile.speed_mps * _TENTHS) / _TENTHS
    return Near(placed, at, task, rows, walk_s)


def gather(
    work: UnitOfWork, nearby: Near, order: Order, *, offers: Sequence[Offer], since: datetime, now: datetime
) -> Candidates:
    """Say of everybody near an order what speaks for them and against them.

    Whom something of their own keeps away (see `may.standing`) is asked nothing further.

    Args:
        work: the database, inside its `with`.
        nearby: who is near.
        order: the order.
        offers: those that it made already.
        since: start of the day whose notices count.
        now: the time.
    """
    roster, rows, task = nearby.placed.roster, nearby.rows, nearby.task
    barred = may.standing(roster, rows, task)
    free = np.flatnonzero(~barred.any(axis=1))
    ids = tuple(roster.ids[row] for row in rows.tolist())
    asked = [ids[at] for at in free.tolist()]
    barred = _with_what_goes_on(work, nearby, order, barred, asked=asked, free=free, offers=offers, since=since)
    histories = work.matching.histories(order.region, asked, now - LOAD_COUNTS_FOR)
    columns = np.zeros((3, len(rows)), np.int64)
    rested_s = np.full(len(rows), np.inf)
    for at, identity in zip(free.tolist(), asked, strict=True):
        past = histories.get(identity)
        if past is not None:
            columns[:, at] = past.load, past.offers, past.accepted
            rested_s[at] = round((now - past.last_called).total_seconds())
    minor = may.is_minor(roster, rows, task)
    live = {each.volunteer for each in offers if each.state in _LIVE}
    asked_minors = may.is_minor(
        roster, np.array([roster.row[who] for who in live if who in roster.row], np.int64), task
    )
    return Candidates(
        volunteer=ids,
        walk_s=nearby.walk_s,
        barred=barred,
        load=columns[0],
        rested_s=rested_s,
        trained=roster.trained[rows],
        offers=columns[1],
        accepted=columns[2],
        minor=minor,
        most_minors=max(task.most_minors - int(asked_minors.sum()), 0),
    )


def _with_what_goes_on(
    work: UnitOfWork,
    nearby: Near,
    order: Order,
    barred: NDArray[np.bool_],
    *,
    asked: Sequence[str],
    free: NDArray[np.intp],
    offers: Sequence[Offer],
    since: datetime,
) -> NDArray[np.bool_]:
    """Add the bars that depend on what else goes on: duties, people who do not want each other, notices, this order."""
    most_a_day = work.outbox.rules(order.region).most_a_day
    notified = work.matching.notified(order.region, asked, since)
    blocked = work.matching.blocked_for(order.region, order.requester) if order.requester else frozenset()
    before = {each.volunteer for each in offers}
    for bar, which in (
        (Bar.CLASH, _clashing(work, nearby, order, asked)),
        (Bar.BLOCKED, np.array([identity in blocked for identity in asked], bool)),
        (Bar.BUDGET, np.array([notified.get(identity, 0) >= most_a_day for identity in asked], bool)),
        (Bar.ASKED, np.array([identity in before for identity in asked], bool)),
    ):
        everywhere = np.zeros(len(barred), bool)
        everywhere[free] = which
        barred = may.with_bar(barred, bar, everywhere)
    return barred


def _clashing(work: UnitOfWork, nearby: Near, order: Order, asked: Sequence[str]) -> NDArray[np.bool_]:
    """Tell whose other duties leave no time for this one, the walk between them included."""
    sheet = order.sheet
    found = work.duties.around(asked, sheet.starts_at - BETWEEN_DUTIES, sheet.ends_at + BETWEEN_DUTIES)
    row_of = {identity: row for row, identity in enumerate(asked)}
    speed_mps = nearby.placed.ways.profile.speed_mps
    walk_m = np.empty(0)
    if found:
        lon, lat = [duty.lon for duty in found], [duty.lat for duty in found]
        limit_m = BETWEEN_DUTIES.total_seconds() * speed_mps
        walk_m = volunteers_near.walks_to(nearby.placed, nearby.at, lon, lat, limit_m)
    duties = Duties(
        np.array([row_of[duty.volunteer] for duty in found], np.int64),
        np.array([(duty.starts_at - sheet.starts_at).total_seconds() for duty in found], np.float64),
        np.array([(duty.ends_at - sheet.starts_at).total_seconds() for duty in found], np.float64),
        walk_m / speed_mps,
    )
    return may.clashing(len(asked), nearby.task, duties)
