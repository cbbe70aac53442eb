"""Requests that name a key: done once, however often they are sent; the first answer is given again."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flask import Response

from geomatch.errors import BusyError
from geomatch.store.key_rows import FirstAnswer
from geomatch.web.problems import invalid

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Request

    from geomatch.store.database import Database
    from geomatch.volunteering.roles import Principal

HEADER = "Idempotency-Key"
PATTERN = r"[!-~]{1,120}"
_KEPT = frozenset({"Content-Type", "Cache-Control", "ETag", "Location"})


def answer(database: Database, request: Request, body: bytes, who: Principal, do: Callable[[], Response]) -> Response:
    """Answer a request that creates something.

    Args:
        database: what `do` writes to.
        request: its header names a key, or none.
        body: as it was sent.
        who: each account has keys of its own.
        do: does it and answers; with a key, what it writes, the key and the answer become true together.

    Raises:
        Problem: 422 where the key is none, or was used for another request.
        BusyError: others were in the way for too long.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return database.retrying(do)
    if not re.fullmatch(PATTERN, key):
        raise invalid([(("header", HEADER), "must be 1 to 120 signs of plain ASCII without blanks")])
    asked = hashlib.sha256(b"\n".join([request.method.encode(), request.path.encode(), body])).hexdigest()

    def once() -> Response:
        with database.together() as work:
            if not work.keys.claim(who.account, key, asked, datetime.now(UTC)):
                return _again(work.keys.get(who.account, key), asked)
            response = do()
            kept = tuple((name, value) for name, value in response.headers if name in _KEPT)
            work.keys.put(
                who.account, key, FirstAnswer(asked, response.status_code, kept, response.get_data(as_text=True))
            )
        return response

    return database.retrying(once)


def _again(first: FirstAnswer | None, asked: str) -> Response:
    if first is None:  # forgotten just now
        raise BusyError("the key of this request was just let go; send it again")
    if first.asked != asked:
        raise invalid([(("header", HEADER), "was used for another request; send a key of its own with each")])
    return Response(first.body.encode(), first.status, first.headers)
