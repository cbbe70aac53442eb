"""How likely somebody is to say yes: from the region's own history, and honest where there is little of it.

Everybody's own rate is drawn towards the region's by a prior whose weight is learned from how much people differ
(beta-binomial, fitted by moments: Kleinman 1973). Nobody who was asked twice is sure to come, or never to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

UNKNOWN_RATE, UNKNOWN_WEIGHT = 0.5, 4.0
"""What is presumed of a region without history: yes as often as no, as sure as four answers."""
LEAST_WEIGHT, MOST_WEIGHT = 1.0, 200.0
LEAST_ASKED = 30
"""With fewer answers than this in all, a region's own figures are drawn halfway and more to what is presumed."""


@dataclass(frozen=True, slots=True)
class Prior:
    """What is known of everybody before they are asked.

    Attributes:
        rate: share of offers that are accepted.
        weight: how many answers it counts for.
    """

    rate: float
    weight: float

    def chance(self, offers: ArrayLike, accepted: ArrayLike) -> NDArray[np.float64]:
        """Chance that each says yes to the next offer: float64, between 0 and 1 and never either."""
        asked, said_yes = np.asarray(offers, np.float64), np.asarray(accepted, np.float64)
        known: NDArray[np.float64] = (said_yes + self.rate * self.weight) / (asked + self.weight)
        return known


def learn(offers: ArrayLike, accepted: ArrayLike) -> Prior:
    """Learn a region's prior from its people's histories.

    Args:
        offers: (n,), how often each was asked and the answer is known.
        accepted: (n,), how often each said yes; at most offers.
    """
    asked, yes = np.asarray(offers, np.float64), np.asarray(accepted, np.float64)
    asked, yes = asked[asked > 0], yes[asked > 0]
    total = float(asked.sum())
    rate = (float(yes.sum()) + UNKNOWN_RATE * LEAST_ASKED) / (total + LEAST_ASKED)
    weight = _weight(asked, yes)
    share = total / (total + LEAST_ASKED)
    return Prior(rate, share * weight + (1 - share) * UNKNOWN_WEIGHT)


def _weight(asked: NDArray[np.float64], yes: NDArray[np.float64]) -> float:
    """By how much people differ beyond chance: little difference, much weight."""
    people, total = len(asked), float(asked.sum())
    if people < 2 or total <= people:  # noqa: PLR2004 - one person does not differ
        return UNKNOWN_WEIGHT
    rate = float(yes.sum()) / total
    spread = float((asked * (yes / asked - rate) ** 2).sum())
    even = rate * (1 - rate)
    beyond = spread - even * (people - 1)
    scale = even * (total - float((asked**2).sum()) / total - (people - 1))
    if beyond <= 0 or scale <= 0:
        return MOST_WEIGHT
    return min(max(scale / beyond - 1.0, LEAST_WEIGHT), MOST_WEIGHT)
