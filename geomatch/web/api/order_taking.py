"""Orders over HTTP: found open, accepted, refused, given back, the door seen, and reviewed (接单 抢单 评单)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from geomatch.services import order_contact as contact_service
from geomatch.services import order_reviews as review_service
from geomatch.services import order_taking as taking_service
from geomatch.volunteering.reviews import Review
from geomatch.volunteering.roles import STAFF, Role
from geomatch.web.api import order_answers as answers
from geomatch.web.api import order_shapes as shapes
from geomatch.web.api.operation import Operation
from geomatch.web.api.replies import Reply
from geomatch.web.guard import SIGNED_IN

if TYPE_CHECKING:
    from geomatch.services.region import Region
    from geomatch.volunteering.roles import Principal
    from geomatch.web.served import Served

    Json = dict[str, Any]

_HELP: frozenset[Role | None] = frozenset({Role.VOLUNTEER, Role.LEADER})
_RELEASE: frozenset[Role | None] = frozenset({*_HELP, *STAFF, Role.PROGRAM})
_ASK: frozenset[Role | None] = SIGNED_IN - {Role.AUDITOR, Role.PROGRAM}
_LOOK_ON: frozenset[Role | None] = frozenset({*STAFF, Role.AUDITOR, Role.PROGRAM})
_OVERSEE: frozenset[Role | None] = frozenset({Role.AUDITOR})
_ROUGH_M = 100


def to_grab(served: Served, region: Region, asked: shapes.GrabQuestion, *, who: Principal) -> Json:
    """List open orders that are near where one usually is and fit one, the nearest first (抢单)."""
    found = taking_service.to_grab(
        served.database.reading(), region, who, at=datetime.now(UTC), within_m=asked.metres, limit=asked.limit
    )
    rough = [round(one.walk_m / _ROUGH_M) * float(_ROUGH_M) for one in found]
    return {"orders": [answers.row(one.order) | {"walk_m": away} for one, away in zip(found, rough, strict=True)]}


def accept(served: Served, region: Region, order_id: str, _asked: shapes.Acceptance, *, who: Principal) -> Json:
    """Accept an order that is offered, or grab an open one; accepted again it is the same."""
    return answers.row(
        taking_service.accept(served.database, who, order_id, at=datetime.now(UTC), zone=region.spec.timezone)
    )  # fmt: skip


def refuse(served: Served, _region: Region, order_id: str, asked: shapes.Reason, *, who: Principal) -> Reply:
    """Say no to an offer."""
    taking_service.refuse(served.database.writing(), who, order_id, at=datetime.now(UTC), why=asked.why)
    return Reply(None)


def release(served: Served, _region: Region, order_id: str, asked: shapes.ReleaseDraft, *, who: Principal) -> Json:
    """Give a place back, or take a helper off: the order is dispatched once more (再派单)."""
    return answers.row(
        taking_service.release(
            served.database.writing(), who, order_id, asked.volunteer, at=datetime.now(UTC), why=asked.why
        )
    )


def contact(served: Served, _region: Region, order_id: str, asked: shapes.Reason, *, who: Principal) -> Json:
    """See the address and phone in full: after acceptance, as who asked, or as staff for a reason; it is kept."""
    order = contact_service.look(served.database.writing(), who, order_id, why=asked.why, at=datetime.now(UTC))
    sheet = order.sheet
    return {
        "order": order.id, "address": sheet.contact.address, "name": sheet.contact.name, "phone": sheet.contact.phone,
        "lon": sheet.lon, "lat": sheet.lat,
    }  # fmt: skip


def looks(served: Served, region: Region, asked: shapes.LooksQuestion, *, who: Principal) -> Json:  # noqa: ARG001 - all auditors alike
    """List who saw addresses and phones in full, the newest first."""
    matched, page = contact_service.looks(
        served.database.reading(), region.spec.id, order=asked.order, limit=asked.limit, offset=asked.offset
    )
    rows = [
        {"order": one.order, "account": one.account, "role": one.role.value, "at": one.at, "why": one.why}
        for one in page
    ]
    return {"numberMatched": matched, "numberReturned": len(rows), "looks": rows}


def review(served: Served, _region: Region, order_id: str, asked: shapes.ReviewDraft, *, who: Principal) -> Json:
    """Review an order that one asked for and that was confirmed; of one by phone, staff write it down; once (评单)."""
    given = Review(
        order_id, who.account, datetime.now(UTC), asked.came_on_time, asked.did_what_was_asked,
        asked.would_ask_again, asked.asked_for_money, asked.words,
    )  # fmt: skip
    return answers.row(review_service.review(served.database.writing(), who, given))


def reviewed(served: Served, _region: Region, asked: shapes.TimeQuestion, *, who: Principal) -> Json:
    """Count what reviews say of the orders of one's area that were confirmed in a time, and how many are silent."""
    figures = review_service.figures(served.database.reading(), who, since=asked.since, before=asked.before)
    points = ("came_on_time", "did_what_was_asked", "would_ask_again", "asked_for_money")
    return {
        "since": asked.since, "before": asked.before, "confirmed": figures.confirmed, "reviewed": figures.reviewed,
        "by_phone": figures.by_phone, "silent": figures.silent,
        **{name: getattr(figures, name) for name in points},
        **{f"{name}_share": figures.share(getattr(figures, name)) for name in points},
    }  # fmt: skip


_ORDERS = "/regions/<region_id>/orders"
_ONE = f"{_ORDERS}/<order_id>"
_READ, _WRITE = "orders:read", "orders:write"

OPERATIONS = tuple(
    replace(operation, stored=True)
    for operation in (
        Operation(
            "orders_to_grab", f"{_ORDERS}/open", to_grab, shapes.GrabQuestion, shapes.OpenOrders,
            "Open orders near oneself", allowed=_HELP,
        ),
        Operation(
            "order_accept", f"{_ONE}/accept", accept, shapes.Acceptance, shapes.OrderRow, "Accept an order, or grab it",
            method="POST", allowed=_HELP,
        ),
        Operation(
            "order_refuse", f"{_ONE}/refuse", refuse, shapes.Reason, None, "Say no to an offer", method="POST",
            status=204, allowed=_HELP,
        ),
        Operation(
            "order_release", f"{_ONE}/release", release, shapes.ReleaseDraft, shapes.OrderRow,
            "Give a place back, or take a helper off", method="POST", allowed=_RELEASE, scope=_WRITE,
        ),
        Operation(
            "order_contact", f"{_ONE}/contact", contact, shapes.Reason, shapes.Contact,
            "The address and phone of an order, in full", method="POST", allowed=_ASK,
        ),
        Operation(
            "order_review", f"{_ONE}/review", review, shapes.ReviewDraft, shapes.OrderRow, "Review an order",
            method="POST", allowed=_ASK,
        ),
        Operation(
            "order_reviews", "/regions/<region_id>/reviews", reviewed, shapes.TimeQuestion, shapes.ReviewFigures,
            "What reviews say, and how many are silent", allowed=_LOOK_ON, scope=_READ,
        ),
        Operation(
            "looks", "/regions/<region_id>/looks", looks, shapes.LooksQuestion, shapes.Looks,
            "Who saw addresses and phones in full", allowed=_OVERSEE,
        ),
    )
)  # fmt: skip
