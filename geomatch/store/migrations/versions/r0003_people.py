"""Teams and volunteers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "teams",
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("level", sa.String(8), nullable=False),
        sa.Column("category", sa.Text, nullable=False),
        sa.Column("parent", sa.Text),
        sa.Column("organisation", sa.Text),
        sa.Column("unit", sa.Text),
        sa.PrimaryKeyConstraint("region", "id", name="pk_teams"),
    )
    op.create_table(
        "volunteers",
        sa.Column("id", sa.String(24), nullable=False),
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("number", sa.Text),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("phone", sa.Text, nullable=False),
        sa.Column("team", sa.Text),
        sa.Column("unit", sa.Text),
        sa.Column("skills", sa.JSON, nullable=False),
        sa.Column("certificates", sa.JSON, nullable=False),
        sa.Column("hours", sa.JSON, nullable=False),
        sa.Column("on_duty", sa.Boolean, nullable=False),
        sa.Column("places", sa.JSON, nullable=False),
        sa.Column("languages", sa.JSON, nullable=False),
        sa.Column("born", sa.Date),
        sa.Column("insured_until", sa.Date),
        sa.Column("trained", sa.Integer, nullable=False),
        sa.Column("guardian_agreed", sa.Boolean, nullable=False),
        sa.Column("is_professional", sa.Boolean, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_volunteers"),
    )
    op.create_index("ix_volunteers_region", "volunteers", ["region", "id"])
    op.create_index("ix_volunteers_team", "volunteers", ["region", "team"])
    op.create_index("ix_volunteers_number", "volunteers", ["region", "number"], unique=True)
    op.create_index("ix_volunteers_person", "volunteers", ["region", "phone", "name"])


def downgrade() -> None:
    """Drop the tables, and everybody in them."""
    op.drop_table("volunteers")
    op.drop_table("teams")
