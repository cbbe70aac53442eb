"""What-ifs, held against the same region opened with the changes and walked from the start."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import dijkstra

from geomatch.network import reach
from geomatch.network.profiles import limit_for
from geomatch.planning.sites import Site, SiteKind
from geomatch.services import coverage as coverage_service
from geomatch.services.whatif import Changes, Link, Move, whatif
from tests.regions import lonlat
from tests.serving import Asking, region_of

if TYPE_CHECKING:
    from pathlib import Path

    from geomatch.services.region import Region

LIMIT = limit_for(metres=800)
PLACES = st.tuples(st.floats(-8, 34), st.floats(-6, 14))
STEPS = st.lists(st.tuples(st.sampled_from(["add", "close", "move", "undo"]), st.integers(0, 50), PLACES), max_size=8)
KINDS = st.sampled_from([(), (SiteKind.STATION,), (SiteKind.OFFICE, SiteKind.OUTPOST)])


@pytest.fixture
def api(little_region: Path) -> Asking:
    """The API of the little region."""
    return Asking(little_region)


def walked_over(region: Region, steps: list[tuple[str, int, tuple[float, float]]]) -> Changes:
    """Take steps one after another, an undo taking the last one back."""
    done: list[tuple[str, Any]] = []
    for number, (what, which, spot) in enumerate(steps):
        free = [site.id for site in region.sites if site.id not in {one for _, one in done if isinstance(one, str)}]
        free = [one for one in free if one not in {change.id for what, change in done if what == "move"}]
        lon, lat = lonlat(*spot)
        if what == "undo":
            del done[-1:]
        elif what == "add":
            kind = list(SiteKind)[which % len(SiteKind)]
            done.append(("add", Site(f"N{number}", "", kind, lon, lat)))
        elif free:
            site_id = free[which % len(free)]
            done.append((what, site_id if what == "close" else Move(site_id, lon, lat)))
    return Changes(**{name: tuple(one for what, one in done if what == name) for name in ("add", "close", "move")})


def changed(region: Region, changes: Changes) -> Region:
    """Open the region with the changes, the plain way."""
    moved = {move.id: move for move in changes.move}
    sites = [
        replace(site, lon=moved[site.id].lon, lat=moved[site.id].lat) if site.id in moved else site
        for site in region.sites
        if site.id not in changes.close
    ]
    return region.with_sites([*sites, *changes.add])


@given(STEPS, KINDS, st.sampled_from(["standard", "wheelchair"]))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_changed_equals_walking_it_all(
    little_region: Path, steps: list[Any], kinds: tuple[SiteKind, ...], profile: str
) -> None:
    """Every figure of every township is the same, to the last bit, whatever comes, goes, moves and is taken back."""
    region, limit = region_of(little_region), limit_for(profile, metres=800)
    changes = walked_over(region, steps)
    found = whatif(region, changes, limit, kinds)
    assert found.after == coverage_service.coverage(changed(region, changes), limit, kinds)
    assert found.before == coverage_service.coverage(region, limit, kinds)


@pytest.mark.parametrize("hour", [9, 12, 19])
def test_at_an_hour_only_open_sites_count(little_region: Path, hour: int) -> None:
    """The figures are those of a region that has no other sites; one that stays open longer is there as well."""
    region, when = region_of(little_region), datetime(2026, 11, 24, hour, 30)  # noqa: DTZ001 - the region's own time
    is_open = dict(zip((site.id for site in region.sites), region.is_open(when).tolist(), strict=True))
    assert is_open == {"C1": hour < 17, "O1": hour < 17, "O2": True, "S1": False, "S2": 10 <= hour < 18, "P1": True}
    kept = [site for site in region.sites if is_open[site.id]]
    found = whatif(region, Changes(), LIMIT, open_at=when)
    assert found.before == found.after == coverage_service.coverage(region.with_sites(kept), LIMIT)
    changes = Changes(close=("P1",), move=(Move("S2", *lonlat(3, 3)),), open=("S1", "O2"))
    kept = [site for site in changed(region, changes).sites if is_open[site.id] or site.id == "S1"]
    found = whatif(region, changes, LIMIT, open_at=when)
    assert found.after == coverage_service.coverage(region.with_sites(kept), LIMIT)


def test_closing_every_site_leaves_nobody_covered(little_region: Path) -> None:
    """Also where the lists of the nearest few run out."""
    region = region_of(little_region)
    found = whatif(region, Changes(close=tuple(site.id for site in region.sites)), LIMIT)
    assert found.after.total.covered == 0
    assert found.after.total.median_walk_m is None


@given(st.lists(st.tuples(PLACES, PLACES), min_size=1, max_size=3), st.booleans())
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_links_shorten_walks_as_shortest_paths_say(
    little_region: Path,
    drawn: list[tuple[tuple[float, float], tuple[float, float]]],
    closing: bool,  # noqa: FBT001 - drawn
) -> None:
    """Cover, backup and median equal those of scipy's shortest paths among homes, sites and the ends of the links."""
    region = region_of(little_region)
    inside = [tuple((min(max(x, 0.0), 30.0), min(max(y, 0.0), 11.0)) for x, y in ends) for ends in drawn]
    links = tuple(Link(*lonlat(*start), *lonlat(*end)) for start, end in inside)
    close = (region.sites[0].id,) if closing else ()
    found = whatif(region, Changes(links=links, close=close), LIMIT).after.total
    walk_m = by_scipy(region, links, closed=closing)
    people = region.homes.population
    covered = int(people[walk_m[:, 0] <= LIMIT.limit_m - 0.01].sum())
    assert covered <= found.covered <= int(people[walk_m[:, 0] <= LIMIT.limit_m + 0.01].sum())
    backup = people[walk_m[:, 1] <= LIMIT.limit_m - 0.01].sum() / people.sum()
    assert backup <= found.backup_share <= people[walk_m[:, 1] <= LIMIT.limit_m + 0.01].sum() / people.sum()
    order = np.argsort(walk_m[:, 0])
    reached = order[np.isfinite(walk_m[order, 0])]
    half = np.searchsorted(np.cumsum(people[reached]), people[reached].sum() / 2)
    assert found.median_walk_m == pytest.approx(walk_m[reached[half], 0], abs=0.02)


@given(st.lists(st.tuples(PLACES, PLACES), min_size=1, max_size=3))
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_ground_won_by_links_lies_around_their_ends(
    little_region: Path, drawn: list[tuple[tuple[float, float], tuple[float, float]]]
) -> None:
    """A home is within the limit just if it was before, or is no further from an end than what is left there."""
    region = region_of(little_region)
    inside = [tuple((min(max(x, 0.0), 30.0), min(max(y, 0.0), 11.0)) for x, y in ends) for ends in drawn]
    links = tuple(Link(*lonlat(*start), *lonlat(*end)) for start, end in inside)
    found = whatif(region, Changes(links=links), LIMIT)
    before = region.home_walks("standard").walk_m[:, 0] <= LIMIT.limit_m
    ways, homes = region.ways("standard"), region.home_places("standard")
    within = before.copy()
    for link, left_m in zip(links, found.left_m, strict=True):
        spots = ((link.from_lon, link.from_lat), (link.to_lon, link.to_lat))
        for (lon, lat), left in zip(spots, left_m, strict=True):
            if left is not None:
                end = reach.place(ways, *region.graph.plane.to_xy(np.array([lon]), np.array([lat])))
                within[reach.within(ways, end, homes, left).point] = True
    assert (found.turned == within.astype(int) - before.astype(int)).all()
    assert found.after.total.covered == region.homes.population[within].sum()


def by_scipy(region: Region, links: tuple[Link, ...], *, closed: bool) -> np.ndarray:
    """Give each home's walks to its two nearest sites, by shortest paths over every pair of places."""
    ways = region.ways("standard")
    lon = np.array([(link.from_lon, link.to_lon) for link in links]).ravel()
    lat = np.array([(link.from_lat, link.to_lat) for link in links]).ravel()
    x, y = region.graph.plane.to_xy(lon, lat)
    homes, ends = region.home_places("standard"), reach.place(ways, x, y)
    sites = region.site_places("standard").take(np.arange(int(closed), len(region.sites)))
    groups = [homes, ends, sites]
    first = np.cumsum([0, *map(len, groups)])
    between = np.full((first[-1], first[-1]), np.inf)
    for here, there in ((0, 1), (1, 1), (1, 2), (0, 2)):
        found = reach.within(ways, groups[there], groups[here], np.inf)
        row = np.repeat(np.arange(len(groups[there])), np.diff(found.start))
        between[first[here] + found.point, first[there] + row] = found.walk_m
        between[first[there] + row, first[here] + found.point] = found.walk_m
    for number in range(len(links)):
        a, b = first[1] + 2 * number, first[1] + 2 * number + 1
        length_m = np.hypot(x[2 * number] - x[2 * number + 1], y[2 * number] - y[2 * number + 1])
        between[a, b] = between[b, a] = min(between[a, b], length_m)
    np.fill_diagonal(between, np.inf)
    between[between == 0] = 1e-9  # scipy takes 0 for no edge
    walk_m = dijkstra(np.where(np.isfinite(between), between, 0), indices=np.arange(len(homes)))[:, first[2] :]
    return np.sort(walk_m, axis=1)


def ask(api: Asking, **body: Any) -> Any:
    """POST a question and read a 200."""
    response = api.client.post(f"{api.at}/whatif", json=body)
    assert response.status_code == 200, response.text
    return response.get_json()


def test_a_footbridge_wins_the_far_bank(api: Asking) -> None:
    """A bridge over the river in the south brings people within reach; the answer names the townships that change."""
    (west, east) = (lonlat(14, 1), lonlat(16, 1))
    told = ask(api, links=[{"from": west, "to": east}], kind=["office"], metres=1000)
    assert told["delta"]["covered"] == told["after"]["covered"] - told["before"]["covered"] > 0
    assert {unit["id"] for unit in told["units"]} <= {"w", "e"}
    assert all(unit["before"] != unit["after"] for unit in told["units"])


def test_homes_won_and_lost_are_listed_where_asked_for(api: Asking) -> None:
    """Their people make the difference of the covered; the figures and the hash are those of the plain question."""
    changes = {
        "add": [dict(zip(("lon", "lat"), lonlat(2, 3), strict=True))],
        "close": ["S2", "P1", "O2"],
        "metres": 800,
    }
    told, plain = ask(api, homes=True, **changes), ask(api, **changes)
    assert plain["homes"] is None
    assert told | {"homes": None} == plain
    people = {"won": 0, "lost": 0}
    for feature in told["homes"]["features"]:
        people[feature["properties"]["turned"]] += feature["properties"]["people"]
    assert people["won"] > 0
    assert people["lost"] > 0
    assert people["won"] - people["lost"] == told["delta"]["covered"]


def test_all_townships_are_listed_where_asked_for(api: Asking) -> None:
    """Also those that do not change; everything else is told as of the plain question."""
    told, plain = ask(api, all_units=True, close=["S2"], minutes=5), ask(api, close=["S2"], minutes=5)
    assert [unit["id"] for unit in told["units"]] == ["w", "e"]
    assert [unit for unit in told["units"] if unit["before"] != unit["after"]] == plain["units"]
    assert sum(unit["after"]["covered"] for unit in told["units"]) == told["after"]["covered"]
    assert told | {"units": plain["units"]} == plain


def test_sites_that_are_shut_at_the_hour_are_named(api: Asking) -> None:
    """On a Sunday evening only the outpost that never closes is known to be open; at any hour none is shut."""
    told = ask(api, open_at="2026-11-29T22:00", open=["O2"])
    assert told["shut"] == ["C1", "O1", "O2", "S1", "S2"]
    assert ask(api)["shut"] == []


def test_a_link_tells_how_far_its_ends_still_reach(api: Asking) -> None:
    """Metres are left on the bank that had no office near; on the other the bridge brings nothing nearer."""
    (west, east) = (lonlat(14, 1), lonlat(16, 1))
    (reach_of,) = ask(api, links=[{"from": west, "to": east, "kind": "gate"}], kind=["office"], metres=1000)["links"]
    assert reach_of["from_left_m"] is None
    assert 0 < reach_of["to_left_m"] < 1000


def test_the_same_inputs_give_the_same_hash(api: Asking) -> None:
    """Asked twice: the same answer; asked for another place: another hash; and nothing was saved in between."""
    lon, lat = lonlat(2, 3)
    first = ask(api, add=[{"lon": lon, "lat": lat, "kind": "station"}], close=["P1"], minutes=15)
    other = ask(api, add=[{"lon": lon + 0.001, "lat": lat, "kind": "station"}], close=["P1"], minutes=15)
    assert ask(api, add=[{"lon": lon, "lat": lat, "kind": "station"}], close=["P1"], minutes=15) == first
    assert other["hash"] != first["hash"]
    assert first["before"] == ask(api, minutes=15)["after"] == ask(api, minutes=15)["before"]
    assert "P1" in {site.id for site in api.region.sites}


def test_a_site_on_no_street_is_told(api: Asking) -> None:
    """It serves nobody, and the answer names it."""
    lon, lat = lonlat(4, -9)
    assert ask(api, add=[{"lon": lon, "lat": lat, "kind": "station"}])["off_network"] == ["new-1"]


@pytest.mark.parametrize(("lon", "lat"), [(-63.7, -39.9), (26.3, 0.0), (-180.0, 90.0)])
def test_a_site_on_the_other_side_of_the_globe_serves_nobody(api: Asking, lon: float, lat: float) -> None:
    """A plane cannot show it; it is told as any site on no street is, also where all others close."""
    add = [{"lon": lon, "lat": lat}]
    told = ask(api, add=add)
    assert (told["off_network"], told["after"]) == (["new-1"], told["before"])
    assert ask(api, add=add, close=[site.id for site in api.region.sites])["after"]["covered"] == 0


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"close": ["nobody"]}, "body.close.0"),
        ({"close": ["S1", "S1"]}, "body.close.1"),
        ({"close": ["S1"], "move": [{"id": "S1", "lon": 116.3, "lat": 39.9}]}, "body.move.0.id"),
        ({"add": [{"id": "S1", "lon": 116.3, "lat": 39.9}]}, "body.add.0.id"),
        ({"add": [{"lon": 39.9, "lat": 116.3}]}, "body.add.0.lat"),
        ({"add": [{"lon": 39.9, "lat": 80.3}]}, "body.add.0"),
        ({"add": [{"lon": 116.3, "lat": 39.9, "kind": "palace"}]}, "body.add.0.kind"),
        ({"links": [{"from": [10, 10], "to": [116.3, 39.9]}]}, "body.links.0.from"),
        ({"links": [{"from": [116.3], "to": [116.3, 39.9]}]}, "body.links.0.from.1"),
        ({"open": ["S1"]}, "body.open"),
        ({"open": ["nobody"], "open_at": "2026-11-24T09:30"}, "body.open.0"),
        ({"open": ["S1", "S1"], "open_at": "2026-11-24T09:30"}, "body.open.1"),
        ({"open": ["S1"], "close": ["S1"], "open_at": "2026-11-24T09:30"}, "body.open.0"),
        ({"open_at": "noon"}, "body.open_at"),
        ({"add": "everywhere"}, "body.add"),
        ({"opne": []}, "body.opne"),
    ],
)
def test_a_change_at_fault_is_named(api: Asking, body: dict[str, Any], where: str) -> None:
    """Each message stands at its own place."""
    told = api.problem(api.client.post(f"{api.at}/whatif", json=body), 422)
    assert where in {".".join(map(str, error["loc"])) for error in told["errors"]}
