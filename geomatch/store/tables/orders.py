"""Orders, their moves and offers, what volunteers promised, reviews, and who looked at what is masked."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Float, Index, Integer, PrimaryKeyConstraint, String, Table, Text, text

from geomatch.store.schema import UtcTime, metadata

orders = Table(
    "orders",
    metadata,
    Column("id", String(24), primary_key=True),
    Column("region", Text, nullable=False),
    Column("unit", Text),
    Column("site", Text),
    Column("team", Text),
    Column("category", Text, nullable=False),
    Column("service", Text),
    Column("words", Text, nullable=False),
    Column("need", JSON, nullable=False),
    Column("lon", Float, nullable=False),
    Column("lat", Float, nullable=False),
    Column("address", Text, nullable=False),
    Column("contact_name", Text, nullable=False),
    Column("contact_phone", Text, nullable=False),
    Column("starts_at", UtcTime, nullable=False),
    Column("ends_at", UtcTime, nullable=False),
    Column("people_needed", Integer, nullable=False),
    Column("taken", Integer, nullable=False),
    Column("for_other", Boolean, nullable=False),
    Column("consent", Text, nullable=False),
    Column("way", String(8), nullable=False),
    Column("requester", String(24)),
    Column("taken_by", String(24), nullable=False),
    Column("state", String(16), nullable=False),
    Column("moves", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("deadline", UtcTime),
    Column("step", Integer, nullable=False),
    Column("placed_at", UtcTime, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    Index("ix_orders_region", "region", "state", "starts_at"),
    Index("ix_orders_unit", "region", "unit", "placed_at"),
    Index("ix_orders_placed", "region", "placed_at", "id"),
    Index("ix_orders_requester", "region", "requester"),
    Index("ix_orders_deadline", "region", "deadline"),
)
"""What residents ask for; `lon`, `lat`, `address` and the contact are shown to nobody before a helper accepted."""

order_moves = Table(
    "order_moves",
    metadata,
    Column("order", String(24), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("before", String(16)),
    Column("after", String(16), nullable=False),
    Column("who", Text, nullable=False),
    Column("actor", String(16), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("why", Text, nullable=False),
    PrimaryKeyConstraint("order", "seq"),
)
"""Every move of every order, never changed; the first, from nowhere, is that it was submitted."""

_IS_OPEN = text("state IN ('offered', 'accepted')")
offers = Table(
    "offers",
    metadata,
    Column("id", String(24), primary_key=True),
    Column("region", Text, nullable=False),
    Column("order", String(24), nullable=False),
    Column("volunteer", String(24), nullable=False),
    Column("team", Text),
    Column("state", String(16), nullable=False),
    Column("phase", Integer, nullable=False),
    Column("by", Text, nullable=False),
    Column("offered_at", UtcTime, nullable=False),
    Column("answered_at", UtcTime),
    Column("why", Text, nullable=False),
    Index("ix_offers_order", "order", "offered_at"),
    Index("ix_offers_volunteer", "region", "volunteer", "offered_at"),
    Index("ix_offers_team", "region", "team"),
    Index("uq_offers_open", "order", "volunteer", unique=True, sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
)
"""An order, put to a volunteer; nobody has two of one order that are open or accepted."""

_IS_BINDING = text("state IN ('planned', 'started')")
duties = Table(
    "duties",
    metadata,
    Column("id", String(24), primary_key=True),
    Column("region", Text, nullable=False),
    Column("volunteer", String(24), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("subject", String(24), nullable=False),
    Column("starts_at", UtcTime, nullable=False),
    Column("ends_at", UtcTime, nullable=False),
    Column("lon", Float, nullable=False),
    Column("lat", Float, nullable=False),
    Column("state", String(8), nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    Column("begun_at", UtcTime),
    Column("done_at", UtcTime),
    Index("ix_duties_volunteer", "volunteer", "ends_at"),
    Index("ix_duties_region", "region", "ends_at"),
    Index("ix_duties_subject", "kind", "subject"),
    Index(
        "uq_duties_binding", "kind", "subject", "volunteer", unique=True, sqlite_where=_IS_BINDING,
        postgresql_where=_IS_BINDING,
    ),
)  # fmt: skip
"""What volunteers promised; those of one volunteer that bind do not overlap. When it was done, hours are made of."""

reviews = Table(
    "reviews",
    metadata,
    Column("order", String(24), primary_key=True),
    Column("region", Text, nullable=False),
    Column("by", String(24), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("came_on_time", Boolean, nullable=False),
    Column("did_what_was_asked", Boolean, nullable=False),
    Column("would_ask_again", Boolean, nullable=False),
    Column("asked_for_money", Boolean, nullable=False),
    Column("words", Text, nullable=False),
)
"""What residents said of an order, once each."""

contact_looks = Table(
    "contact_looks",
    metadata,
    Column("id", String(24), primary_key=True),
    Column("region", Text, nullable=False),
    Column("order", String(24), nullable=False, index=True),
    Column("account", String(24), nullable=False),
    Column("role", String(16), nullable=False),
    Column("why", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Index("ix_contact_looks_at", "region", "at"),
)
"""Every time that an address and a phone number were shown in full: to whom, as what, and why."""
