"""The API over real streets, townships and homes says what the services say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from geomatch.geo.coordinates import CoordSys, from_wgs84
from geomatch.network.profiles import limit_for
from geomatch.services import coverage, nearest
from tests.serving import Asking

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.shared
BOX = (116.28, 39.92, 116.35, 39.98)


@pytest.fixture
def api(real_haidian: Path) -> Asking:
    """The API of the real region."""
    return Asking(real_haidian)


def test_a_lookup_of_real_points_is_the_services(api: Asking) -> None:
    """Three hundred points in GCJ-02 have the very sites and metres that the service gives."""
    rng = np.random.default_rng(2)
    lon, lat = rng.uniform(BOX[0], BOX[2], 300), rng.uniform(BOX[1], BOX[3], 300)
    shifted = np.column_stack(from_wgs84(lon, lat, CoordSys.GCJ02)).tolist()
    rows = api.lookup(points=shifted, coordsys="gcj02", profile="adult", minutes=10)["results"]
    told = nearest.lookup(api.region, lon, lat, limit=limit_for("adult", minutes=10))
    expected = [told.sites[row].id if row >= 0 else None for row in told.site[:, 0]]
    assert [row["site_id"] for row in rows] == expected
    walk_m = np.array([np.inf if row["walk_m"] is None else row["walk_m"] for row in rows])
    assert walk_m == pytest.approx(told.walk_m[:, 0], abs=0.001)
    assert 0 < sum(row["within"] for row in rows) < 300
    inside = [at for at in range(300) if api.region.covers(float(lon[at]), float(lat[at]))]
    for place, row in [(shifted[at], rows[at]) for at in inside[:20]]:
        features = api.answer("nearest", lon=place[0], lat=place[1], coordsys="gcj02", profile="adult")["features"]
        assert [feature["id"] for feature in features] == [row["site_id"]] * (row["site_id"] is not None)


def test_real_coverage_adds_up_to_the_census(api: Asking) -> None:
    """29 townships, 3,133,469 people, and the total is the service's and the sum of the units."""
    answer = api.answer("coverage")
    assert len(answer["units"]) == 29
    assert answer["total"]["population"] == 3_133_469 == sum(unit["population"] for unit in answer["units"])
    assert answer["total"]["covered"] == sum(unit["covered"] for unit in answer["units"])
    assert answer["total"]["covered"] == coverage.coverage(api.region, limit_for()).total.covered
    assert answer["synthetic"] is False


def test_a_point_beyond_the_district_is_outside(api: Asking) -> None:
    """Tiananmen is not in Haidian; with its numbers changed over it is recognised."""
    told = api.problem(api.get("/api/v1/nearest", lon=116.391, lat=39.905), 404)
    assert told["nearest_region"]["name"] == api.region.spec.name
    assert "swapped" in api.refused("/api/v1/nearest", lon=39.905, lat=116.391)["query.lat"]
