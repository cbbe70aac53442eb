"""What a district offers beside the statutory menu."""

from __future__ import annotations

from sqlalchemy import JSON, Column, PrimaryKeyConstraint, Table, Text

from geomatch.store.schema import UtcTime, metadata

menu_services = Table(
    "menu_services",
    metadata,
    Column("region", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("words", JSON, nullable=False),
    Column("skills", JSON, nullable=False),
    Column("certified", JSON, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    PrimaryKeyConstraint("region", "code"),
)
"""Services that can be ordered, one a row; a code is not one of the statutory menu's."""
