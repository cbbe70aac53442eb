"""Who agreed to what, how long data is kept, and what people asked about their own data."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, PrimaryKeyConstraint, String, Table, Text

from geomatch.store.schema import UtcTime, metadata

consents = Table(
    "consents",
    metadata,
    Column("id", String(24), primary_key=True),
    Column("region", Text, nullable=False),
    Column("subject", String(24), nullable=False),
    Column("purpose", String(16), nullable=False),
    Column("version", Text, nullable=False),
    Column("by_guardian", Boolean, nullable=False),
    Column("account", String(24), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("withdrawn_at", UtcTime),
    Index("ix_consents_subject", "region", "subject", "purpose"),
)
"""Agreements, one a purpose; `subject` is the id of a volunteer or an account, `account` who recorded it."""

retention_rules = Table(
    "retention_rules",
    metadata,
    Column("region", Text, nullable=False),
    Column("kind", String(24), nullable=False),
    Column("days", Integer, nullable=False),
    PrimaryKeyConstraint("region", "kind"),
)
"""How long a region that sets its own keeps each kind of data."""

data_requests = Table(
    "data_requests",
    metadata,
    Column("id", String(24), primary_key=True),
    Column("region", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("subject", String(24), nullable=False),
    Column("account", String(24), nullable=False),
    Column("at", UtcTime, nullable=False),
    Index("ix_data_requests_at", "region", "at"),
)
"""Every export and deletion of somebody's data: of whom, by whom, when."""
