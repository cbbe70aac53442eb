"""The points shop."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "point_transactions",
        sa.Column("id", sa.String(24), nullable=False),
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("cause", sa.Text, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_point_transactions"),
        sa.UniqueConstraint("region", "kind", "cause", name="uq_point_transactions_region_kind_cause"),
    )
    op.create_table(
        "point_legs",
        sa.Column("transaction", sa.String(24), nullable=False),
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("points", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("transaction", "account", name="pk_point_legs"),
    )
    op.create_index("ix_point_legs_account", "point_legs", ["region", "account"])
    op.create_table(
        "point_balances",
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("balance", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("region", "account", name="pk_point_balances"),
        sa.CheckConstraint("balance >= 0", name="ck_point_balances_not_negative"),
    )
    op.create_table(
        "goods",
        sa.Column("id", sa.String(24), nullable=False),
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("site", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("price", sa.Integer, nullable=False),
        sa.Column("stock", sa.Integer, nullable=False),
        sa.Column("stocked", sa.Integer, nullable=False),
        sa.Column("is_open", sa.Boolean, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_goods"),
        sa.CheckConstraint("stock >= 0", name="ck_goods_not_oversold"),
    )
    op.create_index("ix_goods_region", "goods", ["region", "name"])
    op.create_table(
        "redemptions",
        sa.Column("id", sa.String(24), nullable=False),
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("volunteer", sa.Text, nullable=False),
        sa.Column("goods", sa.String(24), nullable=False),
        sa.Column("site", sa.Text, nullable=False),
        sa.Column("pieces", sa.Integer, nullable=False),
        sa.Column("points", sa.Integer, nullable=False),
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("ended_by", sa.Text),
        sa.Column("why", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_redemptions"),
        sa.UniqueConstraint("region", "code", name="uq_redemptions_region_code"),
    )
    op.create_index("ix_redemptions_volunteer", "redemptions", ["region", "volunteer", "made_at"])
    op.create_index("ix_redemptions_site", "redemptions", ["region", "site", "made_at"])
    op.create_index("ix_redemptions_state", "redemptions", ["region", "state", "ends_at"])
    op.create_table(
        "point_rules",
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("per_hour", sa.Integer, nullable=False),
        sa.Column("last_days", sa.Integer),
        sa.PrimaryKeyConstraint("region", name="pk_point_rules"),
    )


def downgrade() -> None:
    """Drop the tables."""
    for name in ("point_rules", "redemptions", "goods", "point_balances", "point_legs", "point_transactions"):
        op.drop_table(name)
