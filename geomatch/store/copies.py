"""All rows of the database as plain values, out of one kind of database and into the same or the other."""

from __future__ import annotations

import base64
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

import shapely
from sqlalchemy import JSON, Boolean, Column, Date, LargeBinary, MetaData, Table, Time, insert, inspect, select, text
from sqlalchemy.types import NullType

from geomatch.errors import InputError
from geomatch.store import change_rows, faults, migrating
from geomatch.store.place_type import Place
from geomatch.store.schema import UtcTime, metadata

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from sqlalchemy import Connection
    from sqlalchemy.types import TypeEngine

    from geomatch.store.database import Database

    Rows = Iterable[list[Any]]

_AT_A_TIME = 1000
_TYPES: dict[str, TypeEngine[Any]] = {
    "place": Place(),
    "moment": UtcTime(),
    "date": Date(),
    "time": Time(),
    "bytes": LargeBinary(),
    "flag": Boolean(),
    "json": JSON(),
    "json or nothing": JSON(none_as_null=True),
    "plain": NullType(),
}
"""How the cells of a column are written down; the first that fits its type counts. Texts and figures are plain."""

_OUT: dict[str, Callable[[Any], Any]] = {
    "place": lambda point: [point.x, point.y],
    "moment": datetime.isoformat,
    "date": date.isoformat,
    "time": time.isoformat,
    "bytes": lambda given: base64.b64encode(given).decode(),
}
_IN: dict[str, Callable[[Any], Any]] = {
    "place": lambda pair: shapely.Point(*pair),
    "moment": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "bytes": base64.b64decode,
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a table looks like.

    Attributes:
        name: of the table.
        columns: the kind of each column by its name, in order; see _TYPES.
    """

    name: str
    columns: Mapping[str, str]


class Copy:
    """The database as it was at one moment, for as long as the block that gave it lasts.

    Attributes:
        revision: the step that its tables are at.
        sheets: its tables.
    """

    def __init__(self, connection: Connection) -> None:
        """Look at a connection whose transaction shows one picture."""
        self._connection = connection
        self.revision = migrating.revision(connection) or ""
        self.sheets = tuple(_sheet(table) for table in metadata.sorted_tables)

    def rows(self, sheet: Sheet) -> Iterator[list[Any]]:
        """Go through a table by its key; every cell is what JSON can say."""
        table = metadata.tables[sheet.name]
        out = [_OUT.get(kind) for kind in sheet.columns.values()]
        query = select(table).order_by(*table.primary_key.columns)
        with faults.told():
            for row in self._connection.execution_options(yield_per=_AT_A_TIME).execute(query):
                yield [
                    cell if turn is None or cell is None else turn(cell) for turn, cell in zip(out, row, strict=True)
                ]


@contextmanager
def taken(database: Database) -> Iterator[Copy]:
    """Give the database as it is now, whatever others write meanwhile; nobody waits for it."""
    with database.whole(writes=False) as connection:
        yield Copy(connection)


def counts(database: Database) -> dict[str, int]:
    """Count the rows of every table that has some."""
    with database.whole(writes=False) as connection, faults.told():
        found = {
            table.name: int(connection.execute(text(f'SELECT count(*) FROM "{table.name}"')).scalar_one())  # noqa: S608 - our own names
            for table in metadata.sorted_tables
        }
    return {name: count for name, count in found.items() if count}


def put_back(database: Database, revision: str, sheets: Iterable[Sheet], rows: Callable[[Sheet], Rows]) -> None:
    """Replace everything by what a copy held, all of it or nothing; then bring it to what this release needs.

    Args:
        database: which.
        revision: that of the copy.
        sheets: the tables of the copy.
        rows: gives those of a table.

    Raises:
        InputError: a newer geomatch made the copy.
        StoreError: the database does not take it; it is then as it was.
    """
    if revision not in migrating.revisions():
        told = f"was made by a newer geomatch (its tables are at {revision!r}); restore it by that one"
        raise InputError.of("backup", told)
    with database.whole(writes=True) as connection, faults.told():
        known = _known(connection)
        migrating.move(connection, "base")
        migrating.move(connection, revision)
        for sheet in sheets:
            _fill(connection, sheet, rows(sheet))
        migrating.move(connection, "head")
        _tell(connection, known)
        connection.commit()
    database.counter.move()


def _sheet(table: Table) -> Sheet:
    return Sheet(table.name, {column.name: _kind(column) for column in table.columns})


def _kind(column: Column[Any]) -> str:
    if isinstance(column.type, JSON):
        return "json or nothing" if column.nullable else "json"
    return next((kind for kind, its in _TYPES.items() if isinstance(column.type, type(its))), "plain")


def _fill(connection: Connection, sheet: Sheet, rows: Rows) -> None:
    table = Table(sheet.name, MetaData(), *(Column(name, _TYPES[kind]) for name, kind in sheet.columns.items()))
    turns = [_IN.get(kind) for kind in sheet.columns.values()]
    waiting: list[dict[str, Any]] = []
    for row in rows:
        cells = (cell if turn is None or cell is None else turn(cell) for turn, cell in zip(turns, row, strict=True))
        waiting.append(dict(zip(sheet.columns, cells, strict=True)))
        if len(waiting) == _AT_A_TIME:
            connection.execute(insert(table), waiting)
            waiting = []
    if waiting:
        connection.execute(insert(table), waiting)


_CHANGES = "SELECT DISTINCT region, what FROM changes"


def _known(connection: Connection) -> tuple[int, set[tuple[str, str]]]:
    """Give the newest figure that a follower may have seen, and what it may follow."""
    if not inspect(connection).has_table("changes"):
        return 0, set()
    newest = connection.execute(text("SELECT max(seq) FROM changes")).scalar_one()
    return int(newest or 0), {(row.region, row.what) for row in connection.execute(text(_CHANGES))}


def _tell(connection: Connection, before: tuple[int, set[tuple[str, str]]]) -> None:
    """Tell all who follow something that everything of it changed, by figures that nobody has seen yet."""
    newest, followed = _known(connection)
    last = max(newest, before[0])
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT setval(pg_get_serial_sequence('changes', 'seq'), :last)"), {"last": last + 1})
    elif last:
        connection.execute(text("DELETE FROM sqlite_sequence WHERE name = 'changes'"))
        connection.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES ('changes', :last)"), {"last": last})
    now = datetime.now(UTC)
    waiting = [(region, what, change_rows.EVERYTHING, now) for region, what in sorted(followed | before[1])]
    if waiting:
        change_rows.write(connection, waiting)
