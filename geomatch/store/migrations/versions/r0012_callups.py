"""Call-ups, their posts, and who was asked for them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "callups",
        sa.Column("id", sa.String(24), nullable=False),
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("policy", sa.JSON, nullable=False),
        sa.Column("urgent", sa.Boolean, nullable=False),
        sa.Column("wave", sa.Integer, nullable=False),
        sa.Column("opened_by", sa.String(24), nullable=False),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.Column("closed_at", _MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_callups"),
    )
    op.create_index("ix_callups_region", "callups", ["region", "opened_at"])
    op.create_table(
        "callup_posts",
        sa.Column("id", sa.String(24), nullable=False),
        sa.Column("callup", sa.String(24), nullable=False),
        sa.Column("site", sa.Text, nullable=False),
        sa.Column("unit", sa.Text),
        sa.Column("starts_at", _MOMENT, nullable=False),
        sa.Column("ends_at", _MOMENT, nullable=False),
        sa.Column("people", sa.Integer, nullable=False),
        sa.Column("skill", sa.Text),
        sa.Column("certified", sa.Boolean, nullable=False),
        sa.Column("held", sa.Integer, nullable=False),
        sa.Column("phase", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_callup_posts"),
    )
    op.create_index("ix_callup_posts_callup", "callup_posts", ["callup", "site"])
    _make_asks()


def _make_asks() -> None:
    op.create_table(
        "callup_asks",
        sa.Column("id", sa.String(24), nullable=False),
        sa.Column("callup", sa.String(24), nullable=False),
        sa.Column("post", sa.String(24), nullable=False),
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("volunteer", sa.String(24), nullable=False),
        sa.Column("wave", sa.Integer, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("walk_m", sa.Float, nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("answered_at", _MOMENT),
        sa.Column("ticket", sa.Integer),
        sa.Column("swaps_with", sa.String(24)),
        sa.PrimaryKeyConstraint("id", name="pk_callup_asks"),
        sa.UniqueConstraint("post", "volunteer", name="uq_callup_asks_post_volunteer"),
    )
    op.create_index("ix_callup_asks_callup", "callup_asks", ["callup", "state"])
    op.create_index("ix_callup_asks_volunteer", "callup_asks", ["volunteer", "callup"])
    op.create_index("ix_callup_asks_region", "callup_asks", ["region", "volunteer"])


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("callup_asks")
    op.drop_table("callup_posts")
    op.drop_table("callups")
