"""Short distances from degrees alone, against the ellipsoid."""

from __future__ import annotations

import pyproj
import pytest

from geomatch.geo import degrees

GLOBE = pyproj.Geod(ellps="WGS84")


@pytest.mark.parametrize(("lon", "lat"), [(116.3, 39.9), (102.4, 36.5), (116.6, 23.7), (24.9, 60.2), (-70.0, -53.0)])
def test_near_places_are_as_far_apart_as_on_the_ellipsoid(lon: float, lat: float) -> None:
    """Within one part in a hundred, every way, far north and south as well."""
    for east, north in [(0.01, 0.0), (0.0, 0.01), (-0.02, 0.015)]:
        true_m = GLOBE.inv(lon, lat, lon + east, lat + north)[2]
        assert degrees.apart_m(lon, lat, lon + east, lat + north) == pytest.approx(true_m, rel=0.01)


@pytest.mark.parametrize("lat", [-53.0, 0.0, 23.7, 39.9, 60.2])
def test_a_box_grows_by_the_margin_on_every_side(lat: float) -> None:
    """Measured on the ellipsoid from its middle, within one part in a hundred."""
    west, south, east, north = degrees.widened((116.0, lat - 0.05, 116.1, lat + 0.05), 1000.0)
    assert GLOBE.inv(west, lat, 116.0, lat)[2] == pytest.approx(1000.0, rel=0.01)
    assert GLOBE.inv(116.1, lat, east, lat)[2] == pytest.approx(1000.0, rel=0.01)
    assert GLOBE.inv(116.0, south, 116.0, lat - 0.05)[2] == pytest.approx(1000.0, rel=0.01)
    assert GLOBE.inv(116.0, lat + 0.05, 116.0, north)[2] == pytest.approx(1000.0, rel=0.01)


def test_a_box_at_a_pole_stays_a_box() -> None:
    """Where degrees of longitude shrink to nothing the box grows, but not without end."""
    west, south, east, north = degrees.widened((10.0, 89.9, 11.0, 90.0), 1000.0)
    assert 8.0 < west < 10.0
    assert 11.0 < east < 13.0
    assert south < 89.9 < north
