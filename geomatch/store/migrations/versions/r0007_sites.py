"""Sites, with their places; on PostgreSQL this needs PostGIS."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.exc import DBAPIError

from geomatch.errors import StoreError
from geomatch.store.place_type import Place

revision = "0007"
down_revision = "0006"

_MOMENT = sa.DateTime(timezone=True)
_NO_POSTGIS = (
    "the database has no PostGIS, and its user may not add it; install postgresql-15-postgis-3 on its server and let a"
    " superuser run in this database: CREATE EXTENSION postgis"
)


def upgrade() -> None:
    """Make the tables."""
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    if on_postgresql:
        _see_to_postgis()
    op.create_table(
        "sites",
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("place", Place(), nullable=False),
        sa.Column("parent", sa.Text),
        sa.Column("unit", sa.Text),
        sa.Column("hours", sa.Text),
        sa.Column("services", sa.JSON, nullable=False),
        sa.Column("capacity", sa.BigInteger),
        sa.Column("closed_at", _MOMENT),
        sa.Column("filed", sa.JSON),
        sa.Column("edited", sa.Boolean, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("changed_at", _MOMENT, nullable=False),
        sa.Column("changed_by", sa.Text),
        sa.PrimaryKeyConstraint("region", "id", name="pk_sites"),
    )
    op.create_index("ix_sites_edited", "sites", ["region", "edited"])
    if on_postgresql:
        op.create_index("ix_sites_place", "sites", ["place"], postgresql_using="gist")
    op.create_table(
        "site_imports",
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("edition", sa.Text, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("kept", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("region", name="pk_site_imports"),
    )


def _see_to_postgis() -> None:
    connection = op.get_bind()
    if connection.execute(sa.text("SELECT 1 FROM pg_extension WHERE extname = 'postgis'")).one_or_none() is not None:
        return
    place = connection.begin_nested()
    try:
        connection.execute(sa.text("CREATE EXTENSION postgis"))
    except DBAPIError as error:
        place.rollback()
        raise StoreError(_NO_POSTGIS) from error
    place.commit()


def downgrade() -> None:
    """Drop the tables and every live edit; PostGIS stays, others may use it."""
    op.drop_table("site_imports")
    op.drop_table("sites")
