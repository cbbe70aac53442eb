"""A request becomes a validated question, or the list of everything that is wrong with it."""

from __future__ import annotations

import difflib
import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qsl

from pydantic import ValidationError

from geomatch.errors import InputError
from geomatch.geo.coordinates import CHINA_LON, looks_swapped
from geomatch.web.api.questions import Given
from geomatch.web.problems import Problem, by_name, invalid
from geomatch.web.served import SWAPPED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pydantic_core import ErrorDetails

    from geomatch.web.problems import Loc

    Faults = list[tuple[Loc, str]]

Q = TypeVar("Q", bound=Given)

MAX_PARAMETERS = 2000
VERSION_TAG = r'(W/)?"(?P<version>[0-9]{1,9})"'
_COMMA_LISTS = frozenset({"bbox", "minutes", "metres"})
"""Lists that are written into one parameter, split by commas; every other list repeats its parameter."""


def repeated_fields(model: type[Given]) -> frozenset[str]:
    """Name the parameters of a question that may be repeated."""
    return frozenset(
        name
        for name, field in model.model_fields.items()
        if getattr(field.annotation, "__origin__", None) is list and name not in _COMMA_LISTS
    )


def query(model: type[Q], repeated: frozenset[str], text: str) -> Q:
    """Read a query string.

    Args:
        model: the question that it asks.
        repeated: parameters that may be given more than once.
        text: QUERY_STRING as WSGI gives it, bytes in latin-1.

    Raises:
        Problem: 422 with every parameter at fault.
    """
    if not text.isascii():
        text = text.encode("latin-1").decode("utf-8", "replace")
    given: dict[str, Any] = {}
    twice: Faults = []
    for name, value in pairs_of(text):
        if name in repeated:
            given.setdefault(name, []).append(value)
        elif name in given:
            twice.append((("query", name), "is given more than once"))
        else:
            given[name] = value
    try:
        asked = model.model_validate(given)
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
        raise invalid(twice + _faults(details, model, "query", given)) from None
    if twice:
        raise invalid(twice)
    if "lat" in given:
        check_order(asked.lon, asked.lat)  # type: ignore[attr-defined] # every question with lat has lon
    return asked


def pairs_of(text: str) -> list[tuple[str, str]]:
    """Split a query string; what is written plainly, as most are, needs no unquoting."""
    parts = text.split("&")
    if len(parts) > MAX_PARAMETERS:
        raise invalid([(("query",), f"has more than {MAX_PARAMETERS} parameters")])
    if "%" in text or "+" in text:
        return parse_qsl(text, keep_blank_values=True)
    return [(name, value) for name, _, value in [part.partition("=") for part in parts if part]]


def version(header: str | None, *, required: bool) -> int | None:
    """Read If-Match: the version that may be changed, or None where any may.

    A proxy that packs answers makes tags weak, so a weak one counts as well.

    Raises:
        Problem: 428 where it is required and absent, 422 where it is no version.
    """
    if header is None:
        if required:
            told = 'send If-Match with the version that you read, such as "3", so that nobody\'s change is lost'
            raise Problem(HTTPStatus.PRECONDITION_REQUIRED, told)
        return None
    if header == "*":
        return None
    tag = re.fullmatch(VERSION_TAG, header)
    if tag is None:
        raise invalid([(("header", "If-Match"), 'must be the version that you read, such as "3", or *')])
    return int(tag["version"])


def check_order(lon: float | None, lat: float | None) -> None:
    """Refuse a pair that makes sense in China only with its numbers changed over."""
    if lat is not None and lat >= CHINA_LON[0] and looks_swapped(lon or 0.0, lat):
        raise invalid([(("query", "lon"), SWAPPED), (("query", "lat"), SWAPPED)])


def body(model: type[Q], content_type: str | None, data: bytes) -> Q:
    """Read a JSON body.

    Raises:
        Problem: 415 where it does not say that it is JSON, 400 where it is not, 422 with everything at fault.
    """
    media = (content_type or "").partition(";")[0].strip().lower()
    if media != "application/json" and not (media.startswith("application/") and media.endswith("+json")):
        given = media or "none"
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"send the body as application/json (given: {given})")
    try:
        return model.model_validate_json(data)
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
        if details[0]["type"] == "json_invalid":
            raise Problem(HTTPStatus.BAD_REQUEST, f"the body is not JSON: {details[0]['msg']}") from None
        raise invalid(_faults(details, model, "body", {})) from None


def _faults(details: Sequence[ErrorDetails], model: type[Given], where: str, given: Mapping[str, Any]) -> Faults:
    """Turn pydantic's errors into (loc, msg), with a word more where one helps."""
    if where == "query" and _given_swapped(given):
        return [(("query", "lon"), SWAPPED), (("query", "lat"), SWAPPED)]
    names = [field.alias or name for name, field in model.model_fields.items()]
    faults: Faults = []
    for detail in details:
        cause = detail.get("ctx", {}).get("error")
        if isinstance(cause, InputError):
            faults += by_name(cause, where, *detail["loc"])
        else:
            faults.append(((where, *detail["loc"]), _message(detail, names)))
    return faults


def _given_swapped(given: Mapping[str, Any]) -> bool:
    try:
        return bool(looks_swapped(float(given["lon"]), float(given["lat"])))
    except (KeyError, ValueError):
        return False


def _message(detail: ErrorDetails, names: Sequence[str]) -> str:
    if detail["type"] == "extra_forbidden":
        close = difflib.get_close_matches(str(detail["loc"][-1]), names, 1)
        hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(names)}"
        return f"is not a parameter here; {hint}"
    if detail["type"] == "missing":
        return "is missing"
    return detail["msg"].removeprefix("Value error, ")
