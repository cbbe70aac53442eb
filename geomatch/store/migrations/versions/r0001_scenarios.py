"""Saved scenarios."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "scenarios",
        sa.Column("id", sa.String(24), nullable=False),
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("name_key", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("question", sa.JSON, nullable=False),
        sa.Column("build_id", sa.Text, nullable=False),
        sa.Column("built_at", sa.Text, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("before", sa.JSON, nullable=False),
        sa.Column("after", sa.JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_scenarios"),
        sa.UniqueConstraint("region", "name_key", name="uq_scenarios_region_name_key"),
    )


def downgrade() -> None:
    """Drop the table, and the scenarios with it."""
    op.drop_table("scenarios")
