"""Organisations, a district's own categories, and skills."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "organisations",
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("unit", sa.Text),
        sa.Column("sites", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("region", "id", name="pk_organisations"),
    )
    op.create_table(
        "own_categories",
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("name_en", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("region", "code", name="pk_own_categories"),
    )
    op.create_table(
        "skills",
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("category", sa.String(40), nullable=False),
        sa.Column("needs_certificate", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("region", "code", name="pk_skills"),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("skills")
    op.drop_table("own_categories")
    op.drop_table("organisations")
