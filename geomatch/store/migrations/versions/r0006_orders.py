"""Orders, their moves and offers, duties, reviews, and looks at what is masked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_IS_OPEN = sa.text("state IN ('offered', 'accepted')")
_IS_BINDING = sa.text("state IN ('planned', 'started')")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "orders",
        sa.Column("id", sa.String(24), nullable=False),
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("unit", sa.Text),
        sa.Column("site", sa.Text),
        sa.Column("team", sa.Text),
        sa.Column("category", sa.Text, nullable=False),
        sa.Column("service", sa.Text),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("need", sa.JSON, nullable=False),
        sa.Column("lon", sa.Float, nullable=False),
        sa.Column("lat", sa.Float, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("contact_name", sa.Text, nullable=False),
        sa.Column("contact_phone", sa.Text, nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("people_needed", sa.Integer, nullable=False),
        sa.Column("taken", sa.Integer, nullable=False),
        sa.Column("for_other", sa.Boolean, nullable=False),
        sa.Column("consent", sa.Text, nullable=False),
        sa.Column("way", sa.String(8), nullable=False),
        sa.Column("requester", sa.String(24)),
        sa.Column("taken_by", sa.String(24), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("moves", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("deadline", sa.DateTime(timezone=True)),
        sa.Column("step", sa.Integer, nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_orders"),
    )
    op.create_index("ix_orders_region", "orders", ["region", "state", "starts_at"])
    op.create_index("ix_orders_unit", "orders", ["region", "unit", "placed_at"])
    op.create_index("ix_orders_placed", "orders", ["region", "placed_at", "id"])
    op.create_index("ix_orders_requester", "orders", ["region", "requester"])
    op.create_table(
        "order_moves",
        sa.Column("order", sa.String(24), nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("before", sa.String(16)),
        sa.Column("after", sa.String(16), nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("actor", sa.String(16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("order", "seq", name="pk_order_moves"),
    )
    op.create_table(
        "offers",
        sa.Column("id", sa.String(24), nullable=False),
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("order", sa.String(24), nullable=False),
        sa.Column("volunteer", sa.String(24), nullable=False),
        sa.Column("team", sa.Text),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("phase", sa.Integer, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.Column("why", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_offers"),
    )
    op.create_index("ix_offers_order", "offers", ["order", "offered_at"])
    op.create_index("ix_offers_volunteer", "offers", ["region", "volunteer", "offered_at"])
    op.create_index("ix_offers_team", "offers", ["region", "team"])
    op.create_index(
        "uq_offers_open",
        "offers",
        ["order", "volunteer"],
        unique=True,
        sqlite_where=_IS_OPEN,
        postgresql_where=_IS_OPEN,
    )
    op.create_table(
        "duties",
        sa.Column("id", sa.String(24), nullable=False),
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("volunteer", sa.String(24), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("subject", sa.String(24), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lon", sa.Float, nullable=False),
        sa.Column("lat", sa.Float, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_duties"),
    )
    op.create_index("ix_duties_volunteer", "duties", ["volunteer", "ends_at"])
    op.create_index("ix_duties_region", "duties", ["region", "ends_at"])
    op.create_index("ix_duties_subject", "duties", ["kind", "subject"])
    op.create_index(
        "uq_duties_binding",
        "duties",
        ["kind", "subject", "volunteer"],
        unique=True,
        sqlite_where=_IS_BINDING,
        postgresql_where=_IS_BINDING,
    )
    op.create_table(
        "reviews",
        sa.Column("order", sa.String(24), nullable=False),
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("by", sa.String(24), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("came_on_time", sa.Boolean, nullable=False),
        sa.Column("did_what_was_asked", sa.Boolean, nullable=False),
        sa.Column("would_ask_again", sa.Boolean, nullable=False),
        sa.Column("asked_for_money", sa.Boolean, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("order", name="pk_reviews"),
    )
    op.create_table(
        "contact_looks",
        sa.Column("id", sa.String(24), nullable=False),
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("order", sa.String(24), nullable=False),
        sa.Column("account", sa.String(24), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_contact_looks"),
    )
    op.create_index("ix_contact_looks_order", "contact_looks", ["order"])
    op.create_index("ix_contact_looks_at", "contact_looks", ["region", "at"])


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("contact_looks")
    op.drop_table("reviews")
    op.drop_table("duties")
    op.drop_table("offers")
    op.drop_table("order_moves")
    op.drop_table("orders")
