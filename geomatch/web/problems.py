"""Everything that can go wrong, as problem+json (RFC 9457), by one table from error to HTTP status."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeAlias

import orjson
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from geomatch.errors import (
    ChangedError,
    ConflictError,
    GeomatchError,
    InputError,
    MissingPartError,
    NotAllowedError,
    NotBuiltError,
    NotFoundError,
    NotSignedInError,
    OutsideRegionError,
    StoreError,
    TooManyError,
)
from geomatch.web.served import NowhereError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Loc: TypeAlias = Sequence[str | int]
    PageMaker: TypeAlias = Callable[["Problem"], Response | None]

MEDIA_TYPE = "application/problem+json"
STATUS: tuple[tuple[type[GeomatchError], HTTPStatus, str], ...] = (
    # first match holds, so the narrow kinds stand first
    (OutsideRegionError, HTTPStatus.NOT_FOUND, "Outside every region"),
    (NotFoundError, HTTPStatus.NOT_FOUND, "Not found"),
    (InputError, HTTPStatus.UNPROCESSABLE_ENTITY, "Input at fault"),
    (NotBuiltError, HTTPStatus.SERVICE_UNAVAILABLE, "Region not built"),
    (ConflictError, HTTPStatus.CONFLICT, "In conflict with what is stored"),
    (ChangedError, HTTPStatus.PRECONDITION_FAILED, "Changed meanwhile"),
    (MissingPartError, HTTPStatus.NOT_IMPLEMENTED, "Not possible on this machine"),
    (StoreError, HTTPStatus.SERVICE_UNAVAILABLE, "Database not available"),
    (NotSignedInError, HTTPStatus.UNAUTHORIZED, "Not signed in"),
    (NotAllowedError, HTTPStatus.FORBIDDEN, "Not allowed"),
    (TooManyError, HTTPStatus.TOO_MANY_REQUESTS, "Too many"),
)
"""The one table from error to HTTP status and title."""

PAGE_FOR_PROBLEM = "geomatch.page_for_problem"
"""app.extensions key: a callable of the pages that turns a Problem into HTML, or None to leave it as JSON."""

_MAX_ERRORS = 100
_log = logging.getLogger(__name__)


class Problem(Exception):  # noqa: N818 - RFC 9457 calls it a problem
    """An answer that is not the one asked for.

    Attributes:
        status: of HTTP.
        title: the kind of problem, the same for every problem of its kind.
        detail: what is wrong here and what to do about it.
        errors: (loc, msg) of every parameter at fault; loc is its path, as ("query", "lon") or ("body", "points", 3).
        extra: further members, by name.
        headers: further HTTP headers.
    """

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        *,
        title: str | None = None,
        errors: Sequence[tuple[Loc, str]] = (),
        extra: dict[str, object] | None = None,
        headers: Sequence[tuple[str, str]] = (),
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.title = title or status.phrase
        self.detail = detail
        self.errors = tuple(errors)
        self.extra = extra or {}
        self.headers = tuple(headers)

    def as_json(self, instance: str) -> dict[str, Any]:
        """Give the members of RFC 9457, and `errors` where parameters are at fault."""
        members: dict[str, Any] = {
            "type": "about:blank",
            "title": self.title,
            "status": int(self.status),
            "detail": self.detail,
            "instance": instance,
        }
        if self.errors:
            members["errors"] = [{"loc": list(loc), "msg": msg} for loc, msg in self.errors[:_MAX_ERRORS]]
        return members | self.extra


def invalid(errors: Sequence[tuple[Loc, str]]) -> Problem:
    """Make the problem of parameters at fault; the detail says them all again as one sentence each."""
    told = "; ".join(f"{'.'.join(str(part) for part in loc[1:]) or loc[0]}: {msg}" for loc, msg in errors[:5])
    more = f"; and {len(errors) - 5} more" if len(errors) > 5 else ""  # noqa: PLR2004 - a sentence, not a list
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, told + more, title="Input at fault", errors=errors)


def by_name(error: InputError, *where: str | int) -> list[tuple[Loc, str]]:
    """Give the faults as (loc, msg); one that names several parameters, "lon, lat", is told of each."""
    return [((*where, *_path(name)), fault.reason) for fault in error.faults for name in fault.where.split(", ")]


def _path(name: str) -> Loc:
    """Take "close.0" apart: members by name, rows by number."""
    return [int(part) if part.isdecimal() else part for part in name.split(".")]


def from_error(error: GeomatchError, *, where: str) -> Problem:
    """Turn one of our errors into a problem by the table; `where` is "query" or "body"."""
    if isinstance(error, InputError):
        return invalid(by_name(error, where))
    extra: dict[str, object] = {}
    if isinstance(error, NowhereError):
        spec = error.nearest.spec
        away = {"id": spec.id, "name": spec.name, "distance_m": round(error.away_m, 1)}
        extra["nearest_region"] = away
    if isinstance(error, ConflictError) and error.holder:
        extra["scenario"] = error.holder
    headers: list[tuple[str, str]] = []
    if isinstance(error, TooManyError):
        headers.append(("Retry-After", str(error.retry_after_s)))
    if isinstance(error, NotSignedInError):
        headers.append(("WWW-Authenticate", "Bearer"))
    for kind, status, title in STATUS:
        if isinstance(error, kind):
            return Problem(status, str(error), title=title, extra=extra, headers=headers)
    raise error


def install(app: Flask) -> None:
    """Answer every error of the app, Flask's own included, as a problem."""

    def on_problem(problem: Problem) -> Response:
        return respond(app, problem)

    def on_ours(error: GeomatchError) -> Response:
        return respond(app, from_error(error, where="body" if request.method in {"POST", "PUT"} else "query"))

    app.register_error_handler(Problem, on_problem)
    app.register_error_handler(GeomatchError, on_ours)
    app.register_error_handler(HTTPException, lambda error: _on_http(app, error))
    app.register_error_handler(Exception, lambda error: _on_surprise(app, error))


def respond(app: Flask, problem: Problem) -> Response:
    """Answer a problem: as the pages show it where they do, else as problem+json."""
    page: PageMaker | None = app.extensions.get(PAGE_FOR_PROBLEM)
    shown = page(problem) if page and not request.path.startswith("/api/") else None
    if shown is not None:
        return shown
    body = orjson.dumps(problem.as_json(request.path))
    return Response(
        body, int(problem.status), [*problem.headers, ("Cache-Control", "no-store")], content_type=MEDIA_TYPE
    )


def _on_http(app: Flask, error: HTTPException) -> Response:
    ready = error.get_response()
    if error.code is None or error.code < HTTPStatus.BAD_REQUEST:  # a redirect is an HTTPException as well
        return Response(ready.get_data(), ready.status_code, ready.headers)
    kept = [(name, value) for name, value in ready.headers if name in {"Allow", "Retry-After", "Content-Range"}]
    status = HTTPStatus(error.code)
    return respond(app, Problem(status, _detail(status, error), headers=kept))


def _detail(status: HTTPStatus, error: HTTPException) -> str:
    if status is HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        most_mb = (request.max_content_length or 0) / 1e6
        return f"the body is larger than {most_mb:g} MB; send the points in several requests"
    if status is HTTPStatus.NOT_FOUND:
        return f"there is nothing at {request.path}; the API is described at /api/docs"
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        return f"{request.path} does not take {request.method}"
    return error.description or status.phrase


def _on_surprise(app: Flask, error: Exception) -> Response:
    """Tell the log everything and the client nothing."""
    _log.error("%s %s failed", request.method, request.path, exc_info=error)
    text = "something went wrong on our side; the log of the service has the details"
    return respond(app, Problem(HTTPStatus.INTERNAL_SERVER_ERROR, text))
