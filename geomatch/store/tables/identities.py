"""Who is the same person, by keyed hashes only."""

from __future__ import annotations

from sqlalchemy import Column, Index, PrimaryKeyConstraint, String, Table, Text

from geomatch.store.schema import metadata

identities = Table(
    "identities",
    metadata,
    Column("region", Text, nullable=False),
    Column("key", String(64), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("subject", String(24), nullable=False),
    PrimaryKeyConstraint("region", "key", "kind", "subject"),
    Index("ix_identities_subject", "subject"),
)
"""`key` is an HMAC whose secret is not in the database; `kind` volunteer or account, `subject` the id of it."""
