"""Which ground a region's units hold."""

from __future__ import annotations

import shapely
from hypothesis import given
from hypothesis import strategies as st

from geomatch.planning.units import Units

BOX = (8.5, 49.25, 8.75, 49.5)


@given(lon=st.sampled_from([8.25, 8.5, 8.6, 8.75, 9.0]), lat=st.sampled_from([49.0, 49.25, 49.3, 49.5, 50.0]))
def test_one_box_holds_what_its_polygon_holds(lon, lat):
    """A region without townships is told point by point without asking a polygon, and no differently; borders count."""
    units = Units.whole("x", "x", BOX)
    assert units.hold(lon, lat) is bool(shapely.intersects_xy(units.ground, lon, lat))
    assert units.hold(lon, lat) == (units.locate(lon, lat)[0] == 0)
