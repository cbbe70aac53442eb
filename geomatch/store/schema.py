"""The tables, alike on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, Column, DateTime, Integer, MetaData, String, Table, Text, TypeDecorator, UniqueConstraint

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Dialect

REVISION = "0022"
"""The newest step under migrations/versions; a database that stands at it needs no alembic to be used."""

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    }
)


class UtcTime(TypeDecorator[datetime]):
    """A moment: UTC in the database, which SQLite does not write down, and aware on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any]:
        """Write UTC; SQLite keeps times as text, without a zone."""
        return _to_text if dialect.name == "sqlite" else _to_utc

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        """Read UTC."""
        del coltype
        return _from_text if dialect.name == "sqlite" else _to_utc


def _to_utc(value: datetime | None) -> datetime | None:
    return None if value is None else value.astimezone(UTC)


def _to_text(value: datetime | None) -> str | None:
    return None if value is None else value.astimezone(UTC).isoformat(" ", "microseconds").removesuffix("+00:00")


def _from_text(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(f"{value}+00:00")


scenarios = Table(
    "scenarios",
    metadata,
    Column("id", String(24), primary_key=True),
    Column("region", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("question", JSON, nullable=False),
    Column("build_id", Text, nullable=False),
    Column("built_at", Text, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("before", JSON, nullable=False),
    Column("after", JSON, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("region", "name_key"),
)
"""What-ifs that were saved; `question`, `before` and `after` are JSON objects."""
