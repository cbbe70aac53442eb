"""Activities over HTTP: announced by organisers of their own area, open to everybody who signs in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from geomatch.errors import InputError
from geomatch.services import activities as service
from geomatch.services import activity_hours
from geomatch.services.activities import GUESTS, ORGANISERS, Draft
from geomatch.volunteering import masking
from geomatch.volunteering.roles import Role
from geomatch.web.api import account_shapes
from geomatch.web.api import activity_shapes as shapes
from geomatch.web.api.operation import Operation
from geomatch.web.guard import SIGNED_IN

if TYPE_CHECKING:
    from geomatch.services.activities import Shown
    from geomatch.services.region import Region
    from geomatch.volunteering.activities import SignUp
    from geomatch.volunteering.roles import Principal
    from geomatch.web.served import Served

    Json = dict[str, Any]
    Nothing = account_shapes.Nothing

_ORGANISERS: frozenset[Role | None] = frozenset(ORGANISERS)
_GUESTS: frozenset[Role | None] = frozenset(GUESTS)


def activities(served: Served, region: Region, asked: shapes.ActivitiesQuestion, *, who: Principal) -> Json:  # noqa: ARG001
    """List the activities of the region that are still to come or end after a moment."""
    matched, page = service.listed(
        served.database.reading(), region.spec.id, since=asked.since or datetime.now(UTC), categories=asked.category,
        unit=asked.unit, limit=asked.limit, offset=asked.offset,
    )  # fmt: skip
    return {"numberMatched": matched, "numberReturned": len(page), "activities": [_told(each) for each in page]}


def activity(served: Served, _region: Region, activity_id: str, _asked: Nothing, *, who: Principal) -> Json:
    """Tell of one activity, with one's own place and who waits before one."""
    return _told(service.found(served.database.reading(), who, activity_id))


def add(served: Served, region: Region, asked: shapes.ActivityDraft, *, who: Principal) -> Json:
    """Announce an activity of one's own area."""
    return _told(service.add(served.database.writing(), who, _draft(served, region, asked, who), at=datetime.now(UTC)))


def change(
    served: Served, region: Region, activity_id: str, asked: shapes.ActivityDraft, *, who: Principal,
    version: int | None,
) -> Json:  # fmt: skip
    """Write an activity over; who waits moves up where there are more seats."""
    draft = _draft(served, region, asked, who)
    return _told(
        service.change(served.database.writing(), who, activity_id, draft, version=version, at=datetime.now(UTC))
    )


def cancel(served: Served, _region: Region, activity_id: str, asked: shapes.CancelDraft, *, who: Principal) -> Json:
    """Say that an activity does not take place; who signed up is told."""
    return _told(service.cancel(served.database.writing(), who, activity_id, asked.why, at=datetime.now(UTC)))


def sign_up(served: Served, _region: Region, activity_id: str, _asked: Nothing, *, who: Principal) -> Json:
    """Take a seat, or the next place on the waiting list; again it is the same."""
    return _told(service.sign_up(served.database.writing(), who, activity_id, at=datetime.now(UTC)))


def leave(served: Served, _region: Region, activity_id: str, _asked: Nothing, *, who: Principal) -> Json:
    """Give one's place up; the first who waits moves up."""
    return _told(service.leave(served.database.writing(), who, activity_id, at=datetime.now(UTC)))


def sign_ups(
    served: Served, _region: Region, activity_id: str, asked: shapes.SignUpsQuestion, *, who: Principal
) -> Json:
    """List who has a place at one's own activity, in the order in which they came, masked."""
    counts, places = service.sign_ups(
        served.database.writing(), who, activity_id, limit=asked.limit, offset=asked.offset
    )  # fmt: skip
    told = [_place(each) | {"name": masking.name(name)} for each, name in places]
    return {"seated": counts.seated, "waiting": counts.waiting, "came": counts.came, "sign_ups": told}


def code(served: Served, _region: Region, activity_id: str, _asked: Nothing, *, who: Principal) -> Json:
    """Tell the code that is to be shown at the door now."""
    return {"code": service.code(served.database.writing(), who, activity_id, at=datetime.now(UTC))}


def check_in(served: Served, _region: Region, activity_id: str, asked: shapes.CodeGiven, *, who: Principal) -> Json:
    """Come through the door by its code."""
    return _told(service.check_in(served.database.writing(), who, activity_id, asked.code, at=datetime.now(UTC)))


def check_out(served: Served, _region: Region, activity_id: str, asked: shapes.CodeGiven, *, who: Principal) -> Json:
    """Leave by the code at the door; a volunteer's hours are entered."""
    return _told(
        activity_hours.check_out(served.database.writing(), who, activity_id, asked.code, at=datetime.now(UTC))
    )


def check_in_at_desk(
    served: Served, _region: Region, activity_id: str, sign_up_id: str, _asked: Nothing, *, who: Principal
) -> Json:
    """Note at the desk that somebody came; never of oneself."""
    place = service.check_in_at_desk(served.database.writing(), who, activity_id, sign_up_id, at=datetime.now(UTC))
    return _place(place) | {"name": ""}


def audience(served: Served, _region: Region, activity_id: str, asked: shapes.AudienceGiven, *, who: Principal) -> Json:
    """Note how many were reached by one's own activity."""
    return _told(
        service.set_audience(served.database.writing(), who, activity_id, asked.audience, at=datetime.now(UTC))
    )


def _draft(served: Served, region: Region, asked: shapes.ActivityDraft, who: Principal) -> Draft:
    """Find the place: a site's, or a point of the region with its words."""
    site, place, unit = who.site if who.role is Role.STATION else asked.site, asked.place, asked.unit
    if unit is not None and unit not in region.unit_names:
        raise InputError.of("unit", "is no township of this region", value=unit)
    if (asked.lon is None) is not (asked.lat is None):
        raise InputError.of("lon, lat", "give both or neither")
    if asked.lon is not None and asked.lat is not None:
        served.check_inside(region, asked.lon, asked.lat)
        lon, lat = asked.lon, asked.lat
    elif site is not None:
        there = region.sites[region.site_row(site)]
        lon, lat, place, unit = there.lon, there.lat, place or there.name, unit or there.unit
    else:
        raise InputError.of("site, lon, lat", "give a site, or a point")
    if not place:
        raise InputError.of("place", "say in words where the point is")
    return Draft(
        asked.title, asked.category, place, lon, lat, asked.starts_at, asked.ends_at, asked.seats, asked.signup_until,
        asked.words, unit, site, asked.team,
    )  # fmt: skip


def _told(shown: Shown) -> Json:
    each, mine = shown.activity, shown.mine
    return {
        "id": each.id, "title": each.title, "category": each.category, "place": each.place, "lon": each.lon,
        "lat": each.lat, "starts_at": each.starts_at, "ends_at": each.ends_at, "signup_until": each.signup_until,
        "seats": each.seats, "seated": shown.counts.seated, "waiting": shown.counts.waiting,
        "came": shown.counts.came, "audience": each.audience, "words": each.words, "unit": each.unit,
        "site": each.site, "team": each.team, "is_cancelled": each.is_cancelled, "version": each.version,
        "mine": None if mine is None else {
            "id": mine.id, "state": mine.state, "ahead": shown.ahead, "checked_in_at": mine.checked_in_at,
            "checked_out_at": mine.checked_out_at,
        },
    }  # fmt: skip


def _place(place: SignUp) -> Json:
    by = place.checked_by
    return {
        "id": place.id, "number": place.number, "state": place.state, "at": place.at,
        "checked_in_at": place.checked_in_at, "checked_by": by if by in {None, "code"} else "desk",
        "checked_out_at": place.checked_out_at,
    }  # fmt: skip


_ALL = "/regions/<region_id>/activities"
_ONE = f"{_ALL}/<activity_id>"

OPERATIONS = tuple(
    replace(operation, stored=True)
    for operation in (
        Operation(
            "activities", _ALL, activities, shapes.ActivitiesQuestion, shapes.ActivitiesTold,
            "The activities of a region", allowed=SIGNED_IN, scope="statistics:read",
        ),
        Operation(
            "activity_add", _ALL, add, shapes.ActivityDraft, shapes.ActivityTold, "Announce an activity",
            method="POST", status=201, allowed=_ORGANISERS, keyed=True,
        ),
        Operation(
            "activity", _ONE, activity, account_shapes.Nothing, shapes.ActivityTold,
            "One activity, with one's own place", allowed=SIGNED_IN, scope="statistics:read",
        ),
        Operation(
            "activity_change", _ONE, change, shapes.ActivityDraft, shapes.ActivityTold, "Write an activity over",
            method="PUT", allowed=_ORGANISERS, if_match="required",
        ),
        Operation(
            "activity_cancel", f"{_ONE}/cancel", cancel, shapes.CancelDraft, shapes.ActivityTold,
            "Say that an activity does not take place", method="POST", allowed=_ORGANISERS,
        ),
        Operation(
            "sign_up", f"{_ONE}/sign-up", sign_up, account_shapes.Nothing, shapes.ActivityTold,
            "Take a seat or a place on the waiting list", method="PUT", allowed=_GUESTS,
        ),
        Operation(
            "sign_up_leave", f"{_ONE}/sign-up", leave, account_shapes.Nothing, shapes.ActivityTold,
            "Give one's place up", method="DELETE", allowed=_GUESTS,
        ),
        Operation(
            "sign_ups", f"{_ONE}/sign-ups", sign_ups, shapes.SignUpsQuestion, shapes.SignUpsTold,
            "Who has a place, masked", allowed=_ORGANISERS,
        ),
        Operation(
            "activity_code", f"{_ONE}/code", code, account_shapes.Nothing, shapes.CodeTold, "The code at the door",
            allowed=_ORGANISERS,
        ),
        Operation(
            "check_in", f"{_ONE}/check-in", check_in, shapes.CodeGiven, shapes.ActivityTold,
            "Come through the door by its code", method="POST", allowed=_GUESTS,
        ),
        Operation(
            "check_out", f"{_ONE}/check-out", check_out, shapes.CodeGiven, shapes.ActivityTold,
            "Leave by the code at the door, with one's hours", method="POST", allowed=_GUESTS,
        ),
        Operation(
            "check_in_at_desk", f"{_ONE}/sign-ups/<sign_up_id>/check-in", check_in_at_desk, account_shapes.Nothing,
            shapes.SignUpTold, "Note at the desk that somebody came", method="PUT", allowed=_ORGANISERS,
        ),
        Operation(
            "activity_audience", f"{_ONE}/audience", audience, shapes.AudienceGiven, shapes.ActivityTold,
            "Note how many were reached", method="PUT", allowed=_ORGANISERS,
        ),
    )
)  # fmt: skip
