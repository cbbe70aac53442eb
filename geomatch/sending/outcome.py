"""What became of one try."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the other side said.

    Attributes:
        taken: whether it took the notice.
        told: what it said, or why nothing was sent; holds no address and no secret.
        answered: False where nobody answered at all, so that others by the same way may wait as well.
    """

    taken: bool
    told: str
    answered: bool = True
