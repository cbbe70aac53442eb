"""Orders over HTTP: placed, seen by area, checked, moved, offered by a person, escalated (点单 派单); masked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from geomatch.services import orders as order_service
from geomatch.volunteering.order_sheet import Contact, Need, Sheet
from geomatch.volunteering.orders import OrderState
from geomatch.volunteering.roles import STAFF, Role, scope_of
from geomatch.web.api import order_answers as answers
from geomatch.web.api import order_shapes as shapes
from geomatch.web.api.account_shapes import Nothing
from geomatch.web.api.operation import Operation
from geomatch.web.guard import SIGNED_IN

if TYPE_CHECKING:
    from geomatch.services.region import Region
    from geomatch.volunteering.roles import Principal
    from geomatch.web.served import Served

    Json = dict[str, Any]

_PLACE: frozenset[Role | None] = SIGNED_IN - {Role.AUDITOR}
_DISPATCH: frozenset[Role | None] = frozenset({*STAFF, Role.PROGRAM})
_LOOK_ON = _DISPATCH | {Role.AUDITOR, Role.LEADER}


def place(served: Served, region: Region, asked: shapes.OrderDraft, *, who: Principal) -> Json:
    """Place an order: for oneself, or, by staff and programs of its area, for whoever phoned."""
    sheet = Sheet(
        asked.category, asked.service, asked.words, asked.lon, asked.lat,
        Contact(asked.address, asked.name, asked.phone), asked.starts_at, asked.ends_at,
        Need(
            tuple(asked.need.skills), tuple(asked.need.certified), tuple(asked.need.languages), asked.need.adults_only
        ),
        asked.people_needed, asked.for_other, asked.consent, asked.way,
    )  # fmt: skip
    return answers.row(order_service.place(served.database.writing(), region, who, sheet, at=datetime.now(UTC)))


def listed(served: Served, _region: Region, asked: shapes.OrdersQuestion, *, who: Principal) -> Json:
    """List the orders that this account may see, masked, the newest first."""
    states = asked.state or tuple(OrderState)
    matched, page = order_service.page(
        served.database.reading(), who, states, limit=asked.limit, offset=asked.offset
    )  # fmt: skip
    return answers.page(matched, page)


def at_risk(served: Served, _region: Region, asked: shapes.PageQuestion, *, who: Principal) -> Json:
    """List the orders of one's area that nobody moved in time, the longest first."""
    matched, page = order_service.at_risk(
        served.database.reading(), scope_of(who), at=datetime.now(UTC), limit=asked.limit, offset=asked.offset
    )
    return answers.page(matched, page)


def found(served: Served, _region: Region, order_id: str, _asked: Nothing, *, who: Principal) -> Json:
    """One order with its moves, its review, and the offers that this account may see."""
    return answers.story(order_service.found(served.database.reading(), who, order_id), who)


def move(served: Served, _region: Region, order_id: str, asked: shapes.MoveDraft, *, who: Principal) -> Json:
    """Move an order: check, decline, cancel; begin and finish one's part of it; confirm that it is done, or is not."""
    moved = order_service.move(
        served.database.writing(), who, order_id, asked.to, at=datetime.now(UTC), why=asked.why, way=asked.way,
        team=asked.team,
    )  # fmt: skip
    return answers.row(moved)


def offer(served: Served, region: Region, order_id: str, asked: shapes.OffersDraft, *, who: Principal) -> Json:
    """Offer an order to volunteers by name; who has it already is not asked twice."""
    told = order_service.offer(
        served.database.writing(), who, order_id, asked.volunteers, at=datetime.now(UTC), zone=region.spec.timezone
    )
    return answers.story(told, who)


_ORDERS = "/regions/<region_id>/orders"
_ONE = f"{_ORDERS}/<order_id>"
_READ, _WRITE = "orders:read", "orders:write"

OPERATIONS = tuple(
    replace(operation, stored=True)
    for operation in (
        Operation(
            "order_place", _ORDERS, place, shapes.OrderDraft, shapes.OrderRow, "Place an order", method="POST",
            status=201, allowed=_PLACE, scope=_WRITE, keyed=True,
        ),
        Operation(
            "orders", _ORDERS, listed, shapes.OrdersQuestion, shapes.Orders, "The orders of one's own area, masked",
            allowed=SIGNED_IN, scope=_READ,
        ),
        Operation(
            "orders_at_risk", f"{_ORDERS}/at-risk", at_risk, shapes.PageQuestion, shapes.Orders,
            "Orders that nobody moved in time", allowed=_LOOK_ON, scope=_READ,
        ),
        Operation(
            "order", _ONE, found, Nothing, shapes.OrderStory, "One order with its moves", allowed=SIGNED_IN,
            scope=_READ,
        ),
        Operation(
            "order_move", f"{_ONE}/moves", move, shapes.MoveDraft, shapes.OrderRow, "Move an order", method="POST",
            allowed=_PLACE, scope=_WRITE,
        ),
        Operation(
            "order_offer", f"{_ONE}/offers", offer, shapes.OffersDraft, shapes.OrderStory,
            "Offer an order to volunteers by name", method="POST", allowed=_DISPATCH, scope=_WRITE,
        ),
    )
)  # fmt: skip
