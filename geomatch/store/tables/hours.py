"""Hours of service: the chain, its head and its anchors, and what entries come from."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from geomatch.store.schema import UtcTime, metadata

hour_entries = Table(
    "hour_entries",
    metadata,
    Column("region", Text, nullable=False),
    Column("number", Integer, nullable=False, autoincrement=False),
    Column("volunteer", Text, nullable=False),
    Column("kind", String(8), nullable=False),
    Column("cause", Text, nullable=False),
    Column("starts_at", UtcTime, nullable=False),
    Column("ends_at", UtcTime, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("evidence", String(8), nullable=False),
    Column("witness", Text, nullable=False),
    Column("entered_by", Text, nullable=False),
    Column("entered_at", UtcTime, nullable=False),
    Column("counts_from", UtcTime, nullable=False),
    Column("note", Text, nullable=False),
    Column("before", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    PrimaryKeyConstraint("region", "number"),
    UniqueConstraint("region", "volunteer", "cause"),
    Index("ix_hour_entries_counts", "region", "evidence", "counts_from"),
)
"""The chain of each region; rows are added and never changed. A cause is written once for a volunteer."""

hour_heads = Table(
    "hour_heads",
    metadata,
    Column("region", Text, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
)
"""The newest entry of each region; whoever adds one holds this row meanwhile."""

hour_rules = Table(
    "hour_rules",
    metadata,
    Column("region", Text, primary_key=True),
    Column("rounding", String(16), nullable=False),
    Column("public_days", Integer, nullable=False),
)
"""What a region sets of its own."""

site_secrets = Table(
    "site_secrets",
    metadata,
    Column("region", Text, nullable=False),
    Column("site", Text, nullable=False),
    Column("secret", LargeBinary, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    PrimaryKeyConstraint("region", "site"),
)
"""What the codes of a site are made of; whoever has it can make them, so it is kept as it is."""

code_failures = Table(
    "code_failures",
    metadata,
    Column("id", String(24), primary_key=True),
    Column("account", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Index("ix_code_failures_account", "account", "at"),
)
"""Wrong codes, by the account that gave them."""

hour_visits = Table(
    "hour_visits",
    metadata,
    Column("id", String(24), primary_key=True),
    Column("region", Text, nullable=False),
    Column("site", Text, nullable=False),
    Column("volunteer", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("came_at", UtcTime, nullable=False),
    Column("left_at", UtcTime),
    Column("state", String(8), nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("number", Integer),
    Column("open_for", Text),
    UniqueConstraint("region", "open_for"),
    Index("ix_hour_visits_site", "region", "site", "came_at"),
    Index("ix_hour_visits_volunteer", "region", "volunteer", "came_at"),
)
"""Who came and left by the code of a site; `open_for` is the volunteer while the visit is open, so that it is one."""

hour_claims = Table(
    "hour_claims",
    metadata,
    Column("id", String(24), primary_key=True),
    Column("region", Text, nullable=False),
    Column("volunteer", Text, nullable=False),
    Column("evidence", String(8), nullable=False),
    Column("site", Text),
    Column("starts_at", UtcTime, nullable=False),
    Column("ends_at", UtcTime, nullable=False),
    Column("note", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("state", String(8), nullable=False),
    Column("decided_by", Text),
    Column("decided_at", UtcTime),
    Column("why", Text, nullable=False),
    Column("number", Integer),
    Index("ix_hour_claims_state", "region", "state", "made_at"),
)
"""What one side says of a service, until the other agrees or refuses; `number` is that of the entry."""

hour_objections = Table(
    "hour_objections",
    metadata,
    Column("id", String(24), primary_key=True),
    Column("region", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("account", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("state", String(12), nullable=False),
    Column("decided_by", Text),
    Column("decided_at", UtcTime),
    Column("why", Text, nullable=False),
    UniqueConstraint("region", "number", "account"),
    Index("ix_hour_objections_state", "region", "state", "made_at"),
)
"""What somebody says against a back-office entry while it is public."""

hour_anchors = Table(
    "hour_anchors",
    metadata,
    Column("region", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("number", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
    PrimaryKeyConstraint("region", "at"),
)
"""The head of each chain as it was sent out."""
