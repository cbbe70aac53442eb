"""Activities, and who signed up for them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "activities",
        sa.Column("id", sa.String(24), nullable=False),
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("category", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("lon", sa.Float, nullable=False),
        sa.Column("lat", sa.Float, nullable=False),
        sa.Column("starts_at", _MOMENT, nullable=False),
        sa.Column("ends_at", _MOMENT, nullable=False),
        sa.Column("signup_until", _MOMENT, nullable=False),
        sa.Column("seats", sa.Integer, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("made_by", sa.String(24), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("secret", sa.Text, nullable=False),
        sa.Column("unit", sa.Text),
        sa.Column("site", sa.Text),
        sa.Column("team", sa.Text),
        sa.Column("audience", sa.Integer),
        sa.Column("is_cancelled", sa.Boolean, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_activities"),
    )
    op.create_index("ix_activities_region", "activities", ["region", "starts_at"])
    op.create_table(
        "sign_ups",
        sa.Column("id", sa.String(24), nullable=False),
        sa.Column("activity", sa.String(24), nullable=False),
        sa.Column("account", sa.String(24), nullable=False),
        sa.Column("volunteer", sa.String(24)),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("checked_in_at", _MOMENT),
        sa.Column("checked_by", sa.String(24)),
        sa.PrimaryKeyConstraint("id", name="pk_sign_ups"),
        sa.UniqueConstraint("activity", "account", name="uq_sign_ups_activity_account"),
        sa.UniqueConstraint("activity", "number", name="uq_sign_ups_number"),
    )
    op.create_index("ix_sign_ups_account", "sign_ups", ["account"])


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("sign_ups")
    op.drop_table("activities")
