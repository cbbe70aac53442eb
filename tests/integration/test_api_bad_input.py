"""Bad questions: each is told what is wrong with which parameter, and nothing is a 500."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from geomatch.web.app import MAX_BODY_BYTES
from tests.regions import lonlat
from tests.serving import FEW_POINTS, Asking

if TYPE_CHECKING:
    from pathlib import Path

LON, LAT = lonlat(13.5, 1.2)


@pytest.fixture
def api(little_region: Path) -> Asking:
    """The API of the little region."""
    return Asking(little_region)


@pytest.mark.parametrize(
    ("path", "query", "at_fault", "said"),
    [
        ("nearest", {"lat": LAT}, "query.lon", "missing"),
        ("nearest", {"lon": "east", "lat": LAT}, "query.lon", "valid number"),
        ("nearest", {"lon": "nan", "lat": LAT}, "query.lon", "finite"),
        ("nearest", {"lon": "inf", "lat": LAT}, "query.lon", "finite"),
        ("nearest", {"lon": 181, "lat": LAT}, "query.lon", "180"),
        ("nearest", {"lon": LAT, "lat": LON}, "query.lat", "swapped"),
        ("nearest", {"lon": 39.9, "lat": 75.0}, "query.lat", "swapped"),
        ("nearest", {"lon": LON, "lat": LAT, "k": 0}, "query.k", "greater than or equal to 1"),
        ("nearest", {"lon": LON, "lat": LAT, "k": 101}, "query.k", "less than or equal to 100"),
        ("nearest", {"lon": LON, "lat": LAT, "k": 1.5}, "query.k", "integer"),
        ("nearest", {"lon": LON, "lat": LAT, "kind": "shop"}, "query.kind.0", "centre"),
        ("nearest", {"lon": LON, "lat": LAT, "profile": "runner"}, "query.profile", "standard, adult, elder"),
        ("nearest", {"lon": LON, "lat": LAT, "minutes": 0}, "query.minutes", "greater than or equal to 0.1"),
        ("nearest", {"lon": LON, "lat": LAT, "metres": "1e-320"}, "query.metres", "greater than or equal to 1"),
        ("circles", {"minutes": "1e-320"}, "query.minutes.0", "greater than or equal to 0.1"),
        ("circles", {"metres": "1e-9"}, "query.metres.0", "greater than or equal to 1"),
        ("nearest", {"lon": LON, "lat": LAT, "minutes": 5, "metres": 5}, "query.minutes", "not both"),
        ("nearest", {"lon": LON, "lat": LAT, "minutes": 5, "metres": 5}, "query.metres", "not both"),
        ("nearest", {"lon": LON, "lat": LAT, "coordsys": "utm"}, "query.coordsys", "wgs84"),
        ("nearest", {"lon": LON, "lat": LAT, "open_at": "noon"}, "query.open_at", "2026-11-23T10:30"),
        ("nearest", {"lon": LON, "lat": LAT, "route": "yes"}, "query.route", "true or false"),
        ("nearest", {"lon": LON, "lat": LAT, "only": "near"}, "query.only", "within"),
        ("nearest", {"lon": LON, "lat": LAT, "minuts": 5}, "query.minuts", "did you mean minutes?"),
        ("nearest", {"lon": [LON, LON], "lat": LAT}, "query.lon", "more than once"),
        ("sites", {"bbox": "1,2,3"}, "query.bbox", "at least 4"),
        ("sites", {"bbox": "3,2,1,4"}, "query.bbox", "west <= east"),
        ("sites", {"limit": -1}, "query.limit", "greater"),
        ("sites", {"offset": "x"}, "query.offset", "integer"),
        ("circles", {"site": "S1", "minutes": "5,,10"}, "query.minutes.1", "number"),
        ("circles", {"site": "S1", "minutes": "5,5"}, "query.minutes", "twice"),
        ("circles", {"site": "S1", "minutes": "1,2,3,4,5,6,7"}, "query.minutes", "at most 6"),
        ("circles", {"site": "S1", "minutes": ["5", "10"]}, "query.minutes", "more than once"),
        ("circles", {"lon": LON}, "query.lat", "together"),
        ("circles", {"site": "S1", "lon": LON, "lat": LAT}, "query.site", "only one"),
        ("circles", {"lon": LAT, "lat": LON}, "query.lon", "swapped"),
        ("coverage", {"metres": "1e9"}, "query.metres", "less than or equal"),
        ("coverage", {"lon": LON}, "query.lon", "not a parameter here"),
        ("gaps", {"min_people": -1}, "query.min_people", "greater"),
        ("/api/v1/regions", {"x": "1"}, "query.x", "not a parameter here"),
    ],
)  # fmt: skip
def test_each_fault_names_its_parameter(
    api: Asking, path: str, query: dict[str, Any], at_fault: str, said: str
) -> None:
    """A 422 names the parameter and says what would be right."""
    assert said in api.refused(path, **query)[at_fault]


def test_every_fault_is_listed_at_once(api: Asking) -> None:
    """Four faults in one question are four errors."""
    told = api.refused("nearest", lon="x", lat="nan", k=0, foo=1)
    assert set(told) == {"query.lon", "query.lat", "query.k", "query.foo"}


def test_a_point_outside_names_the_nearest_region(api: Asking) -> None:
    """Outside every region is 404, says which is nearest and how far."""
    for path in ("/api/v1/nearest", "nearest", "circles"):
        told = api.problem(api.get(path, lon=116.5, lat=LAT), 404)
        assert told["nearest_region"]["id"] == "little"
        assert told["nearest_region"]["distance_m"] == pytest.approx(13_500, rel=0.05)
        assert "两岸区" in told["detail"]


def test_what_does_not_exist_is_named(api: Asking) -> None:
    """An unknown region, site or path is 404 and says what was asked for."""
    assert "'nowhere'" in api.problem(api.get("/api/v1/regions/nowhere/coverage"), 404)["detail"]
    assert "'S9'" in api.problem(api.get("circles", site=["S1", "S9"]), 404)["detail"]
    assert "/api/v1/nothing" in api.problem(api.get("/api/v1/nothing"), 404)["detail"]


def test_the_wrong_method_says_which_are_right(api: Asking) -> None:
    """405 comes with Allow."""
    response = api.client.get(f"{api.at}/lookup")
    api.problem(response, 405)
    assert "POST" in response.headers["Allow"]
    api.problem(api.client.delete(f"{api.at}/sites"), 405)


@pytest.mark.parametrize(
    ("body", "at_fault", "said"),
    [
        ({}, "body.points", "missing"),
        ({"points": [[LON, LAT], [LON]]}, "body.points.1.1", "missing"),
        ({"points": [[LON, LAT, 3]]}, "body.points.0", "at most 2"),
        ({"points": [[str(LON), LAT]]}, "body.points.0.0", "number"),
        ({"points": [[True, LAT]]}, "body.points.0.0", "number"),
        ({"points": [[None, LAT]]}, "body.points.0.0", "number"),
        ({"points": [[LON, 91]]}, "body.points.0.1", "90"),
        ({"points": [[LON, LAT], [LAT, 75.5]]}, "body.points.1", "swapped"),
        ({"points": "all"}, "body.points", "array"),
        ({"points": [], "k": 21}, "body.k", "20"),
        ({"points": [], "k": "2"}, "body.k", "integer"),
        ({"points": [], "kind": ["shop"]}, "body.kind.0", "centre"),
        ({"points": [], "minutes": 5, "metres": 5}, "body.minutes", "not both"),
        ({"points": [], "ponits": []}, "body.ponits", "did you mean points?"),
        ({"points": [[LON, LAT]] * (FEW_POINTS + 1)}, "body.points", f"at most {FEW_POINTS}"),
        ([], "body", "object"),
    ],
)
def test_each_fault_of_a_body_names_its_place(api: Asking, body: Any, at_fault: str, said: str) -> None:
    """A 422 names the field, and the point by its number."""
    told = api.problem(api.client.post(f"{api.at}/lookup", json=body), 422)
    messages = {".".join(str(part) for part in error["loc"]): error["msg"] for error in told["errors"]}
    assert said in messages[at_fault]


def test_a_body_that_is_no_json_or_too_large_is_refused(api: Asking) -> None:
    """Broken JSON is 400, another media type 415, a body beyond the limit 413; NaN is no number."""
    where = f"{api.at}/lookup"
    for broken in (b"{", b"", b'{"points": [[1, 2]', b"\xff\xfe"):
        api.problem(api.client.post(where, data=broken, content_type="application/json"), 400)
    api.problem(api.client.post(where, data=b"{}"), 415)
    api.problem(api.client.post(where, data=b"a=1", content_type="application/x-www-form-urlencoded"), 415)
    large = api.client.post(where, data=b" " * (MAX_BODY_BYTES + 1), content_type="application/json")
    assert "16 MB" in api.problem(large, 413)["detail"]
    nan = api.client.post(where, data=b'{"points": [[NaN, 1]]}', content_type="application/json; charset=utf-8")
    assert nan.status_code == 422


def test_bytes_that_are_no_text_and_floods_of_parameters_are_refused(api: Asking) -> None:
    """A query that is not UTF-8, holds a NUL or thousands of parameters gets a 4xx."""
    for query in ("lon=%ff&lat=%00", "q=\xff", "&".join(f"x{i}=1" for i in range(3000)), "%"):
        assert api.client.get(f"{api.at}/nearest?{query}").status_code == 422


def test_a_surprise_is_a_problem_without_a_traceback(api: Asking) -> None:
    """Where our own code fails the client gets a problem+json with no inner detail."""
    from tests.serving import app_of

    app = app_of(api.region.folder)
    with app.test_request_context("/api/v1/regions"):
        response = app.make_response(app.handle_user_exception(ZeroDivisionError("a secret of ours")))
    assert response.status_code == 500
    assert response.content_type == "application/problem+json"
    assert "secret" not in response.get_data(as_text=True)
