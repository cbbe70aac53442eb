"""Notices to an area, and what each reader wants to hear about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "pushes",
        sa.Column("id", sa.String(24), nullable=False),
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("account", sa.String(24), nullable=False),
        sa.Column("unit", sa.Text),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("why_zh", sa.Text, nullable=False),
        sa.Column("why_en", sa.Text, nullable=False),
        sa.Column("put", sa.Integer, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pushes"),
    )
    op.create_index("ix_pushes_region", "pushes", ["region", "made_at"])
    op.create_table(
        "interests",
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("reader", sa.Text, nullable=False),
        sa.Column("category", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("region", "reader", "category", name="pk_interests"),
    )
    op.create_index("ix_interests_category", "interests", ["region", "category"])


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("interests")
    op.drop_table("pushes")
