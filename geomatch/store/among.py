"""Many texts as one: they go to the database as one parameter, and a column of them comes back as one value."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import ARRAY, BindParameter, Boolean, Text, TypeDecorator, bindparam, false, or_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from geomatch.store import json_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import ColumnElement, Dialect
    from sqlalchemy.sql.compiler import SQLCompiler
    from sqlalchemy.sql.operators import OperatorType
    from sqlalchemy.types import TypeEngine


class _Texts(TypeDecorator[list[str]]):
    """Many texts as one value: an array on PostgreSQL, JSON on SQLite."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Say how the database has it."""
        return dialect.type_descriptor(ARRAY(Text()) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: list[str] | None, dialect: Dialect) -> Any:
        """Write them."""
        return value if dialect.name == "postgresql" else json.dumps(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> list[str]:
        """Read them; PostgreSQL has no array of no rows."""
        return (value or []) if dialect.name == "postgresql" else json_text.read(value)


class _Among(FunctionElement[bool]):
    """A column of texts, and the parameter that it is looked up in."""

    type = Boolean()
    inherit_cache = True

    def self_group(self, against: OperatorType | None = None) -> _Among:
        """Stand in a condition as it is: SQLite finds no index for a comparison that is compared with 1."""
        del against
        return self


@compiles(_Among)
def _on_sqlite(element: _Among, compiler: SQLCompiler, **kw: Any) -> str:
    column, given = (compiler.process(each, **kw) for each in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({given}))"  # noqa: S608 - a name and a place, no text of anybody


@compiles(_Among, "postgresql")
def _on_postgresql(element: _Among, compiler: SQLCompiler, **kw: Any) -> str:
    column, given = (compiler.process(each, **kw) for each in element.clauses)
    return f"{column} = ANY ({given})"


class _Gathered(FunctionElement[list[Any]]):
    """What a column has, of all rows that were found."""

    type = _Texts()
    inherit_cache = True


@compiles(_Gathered)
def _as_json(element: _Gathered, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json_group_array({compiler.process(element.clauses, **kw)})"


@compiles(_Gathered, "postgresql")
def _as_array(element: _Gathered, compiler: SQLCompiler, **kw: Any) -> str:
    return f"array_agg({compiler.process(element.clauses, **kw)})"


def among(column: ColumnElement[str], given: Iterable[str] | BindParameter[list[str]]) -> ColumnElement[bool]:
    """Say that a column of texts is one of those given; a list of parameters would cost more than the rows do.

    In a statement that is made once, `given` is the place where they come in: see texts.
    """
    place = given if isinstance(given, BindParameter) else bindparam(None, list(given), type_=_Texts())
    return _Among(column, place)


def one_of(column: ColumnElement[str], values: Iterable[str]) -> ColumnElement[bool]:
    """Say that a column is one of a few values that are always the same.

    SQLAlchemy writes an `in_` out anew at every use, which takes half as long as the rest of its work.
    """
    return or_(false(), *(column == value for value in values))


def texts(name: str) -> BindParameter[list[str]]:
    """Give the place of many texts in a statement that is made once; they come as a list."""
    return bindparam(name, type_=_Texts())


def plain(column: ColumnElement[str]) -> ColumnElement[str]:
    """Say a column so that rows are not looked up by it: SQLite would rather do that than by `among`."""
    return column.concat("")


def gathered(column: ColumnElement[Any]) -> ColumnElement[list[Any]]:
    """Read a column of texts or whole figures as one list: of many rows in a tenth of the time that a row each takes.

    Several of them in one query are in one order, that of a subquery which has one; SQLite gives a truth as 0 or 1.
    """
    return _Gathered(column)
