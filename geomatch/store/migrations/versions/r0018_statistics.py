"""Figures that were published."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "published_figures",
        sa.Column("id", sa.String(24), nullable=False),
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("measure", sa.String(16), nullable=False),
        sa.Column("value", sa.BigInteger, nullable=False),
        sa.Column("bound", sa.String(8), nullable=False),
        sa.Column("as_written", sa.Text, nullable=False),
        sa.Column("unit", sa.Text),
        sa.Column("team", sa.Text),
        sa.Column("category", sa.Text),
        sa.Column("first", sa.Date),
        sa.Column("last", sa.Date),
        sa.Column("published_on", sa.Date, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("account", sa.String(24), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_published_figures"),
        sa.UniqueConstraint("region", "key", name="uq_published_figures_region_key"),
    )
    op.create_index("ix_published_figures_day", "published_figures", ["region", "published_on"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("published_figures")
