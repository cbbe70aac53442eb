"""Great call-ups over HTTP: the centre opens and closes, everybody sees its own area or its own asks."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from geomatch.errors import ConflictError, NotFoundError
from geomatch.services import callup as callup_service
from geomatch.services import callup_answers, callup_board
from geomatch.volunteering import masking
from geomatch.volunteering.callups import Answer, CallPolicy, Callup, Need
from geomatch.volunteering.roles import STAFF, Role
from geomatch.web.api import account_shapes
from geomatch.web.api import callup_shapes as shapes
from geomatch.web.api.operation import Operation

if TYPE_CHECKING:
    from geomatch.services.region import Region
    from geomatch.store.callup_ask_rows import Kept
    from geomatch.volunteering.roles import Principal
    from geomatch.web.served import Served

    Json = dict[str, Any]

_CENTRE: frozenset[Role | None] = frozenset({Role.CENTRE})
_STAFF: frozenset[Role | None] = frozenset(STAFF)
_LOOK: frozenset[Role | None] = frozenset({*STAFF, Role.AUDITOR})
_BOARD: frozenset[Role | None] = _LOOK | {Role.PROGRAM}
_SELF: frozenset[Role | None] = frozenset({Role.VOLUNTEER, Role.LEADER})


def open_call(served: Served, region: Region, asked: shapes.CallupDraft, *, who: Principal) -> Json:
    """Open a call: posts at every station named, in every shift; the first wave is due at once."""
    policy = CallPolicy(
        reply_within=timedelta(minutes=asked.reply_minutes), most_shifts=asked.most_shifts,
        rest=timedelta(hours=asked.rest_hours), asks_a_day=asked.asks_a_day,
    )  # fmt: skip
    needs, needs_at = callup_service.needs_of(
        (Need(need.people, need.skill, need.certified), need.sites) for need in asked.needs
    )
    draft = callup_service.Draft(
        asked.name, asked.words, asked.starts_at, asked.hours, asked.shift_hours, needs, tuple(asked.sites), policy,
        asked.urgent, needs_at,
    )  # fmt: skip
    now = datetime.now(UTC)
    return _call(callup_service.open_call(served.database.writing(), region, draft, by=who.account, at=now))


def listed(served: Served, region: Region, _asked: account_shapes.Nothing, *, who: Principal) -> Json:  # noqa: ARG001
    """List the calls of the region, the newest first."""
    return {"callups": [_call(each) for each in callup_service.listed(served.database.reading(), region.spec.id)]}


def close(served: Served, region: Region, callup_id: str, _asked: account_shapes.Nothing, *, who: Principal) -> Json:  # noqa: ARG001
    """Close a call: nobody is asked any more; places stay as they are."""
    now = datetime.now(UTC)
    return _call(callup_service.close(served.database.writing(), region.spec.id, callup_id, at=now))


def board(served: Served, region: Region, callup_id: str, _asked: account_shapes.Nothing, *, who: Principal) -> Json:
    """Tell how many places are filled, by station, shift and skill, in this account's area."""
    found = callup_board.board(served.database.reading(), region, callup_id, who)
    return {
        "callup": _call(found.callup),
        "total": asdict(found.total),
        "stations": [
            {"site": site.id, "name": site.name, "unit": site.unit, "lon": site.lon, "lat": site.lat} | asdict(count)
            for site, count in found.stations
        ],
        "shifts": [
            {"starts_at": starts_at, "ends_at": ends_at} | asdict(count)
            for (starts_at, ends_at), count in found.shifts
        ],
        "skills": [{"skill": skill} | asdict(count) for skill, count in found.skills],
    }  # fmt: skip


def places(served: Served, region: Region, callup_id: str, asked: shapes.PlacesQuestion, *, who: Principal) -> Json:
    """List who has a place in this account's area, or stands by, masked, site by site."""
    matched, page = callup_board.places(
        served.database.reading(), region.spec.id, callup_id, who, limit=asked.limit, offset=asked.offset
    )
    shown = [
        _ask(region, each) | {"name": masking.name(each.name), "phone": masking.phone(each.phone)} for each in page
    ]
    return {"numberMatched": matched, "numberReturned": len(page), "places": shown}


def own(served: Served, region: Region, _asked: account_shapes.Nothing, *, who: Principal) -> Json:
    """List what one was asked for oneself, the newest first."""
    return {"asks": [_ask(region, each) for each in callup_board.own(served.database.reading(), who)]}


def answer(served: Served, region: Region, ask_id: str, asked: shapes.AskAnswer, *, who: Principal) -> Json:
    """Say yes, no, or no after a yes; who says yes when all places are taken stands by, and is told as which."""
    callup_id = callup_board.call_of_own(served.database.reading(), ask_id, who)
    return _answered(served, region, callup_id, ask_id, Answer(asked.answer))


def no_show(served: Served, region: Region, ask_id: str, _asked: account_shapes.Nothing, *, who: Principal) -> Json:
    """Say that somebody did not come; who stands by first moves up."""
    callup_id = callup_board.call_in_area(served.database.reading(), ask_id, who)
    return _answered(served, region, callup_id, ask_id, Answer.NO_SHOW)


def swap(served: Served, region: Region, ask_id: str, asked: shapes.SwapWish, *, who: Principal) -> Json:
    """Wish for another's place; once both wish for each other's they change."""
    callup_id = callup_board.call_of_own(served.database.reading(), ask_id, who)
    done = callup_answers.want_swap(
        served.database.writing(), region, callup_id, ask_id, asked.with_ask, at=datetime.now(UTC)
    )
    return {"swapped": done}


def _answered(served: Served, region: Region, callup_id: str, ask_id: str, said: Answer) -> Json:
    now = datetime.now(UTC)
    (outcome,) = callup_answers.answer(served.database.writing(), region, callup_id, [(ask_id, said)], at=now)
    if outcome.state is None:
        raise ConflictError(outcome.refused)
    return {"ask": outcome.ask, "state": outcome.state.value, "place": outcome.place}


def _call(each: Callup) -> Json:
    return {
        "id": each.id, "name": each.name, "words": each.words, "urgent": each.urgent, "opened_at": each.opened_at,
        "closed_at": each.closed_at, "waves": each.wave,
    }  # fmt: skip


def _ask(region: Region, each: Kept) -> Json:
    return {
        "id": each.id, "callup": each.callup, "call": each.call, "state": each.state.value, "place": each.place,
        "site": each.site, "site_name": _site_name(region, each.site), "starts_at": each.starts_at,
        "ends_at": each.ends_at, "skill": each.skill, "walk_m": round(each.walk_m, 1),
    }  # fmt: skip


def _site_name(region: Region, site: str) -> str:
    try:
        return region.sites[region.site_row(site)].name
    except NotFoundError:  # closed meanwhile
        return site


_ALL, _ASK = "/regions/<region_id>/callups", "/regions/<region_id>/callup-asks"
_NOTHING = account_shapes.Nothing

OPERATIONS = tuple(
    replace(operation, stored=True)
    for operation in (
        Operation(
            "callup_open", _ALL, open_call, shapes.CallupDraft, shapes.Callup, "Open a great call-up", method="POST",
            status=201, allowed=_CENTRE, keyed=True,
        ),
        Operation(
            "callups", _ALL, listed, _NOTHING, shapes.Callups, "The call-ups of a region", allowed=_BOARD,
            scope="statistics:read",
        ),
        Operation(
            "callup_board", f"{_ALL}/<callup_id>/board", board, _NOTHING, shapes.Board,
            "How far a call-up is, in one's own area", allowed=_BOARD, scope="statistics:read", tagged=True,
        ),
        Operation(
            "callup_places", f"{_ALL}/<callup_id>/places", places, shapes.PlacesQuestion, shapes.Places,
            "Who has a place in one's own area, masked", allowed=_LOOK,
        ),
        Operation(
            "callup_close", f"{_ALL}/<callup_id>/close", close, _NOTHING, shapes.Callup, "Close a call-up",
            method="POST", allowed=_CENTRE,
        ),
        Operation("callup_asks", _ASK, own, _NOTHING, shapes.Asks, "What one was asked for oneself", allowed=_SELF),
        Operation(
            "callup_answer", f"{_ASK}/<ask_id>/answer", answer, shapes.AskAnswer, shapes.Outcome,
            "Answer one's own ask", method="PUT", allowed=_SELF,
        ),
        Operation(
            "callup_swap", f"{_ASK}/<ask_id>/swap", swap, shapes.SwapWish, shapes.Swapped,
            "Wish for another's place", method="PUT", allowed=_SELF,
        ),
        Operation(
            "callup_no_show", f"{_ASK}/<ask_id>/no-show", no_show, _NOTHING, shapes.Outcome,
            "Say that somebody did not come", method="PUT", allowed=_STAFF,
        ),
    )
)  # fmt: skip
