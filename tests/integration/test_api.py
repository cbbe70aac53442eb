"""Every call of the API and every option, on a town of two banks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import shapely
from pydantic import TypeAdapter

from geomatch.geo.coordinates import CoordSys, from_wgs84
from geomatch.network.profiles import limit_for
from geomatch.services import circles, coverage, gaps, nearest
from geomatch.web.api.operations import OPERATIONS
from tests.regions import OFF_STREET_HOME, lonlat
from tests.serving import Asking

if TYPE_CHECKING:
    from pathlib import Path

WEST = lonlat(13.5, 1.2)
STATED = {"standard": "GB 50180-2018", "profile": "standard", "limit_m": 1000.0, "limit_s": 900.0}


@pytest.fixture
def api(little_region: Path) -> Asking:
    """The API of the little region."""
    return Asking(little_region)


def at(place: tuple[float, float]) -> dict[str, float]:
    """Give a place as query parameters."""
    return {"lon": place[0], "lat": place[1]}


def fits(name: str, answer: Any) -> None:
    """Hold an answer to the model that the OpenAPI document is made from."""
    model = next(operation.answer for operation in OPERATIONS if operation.name == name)
    TypeAdapter(model).validate_python(answer)


def test_regions_are_listed_with_what_they_hold(api: Asking) -> None:
    """The list says name, box, counts of every kind, population, and that the data is made up."""
    answer = api.answer("/api/v1/regions")
    fits("regions", answer)
    (row,) = answer["regions"]
    assert (row["id"], row["name"], row["name_en"]) == ("little", "两岸区", "Two Banks")
    assert row["counts"] == {"centre": 1, "office": 2, "station": 2, "outpost": 1, "base": 0, "landscape": 0}
    assert row["population"] == 20_001
    assert row["synthetic"] is True


def test_the_nearest_site_is_a_feature_with_its_walk(api: Asking) -> None:
    """The region's nearest and the one found by the point agree with the service and with each other."""
    answer = api.answer("nearest", **at(WEST))
    fits("nearest", answer)
    assert answer == api.answer("/api/v1/nearest", **at(WEST))
    (feature,) = answer["features"]
    told = nearest.nearest(api.region, *WEST, limit=limit_for()).hits[0]
    assert feature["properties"] == {
        "id": told.site.id,
        "name": told.site.name,
        "kind": told.site.kind,
        "rank": 1,
        "walk_m": pytest.approx(told.walk_m),
        "walk_s": pytest.approx(told.walk_m * 0.9),
        "straight_m": pytest.approx(told.straight_m),
        "within": True,
    }
    assert feature["geometry"] == {"type": "Point", "coordinates": [told.site.lon, told.site.lat]}
    assert answer["synthetic"] is True
    assert answer["query"].items() >= {**at(WEST), "on_network": True, **STATED}.items()


@pytest.mark.parametrize("path", ["nearest", "sites", "/api/v1/regions"])
def test_head_has_the_headers_of_get_and_no_body(api: Asking, path: str) -> None:
    """Whether kept or not, an answer states its type, its length and whether it may be kept, and HEAD the same."""
    query = at(WEST) if path == "nearest" else {}
    got = api.get(path, **query)
    head = api.client.head(path if path.startswith("/") else f"{api.at}/{path}", query_string=query)
    assert (head.status_code, head.data) == (200, b"")
    assert sorted(head.headers) == sorted(got.headers)
    assert got.headers["Content-Length"] == str(len(got.data))
    assert got.headers["Cache-Control"] == ("no-store" if path == "nearest" else "no-cache")
    assert got.content_type.startswith("application/")
    assert "Content-Security-Policy" in got.headers


def test_k_kind_and_limit_choose_the_hits(api: Asking) -> None:
    """K bounds the hits, kind filters them, and the limit only says which are within."""
    answer = api.answer("nearest", **at(WEST), k=3, kind=["office", "centre"], metres=400)
    hits = [feature["properties"] for feature in answer["features"]]
    assert {hit["kind"] for hit in hits} <= {"office", "centre"}
    assert [hit["rank"] for hit in hits] == [1, 2, 3]
    assert [hit["walk_m"] for hit in hits] == sorted(hit["walk_m"] for hit in hits)
    assert [hit["within"] for hit in hits] == [hit["walk_m"] <= 400 for hit in hits]
    assert (answer["query"]["standard"], answer["query"]["limit_m"]) == ("custom", 400)


def test_only_within_gives_every_circle_that_holds_the_point(api: Asking) -> None:
    """only=within lists all sites within the limit, whatever k says."""
    everyone = api.answer("nearest", **at(WEST), k=6)["features"]
    inside = api.answer("nearest", **at(WEST), only="within")["features"]
    assert [f["id"] for f in inside] == [f["id"] for f in everyone if f["properties"]["within"]]
    assert len(inside) > 1


def test_open_at_leaves_out_what_is_closed(api: Asking) -> None:
    """On a Sunday at noon the office of the west is closed; a zone may be written with a plus or arrive as a blank."""
    for when in ("2026-11-22T12:00", "2026-11-22T12:00:00+08:00", "2026-11-22T12:00:00 08:00", "2026-11-22T04:00:00Z"):
        features = api.answer("nearest", **at(WEST), k=6, open_at=when)["features"]
        assert {feature["id"] for feature in features} == {"O2", "S2", "P1"}


def test_a_route_leads_from_the_point_to_the_site(api: Asking) -> None:
    """route=true adds a LineString from the point to the site, as long as the walk."""
    (feature,) = api.answer("nearest", **at(lonlat(5.0, 5.5)), route="true")["features"]
    line = feature["route"]["coordinates"]
    assert feature["route"]["type"] == "LineString"
    assert line[0] == pytest.approx(lonlat(5.0, 5.5))
    assert line[-1] == pytest.approx(feature["geometry"]["coordinates"])
    xy = [api.region.graph.plane.to_xy(*corner) for corner in line]
    assert shapely.LineString(xy).length == pytest.approx(feature["properties"]["walk_m"], abs=0.01)
    assert "route" not in api.answer("nearest", **at(WEST))["features"][0]


def test_a_point_off_the_network_is_said_so(api: Asking) -> None:
    """Where the straight leg is too long there are no features, and the query says why."""
    answer = api.answer("nearest", **at(lonlat(*OFF_STREET_HOME)))
    assert answer["features"] == []
    assert answer["query"]["on_network"] is False
    assert answer["query"]["access_m"] == pytest.approx(600, abs=1)


def test_a_lookup_answers_in_order(api: Asking) -> None:
    """Each point gets what `nearest` says of it; a point off the network gets nulls."""
    points = [WEST, lonlat(25.0, 3.3), lonlat(*OFF_STREET_HOME), (10.0, 50.0)]
    answer = api.lookup(points=points)
    fits("lookup", answer)
    assert answer.items() >= STATED.items()
    for point, row in zip(points[:2], answer["results"], strict=False):
        hit = api.answer("nearest", **at(point))["features"][0]["properties"]
        assert row["site_id"] == hit["id"]
        assert row["walk_m"] == pytest.approx(hit["walk_m"])
        assert row["within"] is hit["within"]
    off, far = answer["results"][2:]
    assert off == {
        "site_id": None, "walk_m": None, "walk_s": None, "within": False,
        "access_m": pytest.approx(600, abs=1), "on_network": False,
    }  # fmt: skip
    assert far["access_m"] is None


def test_a_lookup_of_several_gives_lists(api: Asking) -> None:
    """With k > 1 every point has a list of k rows, padded with nulls; one kind may stand alone."""
    answer = api.lookup(points=[WEST], k=3, kind="office", profile="elder", minutes=10)
    fits("lookup", answer)
    (rows,) = answer["results"]
    assert [row["site_id"] for row in rows] == ["O1", "O2", None]
    assert rows[0]["walk_s"] == pytest.approx(rows[0]["walk_m"] / 0.8)
    assert (answer["profile"], answer["limit_m"], answer["limit_s"]) == ("elder", 480, 600)
    assert api.lookup(points=[])["results"] == []


def test_sites_are_paged_and_filtered(api: Asking) -> None:
    """NumberMatched counts all that match, numberReturned the page; kind, words and box filter."""
    answer = api.answer("sites", limit=2, offset=1)
    fits("sites", answer)
    assert (answer["numberMatched"], answer["numberReturned"]) == (6, 2)
    assert [f["id"] for f in answer["features"]] == ["O1", "O2"]
    assert [f["id"] for f in api.answer("sites", kind=["station", "outpost"])["features"]] == ["S1", "S2", "P1"]
    assert [f["id"] for f in api.answer("sites", q="社区站 s2")["features"]] == ["S2"]
    west, south = lonlat(10.5, 1.5)
    east, north = lonlat(12.5, 7.0)
    assert [f["id"] for f in api.answer("sites", bbox=f"{west},{south},{east},{north}")["features"]] == ["C1", "O1"]
    assert api.answer("sites", offset=99)["features"] == []


def test_circles_of_sites_and_of_a_point_are_those_of_the_service(api: Asking) -> None:
    """Every ring comes with its figures, and is the very polygon that the service drew."""
    answer = api.answer("circles", site=["S1", "O2"], minutes="5,10,15")
    fits("circles", answer)
    drawn = circles.circles(api.region, [limit_for(minutes=m) for m in (5, 10, 15)], site_ids=["S1", "O2"])
    assert [f["properties"]["site"] for f in answer["features"]] == ["S1"] * 3 + ["O2"] * 3
    for feature, circle in zip(answer["features"], drawn, strict=True):
        shape = shapely.geometry.shape(feature["geometry"])
        assert shape.equals(circle.geometry)
        assert all(ring.is_ccw for part in shape.geoms for ring in [part.exterior])
        told = feature["properties"]
        assert told["limit_m"] == pytest.approx(circle.limit.limit_m)
        assert (told["population"], told["area_m2"]) == (circle.population, pytest.approx(circle.area_m2))
    around = api.answer("circles", **at(WEST), metres="300")
    assert [f["properties"]["site"] for f in around["features"]] == [None]
    assert len(api.answer("circles")["features"]) == 6
    assert len(api.answer("circles", kind="station")["features"]) == 2


def test_coverage_adds_up_and_is_the_services(api: Asking) -> None:
    """The units add up to the total, and every figure is the service's."""
    answer = api.answer("coverage", kind=["station", "office"], metres=800)
    fits("coverage", answer)
    table = coverage.coverage(api.region, limit_for(metres=800), ("station", "office"))
    assert answer["total"]["covered"] == table.total.covered == sum(unit["covered"] for unit in answer["units"])
    assert answer["total"]["population"] == 20_001
    assert answer["total"]["gini"] == pytest.approx(table.total.gini)
    assert [unit["id"] for unit in answer["units"]] == [row.id for row in table.units]
    assert (answer["region"], answer["standard"], answer["kind"]) == ("little", "custom", ["station", "office"])


def test_gaps_come_by_rank(api: Asking) -> None:
    """Gaps are the service's, most people first; min_people leaves out the small ones."""
    answer = api.answer("gaps")
    fits("gaps", answer)
    found = gaps.gaps(api.region, limit_for())
    assert [f["properties"]["people"] for f in answer["features"]] == [gap.people for gap in found]
    assert [f["properties"]["rank"] for f in answer["features"]] == list(range(1, len(found) + 1))
    assert answer["query"].items() >= STATED.items()
    most = found[0].people
    assert len(api.answer("gaps", min_people=most)["features"]) == 1


@pytest.mark.parametrize("coordsys", [CoordSys.GCJ02, CoordSys.BD09, CoordSys.CGCS2000])
def test_places_go_in_and_out_in_the_system_asked_for(api: Asking, coordsys: CoordSys) -> None:
    """The same question in another system has the same figures, and its places in that system."""
    plain = api.answer("nearest", **at(WEST), k=2, route="true")
    moved = tuple(float(degrees) for degrees in from_wgs84(*WEST, coordsys))
    other = api.answer("nearest", **at(moved), k=2, route="true", coordsys=coordsys.value)
    assert (other["query"]["lon"], other["query"]["lat"]) == moved
    for here, there in zip(plain["features"], other["features"], strict=True):
        assert there["properties"]["walk_m"] == pytest.approx(here["properties"]["walk_m"], abs=0.001)
        expected = [float(degrees) for degrees in from_wgs84(*here["geometry"]["coordinates"], coordsys)]
        assert there["geometry"]["coordinates"] == pytest.approx(expected, abs=1e-9)
        assert there["route"]["coordinates"][0] == pytest.approx(moved, abs=1e-8)
    row = api.lookup(points=[moved], coordsys=coordsys.value)["results"][0]
    assert row["walk_m"] == pytest.approx(plain["features"][0]["properties"]["walk_m"], abs=0.001)
    for path, query in (("circles", {"site": "S1"}), ("gaps", {}), ("sites", {})):
        here, there = api.answer(path, **query), api.answer(path, **query, coordsys=coordsys.value)
        corners = [shapely.get_coordinates(shapely.geometry.shape(f["geometry"])) for f in here["features"]]
        for before, feature in zip(corners, there["features"], strict=True):
            lon, lat = from_wgs84(before[:, 0], before[:, 1], coordsys)
            after = shapely.get_coordinates(shapely.geometry.shape(feature["geometry"]))
            assert after[:, 0] == pytest.approx(lon, abs=1e-9)
            assert after[:, 1] == pytest.approx(lat, abs=1e-9)
    box = api.answer("/api/v1/regions", coordsys=coordsys.value)["regions"][0]["bbox"]
    assert box[0] <= moved[0] <= box[2]


def test_what_depends_on_the_build_alone_is_asked_for_once(api: Asking) -> None:
    """What did not change is 304 to who has it, another question has another tag, and where one stands is not kept."""
    first = api.get("coverage", minutes=10)
    headers = {"If-None-Match": first.headers["ETag"]}
    again = api.client.get(f"{api.at}/coverage?minutes=10.0", headers=headers)
    assert (again.status_code, again.data) == (304, b"")
    assert api.client.get(f"{api.at}/coverage?minutes=11", headers=headers).status_code == 200
    assert api.client.get(f"{api.at}/coverage?minutes=x", headers=headers).status_code == 422
    for path in ("gaps", "sites", "circles?site=S1", "/api/v1/regions"):
        assert "ETag" in api.client.get(path if path[0] == "/" else f"{api.at}/{path}").headers
    assert api.get("nearest", **at(WEST)).headers["Cache-Control"] == "no-store"


def test_geojson_says_what_it_is(api: Asking) -> None:
    """FeatureCollections are application/geo+json, tables application/json."""
    assert api.get("gaps").content_type == "application/geo+json"
    assert api.get("sites").content_type == "application/geo+json"
    assert api.get("coverage").content_type == "application/json"


def test_health_and_figures(api: Asking) -> None:
    """The service says that it lives, that it is ready, and counts its answers by route."""
    assert api.answer("/healthz") == {"status": "alive"}
    assert api.answer("/readyz")["regions"][0]["id"] == "little"
    api.get("/api/v1/regions/nowhere/sites")
    text = api.get("/metrics").text
    assert "geomatch_regions 1.0" in text
    assert 'geomatch_region_sites{kind="office",region="little"} 2.0' in text
    assert 'route="/api/v1/regions/<region_id>/sites",status="404"' in text
    assert "geomatch_http_request_seconds_bucket" in text


def test_every_answer_carries_the_security_headers(api: Asking) -> None:
    """Pages, answers, problems and static files all forbid scripts and frames of others."""
    for path in ("/", "/api/v1/regions", "/nothing", "/static/nothing.js", "/api/docs", "/healthz"):
        headers = api.get(path).headers
        assert "script-src 'self';" in headers["Content-Security-Policy"]
        assert "'unsafe-inline'" not in headers["Content-Security-Policy"].split("style-src")[0]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "Referrer-Policy" in headers
