"""The code that a site shows to those who come and go: six figures that change every minute, made of its secret."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

STEP = timedelta(seconds=60)
"""How long a code is shown; the one before it is taken as well, for whoever is still typing."""

FIGURES = 6
MOST_FAILURES, LOCKED_FOR = 5, timedelta(hours=1)
"""So many wrong codes in so long, and an account has to wait: a day of trying guesses a code 1 time in 4,000."""


def code(secret: bytes, at: datetime) -> str:
    """Give the code that a site shows at a moment."""
    return _code(secret, _step(at))


def fits(secret: bytes, given: str, at: datetime) -> bool:
    """Tell whether a code is the one that is shown, or the one just before it."""
    shown, just_before = (hmac.compare_digest(_code(secret, _step(at) - ago), given) for ago in (0, 1))
    return shown or just_before


def seconds_left(at: datetime) -> int:
    """Say for how long the code of a moment is still shown, 1 to 60 s."""
    step_s = int(STEP.total_seconds())
    return step_s - int(at.timestamp()) % step_s


def _step(at: datetime) -> int:
    return int(at.timestamp() // STEP.total_seconds())


def _code(secret: bytes, step: int) -> str:
    drawn = hmac.digest(secret, step.to_bytes(8, "big"), hashlib.sha256)
    return f"{int.from_bytes(drawn[:8], 'big') % 10**FIGURES:0{FIGURES}d}"
