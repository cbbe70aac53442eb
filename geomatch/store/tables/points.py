"""The points shop: transactions and their legs, balances, goods and what is ordered."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from geomatch.store.schema import UtcTime, metadata

point_transactions = Table(
    "point_transactions",
    metadata,
    Column("id", String(24), primary_key=True),
    Column("region", Text, nullable=False),
    Column("kind", String(8), nullable=False),
    Column("cause", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("why", Text, nullable=False),
    UniqueConstraint("region", "kind", "cause"),
)
"""Points that moved; of each kind there is one for a cause, so that nothing is earned, spent or undone twice."""

point_legs = Table(
    "point_legs",
    metadata,
    Column("transaction", String(24), nullable=False),
    Column("region", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("points", Integer, nullable=False),
    PrimaryKeyConstraint("transaction", "account"),
    Index("ix_point_legs_account", "region", "account"),
)
"""What each transaction put into an account or took out of it; rows are added and never changed."""

point_balances = Table(
    "point_balances",
    metadata,
    Column("region", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("balance", Integer, nullable=False),
    PrimaryKeyConstraint("region", "account"),
    CheckConstraint("balance >= 0", name="not_negative"),
)
"""The sum of the legs of each wallet and hold, kept so that it can be held against a price in one statement."""

goods = Table(
    "goods",
    metadata,
    Column("id", String(24), primary_key=True),
    Column("region", Text, nullable=False),
    Column("site", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("price", Integer, nullable=False),
    Column("stock", Integer, nullable=False),
    Column("stocked", Integer, nullable=False),
    Column("is_open", Boolean, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    CheckConstraint("stock >= 0", name="not_oversold"),
    Index("ix_goods_region", "region", "name"),
)
"""What the shop gives for points."""

redemptions = Table(
    "redemptions",
    metadata,
    Column("id", String(24), primary_key=True),
    Column("region", Text, nullable=False),
    Column("volunteer", Text, nullable=False),
    Column("goods", String(24), nullable=False),
    Column("site", Text, nullable=False),
    Column("pieces", Integer, nullable=False),
    Column("points", Integer, nullable=False),
    Column("code", String(8), nullable=False),
    Column("state", String(12), nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("ends_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Column("ended_by", Text),
    Column("why", Text, nullable=False),
    UniqueConstraint("region", "code"),
    Index("ix_redemptions_volunteer", "region", "volunteer", "made_at"),
    Index("ix_redemptions_site", "region", "site", "made_at"),
    Index("ix_redemptions_state", "region", "state", "ends_at"),
)
"""Goods that somebody ordered for points; `code` is what is shown at the desk."""

point_rules = Table(
    "point_rules",
    metadata,
    Column("region", Text, primary_key=True),
    Column("per_hour", Integer, nullable=False),
    Column("last_days", Integer),
)
"""What a region sets of its own."""
