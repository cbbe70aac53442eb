"""Whom the matcher asked and why, what a region set for it, and who does not want whom."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, Integer, LargeBinary, PrimaryKeyConstraint, String, Table, Text

from geomatch.store.schema import UtcTime, metadata

matchings = Table(
    "matchings",
    metadata,
    Column("id", String(24), primary_key=True),
    Column("region", Text, nullable=False),
    Column("order", String(24), nullable=False),
    Column("batch", String(24)),
    Column("phase", Integer, nullable=False),
    Column("wanted", Integer, nullable=False),
    Column("chosen", JSON, nullable=False),
    Column("record", LargeBinary, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Index("ix_matchings_order", "order", "at"),
    Index("ix_matchings_batch", "batch"),
)
"""Every choice of whom to ask, never changed; `record` is what it was made of, see volunteering/matching_record.py."""

matching_settings = Table(
    "matching_settings",
    metadata,
    Column("region", Text, primary_key=True),
    Column("settings", JSON, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
)
"""Weights and policy of a region that sets its own."""

blocked_pairs = Table(
    "blocked_pairs",
    metadata,
    Column("region", Text, nullable=False),
    Column("account", String(24), nullable=False),
    Column("volunteer", String(24), nullable=False),
    Column("by", String(24), nullable=False),
    Column("at", UtcTime, nullable=False),
    PrimaryKeyConstraint("region", "account", "volunteer"),
)
"""A resident and a volunteer of whom one does not want the other; it is not said why."""
