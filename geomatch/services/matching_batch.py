"""Use case: many orders are put to volunteers at once, so that the most places are taken at the least cost in all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from geomatch.errors import BusyError, ChangedError, ConflictError, InputError, NotFoundError
from geomatch.services import matching, matching_plan
from geomatch.store import ids
from geomatch.store.database import MOST_TRIES
from geomatch.volunteering import sharing_out
from geomatch.volunteering.dispatch import Ask

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from geomatch.services.matching_plan import Plan
    from geomatch.services.region import Region
    from geomatch.services.rosters import Rosters
    from geomatch.store.database import Database
    from geomatch.store.unit_of_work import UnitOfWork
    from geomatch.volunteering.dispatch import Step
    from geomatch.volunteering.matching import Choice
    from geomatch.volunteering.matching_record import Record
    from geomatch.volunteering.matching_settings import MatchingSettings
    from geomatch.volunteering.orders import OrderState
    from geomatch.volunteering.roles import Scope

MOST_ORDERS = 1000
"""So many orders are shared out at once; the others are counted, and come next time."""


@dataclass(frozen=True, slots=True)
class Part:
    """What was done with one order of a batch.

    Attributes:
        order: id.
        state: where it stands now; None where nothing was done.
        wanted: how many helpers were looked for.
        asked: whom it was put to now.
        step: what comes next; None as well.
        choice: why those, or why nobody, as the furthest search saw it; None where nobody was looked for.
        why: why nothing was done; empty where something was.
    """

    order: str
    state: OrderState | None = None
    wanted: int = 0
    asked: tuple[str, ...] = ()
    step: Step | None = None
    choice: Choice | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """What was done with many orders.

    Attributes:
        id: of the batch, kept with each choice.
        parts: one an order, in the order in which they were taken.
        left: how many more wait for the matcher than could be taken at once.
    """

    id: str
    parts: tuple[Part, ...]
    left: int


def dispatch(
    database: Database,
    rosters: Rosters,
    region: Region,
    scope: Scope,
    *,
    by: str,
    at: datetime,
    orders: Sequence[str] | None = None,
) -> Batch:
    """Put orders to volunteers: for each helper that an order misses one is asked, and nobody for two of the orders.

    Whom to ask is found for all at once while nobody waits: as many places are taken as can be within the furthest
    phase, and only orders that need it look further than their first. Then each order is locked, looked at again and
    written by itself; those where something changed meanwhile are shared out anew.

    Args:
        database: where they are.
        rosters: keeps the volunteers.
        region: whose orders they are.
        scope: which orders may be seen.
        by: account or job.
        at: now.
        orders: ids, at most MOST_ORDERS; None for those that are checked and wait for the matcher, the next first.

    Raises:
        InputError: too many are named.
        NotFoundError: one that is named is not there, or may not be seen; nothing was done.
    """
    run = _Run(database, rosters, region, scope, by, at, ids.fresh())
    waiting, left = run.waiting(orders)
    done: dict[str, Part] = {}
    for _ in range(MOST_TRIES):
        found = run.planned(waiting, taken={who for part in done.values() for who in part.asked})
        done |= {order: plan if isinstance(plan, Part) else run.written(plan) for order, plan in found.items()}
        waiting = [order for order in waiting if done[order].why == _BUSY]
        if not waiting:
            break
    return Batch(run.batch, tuple(done.values()), left)


_BUSY = "others changed it, or those who were chosen for it, again and again; try again soon"


@dataclass(frozen=True)
class _Run:
    """A batch while it is made; the attributes are what `dispatch` was given, and the batch's id."""

    database: Database
    rosters: Rosters
    region: Region
    scope: Scope
    by: str
    at: datetime
    batch: str

    def waiting(self, orders: Sequence[str] | None) -> tuple[list[str], int]:
        """Give which orders are shared out, and how many more there are."""
        with self.database.reading() as work:
            if orders is None:
                count, found = work.orders.to_match(self.scope, self.at, limit=MOST_ORDERS)
                return [each.id for each in found], count - len(found)
            named = list(dict.fromkeys(orders))
            if len(named) > MOST_ORDERS:
                raise InputError.of("orders", f"must be at most {MOST_ORDERS:,}", value=len(named))
            return [work.orders.get(order, self.scope).id for order in named], 0

    def planned(self, orders: Sequence[str], *, taken: Collection[str]) -> dict[str, Plan | Part]:
        """Share volunteers out to orders; who is taken gets none."""
        with self.database.reading() as work:
            settings = matching_plan.settings_of(work, self.region.spec.id)
            settings = replace(settings, policy=replace(settings.policy, at_once=1))
            found = {order: self._begun(work, order, settings) for order in orders}
            plans = [plan for plan in found.values() if not isinstance(plan, Part)]
            asking = [plan for plan in plans if isinstance(plan.step, Ask)]
            records, shared = self._shared(work, asking, taken)
        for plan, record, chosen in zip(asking, records, shared, strict=True):
            plan.found(record, chosen, by=self.by, batch=self.batch)
        return found

    def _shared(
        self, work: UnitOfWork, asking: Sequence[Plan], taken: Collection[str]
    ) -> tuple[list[Record], tuple[tuple[str, ...], ...]]:
        """Share out; while places stay free, those that could help to fill them look as far as their next phase."""
        placed = self.rosters.placed(work, self.region, self.at)
        records = [matching_plan.look(work, self.rosters, placed, plan) for plan in asking]
        while True:
            shared = sharing_out.share_out(records, taken=taken)
            short = sharing_out.short_of(records, shared, taken=taken)
            wider = [at for at in short if asking[at].widen()]
            if not wider:
                return records, shared
            for at in wider:
                records[at] = matching_plan.look(work, self.rosters, placed, asking[at])

    def _begun(self, work: UnitOfWork, order: str, settings: MatchingSettings) -> Plan | Part:
        try:
            return matching_plan.begin(work, self.region, work.orders.get(order, self.scope), settings, self.at)
        except (NotFoundError, ConflictError) as error:
            return Part(order, why=str(error))

    def written(self, plan: Plan) -> Part:
        """Write one order of the batch, or say why it was not."""
        try:
            with self.database.writing() as work:
                done = matching.written(work, plan, self.scope, by=self.by, at=self.at)
                work.commit()
        except BusyError:
            return Part(plan.order.id, why=_BUSY)
        except (NotFoundError, ChangedError) as error:
            return Part(plan.order.id, why=str(error))
        wanted = plan.made[0].wanted if plan.made else 0
        choice = plan.records[-1].choice(plan.made[-1].chosen) if plan.records else None
        return Part(done.order, done.state, wanted, done.asked, done.step, choice)
