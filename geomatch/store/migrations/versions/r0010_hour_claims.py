"""Hours by confirmation of both sides and by the back office, objections to them, and anchors that were sent out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "hour_claims",
        sa.Column("id", sa.String(24), nullable=False),
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("volunteer", sa.Text, nullable=False),
        sa.Column("evidence", sa.String(8), nullable=False),
        sa.Column("site", sa.Text),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("decided_by", sa.Text),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("number", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_hour_claims"),
    )
    op.create_index("ix_hour_claims_state", "hour_claims", ["region", "state", "made_at"])
    op.create_table(
        "hour_objections",
        sa.Column("id", sa.String(24), nullable=False),
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("decided_by", sa.Text),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("why", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_hour_objections"),
        sa.UniqueConstraint("region", "number", "account", name="uq_hour_objections_region_number_account"),
    )
    op.create_index("ix_hour_objections_state", "hour_objections", ["region", "state", "made_at"])
    op.create_table(
        "hour_anchors",
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("region", "at", name="pk_hour_anchors"),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("hour_anchors")
    op.drop_table("hour_objections")
    op.drop_table("hour_claims")
