"""Choices of whom to ask with their records, settings of the matcher, and blocked pairs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "matchings",
        sa.Column("id", sa.String(24), nullable=False),
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("order", sa.String(24), nullable=False),
        sa.Column("batch", sa.String(24)),
        sa.Column("phase", sa.Integer, nullable=False),
        sa.Column("wanted", sa.Integer, nullable=False),
        sa.Column("chosen", sa.JSON, nullable=False),
        sa.Column("record", sa.LargeBinary, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_matchings"),
    )
    op.create_index("ix_matchings_order", "matchings", ["order", "at"])
    op.create_index("ix_matchings_batch", "matchings", ["batch"])
    op.create_table(
        "matching_settings",
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("settings", sa.JSON, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("region", name="pk_matching_settings"),
    )
    op.create_table(
        "blocked_pairs",
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("account", sa.String(24), nullable=False),
        sa.Column("volunteer", sa.String(24), nullable=False),
        sa.Column("by", sa.String(24), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("region", "account", "volunteer", name="pk_blocked_pairs"),
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("blocked_pairs", "matching_settings", "matchings"):
        op.drop_table(table)
