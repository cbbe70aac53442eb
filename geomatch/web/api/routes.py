"""The table of operations becomes routes of Flask."""

from __future__ import annotations

from hashlib import blake2b
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeAlias

import orjson
from flask import Blueprint, Response, request

from geomatch.errors import NotFoundError, NotSignedInError
from geomatch.volunteering.roles import Role
from geomatch.web import guard, keyed
from geomatch.web.api import reading
from geomatch.web.api.operations import OPERATIONS
from geomatch.web.api.replies import Reply
from geomatch.web.api.whole import Whole

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from geomatch.services.region import Region
    from geomatch.volunteering.roles import Principal
    from geomatch.web.api.operation import Operation
    from geomatch.web.served import Served

    View: TypeAlias = Callable[..., Response]

NEVER_KEPT = ("Cache-Control", "no-store")  # where somebody stands is nobody else's business
ASK_AGAIN = ("Cache-Control", "no-cache")  # may be kept, but must be asked for again: 304 where nothing changed

OWN_COPY = ("Cache-Control", "private, no-cache")  # as above, by whoever asked and nobody between


def blueprint(served: Served) -> Blueprint:
    """Make the blueprint of /api/v1 over the open regions."""
    made = Blueprint("api", __name__, url_prefix="/api/v1")
    for operation in OPERATIONS:
        view = _view(served, operation)
        made.add_url_rule(operation.path, operation.name, view, methods=[operation.method])
    return made


def _view(served: Served, operation: Operation) -> View:
    if operation.kept:
        return _kept_view(served, operation)
    handler, question, media = operation.handler, operation.question, operation.media
    repeated = reading.repeated_fields(question)
    has_body, if_match, is_open, names = operation.has_body, operation.if_match, operation.is_open, operation.ids
    changes = operation.changes

    def view(region_id: str | None = None, **ids: str) -> Response:
        subject: list[Any] = [served] if region_id is None else [served, served.named(region_id)]
        _check_ids(ids)
        further: dict[str, Any] = {}
        if not is_open:
            further["who"] = _admitted(served, operation, region_id)
        elif changes and not operation.signs_in:  # which counts what is wrong only
            served.limits.anybody(request.remote_addr)
        body = request.get_data(cache=False) if has_body else b""
        if has_body:
            asked = reading.body(question, request.content_type, body)
        else:
            asked = reading.query(question, repeated, request.environ.get("QUERY_STRING", ""))
        if if_match != "ignored":
            further["version"] = reading.version(request.headers.get("If-Match"), required=if_match == "required")

        def do() -> Response:
            told = handler(*subject, *map(ids.__getitem__, names), asked, **further)
            return _tagged(told, media) if operation.tagged else _respond(told, operation.status, media)

        if operation.keyed:
            return keyed.answer(served.database, request, body, further["who"], do)
        return served.database.retrying(do) if changes else do()

    return view


def _admitted(served: Served, operation: Operation, region_id: str | None) -> Principal:
    """Let somebody through the gate, and count what is changed, and all that a program asks."""
    try:
        who = guard.admit(served.database, request, operation.allowed, region=region_id, scope=operation.scope)
    except NotSignedInError:
        served.limits.strange(request.remote_addr)
        raise
    if operation.changes or who.role is Role.PROGRAM:
        served.limits.account(who)
    return who


def _check_ids(ids: Mapping[str, str]) -> None:
    """Find nothing under an id that holds what no text holds, such as NUL, which PostgreSQL refuses."""
    for name, given in ids.items():
        if not given.isprintable():
            raise NotFoundError(f"there is no {name.removesuffix('_id')} {given!r}")


def _respond(told: dict[str, Any] | Reply | bytes, status: int, media: str) -> Response:
    if isinstance(told, bytes):
        return Whole(told, media, (NEVER_KEPT,))
    if status == HTTPStatus.OK and not isinstance(told, Reply):
        return Whole(orjson.dumps(told, option=orjson.OPT_SERIALIZE_NUMPY), media, (NEVER_KEPT,))
    reply = told if isinstance(told, Reply) else Reply(told)
    headers = [NEVER_KEPT, *reply.headers]
    if reply.body is None:
        return Response(b"", status, headers)
    return Response(orjson.dumps(reply.body, option=orjson.OPT_SERIALIZE_NUMPY), status, headers, content_type=media)


def _tagged(told: dict[str, Any], media: str) -> Response:
    """Answer with a tag of what is said: whoever asks again is told no more than that nothing changed."""
    body = orjson.dumps(told, option=orjson.OPT_SERIALIZE_NUMPY)
    tag = blake2b(body, digest_size=12).hexdigest()
    headers = [OWN_COPY, ("ETag", f'"{tag}"')]
    return Response(b"", 304, headers) if request.if_none_match.contains_weak(tag) else Whole(body, media, headers)


def _kept_view(served: Served, operation: Operation) -> View:
    handler, question, media = operation.handler, operation.question, operation.media
    repeated = reading.repeated_fields(question)

    def view(region_id: str | None = None) -> Response:
        subject = (served,) if region_id is None else (served, served.named(region_id))
        asked = reading.query(question, repeated, request.environ.get("QUERY_STRING", ""))
        tag = _tag(subject[1:] or served.regions, operation.name, asked.model_dump_json())
        headers = [ASK_AGAIN, ("ETag", f'"{tag}"')]
        if request.if_none_match.contains_weak(tag):
            return Response(b"", 304, headers)
        told = handler(*subject, asked)
        if isinstance(told, bytes):
            name = f"{region_id}-{operation.name}.{operation.file_ending}"
            headers.append(("Content-Disposition", f'attachment; filename="{name}"'))
            return Whole(told, media, headers)
        return Whole(orjson.dumps(told, option=orjson.OPT_SERIALIZE_NUMPY), media, headers)

    return view


def _tag(regions: tuple[Region, ...], name: str, asked: str) -> str:
    """Name an answer by the builds, with the live edits of sites, that it comes from and the question it answers."""
    builds = [(str(region.build_folder), region.built_at, region.edition) for region in regions]
    return blake2b(repr((builds, name, asked)).encode(), digest_size=12).hexdigest()
