"""The outbox, the ways out of it, opting out, and a region's rules."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "outbox",
        sa.Column("id", sa.String(24), nullable=False),
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("purpose", sa.String(16), nullable=False),
        sa.Column("cause_kind", sa.Text, nullable=False),
        sa.Column("cause_id", sa.Text, nullable=False),
        sa.Column("why_zh", sa.Text, nullable=False),
        sa.Column("why_en", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("volunteer", sa.String(24)),
        sa.Column("account", sa.String(24)),
        sa.Column("not_before", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT),
        sa.Column("urgent", sa.Boolean, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("released_at", _MOMENT),
        sa.Column("told", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("region", "key", name="uq_outbox_region_key"),
    )
    op.create_index("ix_outbox_due", "outbox", ["state", "not_before"])
    op.create_index("ix_outbox_volunteer", "outbox", ["region", "volunteer", "released_at"])
    op.create_index("ix_outbox_account", "outbox", ["region", "account"])
    op.create_index("ix_outbox_cause", "outbox", ["region", "cause_kind", "cause_id"])
    _make_ways_out()
    _make_wishes()


def _make_ways_out() -> None:
    op.create_table(
        "channels",
        sa.Column("id", sa.String(24), nullable=False),
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("secret", sa.Text, nullable=False),
        sa.Column("purposes", sa.JSON, nullable=False),
        sa.Column("unit", sa.Text),
        sa.Column("team", sa.Text),
        sa.Column("is_open", sa.Boolean, nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_channels"),
    )
    op.create_index("ix_channels_region", "channels", ["region"])
    op.create_table(
        "deliveries",
        sa.Column("id", sa.String(24), nullable=False),
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("notice", sa.String(24), nullable=False),
        sa.Column("channel", sa.String(24), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("next_at", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT),
        sa.Column("told", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.UniqueConstraint("notice", "channel", name="uq_deliveries_notice_channel"),
    )
    op.create_index("ix_deliveries_due", "deliveries", ["state", "next_at"])
    op.create_index("ix_deliveries_region", "deliveries", ["region", "state"])


def _make_wishes() -> None:
    op.create_table(
        "opt_outs",
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("reader", sa.Text, nullable=False),
        sa.Column("purpose", sa.String(16), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("region", "reader", "purpose", name="pk_opt_outs"),
    )
    op.create_table(
        "mail_addresses",
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("reader", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("region", "reader", name="pk_mail_addresses"),
    )
    op.create_table(
        "notice_rules",
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("quiet_from", sa.Time, nullable=False),
        sa.Column("quiet_until", sa.Time, nullable=False),
        sa.Column("most_a_day", sa.Integer, nullable=False),
        sa.Column("timezone", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("region", name="pk_notice_rules"),
    )


def downgrade() -> None:
    """Drop the tables, and whatever was still to be sent."""
    for table in ("notice_rules", "mail_addresses", "opt_outs", "deliveries", "channels", "outbox"):
        op.drop_table(table)
