"""The OpenAPI document is whole, and holds against schemathesis with every check."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from jsonschema import Draft202012Validator

from geomatch.web import docs
from geomatch.web.api.operations import OPERATIONS
from tests.regions import lonlat
from tests.serving import FEW_POINTS, Asking, app_of

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

EXAMPLES = 25
BODY_STATUSES = {"400", "413", "415"}


@pytest.fixture
def api(little_region: Path) -> Asking:
    """The API of the little region."""
    return Asking(little_region)


def references(part: Any) -> list[str]:
    """List every $ref below a part of the document."""
    if isinstance(part, dict):
        return [part["$ref"]] * ("$ref" in part) + [ref for value in part.values() for ref in references(value)]
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
        if method == "post":
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


def may_be_asked(query: dict[str, Any]) -> bool:
    """Tell whether a question keeps the rules between parameters, which OpenAPI cannot say."""
    if "minutes" in query and "metres" in query:
        return False
    if ("lon" in query) != ("lat" in query):
        return False
    return "site" not in query or not query.keys() & {"lon", "kind"}


def fuzzed(app: Flask, operation_id: str) -> None:
    """Put one operation to schemathesis: every check, bounded examples, no network."""
    import schemathesis
    from schemathesis.specs.openapi.checks import positive_data_acceptance

    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    place = dict(zip(("lon", "lat"), lonlat(13.5, 1.2), strict=True))

    def check(case: schemathesis.Case) -> None:
        if case.path_parameters and case.meta and case.meta.generation.mode.name == "POSITIVE":
            case.path_parameters["region_id"] = "little"
        valid = may_be_asked(case.query or {}) and may_be_asked(case.body if isinstance(case.body, dict) else {})
        if place.keys() <= (case.query or {}).keys() and case.meta and case.meta.generation.mode.name == "POSITIVE":
            case.query |= place
        response = case.call()
        left_out = [] if valid else [positive_data_acceptance]
        case.validate_response(response, excluded_checks=left_out)
        assert response.status_code < 500

    (chosen,) = [found.ok() for found in schema.get_all_operations() if found.ok().definition.raw["operationId"] == operation_id]
    test = schema[chosen.path][chosen.method].as_strategy()
    from hypothesis import given

    given(case=test)(
        settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )(check)
    )()


@pytest.mark.parametrize("operation_id", [operation.name for operation in OPERATIONS])
def test_schemathesis_finds_nothing(little_region: Path, operation_id: str) -> None:
    """Questions made from the document, right and wrong ones, get answers that the document describes, and never a 500."""
    fuzzed(app_of(little_region), operation_id)
