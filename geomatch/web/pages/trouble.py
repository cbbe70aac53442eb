"""What a person sees where a page is not there or a step failed: words and a way back, not JSON."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import make_response, render_template, request

if TYPE_CHECKING:
    from flask import Response

    from geomatch.web.problems import Problem


def page_for(problem: Problem) -> Response | None:
    """Show a problem as a page to whoever asked for one; None leaves it as problem+json, for programs."""
    accepted = request.accept_mimetypes
    if accepted.best_match(("application/json", "text/html")) != "text/html":
        return None
    if problem.status is HTTPStatus.NOT_FOUND:
        kind = "absent"
    elif problem.status < HTTPStatus.INTERNAL_SERVER_ERROR:
        kind = "refused"
    else:
        kind = "failed"
    response = make_response(render_template("trouble.html", kind=kind, problem=problem), int(problem.status))
    response.headers.extend([*problem.headers, ("Cache-Control", "no-store")])
    return response
