"""Scenarios in the database."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select, update

from geomatch.errors import ConflictError, NotFoundError
from geomatch.planning.coverage import FIGURES, CoverageRow
from geomatch.planning.saved import Build, Draft, Reckoning, Scenario
from geomatch.store import faults, new_rows
from geomatch.store.schema import scenarios

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    Values = dict[str, Any]


class ScenarioRows:
    """The saved scenarios of all regions, inside one unit of work."""

    def __init__(self, connection: Connection) -> None:
        """Work on a connection whose transaction has begun."""
        self._connection = connection

    def add(self, scenario: Scenario, name_key: str) -> None:
        """Add one; ConflictError where its region has one of that name key."""
        self._write(insert(scenarios).values(id=scenario.id, **_values(scenario, name_key)), scenario, name_key)

    def put(self, scenario: Scenario, name_key: str) -> None:
        """Write one that is there over; ConflictError as above."""
        row = update(scenarios).where(scenarios.c.id == scenario.id)
        self._write(row.values(**_values(scenario, name_key)), scenario, name_key)

    def get(self, scenario_id: str, *, to_change: bool = False) -> Scenario:
        """Find one; NotFoundError where there is none. `to_change` keeps others from changing it until the end."""
        query = select(scenarios).where(scenarios.c.id == scenario_id)
        with faults.told():
            row = self._connection.execute(query.with_for_update() if to_change else query).one_or_none()
        if row is None:
            raise NotFoundError(f"there is no scenario {scenario_id!r}; it may have been deleted")
        return _scenario(row)

    def remove(self, scenario_id: str) -> None:
        """Remove one that is there."""
        with faults.told():
            self._connection.execute(delete(scenarios).where(scenarios.c.id == scenario_id))

    def count(self, region: str) -> int:
        """Count those of a region."""
        query = select(func.count()).where(scenarios.c.region == region)
        with faults.told():
            return int(self._connection.execute(query).scalar_one())

    def page(self, region: str, *, limit: int, offset: int) -> tuple[Scenario, ...]:
        """List those of a region, the one changed last first."""
        query = select(scenarios).where(scenarios.c.region == region)
        query = query.order_by(scenarios.c.updated_at.desc(), scenarios.c.id).limit(limit).offset(offset)
        with faults.told():
            return tuple(_scenario(row) for row in self._connection.execute(query))

    def _write(self, statement: Any, scenario: Scenario, name_key: str) -> None:
        if not new_rows.written(self._connection, statement):
            raise self._taken(scenario.draft, name_key)

    def _taken(self, draft: Draft, name_key: str) -> ConflictError:
        """Say who has the name; PostgreSQL answers that only after the failed statement was taken back."""
        mine = (scenarios.c.region == draft.region) & (scenarios.c.name_key == name_key)
        with faults.told():
            holder = self._connection.execute(select(scenarios.c.id).where(mine)).scalar_one_or_none()
        told = f"region {draft.region!r} has a scenario named {draft.name!r} already; give this one another name"
        return ConflictError(told, holder=holder)


def _values(scenario: Scenario, name_key: str) -> Values:
    draft = scenario.draft
    reckoned = draft.reckoning
    return {
        "region": draft.region,
        "name": draft.name,
        "name_key": name_key,
        "note": draft.note,
        "question": dict(draft.question),
        "build_id": reckoned.build.id,
        "built_at": reckoned.build.built_at,
        "hash": reckoned.hash,
        "before": asdict(reckoned.before),
        "after": asdict(reckoned.after),
        "created_at": scenario.created_at,
        "updated_at": scenario.updated_at,
        "version": scenario.version,
    }


def _scenario(row: Row[Any]) -> Scenario:
    build = Build(row.build_id, row.built_at)
    reckoned = Reckoning(build, row.hash, _figures(row.before), _figures(row.after))
    draft = Draft(row.region, row.name, row.note, row.question, reckoned)
    return Scenario(row.id, draft, row.created_at, row.updated_at, row.version)


def _figures(kept: Values) -> CoverageRow:
    """Read figures; one that this release counts and the one that saved did not is None."""
    figures: Values = {name: kept.get(name) for name in FIGURES}
    return CoverageRow(id=None, name=None, **figures)
