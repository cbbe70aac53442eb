"""A policy of matching, played over days of orders: who waits how long, who is asked how often, who does the work.

Pure: the orders with those who may help each, and how willing everybody is; out comes what happened. Two policies that
are played with the same seed meet the same answers: somebody who would say yes to an order says so whenever asked.
"""

from __future__ import annotations

import heapq
from collections import deque
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from geomatch.volunteering import acceptance, matching
from geomatch.volunteering.matching import DAY_S, Bar, Candidates

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geomatch.volunteering.dispatch import Policy
    from geomatch.volunteering.matching import Weights

LOAD_COUNTS_S = 30 * DAY_S
ANSWER_S = 240.0
"""Mean time to an answer; who takes longer than the policy waits counts as silent."""
_BARS = len(Bar)
_BUSY, _TIRED = list(Bar).index(Bar.CLASH), list(Bar).index(Bar.BUDGET)


@dataclass(frozen=True)
class Days:
    """Orders as they come, and who may help.

    Attributes:
        ids: of V volunteers.
        trained: int64 (V,), trainings passed.
        willing: float64 (V,), chance that each says yes.
        placed_s: float64 (R,), when each order comes, ascending, in seconds from the start of the first day.
        starts_s, ends_s: float64 (R,), its window.
        first: int64 (R + 1,), the slice of each order's candidates.
        helper: int32 (n,), rows of volunteers whom nothing of their own keeps away.
        walk_m: float64 (n,), how far each walks.
        speed_mps: how fast.
    """

    ids: tuple[str, ...]
    trained: NDArray[np.int64]
    willing: NDArray[np.float64]
    placed_s: NDArray[np.float64]
    starts_s: NDArray[np.float64]
    ends_s: NDArray[np.float64]
    first: NDArray[np.int64]
    helper: NDArray[np.int32]
    walk_m: NDArray[np.float64]
    speed_mps: float

    def __len__(self) -> int:
        return len(self.placed_s)


@dataclass(frozen=True, slots=True)
class Played:
    """What came of it.

    Attributes:
        orders, served: how many orders came, and how many found a helper.
        median_wait_s, p90_wait_s: from the order to the first yes, of those served.
        acceptance: share of answers, silence included, that were yes.
        notices: offers sent, for each order.
        gini: of the tasks of all who could have had one; 0 where all have as many.
        idle_share: share of those who had none.
        most_tasks: what the busiest had.
        median_walk_m: of those who came.
    """

    orders: int
    served: int
    median_wait_s: float
    p90_wait_s: float
    acceptance: float
    notices: float
    gini: float
    idle_share: float
    most_tasks: int
    median_walk_m: float


class _People:
    """What becomes of the volunteers as orders come."""

    def __init__(self, count: int) -> None:
        self.called_s = np.full(count, -np.inf)
        self.offers, self.accepted = np.zeros(count, np.int64), np.zeros(count, np.int64)
        self.load, self.tasks = np.zeros(count, np.int64), np.zeros(count, np.int64)
        self.noticed_on, self.noticed = np.full(count, -1, np.int64), np.zeros(count, np.int64)
        self._windows: dict[int, list[tuple[float, float]]] = {}
        self._recent: deque[tuple[float, int]] = deque()

    def forget(self, now_s: float) -> None:
        """Let tasks count no more that were taken on too long ago."""
        while self._recent and self._recent[0][0] <= now_s - LOAD_COUNTS_S:
            self.load[self._recent.popleft()[1]] -= 1

    def busy(self, rows: NDArray[np.int32], starts_s: float, ends_s: float) -> NDArray[np.bool_]:
        """Tell who has something else to do then."""
        found = np.zeros(len(rows), bool)
        for at in np.flatnonzero(self.tasks[rows]).tolist():
            found[at] = any(a < ends_s and b > starts_s for a, b in self._windows[int(rows[at])])
        return found

    def had(self, rows: NDArray[np.int32], day: int) -> NDArray[np.int64]:
        """Count today's notices."""
        return np.where(self.noticed_on[rows] == day, self.noticed[rows], 0)

    def call(self, row: int, now_s: float) -> None:
        """Note that somebody was asked."""
        day = int(now_s // DAY_S)
        self.noticed[row] = self.noticed[row] + 1 if self.noticed_on[row] == day else 1
        self.noticed_on[row], self.called_s[row] = day, now_s

    def take(self, row: int, placed_s: float, starts_s: float, ends_s: float) -> None:
        """Note that somebody takes an order."""
        self.accepted[row] += 1
        self.tasks[row] += 1
        self.load[row] += 1
        self._windows.setdefault(row, []).append((starts_s, ends_s))
        self._recent.append((placed_s, row))


def play(days: Days, weights: Weights, policy: Policy, *, most_a_day: int = 3, seed: int = 0) -> Played:
    """Play a policy over days of orders, each for one helper.

    Args:
        days: the orders.
        weights: what counts how much.
        policy: how an order is offered; its phases are asked one after the other.
        most_a_day: notices that one volunteer may get on a day.
        seed: of who answers what, and when.
    """
    people = _People(len(days.ids))
    waits, walks, sent, answered = [], [], 0, 0
    for order in range(len(days)):
        placed_s = float(days.placed_s[order])
        people.forget(placed_s)
        queue = _queue(days, order, people, weights, policy, most_a_day=most_a_day)
        rng = np.random.default_rng([seed, order])
        says, takes_s = rng.random(len(days.ids)), rng.exponential(ANSWER_S, len(days.ids))
        asked = _asked(queue, says < days.willing, takes_s, policy)
        sent += len(asked.called)
        for row in asked.called:
            people.call(row, placed_s)
        answers = [*asked.refused, *([] if asked.helper is None else [asked.helper])]
        people.offers[answers] += 1
        answered += len(answers)
        if asked.helper is not None:
            people.take(asked.helper, placed_s, float(days.starts_s[order]), float(days.ends_s[order]))
            waits.append(asked.wait_s)
            walks.append(queue[asked.helper])
    tasks = people.tasks[np.unique(days.helper)]
    return Played(
        orders=len(days),
        served=len(waits),
        median_wait_s=float(np.median(waits)) if waits else np.inf,
        p90_wait_s=float(np.quantile(waits, 0.9)) if waits else np.inf,
        acceptance=len(waits) / answered if answered else 0.0,
        notices=sent / len(days) if len(days) else 0.0,
        gini=gini(tasks),
        idle_share=float((tasks == 0).mean()) if len(tasks) else 0.0,
        most_tasks=int(tasks.max(initial=0)),
        median_walk_m=float(np.median(walks)) if walks else np.inf,
    )


def gini(tasks: NDArray[np.int64]) -> float:
    """Give the Gini coefficient of some counts; 0 where there is nothing to share."""
    ordered, total = np.sort(tasks), float(tasks.sum())
    if not total:
        return 0.0
    rank = np.arange(1, len(ordered) + 1)
    return float(2 * (rank * ordered).sum() / (len(ordered) * total) - (len(ordered) + 1) / len(ordered))


def _queue(
    days: Days, order: int, people: _People, weights: Weights, policy: Policy, *, most_a_day: int
) -> dict[int, float]:
    """Give whom an order is put to, in turn, with their walks: phase by phase, each by the least score."""
    part = slice(int(days.first[order]), int(days.first[order + 1]))
    rows, walk_m, now_s = days.helper[part], days.walk_m[part], float(days.placed_s[order])
    barred = np.zeros((len(rows), _BARS), bool)
    barred[:, _BUSY] = people.busy(rows, float(days.starts_s[order]), float(days.ends_s[order]))
    barred[:, _TIRED] = people.had(rows, int(now_s // DAY_S)) >= most_a_day
    among = Candidates(
        volunteer=tuple(days.ids[row] for row in rows.tolist()),
        walk_s=walk_m / days.speed_mps,
        barred=barred,
        load=people.load[rows],
        rested_s=now_s - people.called_s[rows],
        trained=days.trained[rows],
        offers=people.offers[rows],
        accepted=people.accepted[rows],
        minor=np.zeros(len(rows), bool),
        most_minors=0,
    )
    prior = acceptance.learn(people.offers.sum(keepdims=True), people.accepted.sum(keepdims=True))
    row_of = dict(zip(among.volunteer, zip(rows.tolist(), walk_m.tolist(), strict=True), strict=True))
    queue: dict[int, float] = {}
    for limit_m in policy.limits_m:
        choice = matching.choose(
            among, policy.most_offers, limit_s=limit_m / days.speed_mps, weights=weights, prior=prior
        )
        for each in choice.chosen:
            row, away_m = row_of[each.volunteer]
            queue.setdefault(row, away_m)
        if len(queue) >= policy.most_offers:
            break
    return dict(islice(queue.items(), policy.most_offers))


@dataclass(frozen=True, slots=True)
class _Asked:
    """How an order went: whom it was put to, who said no or nothing before somebody said yes, and when that was."""

    called: tuple[int, ...]
    refused: tuple[int, ...]
    helper: int | None
    wait_s: float


def _asked(queue: dict[int, float], would: NDArray[np.bool_], takes_s: NDArray[np.float64], policy: Policy) -> _Asked:
    """Ask so many at once, and the next one for each who declines or is silent, until somebody says yes."""
    silent_s = policy.reply_within.total_seconds()
    called: list[int] = []
    refused: list[int] = []
    waiting: list[tuple[float, int]] = []
    turn = iter(queue)

    def ask(now_s: float) -> None:
        row = next(turn, None)
        if row is not None:
            called.append(row)
            heapq.heappush(waiting, (now_s + min(float(takes_s[row]), silent_s), row))

    for _ in range(policy.at_once):
        ask(0.0)
    while waiting:
        now_s, row = heapq.heappop(waiting)
        if would[row] and takes_s[row] <= silent_s:
            return _Asked(tuple(called), tuple(refused), row, now_s)
        refused.append(row)
        ask(now_s)
    return _Asked(tuple(called), tuple(refused), None, np.inf)
