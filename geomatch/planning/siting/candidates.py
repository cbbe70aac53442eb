"""A place where a site could be opened."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place where a site could be opened.

    Attributes:
        id: unique among the candidates.
        name: as people call it, "" where unknown.
        lon, lat: WGS-84 degrees.
        cost: what opening it costs, in the unit of the budget.
        capacity: how many people it could serve; None where nothing bounds it.
    """

    id: str
    name: str
    lon: float
    lat: float
    cost: float = 1.0
    capacity: int | None = None
