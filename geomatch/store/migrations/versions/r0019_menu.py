"""A district's own services, and orders by deadline."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Make the table and the index."""
    op.create_table(
        "menu_services",
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("category", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("name_en", sa.Text, nullable=False),
        sa.Column("words", sa.JSON, nullable=False),
        sa.Column("skills", sa.JSON, nullable=False),
        sa.Column("certified", sa.JSON, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("region", "code", name="pk_menu_services"),
    )
    op.create_index("ix_orders_deadline", "orders", ["region", "deadline"])


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_orders_deadline", "orders")
    op.drop_table("menu_services")
