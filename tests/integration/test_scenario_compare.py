"""Two scenarios side by side, held against the region opened with each; the map of what differs, against the homes."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import shape

from geomatch.network.profiles import limit_for
from geomatch.planning.sites import Site, SiteKind
from geomatch.services import scenario_compare, whatif
from geomatch.services.scenario_compare import Question
from geomatch.services.whatif import Changes, Link
from tests.regions import lonlat
from tests.serving import Asking, region_of

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np

    from geomatch.services.region import Region

LIMIT = limit_for(metres=700)
NUMBERS = count(1)
SPOTS = st.tuples(st.floats(0, 30), st.floats(0, 11))
CHANGES = st.tuples(st.lists(SPOTS, max_size=2), st.sets(st.sampled_from(["C1", "O1", "S1", "S2", "P1"]), max_size=3))


@pytest.fixture
def api(little_region: Path) -> Asking:
    """The API of the little region."""
    return Asking(little_region)


def save(api: Asking, **question: Any) -> str:
    """Save a scenario; gives its id."""
    body = {"name": f"比较{next(NUMBERS)}", "question": {"metres": 700} | question}
    response = api.client.post(f"{api.at}/scenarios", json=body)
    assert response.status_code == 201, response.text
    return str(response.get_json()["id"])


def compared(api: Asking, a: str, b: str, **more: Any) -> Any:
    """Compare two and read a 200."""
    return api.answer("/api/v1/scenarios/compare", a=a, b=b, **more)


def within(region: Region, changes: Changes) -> np.ndarray:
    """Tell of every home whether it is within the limit, by the region opened with the changes (no links)."""
    walks = whatif.edition(region, changes).home_walks(LIMIT.profile)
    return walks.walk_m[:, 0] <= LIMIT.limit_m


def drawn(changes: tuple[list[tuple[float, float]], set[str]]) -> Changes:
    """Make changes of places and ids."""
    spots, closed = changes
    added = tuple(Site(f"N{row}", "", SiteKind.STATION, *lonlat(*spot)) for row, spot in enumerate(spots))
    return Changes(add=added, close=tuple(sorted(closed)))


@given(CHANGES, CHANGES)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_homes_won_and_lost_are_those_of_both_regions_walked_anew(little_region: Path, one: Any, other: Any) -> None:
    """Patches hold exactly their own homes, their people add up, and the two sides change over with the order."""
    region, a, b = region_of(little_region), drawn(one), drawn(other)
    question = Question(LIMIT)
    found = scenario_compare.compare(region, a, b, question)
    of_a, of_b = within(region, a), within(region, b)
    assert (found.won == (of_a & ~of_b)).all()
    assert (found.lost == (of_b & ~of_a)).all()
    back = scenario_compare.compare(region, b, a, question)
    assert (back.won == found.lost).all()
    people = region.homes.population
    grounds = scenario_compare.ground(region, a, b, question)
    for mine, patches in zip((found.won, found.lost), grounds, strict=True):
        assert sum(patch.people for patch in patches) == people[mine].sum()
        assert [patch.people for patch in patches] == sorted((patch.people for patch in patches), reverse=True)
        land = shapely.union_all([patch.geometry for patch in patches])
        assert shapely.intersects_xy(land, region.homes.lon[mine], region.homes.lat[mine]).all()


def test_ground_over_a_new_bridge_is_ground_that_is_won(little_region: Path) -> None:
    """A link wins homes that no new site is near; their ground is drawn, and none of it was covered before."""
    region, question = region_of(little_region), Question(LIMIT)
    bridge = Changes(links=(Link(*lonlat(14, 1), *lonlat(16, 1)),), close=("S2",))
    same = Changes(close=("S2",))
    found = scenario_compare.compare(region, bridge, same, question)
    won, lost = scenario_compare.ground(region, bridge, same, question)
    assert found.won.any()
    assert (sum(patch.people for patch in won), lost) == (region.homes.population[found.won].sum(), ())
    assert all(patch.unit == "东岸街道" for patch in won)
    land = shapely.union_all([patch.geometry for patch in won])
    still = ~found.won & (whatif.whatif(region, bridge, LIMIT).turned < 0)
    assert not shapely.intersects_xy(land, region.homes.lon[still], region.homes.lat[still]).any()


def test_a_scenario_beside_now_says_what_its_what_if_says(api: Asking) -> None:
    """Figures, differences and townships; won less lost is what the headline gains."""
    lon, lat = lonlat(2, 3)
    add = [{"lon": lon, "lat": lat, "kind": "station"}]
    told = compared(api, save(api, add=add, close=["P1"]), "now")
    figures = api.client.post(f"{api.at}/whatif", json={"add": add, "close": ["P1"], "metres": 700}).get_json()
    assert (told["a"]["total"], told["b"]["total"]) == (figures["after"], figures["before"])
    assert told["delta"] == figures["delta"]
    assert told["won"] - told["lost"] == told["delta"]["covered"]
    assert (told["b"]["id"], told["b"]["name"], told["b"]["same_question"]) == (None, None, True)
    changed = [unit["id"] for unit in told["units"] if unit["a"] != unit["b"]]
    assert (len(told["units"]), changed) == (2, [unit["id"] for unit in figures["units"]])
    assert told["only_a"]["close"] == ["P1"]
    assert told["only_a"]["add"] == [add[0] | {"name": ""}]
    assert told["only_b"] == {"add": [], "close": [], "move": [], "links": [], "open": []}


def test_what_both_change_is_no_difference(api: Asking) -> None:
    """Also where one of them was saved in another coordinate system."""
    lon, lat = lonlat(20, 4)
    move, link = {"id": "S2", "lon": lon, "lat": lat}, {"from": list(lonlat(14, 1)), "to": list(lonlat(16, 1))}
    first = save(api, move=[move], links=[link], close=["P1"])
    question = api.answer(f"/api/v1/scenarios/{first}", coordsys="bd09")["question"]
    second = save(api, **question | {"close": ["O1"]})
    told = compared(api, first, second, coordsys="gcj02")
    assert told["only_a"] == {"add": [], "close": ["P1"], "move": [], "links": [], "open": []}
    assert told["only_b"]["close"] == ["O1"]
    itself = compared(api, first, first)
    assert (itself["won"], itself["lost"], itself["delta"]["covered"]) == (0, 0, 0)
    assert api.answer("/api/v1/scenarios/compare/map", a=first, b=first)["features"] == []


def test_the_question_of_the_first_holds_for_both(api: Asking) -> None:
    """The answer says whose question it is, and whether the other was saved with another."""
    a, b = save(api, close=["P1"]), save(api, close=["O1"], metres=1000, profile="elder")
    told = compared(api, a, b)
    assert (told["limit_m"], told["profile"]) == (700, "standard")
    assert (told["a"]["same_question"], told["b"]["same_question"]) == (True, False)
    figures = api.client.post(f"{api.at}/whatif", json={"close": ["O1"], "metres": 700}).get_json()
    assert told["b"]["total"] == figures["after"]


def test_staying_open_longer_counts_only_where_an_hour_is_asked(api: Asking) -> None:
    """Compared by the question of one without an hour, the sites of the other that stay open longer are left out."""
    late = {"open_at": "2026-11-23T22:00:00+08:00", "open": ["O1"]}
    a, b = save(api), save(api, **late)
    assert compared(api, a, b)["delta"]["covered"] == 0
    by_night = compared(api, b, a)
    assert by_night["open_at"] == late["open_at"]
    assert by_night["won"] > 0


def test_the_map_is_geojson_of_the_ground_won_and_lost(api: Asking) -> None:
    """Its people are those of the table; each feature says which way it turned."""
    lon, lat = lonlat(2, 3)
    a = save(api, add=[{"lon": lon, "lat": lat}], close=["S2", "P1"])
    table, told = compared(api, a, "now"), api.answer("/api/v1/scenarios/compare/map", a=a, b="now")
    assert api.get("/api/v1/scenarios/compare/map", a=a, b="now").content_type == "application/geo+json"
    assert (told["won"], told["lost"]) == (table["won"], table["lost"])
    for change in ("won", "lost"):
        mine = [feature for feature in told["features"] if feature["properties"]["change"] == change]
        assert sum(feature["properties"]["people"] for feature in mine) == told[change] > 0
        assert [feature["properties"]["rank"] for feature in mine] == [*range(1, len(mine) + 1)]
        assert all(shape(feature["geometry"]).is_valid for feature in mine)


def test_places_of_a_scenario_are_geojson_for_other_tools(api: Asking) -> None:
    """Every change is one feature, in the system asked for; a moved site says where it stands now."""
    lon, lat = lonlat(20, 4)
    link = {"from": list(lonlat(14, 1)), "to": list(lonlat(16, 1)), "kind": "gate"}
    given_ = {"add": [{"lon": lon, "lat": lat}], "close": ["P1"], "move": [{"id": "S2", "lon": lon, "lat": lat}]}
    saved = save(api, **given_, links=[link], open_at="2026-11-23T22:00:00+08:00", open=["O1"])
    response = api.get(f"/api/v1/scenarios/{saved}/geojson", coordsys="gcj02")
    assert "geojson" in response.headers["Content-Disposition"]
    features = api.answer(f"/api/v1/scenarios/{saved}/geojson")["features"]
    kinds = [(feature["properties"]["change"], feature["properties"]["id"]) for feature in features]
    assert kinds == [("add", "new-1"), ("close", "P1"), ("move", "S2"), ("open", "O1"), ("link", None)]
    assert features[1]["geometry"]["coordinates"] == pytest.approx(lonlat(22.5, 9))
    assert features[2]["geometry"]["coordinates"] == [lon, lat]
    assert features[2]["properties"]["moved_from"] == pytest.approx(lonlat(24, 1.2))
    assert features[4]["geometry"] == {"type": "LineString", "coordinates": [link["from"], link["to"]]}
    shifted = response.get_json(force=True)["features"]
    assert shifted[2]["geometry"]["coordinates"][0] - lon == pytest.approx(0.006, abs=0.003)


def test_what_cannot_be_compared_is_named(api: Asking) -> None:
    """No id, one that is not there, one that nobody could have."""
    a = save(api)
    assert set(api.refused("/api/v1/scenarios/compare", a="now")) == {"query.a", "query.b"}
    assert set(api.refused("/api/v1/scenarios/compare", a=a, b="x")) == {"query.b"}
    api.problem(api.get("/api/v1/scenarios/compare", a=a, b="0" * 24), 404)
