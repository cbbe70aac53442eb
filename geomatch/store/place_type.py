"""A point on the globe as a column: WKB on SQLite, a PostGIS geometry with its index on PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely
from sqlalchemy import LargeBinary, TypeDecorator
from sqlalchemy.types import UserDefinedType

if TYPE_CHECKING:
    from typing import Any

    from sqlalchemy import Dialect

_WGS84 = 4326


class _Geometry(UserDefinedType[str]):
    """PostGIS's own type, sent and received as hexadecimal EWKB."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return f"geometry(Point,{_WGS84})"


class Place(TypeDecorator[shapely.Point]):
    """A point in WGS-84 degrees, the same to the last bit on both databases."""

    impl = LargeBinary
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """Choose the column of the database."""
        return dialect.type_descriptor(_Geometry() if dialect.name == "postgresql" else LargeBinary())

    def process_bind_param(self, value: shapely.Point | None, dialect: Dialect) -> bytes | str | None:
        """Write WKB, for PostGIS with the system that it is in."""
        if value is None:
            return None
        if dialect.name == "postgresql":
            return shapely.to_wkb(shapely.set_srid(value, _WGS84), hex=True, include_srid=True)
        return shapely.to_wkb(value)

    def process_result_value(self, value: bytes | str | None, dialect: Dialect) -> shapely.Point | None:  # noqa: ARG002 - shapely reads both
        """Read a point."""
        return None if value is None else shapely.Point(shapely.get_coordinates(shapely.from_wkb(value))[0])

    def __repr__(self) -> str:
        """Say how to make it, as alembic writes it down."""
        return "Place()"
