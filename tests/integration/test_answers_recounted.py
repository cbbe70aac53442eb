"""Every figure can be recounted by an outsider from the files of `geomatch network`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from geomatch.network.profiles import limit_for
from geomatch.planning.sites import SiteKind
from geomatch.services import coverage, nearest, network_dump
from geomatch.services.region import Region, open_region
from tests.recount import Recount

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def region(real_haidian: Path) -> Region:
    """Haidian's real streets, open."""
    return open_region(real_haidian)


@pytest.fixture(scope="module")
def recount(region: Region, tmp_path_factory: pytest.TempPathFactory) -> Recount:
    """The same, as its files tell it."""
    folder = tmp_path_factory.mktemp("network")
    network_dump.dump(region, folder)
    return Recount(folder)


def test_two_thousand_walks_agree_with_the_files(region: Region, recount: Recount) -> None:
    """walk_m and access_m of random points equal what shapely and scipy find in the CSV files, within 0.02 m."""
    rng = np.random.default_rng(7)
    lon, lat = rng.uniform(116.26, 116.40, 2000), rng.uniform(39.90, 40.00, 2000)
    answer = nearest.lookup(region, lon, lat, limit=limit_for())
    points = recount.snap(*recount.to_plane.transform(lon, lat))
    expected = recount.to_nearest(points, recount.snap(*recount.xy(recount.sites)))
    assert np.array_equal(np.isfinite(expected), np.isfinite(answer.walk_m[:, 0]))
    reached = np.isfinite(expected)
    assert reached.sum() > 1500
    assert np.abs(expected[reached] - answer.walk_m[reached, 0]).max() <= 0.02
    assert np.abs(points.leg_m - answer.access_m)[points.edge >= 0].max() <= 0.02
    # who is off the network in the one is so in the other, but for points exactly at the bound
    assert np.mean((points.edge >= 0) != answer.on_network) <= 0.001


def test_a_filter_by_kind_is_exact(region: Region, recount: Recount) -> None:
    """The nearest office is the nearest of the offices, not an office among the nearest sites."""
    rng = np.random.default_rng(8)
    lon, lat = rng.uniform(116.28, 116.38, 300), rng.uniform(39.91, 39.99, 300)
    answer = nearest.lookup(region, lon, lat, limit=limit_for(), kinds=[SiteKind.OFFICE])
    offices = [site for site in recount.sites if site["kind"] == "office"]
    points = recount.snap(*recount.to_plane.transform(lon, lat))
    expected = recount.to_nearest(points, recount.snap(*recount.xy(offices)))
    reached = np.isfinite(expected)
    assert np.abs(expected[reached] - answer.walk_m[reached, 0]).max() <= 0.02
    assert {answer.sites[row].kind for row in answer.site[reached, 0]} == {SiteKind.OFFICE}


def test_one_point_at_a_time_equals_many_at_once(region: Region) -> None:
    """`nearest` by field, by search outward and `lookup` give the same sites and metres."""
    rng = np.random.default_rng(9)
    lon, lat = rng.uniform(116.28, 116.38, 40), rng.uniform(39.91, 39.99, 40)
    many = nearest.lookup(region, lon, lat, limit=limit_for(), k=5)
    for row, (x, y) in enumerate(zip(lon.tolist(), lat.tolist(), strict=True)):
        for k in (1, 3, 5):
            hits = nearest.nearest(region, x, y, limit=limit_for(), k=k).hits
            walks = many.walk_m[row, :k]
            assert [hit.walk_m for hit in hits] == pytest.approx(walks[np.isfinite(walks)].tolist(), abs=1e-6)


def test_coverage_is_the_sum_of_recounted_homes(region: Region, recount: Recount) -> None:
    """Covered people are those whose own recounted walk is within the limit, unit by unit and in total."""
    table = coverage.coverage(region, limit_for())
    homes = recount.snap(*recount.xy(recount.homes))
    walk_m = recount.to_nearest(homes, recount.snap(*recount.xy(recount.sites)))
    people = np.array([int(home["population"]) for home in recount.homes])
    units = np.array([home["unit"] for home in recount.homes])
    doubtful = people[np.abs(walk_m - 1000.0) <= 0.02].sum()
    assert abs(table.total.covered - people[walk_m <= 1000.0].sum()) <= doubtful
    assert table.total.population == people.sum() == 3_133_469
    for unit in table.units:
        mine = people[(walk_m <= 1000.0) & (units == unit.id)].sum()
        assert abs(unit.covered - mine) <= doubtful
