"""Many new rows as one parameter: the database takes them apart in a third of the time that handing over each takes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

import orjson
from sqlalchemy import String, Text, bindparam, cast, func, literal_column, select, true
from sqlalchemy.dialects import postgresql, sqlite

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Connection, Dialect, Insert, Table

    _OfDialect: TypeAlias = sqlite.Insert | postgresql.Insert

_AT_A_TIME = 2000
_ROWS = bindparam("rows", type_=Text())


@dataclass(frozen=True)
class Many:
    """Writes rows into a table by a statement that is made once.

    Attributes:
        table: which.
        columns: names of those that differ from row to row, in the order in which rows have them.
        alike: names of those that all rows of one writing have alike; the others stay empty.
        unless: names of columns; a row like one that is there already in these is left out.
    """

    table: Table
    columns: Sequence[str]
    alike: Sequence[str] = ()
    unless: Sequence[str] = ()

    def write(self, connection: Connection, rows: Sequence[Sequence[Any]], **alike: Any) -> int:
        """Write rows; gives how many are new."""
        statement = self._on_postgresql if connection.dialect.name == "postgresql" else self._on_sqlite
        new = 0
        for start in range(0, len(rows), _AT_A_TIME):
            packed = self._packed(rows[start : start + _AT_A_TIME], connection.dialect)
            new += connection.execute(statement, {"rows": packed, **alike}).rowcount
        return new

    def _packed(self, rows: Sequence[Sequence[Any]], dialect: Dialect) -> str:
        """Give rows as JSON, each value as the database keeps it."""
        columns: list[Sequence[Any]] = [*zip(*rows, strict=True)]
        for place, name in enumerate(self.columns):
            turn = self.table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
            if turn is not None:
                known = {value: turn(value) for value in set(columns[place])}
                columns[place] = [known[value] for value in columns[place]]
        return orjson.dumps([*zip(*columns, strict=True)]).decode()

    @cached_property
    def _on_sqlite(self) -> Insert:
        row = func.json_each(_ROWS).table_valued("value").c.value
        cells = [func.json_extract(row, literal_column(f"'$[{place}]'")) for place in range(len(self.columns))]
        return self._from(sqlite.insert(self.table), cells)

    @cached_property
    def _on_postgresql(self) -> Insert:
        row = func.json_array_elements(cast(_ROWS, postgresql.JSON())).table_valued("value").c.value
        cells = []
        for place, name in enumerate(self.columns):
            text, kind = row.op("->>")(literal_column(str(place))), self.table.c[name].type
            cells.append(text if isinstance(kind, String) else cast(text, kind))  # a cast would cut what is too long
        return self._from(postgresql.insert(self.table), cells)

    def _from(self, insert: _OfDialect, cells: Sequence[ColumnElement[Any]]) -> Insert:
        alike = [bindparam(name, type_=self.table.c[name].type) for name in self.alike]
        rows = select(*cells, *alike).where(true())  # else SQLite takes ON CONFLICT for a part of a join
        made = insert.from_select([*self.columns, *self.alike], rows).execution_options(preserve_rowcount=True)
        return made.on_conflict_do_nothing(index_elements=self.unless) if self.unless else made
