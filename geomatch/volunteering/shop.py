"""The points shop (凝心超市): goods with stock, what is ordered there, and what a district sets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

RESERVED_FOR = timedelta(days=14)
"""How long goods are put by; then they and the points are free again."""

CODE_FIGURES = 8
MOST_PRICE, MOST_STOCK, MOST_AT_ONCE = 100_000, 1_000_000, 100


@dataclass(frozen=True, slots=True)
class PointRules:
    """What a district sets.

    Attributes:
        per_hour: points for an hour that counts; parts of a point are not given.
        last_days: how long points last, or None for ever.
    """

    per_hour: int = 10
    last_days: int | None = None

    def points_of(self, minutes: int) -> int:
        """Points for minutes that count."""
        return minutes * self.per_hour // 60


@dataclass(frozen=True, slots=True)
class Goods:
    """Something that the shop gives for points.

    Attributes:
        id: ours.
        region: of which region.
        site: where it is handed out.
        name: what it is.
        price: points for one.
        stock: how many can still be ordered.
        stocked: how many were ever put in, less what was taken out; stock and what is ordered or handed out are this.
        is_open: False where it is no longer offered.
    """

    id: str
    region: str
    site: str
    name: str
    price: int
    stock: int
    stocked: int
    is_open: bool = True


class RedemptionState(StrEnum):
    """Where an order of goods stands."""

    RESERVED = "reserved"
    REDEEMED = "redeemed"
    CANCELLED = "cancelled"  # before it was handed out, by whoever ordered or by the desk
    LAPSED = "lapsed"  # not fetched in time
    RETURNED = "returned"  # handed out, and brought back


UNDONE = frozenset({RedemptionState.CANCELLED, RedemptionState.LAPSED, RedemptionState.RETURNED})
"""Points and goods are where they were."""


@dataclass(frozen=True, slots=True)
class Redemption:
    """Goods that somebody ordered for points.

    Attributes:
        id: ours.
        region: of which region.
        volunteer: who ordered.
        goods: id.
        site: where it is handed out.
        count: how many.
        points: for all of them, at the price of the day.
        code: what is shown at the desk.
        state: where it stands.
        made_at, ends_at: when it was ordered, and until when it is put by.
        ended_at, ended_by, why: when and by whom it was handed out or undone, and why.
    """

    id: str
    region: str
    volunteer: str
    goods: str
    site: str
    count: int
    points: int
    code: str
    state: RedemptionState
    made_at: datetime
    ends_at: datetime
    ended_at: datetime | None = None
    ended_by: str | None = None
    why: str = ""
