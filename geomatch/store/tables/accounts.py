"""Accounts, their sessions and tokens, and attempts to sign in that failed. Secrets are kept as hashes only."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Index, String, Table, Text, UniqueConstraint

from geomatch.store.schema import UtcTime, metadata

accounts = Table(
    "accounts",
    metadata,
    Column("id", String(24), primary_key=True),
    Column("region", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False),
    Column("role", String(16), nullable=False),
    Column("unit", Text),
    Column("site", Text),
    Column("team", Text),
    Column("volunteer", String(24)),
    Column("secret", Text),
    Column("is_open", Boolean, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    UniqueConstraint("name_key"),
    Index("ix_accounts_region", "region", "role"),
)
"""Who may sign in; `secret` is an argon2id hash, null for programs, which have tokens."""

sessions = Table(
    "sessions",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("account", String(24), nullable=False, index=True),
    Column("started_at", UtcTime, nullable=False),
    Column("ends_at", UtcTime, nullable=False),
)
"""Who is signed in; `hash` is the SHA-256 of what the cookie holds."""

tokens = Table(
    "tokens",
    metadata,
    Column("id", String(24), primary_key=True),
    Column("hash", String(64), nullable=False, unique=True),
    Column("account", String(24), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("ends_at", UtcTime, nullable=False),
    Column("revoked_at", UtcTime),
)
"""What programs show; `hash` is the SHA-256 of the token, `scopes` a list of words."""

failures = Table(
    "sign_in_failures",
    metadata,
    Column("id", String(24), primary_key=True),
    Column("name_key", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Index("ix_sign_in_failures_name_key", "name_key", "at"),
)
"""Attempts to sign in that failed, whether or not there is such an account."""
