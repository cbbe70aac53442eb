"""Teams and volunteers, one row each; what belongs to one volunteer alone is JSON in its row."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Date, Index, Integer, PrimaryKeyConstraint, String, Table, Text

from geomatch.store.schema import UtcTime, metadata

teams = Table(
    "teams",
    metadata,
    Column("region", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("level", String(8), nullable=False),
    Column("category", Text, nullable=False),
    Column("parent", Text),
    Column("organisation", Text),
    Column("unit", Text),
    PrimaryKeyConstraint("region", "id"),
)
"""Teams as a tree; the id is the office's own."""

volunteers = Table(
    "volunteers",
    metadata,
    Column("id", String(24), primary_key=True),
    Column("region", Text, nullable=False),
    Column("number", Text),
    Column("name", Text, nullable=False),
    Column("phone", Text, nullable=False),
    Column("team", Text),
    Column("unit", Text),
    Column("skills", JSON, nullable=False),
    Column("certificates", JSON, nullable=False),
    Column("hours", JSON, nullable=False),
    Column("on_duty", Boolean, nullable=False),
    Column("places", JSON, nullable=False),
    Column("languages", JSON, nullable=False),
    Column("born", Date),
    Column("insured_until", Date),
    Column("trained", Integer, nullable=False),
    Column("guardian_agreed", Boolean, nullable=False),
    Column("is_professional", Boolean, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    Index("ix_volunteers_region", "region", "id"),
    Index("ix_volunteers_team", "region", "team"),
    Index("ix_volunteers_number", "region", "number", unique=True),
    Index("ix_volunteers_person", "region", "phone", "name"),
)
"""Somebody who helps; `places` are coarse."""
