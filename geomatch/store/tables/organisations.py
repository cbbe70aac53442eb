"""Organisations that host teams and sites, and what a region's volunteers may do: own categories and skills."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, PrimaryKeyConstraint, String, Table, Text

from geomatch.store.schema import metadata

organisations = Table(
    "organisations",
    metadata,
    Column("region", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("unit", Text),
    Column("sites", JSON, nullable=False),
    PrimaryKeyConstraint("region", "id"),
)
"""Firms, schools, units and shops; the id is the office's own, `sites` the ids of those that it hosts."""

own_categories = Table(
    "own_categories",
    metadata,
    Column("region", Text, nullable=False),
    Column("code", String(40), nullable=False),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    PrimaryKeyConstraint("region", "code"),
)
"""Categories that a district has beside the eight."""

skills = Table(
    "skills",
    metadata,
    Column("region", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("category", String(40), nullable=False),
    Column("needs_certificate", Boolean, nullable=False),
    PrimaryKeyConstraint("region", "code"),
)
"""What volunteers of a region may do; a region without rows uses the common ones."""
