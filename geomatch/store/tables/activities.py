"""Activities, and who signed up for them."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, Index, Integer, String, Table, Text, UniqueConstraint

from geomatch.store.schema import UtcTime, metadata

activities = Table(
    "activities",
    metadata,
    Column("id", String(24), primary_key=True),
    Column("region", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("lon", Float, nullable=False),
    Column("lat", Float, nullable=False),
    Column("starts_at", UtcTime, nullable=False),
    Column("ends_at", UtcTime, nullable=False),
    Column("signup_until", UtcTime, nullable=False),
    Column("seats", Integer, nullable=False),
    Column("words", Text, nullable=False),
    Column("made_by", String(24), nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("secret", Text, nullable=False),
    Column("unit", Text),
    Column("site", Text),
    Column("team", Text),
    Column("audience", Integer),
    Column("is_cancelled", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Index("ix_activities_region", "region", "starts_at"),
)
"""What people come to; the row is locked by whoever changes who is seated."""

sign_ups = Table(
    "sign_ups",
    metadata,
    Column("id", String(24), primary_key=True),
    Column("activity", String(24), nullable=False),
    Column("account", String(24), nullable=False),
    Column("volunteer", String(24)),
    Column("number", Integer, nullable=False),
    Column("state", String(8), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("checked_in_at", UtcTime),
    Column("checked_by", String(24)),
    Column("checked_out_at", UtcTime),
    UniqueConstraint("activity", "account"),
    UniqueConstraint("activity", "number", name="uq_sign_ups_number"),
    Index("ix_sign_ups_account", "account"),
)
"""Who has a place, or waits for one, in the order of `number`."""
