"""The four coordinate systems of China, both ways."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomatch.geo.coordinates import CoordSys, from_wgs84, is_shifted, looks_swapped, to_wgs84

METRES_PER_DEGREE = 111_320.0
MAINLAND = {"lon": st.floats(98, 119), "lat": st.floats(27, 41)}
SHIFTED = st.sampled_from([CoordSys.GCJ02, CoordSys.BD09])


def apart_m(a, b):
    """Measure the distance between two lon, lat pairs on a small patch."""
    east = (a[0] - b[0]) * math.cos(math.radians(float(np.mean(a[1])))) * METRES_PER_DEGREE
    return np.hypot(east, (a[1] - b[1]) * METRES_PER_DEGREE)


def plain_gcj02(lon, lat):
    """Write the published forward formula out term by term, as an oracle for the faster one."""
    x, y, pi = lon - 105.0, lat - 35.0, math.pi
    common = (20 * math.sin(6 * x * pi) + 20 * math.sin(2 * x * pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + common
    north += (20 * math.sin(y * pi) + 40 * math.sin(y / 3 * pi)) * 2 / 3
    north += (160 * math.sin(y / 12 * pi) + 320 * math.sin(y * pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + common
    east += (20 * math.sin(x * pi) + 40 * math.sin(x / 3 * pi)) * 2 / 3
    east += (150 * math.sin(x / 12 * pi) + 300 * math.sin(x / 30 * pi)) * 2 / 3
    a, ee = 6378245.0, 0.00669342162296594323
    magic = 1 - ee * math.sin(math.radians(lat)) ** 2
    east = east * 180 / (a / math.sqrt(magic) * math.cos(math.radians(lat)) * pi)
    north = north * 180 / (a * (1 - ee) / (magic * math.sqrt(magic)) * pi)
    return lon + east, lat + north


def plain_bd09(lon, lat):
    """Write Baidu's published turn of GCJ-02 out in polar form."""
    x_pi = math.pi * 3000 / 180
    z = math.hypot(lon, lat) + 0.00002 * math.sin(lat * x_pi)
    theta = math.atan2(lat, lon) + 0.000003 * math.cos(lon * x_pi)
    return z * math.cos(theta) + 0.0065, z * math.sin(theta) + 0.006


def test_the_golden_vector_holds():
    """The published pair of WGS-84 and GCJ-02 agrees within 0.1 m."""
    found = from_wgs84(116.481499, 39.990475, CoordSys.GCJ02)
    assert apart_m(found, (116.487585178, 39.991754014)) < 0.1


@given(**MAINLAND)
def test_the_fast_series_equals_the_published_one(lon, lat):
    """Multiple angles and blocks change nothing: both systems agree with the plain formulas within a nanometre-ish."""
    gcj = plain_gcj02(lon, lat)
    assert apart_m(from_wgs84(lon, lat, CoordSys.GCJ02), gcj) < 1e-6
    assert apart_m(from_wgs84(lon, lat, CoordSys.BD09), plain_bd09(*gcj)) < 1e-6


@given(**MAINLAND, system=SHIFTED)
def test_there_and_back_is_within_a_micrometre(lon, lat, system):
    """The inverse undoes the forward conversion to 1e-6 m."""
    assert apart_m(to_wgs84(*from_wgs84(lon, lat, system), system), (lon, lat)) < 1e-6


def test_haidian_moves_by_what_was_measured():
    """GCJ-02 lies 532-563 m off in Haidian, BD-09 a further 842-893 m."""
    lon, lat = np.meshgrid(np.linspace(116.05, 116.40, 30), np.linspace(39.89, 40.16, 30))
    gcj = from_wgs84(lon, lat, CoordSys.GCJ02)
    bd = from_wgs84(lon, lat, CoordSys.BD09)
    assert 520 < apart_m(gcj, (lon, lat)).min() <= apart_m(gcj, (lon, lat)).max() < 575
    assert 830 < apart_m(bd, gcj).min() <= apart_m(bd, gcj).max() < 905


@pytest.mark.parametrize(
    ("place", "lon", "lat"),
    [
        ("Helsinki", 24.94, 60.17),
        ("Tokyo", 139.69, 35.69),
        ("Seoul", 126.98, 37.57),
        ("Taipei", 121.56, 25.04),
        ("Hong Kong", 114.16, 22.28),
        ("Macao", 113.545, 22.19),
        ("Ulaanbaatar", 106.92, 47.92),
        ("Hanoi", 105.85, 21.03),
        ("Kathmandu", 85.32, 27.71),
        ("Delhi", 77.21, 28.61),
        ("Islamabad", 73.05, 33.69),
        ("Osh", 72.80, 40.51),
        ("Bishkek", 74.59, 42.87),
        ("Almaty", 76.89, 43.24),
        ("Vladivostok", 131.89, 43.12),
        ("Manila", 120.98, 14.60),
        ("the north pole", 10.0, 90.0),
        ("nowhere", 0.0, 0.0),
    ],
)
@pytest.mark.parametrize("system", list(CoordSys))
def test_nothing_moves_outside_the_mainland(place, lon, lat, system):
    """Places that mainland maps do not shift stay where they are in every system, both ways."""
    assert not is_shifted(lon, lat), place
    assert from_wgs84(lon, lat, system) == (lon, lat)
    assert to_wgs84(lon, lat, system) == (lon, lat)


@pytest.mark.parametrize(
    ("place", "lon", "lat"),
    [("Beijing", 116.3, 39.95), ("Shenzhen", 114.06, 22.54), ("Zhuhai", 113.55, 22.25), ("Kashgar", 75.99, 39.47),
     ("Mohe", 122.5, 53.0), ("Sanya", 109.5, 18.25), ("Xiamen", 118.1, 24.48), ("Dandong", 124.38, 40.13),
     ("Hunchun", 130.36, 42.86), ("Altay", 88.1, 47.8), ("Hulunbuir", 119.7, 49.2), ("Jinghong", 100.8, 22.0),
     ("Lhasa", 91.1, 29.65), ("Pingtan", 119.79, 25.5), ("Zhangmu", 85.98, 27.99), ("Gar", 80.1, 32.5),
     ("Wuqia", 75.26, 39.72), ("Aheqi", 78.45, 40.94), ("Wushi", 79.22, 41.21), ("Zhaosu", 81.13, 43.16),
     ("Khorgas", 80.42, 44.2), ("Dongning", 131.12, 44.07), ("Suifenhe", 131.16, 44.4)],
)  # fmt: skip
def test_mainland_towns_near_the_border_are_shifted(place, lon, lat):
    """The boxes without shift hold no mainland town."""
    assert is_shifted(lon, lat), place


@pytest.mark.parametrize("system", [CoordSys.WGS84, CoordSys.CGCS2000])
def test_cgcs2000_is_wgs84_within_centimetres(system):
    """CGCS2000 needs no conversion at the accuracy of a walk."""
    assert to_wgs84(116.3, 39.9, system) == (116.3, 39.9)


def best_s(work, *arguments):
    """Run a job twice; its result, and the shorter time, of which less is the neighbours'."""
    took = []
    for _ in range(2):
        started = time.perf_counter()
        result = work(*arguments)
        took.append(time.perf_counter() - started)
    return result, min(took)


@pytest.mark.parametrize("system", [CoordSys.GCJ02, CoordSys.BD09])
def test_a_million_points_keep_their_shape_and_take_less_than_a_second_each_way(system):
    """1,000,000 points go one way in under 1 s, either way, in the shape they came in."""
    rng = np.random.default_rng(7)
    lon, lat = rng.uniform(98, 119, (1000, 1000)), rng.uniform(27, 41, (1000, 1000))
    there, there_s = best_s(from_wgs84, lon, lat, system)
    back, back_s = best_s(to_wgs84, *there, system)
    assert max(there_s, back_s) < 1.0
    assert there[0].shape == lon.shape
    assert apart_m(back, (lon, lat)).max() < 1e-6


@pytest.mark.parametrize("system", [CoordSys.GCJ02, CoordSys.BD09])
def test_the_inverse_holds_where_the_series_has_a_root(system):
    """At 105 E a pass of the inverse leaves more than elsewhere, the more the nearer."""
    rng = np.random.default_rng(105)
    near_deg = rng.choice([-1.0, 0.0, 1.0], 100_000) * 10.0 ** rng.uniform(-15, -2, 100_000)
    lon, lat = 105.0 + near_deg, rng.uniform(27, 41, 100_000)
    assert apart_m(to_wgs84(*from_wgs84(lon, lat, system), system), (lon, lat)).max() < 1e-6


@pytest.mark.parametrize("system", list(CoordSys))
@pytest.mark.parametrize("turn", [to_wgs84, from_wgs84])
def test_what_is_given_stays_as_it_is(turn, system):
    """Given arrays are not written to, whatever their order, and may forbid it; each place is turned by itself."""
    lon, lat = np.meshgrid(np.linspace(98, 119, 300), np.linspace(27, 41, 200))
    given_lon, given_lat = np.asfortranarray(lon)[::2, ::3], np.asfortranarray(lat)[::2, ::3]
    given_lon.flags.writeable = given_lat.flags.writeable = False
    found = turn(given_lon, given_lat, system)
    assert (given_lon == lon[::2, ::3]).all()
    assert (given_lat == lat[::2, ::3]).all()
    assert found[0].shape == given_lon.shape
    assert (found[0][50, 70], found[1][50, 70]) == turn(lon[100, 210], lat[100, 210], system)
    assert found[0].flags.writeable
    assert not np.shares_memory(found[0], given_lon)


@pytest.mark.parametrize("turn", [to_wgs84, from_wgs84])
def test_pairs_that_do_not_match_are_refused(turn):
    """A longitude without a latitude is nobody's place."""
    with pytest.raises(ValueError, match=r"differ in shape: \(3,\) and \(2,\)"):
        turn([116.0, 117.0, 118.0], [39.0, 40.0], CoordSys.GCJ02)
    with pytest.raises(ValueError, match="differ in shape"):
        is_shifted([116.0], 39.0)


@pytest.mark.parametrize("system", list(CoordSys))
def test_what_is_no_place_comes_back(system):
    """Not a number, or endless: nothing to turn, and no warning."""
    odd = np.array([np.nan, np.inf, -np.inf, 1e300, 116.3]), np.array([39.9, np.nan, 39.9, 39.9, np.inf])
    for turn in (to_wgs84, from_wgs84):
        found = turn(*odd, system)
        assert np.array_equal(found[0], odd[0], equal_nan=True)
        assert np.array_equal(found[1], odd[1], equal_nan=True)


def test_swapped_pairs_are_seen_and_true_pairs_never():
    """Latitude first is certain to show in China, where longitude is always the larger."""
    assert looks_swapped(39.9, 116.3)
    assert not looks_swapped(116.3, 39.9)
    assert not looks_swapped(24.94, 60.17)
