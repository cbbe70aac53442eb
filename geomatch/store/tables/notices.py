"""The outbox, the ways out of it, and who does not want what."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    Time,
    UniqueConstraint,
)

from geomatch.store.schema import UtcTime, metadata

outbox = Table(
    "outbox",
    metadata,
    Column("id", String(24), primary_key=True),
    Column("region", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("purpose", String(16), nullable=False),
    Column("cause_kind", Text, nullable=False),
    Column("cause_id", Text, nullable=False),
    Column("why_zh", Text, nullable=False),
    Column("why_en", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("volunteer", String(24)),
    Column("account", String(24)),
    Column("not_before", UtcTime, nullable=False),
    Column("expires_at", UtcTime),
    Column("urgent", Boolean, nullable=False),
    Column("state", String(16), nullable=False),
    Column("released_at", UtcTime),
    Column("told", Text, nullable=False),
    UniqueConstraint("region", "key"),
    Index("ix_outbox_due", "state", "not_before"),
    Index("ix_outbox_volunteer", "region", "volunteer", "released_at", "purpose", "state"),
    Index("ix_outbox_account", "region", "account"),
    Index("ix_outbox_cause", "region", "cause_kind", "cause_id"),
)
"""Notices, one a reader; `key` makes one of those that are put twice."""

channels = Table(
    "channels",
    metadata,
    Column("id", String(24), primary_key=True),
    Column("region", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("address", Text, nullable=False),
    Column("secret", Text, nullable=False),
    Column("purposes", JSON, nullable=False),
    Column("unit", Text),
    Column("team", Text),
    Column("is_open", Boolean, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Index("ix_channels_region", "region"),
)
"""Ways out: signed webhooks, and addresses of apprise. `secret` signs, so it is kept as it is."""

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", String(24), primary_key=True),
    Column("region", Text, nullable=False),
    Column("notice", String(24), nullable=False),
    Column("channel", String(24), nullable=False),
    Column("state", String(16), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("next_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Column("told", Text, nullable=False),
    UniqueConstraint("notice", "channel"),
    Index("ix_deliveries_due", "state", "next_at"),
    Index("ix_deliveries_region", "region", "state"),
)
"""A notice on its way by one channel; its id is the key by which the other side knows it again."""

opt_outs = Table(
    "opt_outs",
    metadata,
    Column("region", Text, nullable=False),
    Column("reader", Text, nullable=False),
    Column("purpose", String(16), nullable=False),
    Column("at", UtcTime, nullable=False),
    PrimaryKeyConstraint("region", "reader", "purpose"),
)
"""Who wants no notices of a purpose; `reader` is the id of a volunteer or an account."""

mail_addresses = Table(
    "mail_addresses",
    metadata,
    Column("region", Text, nullable=False),
    Column("reader", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    PrimaryKeyConstraint("region", "reader"),
)
"""Where somebody wants to be written to, given by themselves."""

notice_rules = Table(
    "notice_rules",
    metadata,
    Column("region", Text, primary_key=True),
    Column("quiet_from", Time, nullable=False),
    Column("quiet_until", Time, nullable=False),
    Column("most_a_day", Integer, nullable=False),
    Column("timezone", Text, nullable=False),
)
"""Quiet hours and caps of a region that sets its own."""
