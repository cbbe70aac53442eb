"""What a region sets for its matcher: what counts how much, how it asks, and what each figure means."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field, fields
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from geomatch.errors import Fault, InputError
from geomatch.volunteering.dispatch import Policy
from geomatch.volunteering.matching import Weights

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_M, MOST_PHASES, MOST_AT_ONCE, MOST_OFFERS = 10_000.0, 5, 20, 200
MOST_MINUTES = 24 * 60
_MINUTE_S = 60.0

MEANINGS: Mapping[str, tuple[str, str]] = {
    "load_s": ("近30天每多服务一次，相当于多走这么多秒", "each task in 30 days is like so many seconds more"),
    "rest_s": ("距上次被叫每多一天，相当于少走这么多秒", "each day since the last call, so many less"),
    "rest_days": ("休息满这么多天就算休息够了", "after so many days one has rested enough"),
    "training_s": ("每完成一次培训，相当于少走这么多秒，至多三次", "each training, up to three, so many less"),
    "refusal_s": ("肯定会拒绝的人，相当于多走这么多秒", "somebody sure to refuse, so many more"),
    "at_once": ("每缺一人，同时问这么多人", "so many are asked at once for each helper that is missing"),
    "reply_minutes": ("这么多分钟不回复，就改问下一位", "who is silent for so many minutes is replaced"),
    "limits_m": ("各轮步行多远以内的人会被问到，逐轮放宽", "how far on foot each phase reaches"),
    "most_offers": ("一单最多问这么多人，之后由人决定", "so many are asked at the most; then a person decides"),
    "give_up_minutes": ("服务开始前这么多分钟，由人决定", "so long before the start a person decides"),
}
"""What each setting means, Chinese and English."""


@dataclass(frozen=True, slots=True)
class MatchingSettings:
    """How a region's orders find their helpers.

    Attributes:
        weights: what counts how much.
        policy: how it asks.
    """

    weights: Weights = field(default_factory=Weights)
    policy: Policy = field(default_factory=Policy)


def plain(settings: MatchingSettings) -> dict[str, Any]:
    """Give settings as they are stored and told: figures by name."""
    policy = settings.policy
    return {
        **asdict(settings.weights),
        "at_once": policy.at_once,
        "reply_minutes": policy.reply_within.total_seconds() / _MINUTE_S,
        "limits_m": list(policy.limits_m),
        "most_offers": policy.most_offers,
        "give_up_minutes": policy.give_up_before.total_seconds() / _MINUTE_S,
    }


def from_plain(given: Mapping[str, Any]) -> MatchingSettings:
    """Read settings back; what is not given is as it is by default.

    Raises:
        InputError: a figure makes no sense; with every fault.
    """
    told = {**plain(MatchingSettings()), **given}
    faults = _faults(told)
    if faults:
        raise InputError(faults)
    weights = Weights(**{each.name: float(told[each.name]) for each in fields(Weights)})
    policy = Policy(
        at_once=told["at_once"],
        reply_within=timedelta(minutes=told["reply_minutes"]),
        limits_m=tuple(float(limit_m) for limit_m in told["limits_m"]),
        most_offers=told["most_offers"],
        give_up_before=timedelta(minutes=told["give_up_minutes"]),
    )
    return MatchingSettings(weights, policy)


def _faults(told: Mapping[str, Any]) -> list[Fault]:
    bounds = {
        **{each.name: (0.0, 86_400.0) for each in fields(Weights)},
        "at_once": (1, MOST_AT_ONCE),
        "most_offers": (1, MOST_OFFERS),
        "reply_minutes": (1, MOST_MINUTES),
        "give_up_minutes": (0, MOST_MINUTES),
    }
    faults = [
        Fault(name, f"must be from {low:g} to {high:g}", value=str(told[name]))
        for name, (low, high) in bounds.items()
        if not low <= told[name] <= high
    ]
    limits_m = told["limits_m"]
    if not 1 <= len(limits_m) <= MOST_PHASES or not all(
        math.isfinite(each) and 0 < each <= LONGEST_M for each in limits_m
    ):
        told_m = f"must be 1 to {MOST_PHASES} distances of at most {LONGEST_M:g} m"
        faults.append(Fault("limits_m", told_m, value=str(limits_m)))
    return faults
