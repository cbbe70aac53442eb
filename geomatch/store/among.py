"""One of many texts: however many they are, they go to the database as one parameter."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import ARRAY, Text, any_, bindparam, func, select

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import ColumnElement, Connection


def among(connection: Connection, column: ColumnElement[str], given: Iterable[str]) -> ColumnElement[bool]:
    """Say that a column of texts is one of those given; a list of parameters would cost more than the rows do."""
    texts = list(given)
    if connection.dialect.name == "postgresql":
        return column == any_(bindparam(None, texts, type_=ARRAY(Text)))
    listed = func.json_each(bindparam(None, json.dumps(texts), type_=Text)).table_valued("value")
    return column.in_(select(listed.c.value))


def plain(column: ColumnElement[str]) -> ColumnElement[str]:
    """Say a column so that rows are not looked up by it: SQLite would rather do that than by `among`."""
    return column.concat("")
