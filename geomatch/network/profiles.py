"""Who walks: a speed and a factor per kind of way, and the limits that follow.

Sources: `standard` is GB 50180-2018 (1000 m in 15 minutes); the others are product choices.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from geomatch.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_MINUTES = 15.0
GB_50180_LIMIT_M = 1000.0


@dataclass(frozen=True)
class Profile:
    """How a group of people walks.

    Attributes:
        name: as users spell it.
        speed_mps: walking speed in metres per second.
        factors: effective metres per metre, by kind of way; absent means 1, math.inf means never used.
    """

    name: str
    speed_mps: float
    factors: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))


PROFILES: Mapping[str, Profile] = MappingProxyType(
    {
        "standard": Profile("standard", GB_50180_LIMIT_M / (DEFAULT_MINUTES * 60)),
        "adult": Profile("adult", 1.30),
        "elder": Profile("elder", 0.80, MappingProxyType({"steps": 1.5})),
        "wheelchair": Profile("wheelchair", 0.70, MappingProxyType({"steps": math.inf})),
    }
)


@dataclass(frozen=True, slots=True)
class Limit:
    """How far counts as near: every answer states all four.

    Attributes:
        standard: the standard that sets the limit, or "custom".
        profile: name of the profile.
        limit_m: inclusive bound on walk_m, effective metres.
        limit_s: the same bound as seconds of that profile.
    """

    standard: str
    profile: str
    limit_m: float
    limit_s: float


def profile_named(name: str) -> Profile:
    """Find a profile; InputError names those there are."""
    try:
        return PROFILES[name]
    except KeyError:
        raise InputError.of("profile", f"must be one of {', '.join(PROFILES)}", value=name) from None


@lru_cache(maxsize=4096, typed=True)
def limit_for(profile: str = "standard", *, minutes: float | None = None, metres: float | None = None) -> Limit:
    """Turn minutes or metres (15 minutes where neither is given) into a limit of a profile.

    Raises:
        InputError: an unknown profile, both given, or a figure out of bounds.
    """
    walker = profile_named(profile)
    if minutes is not None and metres is not None:
        raise InputError.of("minutes, metres", "give one of the two, not both")
    bounds = (("minutes", minutes, MIN_MINUTES, MAX_MINUTES), ("metres", metres, MIN_METRES, MAX_METRES))
    for name, figure, least, most in bounds:
        if figure is not None and not least <= figure <= most:
            raise InputError.of(name, f"must be from {least:g} to {most:g}", value=figure)
    if metres is None:
        limit_s = (DEFAULT_MINUTES if minutes is None else minutes) * 60
        # minutes x 60 x speed would give 999.9999999999999 for the standard's 1000 m
        limit_m = round(limit_s * walker.speed_mps, 6)
    else:
        limit_m, limit_s = metres, metres / walker.speed_mps
    is_standard = profile == "standard" and limit_m == GB_50180_LIMIT_M
    return Limit("GB 50180-2018" if is_standard else "custom", profile, limit_m, limit_s)


MIN_MINUTES, MAX_MINUTES = 0.1, 120.0
MIN_METRES, MAX_METRES = 1.0, 10_000.0
"""Below a metre a limit is a slip of the pen, and its area would round to nothing."""
