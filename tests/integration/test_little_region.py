"""Answers on a little region whose walks can be reckoned by hand: two banks, one bridge in the north."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely

from geomatch.errors import InputError, NotFoundError
from geomatch.geo.coordinates import LngLat
from geomatch.network.profiles import limit_for
from geomatch.planning.sites import Site, SiteKind
from geomatch.services import circles, coverage, gaps, nearest
from geomatch.services.region import Region, open_region
from tests.regions import OFF_STREET_HOME, lonlat

if TYPE_CHECKING:
    from pathlib import Path

LIMIT = limit_for()
MONDAY_MORNING = datetime(2026, 11, 23, 10, 0)  # noqa: DTZ001 - the region's own time is meant


@pytest.fixture(scope="module")
def region(little_region: Path) -> Region:
    """The little region, open."""
    return open_region(little_region)


def ids(answer: nearest.NearestAnswer) -> list[str]:
    """Give the ids of an answer's sites in order."""
    return [hit.site.id for hit in answer.hits]


def test_the_nearest_by_walking_is_not_the_nearest_as_the_crow_flies(region: Region) -> None:
    """On the east bank S1 across the river is nearest in a straight line, and S2 by walking: S2 is given."""
    lon, lat = lonlat(16, 1)
    answer = nearest.nearest(region, lon, lat, limit=LIMIT, k=6)
    hits = {hit.site.id: hit for hit in answer.hits}
    assert hits["S1"].straight_m < hits["S2"].straight_m
    assert hits["S2"].walk_m < hits["S1"].walk_m
    assert ids(nearest.nearest(region, lon, lat, limit=LIMIT)) == ["S2"]
    assert hits["S2"].walk_m == pytest.approx(820, abs=1)
    assert hits["S1"].walk_m == pytest.approx(1000 + 240 + 1000, abs=1)
    assert [hit.walk_m for hit in answer.hits] == sorted(hit.walk_m for hit in answer.hits)
    assert [hit.rank for hit in answer.hits] == list(range(1, 7))


def test_walk_seconds_and_within_follow_the_profile(region: Region) -> None:
    """walk_s is walk_m over the profile's speed; within compares with the limit that the answer states."""
    lon, lat = lonlat(16, 1)
    hit = nearest.nearest(region, lon, lat, limit=limit_for("elder", metres=800)).hits[0]
    assert hit.walk_s == pytest.approx(hit.walk_m / 0.8)
    assert not hit.within
    assert nearest.nearest(region, lon, lat, limit=limit_for("elder", metres=830)).hits[0].within


def test_filters_by_kind_and_by_hours_agree_with_each_other(region: Region) -> None:
    """On a Monday S2 is closed and P1 open; what has no hours is not known to be open."""
    lon, lat = lonlat(24, 2)
    assert ids(nearest.nearest(region, lon, lat, limit=LIMIT)) == ["S2"]
    assert ids(nearest.nearest(region, lon, lat, limit=LIMIT, open_at=MONDAY_MORNING, k=6)) == ["O2", "P1", "C1", "O1"]
    stations = nearest.nearest(region, lon, lat, limit=LIMIT, kinds=[SiteKind.STATION], open_at=MONDAY_MORNING, k=6)
    assert stations.hits == ()
    offices = nearest.nearest(region, lon, lat, limit=LIMIT, kinds=[SiteKind.OFFICE], k=6)
    assert ids(offices) == ["O2", "O1"]


def test_a_time_with_a_zone_is_turned_into_the_regions(region: Region) -> None:
    """02:00 in Greenwich is 10:00 in Beijing."""
    lon, lat = lonlat(12, 5)
    greenwich = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    assert ids(nearest.nearest(region, lon, lat, limit=LIMIT, open_at=greenwich)) == ["C1"]
    night = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    assert ids(nearest.nearest(region, lon, lat, limit=LIMIT, open_at=night)) != ["C1"]


def test_only_within_gives_every_site_whose_circle_holds_the_point(region: Region) -> None:
    """The same sites that are near enough one by one, in order of the walk."""
    for place in ((12, 4), (16, 1), (22, 9), (0, 0)):
        every = nearest.nearest(region, *lonlat(*place), limit=LIMIT, k=6)
        within = nearest.nearest(region, *lonlat(*place), limit=LIMIT, only_within=True)
        assert ids(within) == [hit.site.id for hit in every.hits if hit.within]
        offices = nearest.nearest(region, *lonlat(*place), limit=LIMIT, only_within=True, kinds=[SiteKind.OFFICE])
        assert ids(offices) == [hit.site.id for hit in every.hits if hit.within and hit.site.kind == "office"]


def test_a_route_leads_from_the_point_to_the_site_and_is_as_long_as_the_walk(region: Region) -> None:
    """The line begins at the point, ends at the site, crosses the bridge, and measures walk_m."""
    lon, lat = lonlat(16.5, 1.3)
    answer = nearest.nearest(region, lon, lat, limit=LIMIT, k=6, route=True)
    for hit in answer.hits:
        assert hit.route is not None
        assert hit.route[0] == (lon, lat)
        assert hit.route[-1] == (hit.site.lon, hit.site.lat)
        x, y = region.graph.plane.to_xy(*np.array(hit.route).T)
        assert shapely.LineString(np.column_stack([x, y])).length == pytest.approx(hit.walk_m, abs=0.01)
        if hit.site.id == "S1":
            assert max(lat for _, lat in hit.route) == pytest.approx(lonlat(15, 11)[1], abs=2e-5)


def test_a_point_off_the_network_has_no_hits_and_says_how_far_the_street_is(region: Region) -> None:
    """600 m from the nearest street is too far; 3 km has no street at all."""
    answer = nearest.nearest(region, *lonlat(*OFF_STREET_HOME), limit=LIMIT)
    assert (answer.query.on_network, answer.hits) == (False, ())
    assert answer.query.access_m == pytest.approx(600, abs=1)
    assert nearest.nearest(region, *lonlat(4, -40), limit=LIMIT).query.access_m is None


def test_lookup_gives_minus_one_where_nothing_is_reached(region: Region) -> None:
    """Rows keep their order; a point off the network gets -1 and inf."""
    places = np.array([lonlat(24, 2), lonlat(*OFF_STREET_HOME)])
    answer = nearest.lookup(region, places[:, 0], places[:, 1], limit=LIMIT, k=2)
    assert answer.sites[answer.site[0, 0]].id == "S2"
    assert answer.site[1].tolist() == [-1, -1]
    assert np.isinf(answer.walk_m[1]).all()
    assert answer.on_network.tolist() == [True, False]


@pytest.mark.parametrize("k", [0, -1, 101])
def test_a_silly_k_is_refused(region: Region, k: int) -> None:
    """The range is said, the value is repeated."""
    with pytest.raises(InputError, match="k: must be 1 to"):
        nearest.nearest(region, *lonlat(1, 1), limit=LIMIT, k=k)
    with pytest.raises(InputError, match="k: must be 1 to"):
        nearest.lookup(region, [116.3], [39.9], limit=LIMIT, k=k)


def test_units_add_up_to_the_total_and_gaps_to_the_uncovered(region: Region) -> None:
    """To the person: population, covered, off the network; and the people of all gaps."""
    for kinds in ((), (SiteKind.OFFICE,), (SiteKind.BASE,)):
        table = coverage.coverage(region, LIMIT, kinds)
        for figure in ("population", "covered", "off_network"):
            assert sum(getattr(unit, figure) for unit in table.units) == getattr(table.total, figure)
        found = gaps.gaps(region, LIMIT, kinds=kinds)
        assert sum(gap.people for gap in found) == table.total.population - table.total.covered
    assert [unit.population for unit in table.units] == [12_000, 8_001]
    assert table.total.covered == 0


def test_fewer_kinds_never_cover_more(region: Region) -> None:
    """Offices alone cover a part of what all sites cover."""
    everyone, offices = (coverage.coverage(region, LIMIT, kinds).total for kinds in ((), (SiteKind.OFFICE,)))
    assert offices.covered < everyone.covered
    assert everyone.straight_line_share is not None
    assert everyone.share is not None
    assert everyone.straight_line_share > everyone.share


def test_gaps_say_who_is_near_and_small_ones_can_be_left_out(region: Region) -> None:
    """Gaps come by people; ranks stay those of the whole list when small ones are left out."""
    found = gaps.gaps(region, LIMIT)
    assert {gap.reason for gap in found} == {"too_far", "off_network"}
    off = next(gap for gap in found if gap.reason == "off_network")
    assert shapely.intersects_xy(off.geometry, *lonlat(*OFF_STREET_HOME))
    assert off.unit == "西岸街道"
    for gap in found:
        assert (gap.nearest_walk_m is None) == (gap.reason == "off_network")
        assert gap.nearest_walk_m is None or gap.nearest_walk_m > LIMIT.limit_m
    large = gaps.gaps(region, LIMIT, min_people=500)
    assert large == tuple(gap for gap in found if gap.people >= 500)
    with pytest.raises(InputError, match="min_people"):
        gaps.gaps(region, LIMIT, min_people=-1)


def test_a_circle_counts_the_people_who_walk_to_its_site(region: Region) -> None:
    """Population equals the homes whose own walk to that very site is within the limit."""
    for circle in circles.circles(region, [LIMIT]):
        assert circle.site is not None
        row = region.site_row(circle.site)
        answer = nearest.lookup(region, region.homes.lon, region.homes.lat, limit=LIMIT, k=6)
        mine = ((answer.site == row) & (answer.walk_m <= LIMIT.limit_m)).any(axis=1)
        assert circle.population == region.homes.population[mine].sum()
        assert circle.geometry.is_valid
        assert circle.shed_ratio == pytest.approx(circle.area_m2 / (np.pi * 1000.0**2))
        assert circle.street_m > 1000


def test_rings_of_a_point_nest_and_come_in_the_order_asked(region: Region) -> None:
    """5, 15 and 10 minutes around a point: each larger one covers the smaller."""
    limits = [limit_for(minutes=minutes) for minutes in (5, 15, 10)]
    small, large, middle = circles.circles(region, limits, at=LngLat(*lonlat(8, 5)))
    assert [circle.limit for circle in (small, large, middle)] == limits
    assert small.site is None
    assert middle.geometry.covers(small.geometry)
    assert large.geometry.covers(middle.geometry)
    assert small.population <= middle.population <= large.population


def test_circles_of_sites_come_in_the_order_asked_and_stay_the_same(region: Region) -> None:
    """Asked twice, with others in between, a site's circle is the same; unknown sites are named."""
    once = circles.circles(region, [LIMIT], site_ids=["S2", "C1"])
    again = circles.circles(region, [LIMIT], site_ids=["C1", "S2", "C1"])
    assert [circle.site for circle in again] == ["C1", "S2", "C1"]
    assert again[1].geometry.equals(once[0].geometry)
    with pytest.raises(NotFoundError, match="S9"):
        circles.circles(region, [LIMIT], site_ids=["S9"])
    with pytest.raises(InputError, match="not both"):
        circles.circles(region, [LIMIT], site_ids=["S1"], at=LngLat(*lonlat(1, 1)))


def test_sites_can_be_added_moved_and_closed_without_touching_the_old_edition(region: Region) -> None:
    """Each edit gives a new edition with fresh answers; the one at hand keeps its own."""
    before = coverage.coverage(region, LIMIT).total.covered
    lon, lat = lonlat(1, 5)
    extra = Site(id="N1", name="新站", kind=SiteKind.STATION, lon=lon, lat=lat)
    added = region.add(extra)
    assert coverage.coverage(added, LIMIT).total.covered > before
    assert ids(nearest.nearest(added, lon, lat, limit=LIMIT)) == ["N1"]
    moved = added.move("N1", *lonlat(29, 10))
    assert ids(nearest.nearest(moved, *lonlat(29, 9), limit=LIMIT)) == ["N1"]
    assert coverage.coverage(moved.close("N1"), LIMIT).total.covered == before
    assert ids(nearest.nearest(region, lon, lat, limit=LIMIT)) != ["N1"]
    assert coverage.coverage(region, LIMIT).total.covered == before
    with pytest.raises(InputError, match="share an id"):
        added.add(extra)
    with pytest.raises(NotFoundError):
        region.close("N1")


def test_a_region_without_sites_answers_that_there_are_none(region: Region) -> None:
    """Everyone is uncovered, nobody can walk to a site, and nothing breaks."""
    empty = region.with_sites([])
    table = coverage.coverage(empty, LIMIT)
    assert (table.total.covered, table.total.straight_line_share, table.total.gini) == (0, 0.0, None)
    assert nearest.nearest(empty, *lonlat(5, 5), limit=LIMIT, k=3).hits == ()
    assert {gap.reason for gap in gaps.gaps(empty, LIMIT)} == {"cut_off", "off_network"}
    assert circles.circles(empty, [LIMIT]) == ()


def test_the_summary_and_the_ground_of_a_region(region: Region) -> None:
    """Counts by kind with zeros, the people of all units, the box of the units."""
    summary = region.summary()
    assert summary.counts == {"centre": 1, "office": 2, "station": 2, "outpost": 1, "base": 0, "landscape": 0}
    assert (summary.population, summary.synthetic) == (20_001, True)
    assert region.covers(*lonlat(5, 5))
    assert not region.covers(*lonlat(60, 5))
    assert region.distance_m(*lonlat(5, 5)) == 0.0
    assert region.distance_m(*lonlat(47, 5)) == pytest.approx(1000, rel=0.02)
    west, south, east, north = summary.bbox
    assert west < lonlat(0, 0)[0] < lonlat(30, 11)[0] < east
    assert south < lonlat(0, 0)[1] < lonlat(30, 11)[1] < north
    x, y = float(region.site_x[0]), float(region.site_y[0])
    assert region.site_index.in_box(x - 1, y - 1, x + 1, y + 1) == ["C1"]
