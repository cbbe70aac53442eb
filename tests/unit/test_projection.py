"""Choosing a metric plane, and refusing degrees where metres are meant."""

from __future__ import annotations

import math

import pyproj
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geomatch.errors import InputError
from geomatch.geo import projection


@pytest.mark.parametrize(
    ("place", "box", "code"),
    [
        ("Haidian", (116.05, 39.88, 116.40, 40.16), "EPSG:4548"),
        ("Chaozhou", (116.4, 23.5, 117.0, 24.0), "EPSG:4548"),
        ("Ledu", (102.1, 36.3, 102.8, 36.8), "EPSG:4543"),
        ("Heidelberg", (8.6, 49.3, 8.8, 49.5), "EPSG:32632"),
        ("Lima", (-77.2, -12.2, -76.9, -11.9), "EPSG:32718"),
        ("the western edge of China", (73.4, 38.9, 73.6, 39.1), "EPSG:4534"),
        ("between two zones", (115.4, 39.9, 115.6, 40.1), "EPSG:4548"),
    ],
)
def test_the_plane_is_chosen_from_the_extent(place, box, code):
    """China gets its 3-degree CGCS2000 zone, the rest of the world its UTM zone."""
    assert projection.metric_for(*box).code == code, place


@settings(deadline=None)  # a plane opened for the first time searches PROJ's database
@given(lon=st.floats(74, 134), lat=st.floats(18.5, 53))
def test_every_part_of_china_has_a_plane_that_is_nearly_true(lon, lat):
    """Within a zone a kilometre on the plane is a kilometre on the ground, to one part in two thousand."""
    plane = projection.metric_for(lon - 0.05, lat - 0.05, lon + 0.05, lat + 0.05)
    x, y = plane.to_xy([lon, lon], [lat, lat + 0.001])
    true_m = pyproj.Geod(ellps="WGS84").inv(lon, lat, lon, lat + 0.001)[2]
    assert math.hypot(x[1] - x[0], y[1] - y[0]) == pytest.approx(true_m, rel=1 / 2000)
    back = plane.to_lonlat(x, y)
    assert back[0][0] == pytest.approx(lon, abs=1e-9)
    assert back[1][0] == pytest.approx(lat, abs=1e-9)


@pytest.mark.parametrize("code", ["EPSG:4326", "EPSG:4490", "EPSG:2263", "nonsense", "EPSG:999999"])
def test_a_plane_must_be_projected_in_metres(code):
    """Degrees, feet and unknown codes are refused by name."""
    with pytest.raises(InputError, match="metric_crs"):
        projection.Plane(code)


@pytest.mark.parametrize(
    "box", [(100.0, 30.0, 110.0, 31.0), (440000.0, 4418000.0, 441000.0, 4419000.0), (9.0, 50.0, 8.0, 51.0)]
)
def test_an_extent_must_fit_one_plane(box):
    """An extent too wide, in metres already or inside out is refused rather than distorted."""
    with pytest.raises(InputError, match="extent"):
        projection.metric_for(*box)


@pytest.mark.parametrize("code", ["EPSG:3857", "EPSG:4543", "EPSG:32718"])
def test_a_plane_that_does_not_fit_the_extent_is_refused(code):
    """Web Mercator and zones of other places measure Haidian wrong, and say so before any walk is."""
    with pytest.raises(InputError, match="for every metre at"):
        projection.check_fits(projection.plane(code), 116.05, 39.88, 116.40, 40.16)


@given(west=st.floats(-175, 168), south=st.floats(-75, 75), width=st.floats(0, 6))
def test_the_plane_that_is_chosen_always_fits(west, south, width):
    """Even the widest extent that one plane is chosen for is measured to 1 %."""
    box = (west, south, west + width, south + 2)
    projection.check_fits(projection.metric_for(*box), *box)


def test_degrees_are_refused_where_metres_are_meant():
    """Two places in degrees do not pass for places on the plane."""
    with pytest.raises(InputError, match="project"):
        projection.refuse_degrees([116.3, 116.4], [39.9, 40.0])
    projection.refuse_degrees([440000.0], [4418000.0])
