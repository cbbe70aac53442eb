"""The chain of hours, and visits by the code of a site."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "hour_entries",
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("volunteer", sa.Text, nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("cause", sa.Text, nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("evidence", sa.String(8), nullable=False),
        sa.Column("witness", sa.Text, nullable=False),
        sa.Column("entered_by", sa.Text, nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counts_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("before", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("region", "number", name="pk_hour_entries"),
        sa.UniqueConstraint("region", "volunteer", "cause", name="uq_hour_entries_region_volunteer_cause"),
    )
    op.create_index("ix_hour_entries_counts", "hour_entries", ["region", "evidence", "counts_from"])
    op.create_table(
        "hour_heads",
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("region", name="pk_hour_heads"),
    )
    op.create_table(
        "hour_rules",
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("rounding", sa.String(16), nullable=False),
        sa.Column("public_days", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("region", name="pk_hour_rules"),
    )
    op.create_table(
        "site_secrets",
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("site", sa.Text, nullable=False),
        sa.Column("secret", sa.LargeBinary, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("region", "site", name="pk_site_secrets"),
    )
    op.create_table(
        "code_failures",
        sa.Column("id", sa.String(24), nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_code_failures"),
    )
    op.create_index("ix_code_failures_account", "code_failures", ["account", "at"])
    op.create_table(
        "hour_visits",
        sa.Column("id", sa.String(24), nullable=False),
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("site", sa.Text, nullable=False),
        sa.Column("volunteer", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("came_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True)),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer),
        sa.Column("open_for", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_hour_visits"),
        sa.UniqueConstraint("region", "open_for", name="uq_hour_visits_region_open_for"),
    )
    op.create_index("ix_hour_visits_site", "hour_visits", ["region", "site", "came_at"])
    op.create_index("ix_hour_visits_volunteer", "hour_visits", ["region", "volunteer", "came_at"])


def downgrade() -> None:
    """Drop the tables."""
    for name in ("hour_visits", "code_failures", "site_secrets", "hour_rules", "hour_heads", "hour_entries"):
        op.drop_table(name)
