"""The OpenAPI 3.1 document, made from the table of operations and the models that validate."""

from __future__ import annotations

from copy import deepcopy
from importlib import metadata
from typing import TYPE_CHECKING, Any

from pydantic.json_schema import models_json_schema

from geomatch.web import guard, keyed, problems
from geomatch.web.api import reading
from geomatch.web.api.answers import ProblemAnswer
from geomatch.web.api.live_site_shapes import SITE_ID_PATTERN
from geomatch.web.api.operations import OPERATIONS
from geomatch.web.api.questions import LookupQuestion
from geomatch.web.api.scenario_shapes import ID_PATTERN

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic.json_schema import JsonSchemaMode

    from geomatch.web.api.operation import Operation
    from geomatch.web.served import Served

    Json = dict[str, Any]

PREFIX = "/api/v1"
_REF = "#/components/schemas/{model}"
_PROBLEMS = {
    "400": "The body is not JSON, or the request cannot be read",
    "401": "Not signed in, or not any more; or name and password do not belong together",
    "403": "This account, or this token, may not do that; or X-CSRF-Token is missing",
    "404": "Nothing of that id, or not in this account's area; or a point outside every region (nearest_region)",
    "405": "The path does not take this method",
    "409": "The name is taken (scenario holds the id of the one that has it), or the region has as many as it may",
    "412": "Somebody else changed it meanwhile",
    "413": "The body is too large",
    "415": "The body does not say that it is JSON",
    "422": "Parameters at fault; errors names every one",
    "428": "If-Match is missing",
    "429": "Tried too often; Retry-After says when to try again",
    "500": "Something went wrong on our side",
    "501": "This machine lacks a library or a font; detail says what to install",
    "503": "The database cannot be used now; detail says why",
}
_BODY_ONLY, _STORED_ONLY = {"400", "413", "415"}, {"503"}
_SECURITY = {
    "session": {"type": "apiKey", "in": "cookie", "name": guard.COOKIE},
    "token": {"type": "http", "scheme": "bearer"},
}
_DESCRIPTION = """Walking distances on real streets: nearest sites, walking circles, coverage and gaps.

Places are longitude then latitude in degrees, distances metres (`_m`), times seconds (`_s`). `coordsys` holds for the
question and the answer. `walk_m` is the straight leg to the street, the shortest way along it, and the straight leg to
the site; a limit is inclusive; what cannot be reached is null. Errors are problem+json (RFC 9457).
"""


def document(served: Served) -> Json:
    """Write the whole document; `served` sets how many points a lookup may hold and names the regions."""
    refs, schemas = _schemas()
    points = schemas[LookupQuestion.__name__]["properties"]["points"]
    points["maxItems"] = served.max_points
    paths: Json = {}
    for operation in OPERATIONS:
        path = (PREFIX + operation.path).replace("<", "{").replace(">", "}")
        paths.setdefault(path, {})[operation.method.lower()] = _operation(operation, refs, schemas, served)
    bodies = {operation.question for operation in OPERATIONS if operation.has_body}
    for operation in OPERATIONS:
        if operation.question not in bodies:  # written out as parameters, so nothing refers to it
            schemas.pop(operation.question.__name__, None)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "geomatch",
            "version": metadata_version(),
            "description": _DESCRIPTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "tags": [
            {"name": "regions", "description": "What is served"},
            {"name": "walking", "description": "Who walks where"},
        ],
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": _SECURITY},
    }


def metadata_version() -> str:
    """Give the installed version, or 0 where geomatch runs from a checkout that is not installed."""
    try:
        return metadata.version("geomatch")
    except metadata.PackageNotFoundError:
        return "0"


def _schemas() -> tuple[dict[str, Json], Json]:
    """Give the reference of every model by its class name, and all schemas by the name that references use."""
    asked: list[tuple[type[BaseModel], JsonSchemaMode]]
    asked = [(operation.question, "validation") for operation in OPERATIONS]
    asked += [(operation.answer, "serialization") for operation in OPERATIONS if operation.answer is not None]
    asked.append((ProblemAnswer, "serialization"))
    refs, top = models_json_schema(list(dict.fromkeys(asked)), ref_template=_REF)
    return {model.__name__: dict(ref) for (model, _), ref in refs.items()}, top["$defs"]


_KEY: Json = {
    "name": keyed.HEADER,
    "in": "header",
    "required": False,
    "description": "Chosen by who asks, another for each request: sent again with it, this one is not done"
    " again, and the first answer is given.",
    "schema": {"type": "string", "pattern": f"^{keyed.PATTERN}$"},
}


def _operation(operation: Operation, refs: dict[str, Json], schemas: Json, served: Served) -> Json:
    model = operation.question.__name__
    parameters = [_region_parameter(served)] if operation.of_region else []
    parameters += [_id_parameter(name) for name in operation.ids]
    parameters += [_if_match(operation)] if operation.if_match != "ignored" else []
    parameters += [_KEY] if operation.keyed else []
    members: Json = {
        "operationId": operation.name,
        "summary": operation.summary,
        "description": operation.handler.__doc__,
        "tags": ["walking" if operation.question.model_fields.keys() & {"profile"} else "regions"],
    }
    if not operation.has_body:
        parameters += _query_parameters(operation, schemas[model])
    else:
        members["requestBody"] = {"required": True, "content": {"application/json": {"schema": refs[model]}}}
    if not operation.is_open:
        members["security"] = [{"session": []}, *([{"token": []}] if operation.scope else [])]
        members["description"] += f"\n\nFor: {', '.join(sorted(role for role in operation.allowed if role))}."
    return members | {"parameters": parameters, "responses": _responses(operation, refs)}


def _region_parameter(served: Served) -> Json:
    ids = [region.spec.id for region in served.regions]
    return {
        "name": "region_id",
        "in": "path",
        "required": True,
        "description": "Id of a region, as /api/v1/regions lists it.",
        "schema": {"type": "string", "minLength": 1, "examples": ids},
    }


def _id_parameter(name: str) -> Json:
    if name == "site_id":
        return {
            "name": name,
            "in": "path",
            "required": True,
            "description": "Id of a site, as its office gives it.",
            "schema": {"type": "string", "pattern": f"^{SITE_ID_PATTERN}$"},
        }
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": f"Id of a {name.removesuffix('_id')}, as it was given when it was made.",
        "schema": {"type": "string", "pattern": f"^{ID_PATTERN}$"},
    }


def _if_match(operation: Operation) -> Json:
    return {
        "name": "If-Match",
        "in": "header",
        "required": operation.if_match == "required",
        "description": 'The version that was read, such as "3"; * for whichever there is.',
        "schema": {"type": "string", "pattern": rf"^(\*|{reading.VERSION_TAG.replace('?P<version>', '')})$"},
    }


def _query_parameters(operation: Operation, schema: Json) -> list[Json]:
    """Turn the properties of a question into parameters: an optional one is absent, never null."""
    repeated = reading.repeated_fields(operation.question)
    required = schema.get("required", ())
    parameters = []
    for name, described in schema["properties"].items():
        plain = _without_null(described)
        text = plain.pop("description", None)
        plain.pop("title", None)
        parameter: Json = {"name": name, "in": "query", "required": name in required, "schema": plain}
        if text:
            parameter["description"] = text
        if plain.get("type") == "array":
            parameter |= {"style": "form", "explode": name in repeated}
        parameters.append(parameter)
    return parameters


def _without_null(described: Json) -> Json:
    plain: Json = deepcopy(described)
    if plain.get("default", ...) is None:
        del plain["default"]
    kinds = [kind for kind in plain.pop("anyOf", ()) if kind != {"type": "null"}]
    return kinds[0] | plain if kinds else plain


def _responses(operation: Operation, refs: dict[str, Json]) -> Json:
    answered: Json = {"description": operation.summary}
    if operation.answer is not None:
        answered["content"] = {operation.media: {"schema": refs[operation.answer.__name__]}}
    if operation.file_ending:
        answered["content"] = {operation.media: {"schema": {"type": "string", "format": "binary"}}}
    responses: Json = {str(operation.status): answered}
    if operation.kept or operation.tagged:
        changes = "Changes with the build." if operation.kept else "Changes with the answer."
        answered["headers"] = {"ETag": {"description": changes, "schema": {"type": "string"}}}
        responses["304"] = {"description": "Nothing changed since the answer that If-None-Match names"}
    for status, text in _PROBLEMS.items():
        if _may_answer(operation, status):
            responses[status] = {
                "description": text,
                "content": {problems.MEDIA_TYPE: {"schema": refs[ProblemAnswer.__name__]}},
            }
    return responses


def _may_answer(operation: Operation, status: str) -> bool:
    """Tell whether an operation may end in a problem of a status."""
    if status in {"401", "403"}:
        return not operation.is_open or (status == "401" and operation.signs_in)
    if status == "501":
        return bool(operation.file_ending)
    if status == "429":
        return operation.signs_in or operation.changes or not operation.is_open
    if status == "409":
        return operation.stored and operation.has_body
    if status in {"412", "428"}:
        return operation.if_match == "required" or (status == "412" and operation.if_match == "optional")
    return (operation.has_body or status not in _BODY_ONLY) and (operation.stored or status not in _STORED_ONLY)
