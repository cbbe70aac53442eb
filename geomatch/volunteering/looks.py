"""Looks at what is masked: an order's address and phone number, shown in full to one account for a reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from geomatch.volunteering.roles import Role


@dataclass(frozen=True, slots=True)
class Look:
    """One time that a contact was shown in full.

    Attributes:
        order: the order's id.
        account: who saw it.
        role: as what.
        at: when.
        why: the reason that was given; a helper's is that it accepted.
    """

    order: str
    account: str
    role: Role
    at: datetime
    why: str
