"""Saved scenarios over HTTP: saved, listed, opened, changed, deleted, and everything that may be wrong with them."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from tests.regions import lonlat
from tests.serving import Asking

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from werkzeug.test import TestResponse

LON, LAT = lonlat(2, 3)
NEW = {"lon": LON, "lat": LAT, "kind": "station", "name": "新站"}
NUMBERS = count(1)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def api(
    request: pytest.FixtureRequest, little_region: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Asking]:
    """The API of the little region over a database of either kind."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('api') / 'scenarios.db'}"
    else:
        url = request.getfixturevalue("postgresql").fresh()
    asking = Asking(little_region, url)
    yield asking
    asking.close()


def fresh_name() -> str:
    """Give a name that no other test has."""
    return f"方案第{next(NUMBERS)}号"


def post(api: Asking, name: str, note: str = "", **question: Any) -> TestResponse:
    """POST a scenario."""
    return api.client.post(f"{api.at}/scenarios", json={"name": name, "note": note, "question": question})


def save(api: Asking, name: str | None = None, **question: Any) -> Any:
    """Save a scenario and read a 201."""
    response = post(api, name or fresh_name(), **question)
    assert response.status_code == 201, response.text
    return response.get_json()


def put(api: Asking, scenario_id: str, if_match: str | None, name: str, **question: Any) -> TestResponse:
    """PUT a scenario."""
    headers = {} if if_match is None else {"If-Match": if_match}
    body = {"name": name, "question": question}
    return api.client.put(f"/api/v1/scenarios/{scenario_id}", json=body, headers=headers)


def test_a_scenario_is_opened_as_it_was_saved(api: Asking) -> None:
    """Question, figures and hash are those of the what-if, its address is in the answer, and nobody guesses its id."""
    name = fresh_name()
    response = post(
        api, f"  {name} ", "给领导看\n第二稿", add=[NEW], close=["P1"], metres=800, kind=["station", "outpost"]
    )
    told = response.get_json()
    assert response.status_code == 201
    assert response.headers["Location"] == f"/api/v1/scenarios/{told['id']}"
    assert response.headers["ETag"] == '"1"'
    assert response.headers["Cache-Control"] == "no-store"
    assert (len(told["id"]), told["name"], told["note"]) == (24, name, "给领导看\n第二稿")
    assert told["page"] == f"/map/little/whatif?scenario={told['id']}"
    assert told["counts"] == {"add": 1, "close": 1, "move": 0, "links": 0, "open": 0}
    assert (told["limit_m"], told["kind"], told["rebuilt"]) == (800, ["station", "outpost"], False)
    figures = api.client.post(f"{api.at}/whatif", json=told["question"]).get_json()
    for part in ("before", "after", "delta", "hash"):
        assert told["saved"][part] == told["now"][part] == figures[part]
    assert api.answer(f"/api/v1/scenarios/{told['id']}") == told


def test_a_question_without_a_limit_is_kept_with_the_one_it_meant(api: Asking) -> None:
    """Fifteen minutes, written down."""
    told = save(api, add=[NEW])
    assert (told["question"]["minutes"], told["limit_m"]) == (15, 1000)


def test_the_same_inputs_give_the_same_figures_and_hash_under_any_name(api: Asking) -> None:
    """Names and notes are no part of it."""
    first, second = (save(api, add=[NEW], close=["P1"]) for _ in range(2))
    assert first["saved"] == second["saved"]
    assert first["id"] != second["id"]


def test_places_are_given_in_the_system_asked_for(api: Asking) -> None:
    """In the system that it was saved in to the last digit, in another and back within a millimetre."""
    there = {"from": list(lonlat(14, 1)), "to": list(lonlat(16, 1)), "kind": "gate"}
    given = {"add": [NEW], "move": [{"id": "S1", "lon": LON, "lat": LAT}], "links": [there], "coordsys": "gcj02"}
    told = save(api, **given)
    same = api.answer(f"/api/v1/scenarios/{told['id']}", coordsys="gcj02")["question"]
    assert {name: same[name] for name in given} == given
    plain = api.answer(f"/api/v1/scenarios/{told['id']}")["question"]
    assert plain["coordsys"] == "wgs84"
    assert plain["add"][0]["lon"] != NEW["lon"]
    assert abs(plain["add"][0]["lon"] - NEW["lon"]) < 0.01
    again = save(api, **plain)
    back = api.answer(f"/api/v1/scenarios/{again['id']}", coordsys="gcj02")["question"]
    assert back["move"][0]["lat"] == pytest.approx(LAT, abs=1e-8)
    assert back["links"][0]["to"] == pytest.approx(there["to"], abs=1e-8)


def test_a_list_has_the_one_changed_last_first_page_by_page(api: Asking) -> None:
    """With its figures and without its question; a page says how many there are in all."""
    first, second, third = (save(api, add=[NEW]) for _ in range(3))
    put(api, first["id"], '"1"', first["name"], add=[NEW], close=["P1"])
    told = api.answer("scenarios", limit=3)
    assert [row["id"] for row in told["scenarios"]] == [first["id"], third["id"], second["id"]]
    assert told["numberMatched"] >= told["numberReturned"] == 3
    assert "question" not in told["scenarios"][0]
    assert [row["id"] for row in api.answer("scenarios", limit=1, offset=1)["scenarios"]] == [third["id"]]
    assert api.answer("scenarios", offset=1_000_000)["scenarios"] == []


@pytest.mark.parametrize("alike", ["方案Ａ", "方案a", " 方 案 A "])
def test_a_name_is_taken_once_in_a_region(api: Asking, alike: str) -> None:
    """Without regard to case, width and blanks; the problem says who has it; deleted, it is free again."""
    told = save(api, "方案A")
    refused = api.problem(post(api, alike), 409)
    assert refused["scenario"] == told["id"]
    other = save(api)
    assert api.problem(put(api, other["id"], "*", alike), 409)["scenario"] == told["id"]
    assert put(api, told["id"], "*", alike).status_code == 200
    assert api.client.delete(f"/api/v1/scenarios/{told['id']}").status_code == 204


def test_nobodys_change_is_lost(api: Asking) -> None:
    """A change needs the version that was read, also as a tag that a proxy made weak; * writes over any."""
    told = save(api, add=[NEW])
    name = told["name"]
    changed = put(api, told["id"], '"1"', name, close=["P1"])
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
    assert changed.get_json()["created_at"] == told["created_at"] < changed.get_json()["updated_at"]
    assert "changed meanwhile" in api.problem(put(api, told["id"], '"1"', name), 412)["detail"]
    assert "If-Match" in api.problem(put(api, told["id"], None, name), 428)["detail"]
    assert api.problem(put(api, told["id"], "nonsense", name), 422)["errors"][0]["loc"] == ["header", "If-Match"]
    assert put(api, told["id"], 'W/"2"', name).get_json()["version"] == 3
    assert put(api, told["id"], "*", name).get_json()["version"] == 4
    path = f"/api/v1/scenarios/{told['id']}"
    api.problem(api.client.delete(path, headers={"If-Match": '"1"'}), 412)
    assert api.answer(path)["version"] == 4
    assert api.client.delete(path, headers={"If-Match": '"4"'}).data == b""


def test_what_is_not_there_is_404(api: Asking) -> None:
    """Never saved, deleted, or of a region that is not served."""
    told = save(api)
    path = f"/api/v1/scenarios/{told['id']}"
    assert api.client.delete(path).status_code == 204
    for response in (api.get(path), api.client.delete(path), put(api, told["id"], "*", "x"), api.get(f"{path}/file")):
        assert "deleted" in api.problem(response, 404)["detail"]
    api.problem(api.client.post("/api/v1/regions/atlantis/scenarios", json={"name": "x", "question": {}}), 404)


def test_a_file_can_be_saved_again(api: Asking) -> None:
    """It is named for the scenario, and saved under another name gives the same figures and hash."""
    told = save(api, '方案 "甲"/1', add=[NEW], coordsys="gcj02")
    response = api.get(f"/api/v1/scenarios/{told['id']}/file")
    assert response.headers["Content-Disposition"] == (
        "attachment; filename=\"__ ____1.json\"; filename*=UTF-8''%E6%96%B9%E6%A1%88%20%22%E7%94%B2%22%2F1.json"
    )
    given = response.get_json() | {"name": fresh_name()}
    again = api.client.post(f"{api.at}/scenarios", json=given).get_json()
    assert (again["saved"], again["question"]) == (told["saved"], told["question"])


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"question": {}}, "body.name"),
        ({"name": "", "question": {}}, "body.name"),
        ({"name": " \u3000 ", "question": {}}, "body.name"),
        ({"name": "a\u202eb", "question": {}}, "body.name"),
        ({"name": "a\0b", "question": {}}, "body.name"),
        ({"name": "x" * 101, "question": {}}, "body.name"),
        ({"name": "\ufdfa" * 100, "question": {}}, "body.name"),
        ({"name": "x", "note": "a\0b", "question": {}}, "body.note"),
        ({"name": "x", "note": "x" * 2001, "question": {}}, "body.note"),
        ({"name": "x"}, "body.question"),
        ({"name": "x", "question": {"close": ["nobody"]}}, "body.question.close.0"),
        ({"name": "x", "question": {"links": [{"from": [10, 10], "to": [116.3, 39.9]}]}}, "body.question.links.0.from"),
        ({"name": "x", "question": {"add": [{"lon": 39.9, "lat": 80.3}]}}, "body.question.add.0"),
        ({"name": "x", "question": {"minutes": 15, "metres": 1000}}, "body.question.minutes"),
        ({"name": "x", "question": {"opne": []}}, "body.question.opne"),
        ({"name": "x", "question": {}, "coordsys": "gcj02"}, "body.coordsys"),
    ],
)
def test_a_draft_at_fault_is_named_and_not_saved(api: Asking, body: dict[str, Any], where: str) -> None:
    """Each message stands at its own place, on saving and on changing."""
    before = api.answer("scenarios")["numberMatched"]
    told = save(api)
    for response in (
        api.client.post(f"{api.at}/scenarios", json=body),
        api.client.put(f"/api/v1/scenarios/{told['id']}", json=body, headers={"If-Match": "*"}),
    ):
        problem = api.problem(response, 422)
        assert where in {".".join(map(str, error["loc"])) for error in problem["errors"]}
    assert api.answer("scenarios")["numberMatched"] == before + 1
    assert api.answer(f"/api/v1/scenarios/{told['id']}") == told


@pytest.mark.parametrize("media", ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain", None])
def test_no_foreign_page_can_post_by_a_form(api: Asking, media: str | None) -> None:
    """What a form may send without asking is refused, whatever the body; and no answer lets another origin read."""
    body = '{"name": "x", "question": {}}'
    response = api.client.post(f"{api.at}/scenarios", data=body, content_type=media, headers={"Origin": "https://x.cn"})
    assert "application/json" in api.problem(response, 415)["detail"]
    assert "Access-Control-Allow-Origin" not in response.headers


def test_a_lone_surrogate_is_no_json(api: Asking) -> None:
    """Text that no database could keep never comes in."""
    response = api.client.post(
        f"{api.at}/scenarios", data=b'{"name": "\\ud800", "question": {}}', content_type="application/json"
    )
    assert response.status_code in {400, 422}
