"""Figures that were published."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, Index, String, Table, Text, UniqueConstraint

from geomatch.store.schema import UtcTime, metadata

published_figures = Table(
    "published_figures",
    metadata,
    Column("id", String(24), primary_key=True),
    Column("region", Text, nullable=False),
    Column("key", String(64), nullable=False),
    Column("measure", String(16), nullable=False),
    Column("value", BigInteger, nullable=False),
    Column("bound", String(8), nullable=False),
    Column("as_written", Text, nullable=False),
    Column("unit", Text),
    Column("team", Text),
    Column("category", Text),
    Column("first", Date),
    Column("last", Date),
    Column("published_on", Date, nullable=False),
    Column("source", Text, nullable=False),
    Column("account", String(24), nullable=False),
    Column("at", UtcTime, nullable=False),
    UniqueConstraint("region", "key"),
    Index("ix_published_figures_day", "region", "published_on"),
)
"""As they stood there; `key` is of measure, scope, period, day and source, so that figures of two days both stay."""
