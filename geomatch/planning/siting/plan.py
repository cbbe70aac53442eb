"""What siting answers: the choice in order, what each adds, and the certificate."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geomatch.planning.siting.problem import Problem


@dataclass(frozen=True)
class Certificate:
    """How good the choice is, proven.

    Attributes:
        bound: what no choice can beat: most people, fewest sites, least metres; None where nothing was proven.
        gap: how far the choice may be from the best, as a share of the better of the two; None as above.
        method: what proves it, a code: `all`, `lagrangian`, `linear`, `cliques`.
    """

    bound: float | None
    gap: float | None
    method: str | None


@dataclass(frozen=True)
class Plan:
    """Chosen candidates, in order of choice.

    Attributes:
        chosen: indexes of candidates.
        people_added: people newly covered by each, in its turn; they sum to covered - covered_before.
        covered_before, covered: people whose need is met without and with the choice.
        before, value: the figure that the objective is about, without and with the choice: people (cover), sites
            (fewest), mean metres (median), most metres (center), least metres between two (dispersion).
        certificate: of `value`.
        short_of: people missing under a target; 0 where it is met or none was set.
        floors_short: people missing under each unit's floor.
    """

    chosen: tuple[int, ...]
    people_added: tuple[int, ...]
    covered_before: int
    covered: int
    before: float | None
    value: float | None
    certificate: Certificate
    short_of: int = 0
    floors_short: tuple[int, ...] = ()


def added(problem: Problem, chosen: Sequence[int]) -> tuple[int, ...]:
    """Count the people that each next candidate adds."""
    reached = [problem.covered(chosen[:turn]) for turn in range(len(chosen) + 1)]
    return tuple(after - before for before, after in pairwise(reached))


def floors_short(problem: Problem, chosen: Sequence[int]) -> tuple[int, ...]:
    """Count the people missing under each unit's floor."""
    missing = problem.floor - problem.by_unit(chosen)
    return tuple(max(0, short) for short in missing.tolist())


def share_between(value: float, bound: float) -> float:
    """Give the gap between what was reached and what cannot be beaten, as a share of the larger; 0 where equal."""
    larger = max(abs(value), abs(bound))
    return abs(bound - value) / larger if larger else 0.0
