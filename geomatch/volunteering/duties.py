"""Duties: what a volunteer has promised to do, and when; nobody is in two places at once."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class DutyKind(StrEnum):
    """What a duty is for; the value is what files and URLs say."""

    ORDER = "order"
    POST = "post"
    ACTIVITY = "activity"


class DutyState(StrEnum):
    """Where a duty stands; the value is what files and URLs say."""

    PLANNED = "planned"
    STARTED = "started"
    DONE = "done"
    RELEASED = "released"


BINDING = (DutyState.PLANNED, DutyState.STARTED)
"""States in which a duty keeps its volunteer from others."""


@dataclass(frozen=True, slots=True)
class Duty:
    """A volunteer's promise.

    Attributes:
        volunteer: id.
        region: of which region.
        kind: what it is for.
        subject: id of the order, the post or the activity.
        starts_at, ends_at: the window; the end is not in it.
        lon, lat: where, WGS-84 degrees.
        state: where it stands.
    """

    volunteer: str
    region: str
    kind: DutyKind
    subject: str
    starts_at: datetime
    ends_at: datetime
    lon: float
    lat: float
    state: DutyState = DutyState.PLANNED

    def overlaps(self, other: Duty) -> bool:
        """Tell whether two windows have a moment in common; one may begin when the other ends."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at
