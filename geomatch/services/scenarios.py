"""Use case: scenarios that planners save, find again, change and delete."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING

from geomatch.errors import ChangedError, ConflictError, InputError
from geomatch.planning.saved import Scenario
from geomatch.store import ids

if TYPE_CHECKING:
    from datetime import datetime

    from geomatch.planning.saved import Draft
    from geomatch.store.unit_of_work import UnitOfWork

MAX_SAVED = 1000
"""Scenarios of one region; on PostgreSQL savers at the same moment may pass it by one or two."""

_LONGEST_KEY = 300


def save(work: UnitOfWork, draft: Draft, *, at: datetime) -> Scenario:
    """Save a new scenario.

    Raises:
        InputError: the name cannot be told from others.
        ConflictError: the region has one of that name, or as many as it may have.
    """
    scenario = Scenario(ids.fresh(), draft, at, at, 1)
    key = name_key(draft.name)
    with work:
        work.scenarios.add(scenario, key)
        if work.scenarios.count(draft.region) > MAX_SAVED:
            raise ConflictError(f"region {draft.region!r} has {MAX_SAVED:,} scenarios; delete some first")
        work.commit()
    return scenario


def found(work: UnitOfWork, scenario_id: str) -> Scenario:
    """Find a scenario; NotFoundError where there is none."""
    with work:
        return work.scenarios.get(scenario_id)


def listed(work: UnitOfWork, region: str, *, limit: int, offset: int) -> tuple[int, tuple[Scenario, ...]]:
    """Give how many scenarios a region has, and one page of them, the one changed last first."""
    with work:
        return work.scenarios.count(region), work.scenarios.page(region, limit=limit, offset=offset)


def change(work: UnitOfWork, scenario_id: str, draft: Draft, *, version: int | None, at: datetime) -> Scenario:
    """Write a scenario over.

    Args:
        work: a unit of work that may write.
        scenario_id: which one.
        draft: all that it becomes.
        version: the one that may be written over; None for whichever there is.
        at: now.

    Raises:
        InputError, ConflictError: as in `save`.
        NotFoundError: there is none.
        ChangedError: it is at another version.
    """
    key = name_key(draft.name)
    with work:
        before = work.scenarios.get(scenario_id, to_change=True)
        _check(before, version)
        changed = replace(before, draft=draft, updated_at=at, version=before.version + 1)
        work.scenarios.put(changed, key)
        work.commit()
    return changed


def remove(work: UnitOfWork, scenario_id: str, *, version: int | None) -> None:
    """Delete a scenario for good; raises as `change` does."""
    with work:
        _check(work.scenarios.get(scenario_id, to_change=True), version)
        work.scenarios.remove(scenario_id)
        work.commit()


def name_key(name: str) -> str:
    """Give what tells names apart: not case, not the width of letters, not blanks.

    Raises:
        InputError: the name holds signs that stand for too many letters.
    """
    key = "".join(unicodedata.normalize("NFKC", name).casefold().split())
    if len(key) > _LONGEST_KEY:
        raise InputError.of("name", "holds signs that stand for many letters each; use plain ones")
    return key


def _check(scenario: Scenario, version: int | None) -> None:
    if version is not None and version != scenario.version:
        told = f"scenario {scenario.id!r} was changed meanwhile (it is at version {scenario.version}); open it again"
        raise ChangedError(told)
