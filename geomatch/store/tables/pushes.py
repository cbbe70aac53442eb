"""Notices to an area, and what each reader wants to hear about."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, PrimaryKeyConstraint, String, Table, Text

from geomatch.store.schema import UtcTime, metadata

pushes = Table(
    "pushes",
    metadata,
    Column("id", String(24), primary_key=True),
    Column("region", Text, nullable=False),
    Column("account", String(24), nullable=False),
    Column("unit", Text),
    Column("body", Text, nullable=False),
    Column("why_zh", Text, nullable=False),
    Column("why_en", Text, nullable=False),
    Column("put", Integer, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Index("ix_pushes_region", "region", "made_at"),
)
"""What was sent to an area, by whom."""

interests = Table(
    "interests",
    metadata,
    Column("region", Text, nullable=False),
    Column("reader", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    PrimaryKeyConstraint("region", "reader", "category"),
    Index("ix_interests_category", "region", "category"),
)
"""Categories that somebody asked for notices about; `reader` is the id of a volunteer or an account."""
