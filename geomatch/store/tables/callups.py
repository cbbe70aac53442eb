"""Call-ups, their posts, and who was asked for them."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Float, Index, Integer, String, Table, Text, UniqueConstraint, text

from geomatch.store.schema import UtcTime, metadata

callups = Table(
    "callups",
    metadata,
    Column("id", String(24), primary_key=True),
    Column("region", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("policy", JSON, nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("wave", Integer, nullable=False),
    Column("opened_by", String(24), nullable=False),
    Column("opened_at", UtcTime, nullable=False),
    Column("closed_at", UtcTime),
    Index("ix_callups_region", "region", "opened_at"),
)
"""One call; `wave` counts those that were sent."""

_IS_SHORT = text("held < people")
callup_posts = Table(
    "callup_posts",
    metadata,
    Column("id", String(24), primary_key=True),
    Column("callup", String(24), nullable=False),
    Column("site", Text, nullable=False),
    Column("unit", Text),
    Column("starts_at", UtcTime, nullable=False),
    Column("ends_at", UtcTime, nullable=False),
    Column("people", Integer, nullable=False),
    Column("skill", Text),
    Column("certified", Boolean, nullable=False),
    Column("held", Integer, nullable=False),
    Column("phase", Integer, nullable=False),
    Index("ix_callup_posts_callup", "callup", "site"),
    Index("ix_callup_posts_short", "callup", "ends_at", sqlite_where=_IS_SHORT, postgresql_where=_IS_SHORT),
)
"""Places at one station in one shift; `held` of `people` are taken."""

callup_asks = Table(
    "callup_asks",
    metadata,
    Column("id", String(24), primary_key=True),
    Column("callup", String(24), nullable=False),
    Column("post", String(24), nullable=False),
    Column("region", Text, nullable=False),
    Column("volunteer", String(24), nullable=False),
    Column("wave", Integer, nullable=False),
    Column("state", String(10), nullable=False),
    Column("walk_m", Float, nullable=False),
    Column("asked_at", UtcTime, nullable=False),
    Column("answered_at", UtcTime),
    Column("ticket", Integer),
    Column("swaps_with", String(24)),
    UniqueConstraint("post", "volunteer"),
    Index("ix_callup_asks_callup", "callup", "state"),
    Index("ix_callup_asks_volunteer", "volunteer", "callup"),
)
"""Somebody, asked for a post; the one with the lowest `ticket` of those that stand by moves up first."""
