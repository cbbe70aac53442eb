"""The OpenAPI document is whole, and holds against schemathesis with every check."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from jsonschema import Draft202012Validator
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from geomatch.geo.coordinates import looks_swapped
from geomatch.web import docs
from geomatch.web.api.operations import OPERATIONS
from tests.serving import FEW_POINTS, Asking, app_of

if TYPE_CHECKING:
    from pathlib import Path

    from geomatch.web.api.operation import Operation

BOUNDED = settings(
    max_examples=12,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
SET = settings(BOUNDED, max_examples=4)
"""Setting a PDF takes seconds, and it is asked the very question of the report as HTML."""

BODY_STATUSES = {"400", "413", "415"}


@pytest.fixture
def api(little_region: Path) -> Asking:
    """The API of the little region."""
    return Asking(little_region)


def references(part: Any) -> list[str]:
    """List every $ref below a part of the document."""
    if isinstance(part, dict):
        own = [part["$ref"]] if "$ref" in part else []
        return own + [ref for value in part.values() for ref in references(value)]
    return [ref for value in part for ref in references(value)] if isinstance(part, list) else []


def test_the_document_tells_every_operation_and_problem(api: Asking) -> None:
    """Every route is in it with its parameters, its answer and problem+json for every error."""
    document = api.answer("/api/v1/openapi.json")
    assert document["openapi"] == "3.1.0"
    told = [(path, method) for path, item in document["paths"].items() for method in item]
    assert len(told) == len(OPERATIONS)
    for path, method in told:
        operation = document["paths"][path][method]
        assert operation["summary"]
        for status, response in operation["responses"].items():
            if status >= "400":
                assert list(response["content"]) == ["application/problem+json"]
        if method in {"post", "put"}:
            assert operation["requestBody"]["required"] is True
            assert operation["responses"].keys() >= BODY_STATUSES
    points = document["components"]["schemas"]["LookupQuestion"]["properties"]["points"]
    assert points["maxItems"] == FEW_POINTS


def test_every_schema_is_valid_and_every_reference_leads_somewhere(api: Asking) -> None:
    """Schemas are JSON Schema 2020-12, all are used and none is missing."""
    document = api.answer("/api/v1/openapi.json")
    schemas = document["components"]["schemas"]
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
    assert {ref.rpartition("/")[2] for ref in references(document)} == schemas.keys()


def test_the_docs_page_loads_nothing_from_elsewhere(
    api: Asking, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the assets it has no inline script; without them it says how to get them."""
    monkeypatch.setattr(docs, "VENDOR", tmp_path)
    assert "make assets" in api.get("/api/docs").text
    for name in docs.NEEDED:
        (tmp_path / name).touch()
    page = api.get("/api/docs").text
    assert "<script>" not in page
    assert "://" not in page
    assert 'src="/api/docs.js"' in page
    assert "SwaggerUIBundle" in api.get("/api/docs.js").text


def keeps_rules_between(question: Any) -> bool:
    """Tell whether a question keeps the rules between parameters, which OpenAPI cannot say."""
    if not isinstance(question, dict):
        return True
    if {"minutes", "metres"} <= question.keys() or ("lon" in question) != ("lat" in question):
        return False
    if "site" in question and question.keys() & {"lon", "kind"}:
        return False
    if any(looks_swapped(*pair) for pair in pairs_of(question)):
        return False
    box = question.get("bbox", "0,0,0,0")
    box = [float(side) for side in (box.split(",") if isinstance(box, str) else box)]
    return len(box) != 4 or (box[0] <= box[2] and -90 <= box[1] <= box[3] <= 90)


def pairs_of(question: dict[str, Any]) -> list[list[float]]:
    """List the longitudes and latitudes that a question names."""
    own = [[float(question["lon"]), float(question["lat"])]] if {"lon", "lat"} <= question.keys() else []
    return own + question.get("points", [])


def saved_scenario(api: Asking) -> str:
    """Save a scenario under a name of its own; gives its id."""
    body = {"name": uuid4().hex, "question": {"close": ["P1"]}}
    return str(api.client.post(f"{api.at}/scenarios", json=body).get_json()["id"])


def point_at_what_is_there(case: schemathesis.Case, api: Asking, *, wrong: bool) -> None:
    """Let a case name the region and a scenario that there are; a right one also the version that it is at."""
    named = case.path_parameters or {}
    if "region_id" in named:
        named["region_id"] = api.region.spec.id
    if "/compare" in case.path and not wrong:
        case.query |= {name: saved_scenario(api) for name in ("a", "b") if case.query[name] != "now"}
    if "scenario_id" in named and not wrong:
        named["scenario_id"] = saved_scenario(api)
        if "If-Match" in (case.headers or {}):
            case.headers["If-Match"] = '"1"'


def check(case: schemathesis.Case, api: Asking) -> None:
    """Ask, and hold the answer to every check of schemathesis."""
    wrong = case.meta is not None and case.meta.generation.mode is GenerationMode.NEGATIVE
    point_at_what_is_there(case, api, wrong=wrong)
    # no document can say which options of siting go together, which sites there are, nor what stands on a street
    free = not case.path.endswith(("/siting", "/whatif")) and "/scenarios" not in case.path
    valid = wrong or (free and all(keeps_rules_between(part) for part in (case.query, case.body)))
    response = case.call()
    case.validate_response(response, excluded_checks=[] if valid else [positive_data_acceptance])
    assert response.status_code < 500


OPEN = [each for each in OPERATIONS if each.is_open]
CASES = [(each, GenerationMode.POSITIVE) for each in OPEN] + [
    (each, GenerationMode.NEGATIVE)
    for each in OPEN
    if each.question.model_fields or each.ids  # else nothing is wrong
]


@pytest.fixture(scope="module")
def schema(little_region: Path) -> Any:
    """The document, as schemathesis reads it."""
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app_of(little_region))


@pytest.mark.parametrize(("operation", "mode"), CASES, ids=lambda given: getattr(given, "name", str(given)))
def test_schemathesis_finds_nothing(
    little_region: Path, schema: Any, operation: Operation, mode: GenerationMode
) -> None:
    """Questions made from the document, right or wrong, get answers that it describes, and never a 500.

    Those for which one must be signed in are asked by test_api_by_role.py.
    """
    api = Asking(little_region)

    def checked(case: schemathesis.Case) -> None:
        check(case, api)

    found = schema[f"/api/v1{operation.path.replace('<', '{').replace('>', '}')}"][operation.method]
    bounds = SET if operation.file_ending == "pdf" else BOUNDED
    bounds(given(case=found.as_strategy(generation_mode=mode))(checked))()
