"""Places where a site could be opened."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Candidate:
    """One place where a site could be opened.

    Attributes:
        id: unique among the candidates.
        name: as people say it; may be empty.
        lon, lat: WGS-84 degrees.
        cost: in whatever the budget is stated in; 1 where none is stated.
        capacity: people whom it could serve at most; None where nothing is said.
    """

    id: str
    name: str
    lon: float
    lat: float
    cost: float = 1.0
    capacity: int | None = None
