"""What every part stands on: jobs, keys of requests, and the list of what changed."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Index, Integer, PrimaryKeyConstraint, String, Table, Text
from sqlalchemy import UniqueConstraint as Unique

from geomatch.store.schema import UtcTime, metadata

jobs = Table(
    "jobs",
    metadata,
    Column("id", String(24), primary_key=True),
    Column("region", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("payload", JSON, nullable=False),
    Column("state", String(8), nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("holder", String(24)),
    Column("lease_until", UtcTime),
    Column("last_error", Text),
    Column("ended_at", UtcTime),
    Unique("kind", "key"),
    Index("ix_jobs_due", "state", "due_at", "id"),
)
"""Work to be done later, once; `state` is waiting, done or failed."""

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("account", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("asked", String(64), nullable=False),
    Column("status", Integer, nullable=False),
    Column("headers", JSON, nullable=False),
    Column("body", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    PrimaryKeyConstraint("account", "key"),
    Index("ix_idempotency_keys_at", "at"),
)
"""The first answers to requests that named a key; `asked` is a hash of method, path and body."""

changes = Table(
    "changes",
    metadata,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("region", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("row", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Index("ix_changes_what", "region", "what", "seq"),
    sqlite_autoincrement=True,  # a figure is never given out again, though old rows are cleared away
)
"""Which row of what changed, in the order in which changes became true."""
