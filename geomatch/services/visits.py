"""Use case: somebody checks in and out at a site by the code that it shows, and has the hours in between."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from geomatch.errors import ConflictError, NotAllowedError, NotFoundError, TooManyError
from geomatch.services import hours as hour_service
from geomatch.services.hours import Service
from geomatch.store import ids
from geomatch.volunteering import site_codes
from geomatch.volunteering.duties import DutyKind, DutyState
from geomatch.volunteering.hours import Evidence
from geomatch.volunteering.roles import Scope
from geomatch.volunteering.service_time import MOST_SERVICE, Visit, VisitState
from geomatch.volunteering.site_codes import LOCKED_FOR, MOST_FAILURES

if TYPE_CHECKING:
    from datetime import datetime

    from geomatch.store.unit_of_work import UnitOfWork
    from geomatch.volunteering.roles import Principal

_SECRET_BYTES = 32
EARLY = timedelta(hours=1)
"""Who comes so long before a shift of a call-up has come for it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a site shows.

    Attributes:
        site: whose code it is.
        code: six figures.
        seconds_left: until the next one.
    """

    site: str
    code: str
    seconds_left: int


def show(work: UnitOfWork, who: Principal, *, at: datetime) -> Shown:
    """Give the code of a station's own site; its secret is made when it is first shown."""
    site = who.site or ""
    with work:
        secret = work.visits.secret(who.region, site)
        if secret is None:
            secret = work.visits.add_secret(who.region, site, secrets.token_bytes(_SECRET_BYTES), at)
            work.commit()
    return Shown(site, site_codes.code(secret, at), site_codes.seconds_left(at))


def check_in(work: UnitOfWork, who: Principal, site: str, code: str, *, at: datetime) -> Visit:
    """Begin a visit; who has begun one at this site is told of that one. Either way they have come for what is near.

    Raises:
        NotFoundError: the account's volunteer is not, or no longer, there.
        NotAllowedError: the code is wrong.
        TooManyError: too many wrong codes.
        ConflictError: a visit to another site is open.
    """
    with work:
        volunteer = work.people.get(who.volunteer or "", _own(who)).id
        _check_code(work, who, site, code, at)
        begun = work.visits.open_of(who.region, volunteer)
        if begun is not None and at - begun.came_at > MOST_SERVICE:
            work.visits.end(replace(begun, state=VisitState.LAPSED))
            begun = None
        if begun is not None:
            if begun.site != site:
                raise ConflictError(f"check out at site {begun.site!r} first")
            _come(work, begun, at)
            work.commit()
            return begun
        visit = Visit(
            ids.fresh(), who.region, site, volunteer, who.account, at, None, VisitState.OPEN, minutes=0, number=None
        )
        if not work.visits.add(visit):
            raise ConflictError("another visit was begun just now")
        _come(work, visit, at)
        work.commit()
    return visit


def check_out(work: UnitOfWork, who: Principal, code: str, *, at: datetime) -> Visit:
    """End one's open visit, and enter the time in between as service.

    Raises:
        NotFoundError: the account's volunteer is not there, or has no open visit.
        NotAllowedError: the code is wrong.
        TooManyError: too many wrong codes.
        ConflictError: the check-in is too long ago, or there are hours for some of that time already.
    """
    with work:
        volunteer = work.people.get(who.volunteer or "", _own(who)).id
        visit = work.visits.open_of(who.region, volunteer)
        if visit is None:
            raise NotFoundError("there is no open visit; check in first")
        _check_code(work, who, visit.site, code, at)
        post = _served(work, visit, at)
        _left_before(work, visit, at)
        cause = f"visit:{visit.id}" if post is None else f"post:{post}"
        entry = hour_service.enter_stay(work, _service(visit, who, at, cause), at=at)
        minutes, number = (0, None) if entry is None else (entry.minutes, entry.number)
        done = replace(visit, left_at=at, state=VisitState.DONE, minutes=minutes, number=number)
        work.visits.end(done)
        work.commit()
    return done


def page(work: UnitOfWork, scope: Scope, *, limit: int, offset: int) -> tuple[int, tuple[tuple[Visit, str], ...]]:
    """Count the visits that may be seen and list some, the newest first, each with the volunteer's name."""
    with work:
        return work.visits.page(scope, limit=limit, offset=offset)


def _come(work: UnitOfWork, visit: Visit, at: datetime) -> None:
    """Say that the places of a call-up here, now or soon, are begun."""
    for post in work.duties.posts_at(visit.volunteer, visit.site, at, at + EARLY):
        work.duties.set_state(DutyKind.POST, post, visit.volunteer, DutyState.STARTED, at)


def _left_before(work: UnitOfWork, visit: Visit, left_at: datetime) -> None:
    """Say that the places whose shift is still to begin are only promised again; what was served is done by now."""
    for post in work.duties.posts_at(visit.volunteer, visit.site, left_at, left_at + EARLY):
        work.duties.set_state(DutyKind.POST, post, visit.volunteer, DutyState.PLANNED, left_at)


def _served(work: UnitOfWork, visit: Visit, left_at: datetime) -> str | None:
    """Say that the places of a call-up at this site and time are done; gives the first one's post, None where none."""
    posts = work.duties.posts_at(visit.volunteer, visit.site, visit.came_at, left_at)
    for post in posts:
        work.duties.set_state(DutyKind.POST, post, visit.volunteer, DutyState.DONE, left_at)
    return posts[0] if posts else None


def _service(visit: Visit, who: Principal, left_at: datetime, cause: str) -> Service:
    return Service(
        visit.region, visit.volunteer, cause, visit.came_at, left_at, Evidence.CODE,
        witness=f"site:{visit.site}", entered_by=who.account,
    )  # fmt: skip


def _check_code(work: UnitOfWork, who: Principal, site: str, code: str, at: datetime) -> None:
    """Let a right code through; a wrong one is noted, also of a site that shows none."""
    failed = work.visits.failures(who.account, at - LOCKED_FOR)
    if len(failed) >= MOST_FAILURES:
        wait = failed[-MOST_FAILURES] + LOCKED_FOR - at
        raise TooManyError("too many wrong codes; try again later", retry_after_s=max(1, round(wait.total_seconds())))
    secret = work.visits.secret(who.region, site)
    if not site_codes.fits(secret or secrets.token_bytes(_SECRET_BYTES), code, at) or secret is None:
        work.visits.note_failure(who.account, at, forget_before=at - LOCKED_FOR)
        work.commit()
        raise NotAllowedError("the code is not the one that this site shows now")


def _own(who: Principal) -> Scope:
    return Scope(who.region, account=who.account, volunteer=who.volunteer)
