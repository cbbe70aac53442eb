"""One call of the API, as the routes and the OpenAPI document need to know it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

    from geomatch.volunteering.roles import Role
    from geomatch.web.api import answers, questions

JSON = "application/json"
GEOJSON = "application/geo+json"


@dataclass(frozen=True, slots=True)
class Operation:
    """One call of the API.

    Attributes:
        name: unique; operationId and Flask's endpoint.
        path: below /api/v1, with <region_id> where a region is named, and the ids of what else it is about.
        handler: takes (served, question), with the region and the ids that the path names between; where If-Match
            counts also version=, which may be None; where not everybody may ask also who=. Gives the body, a Reply, or
            the bytes of a file.
        question: its query string, or its body where method is POST or PUT.
        answer: the shape of what is answered when all went well; None where that has no body.
        summary: one line.
        media: media type of the answer.
        kept: True where the answer depends on the build and the question only, so that it has an ETag.
        tagged: True where the answer has an ETag of what it says, so that who asks again and again is told 304.
        status: of the answer when all went well.
        if_match: whether If-Match counts.
        stored: True where the database is asked.
        allowed: the roles that may ask, None among them where nobody need be signed in; by default nobody may.
        scope: what a program's token must have been made for.
        keyed: True where an Idempotency-Key counts: a call that creates something, sent twice, creates it once. Its
            handler may open units of work as it likes; all that they commit comes true together with the key. It must
            be one that needs to know who asks, and its question and answer may hold no secret, since they are kept.
        file_ending: of the file that the answer is, where the handler gives bytes; it is kept where it is open to all.
    """

    name: str
    path: str
    handler: Callable[..., Any]
    question: type[questions.Given]
    answer: type[answers.Answer] | None
    summary: str
    media: str = JSON
    method: str = "GET"
    kept: bool = False
    tagged: bool = False
    status: int = 200
    if_match: Literal["ignored", "optional", "required"] = "ignored"
    stored: bool = False
    allowed: frozenset[Role | None] = field(default_factory=frozenset)
    scope: str | None = None
    keyed: bool = False
    file_ending: str = ""

    @property
    def of_region(self) -> bool:
        """Tell whether the path names a region."""
        return "<region_id>" in self.path

    @property
    def ids(self) -> tuple[str, ...]:
        """Name the ids that the path holds beside the region's, in their order."""
        return tuple(name for name in re.findall(r"<(\w+)>", self.path) if name != "region_id")

    @property
    def is_open(self) -> bool:
        """Tell whether everybody may ask, signed in or not."""
        return None in self.allowed

    @property
    def signs_in(self) -> bool:
        """Tell whether it is the one where a password is tried."""
        return self.name == "sign_in"

    @property
    def changes(self) -> bool:
        """Tell whether it may change what is stored."""
        return self.stored and self.method != "GET"

    @property
    def has_body(self) -> bool:
        """Tell whether the question is sent as a body."""
        return self.method in {"POST", "PUT"}
