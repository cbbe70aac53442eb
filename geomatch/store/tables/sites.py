"""Sites: as they are now, and as the region's files said them last."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, Column, Index, Integer, PrimaryKeyConstraint, String, Table, Text

from geomatch.store.place_type import Place
from geomatch.store.schema import UtcTime, metadata

sites = Table(
    "sites",
    metadata,
    Column("region", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("place", Place, nullable=False),
    Column("parent", Text),
    Column("unit", Text),
    Column("hours", Text),
    Column("services", JSON, nullable=False),
    Column("capacity", BigInteger),
    Column("closed_at", UtcTime),
    Column("filed", JSON(none_as_null=True)),
    Column("edited", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    Column("changed_by", Text),
    PrimaryKeyConstraint("region", "id"),
    Index("ix_sites_edited", "region", "edited"),
    Index("ix_sites_place", "place", postgresql_using="gist").ddl_if(dialect="postgresql"),
)
"""One row a site. `filed` is what the files say, null where they do not name it; `edited`: it is otherwise now."""

site_imports = Table(
    "site_imports",
    metadata,
    Column("region", Text, primary_key=True),
    Column("edition", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("kept", JSON, nullable=False),
)
"""Which edition of a region's files was taken in last, and the sites whose live edits stand against it."""
