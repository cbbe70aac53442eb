"""An order as it is answered: masked, its place coarse, its offers as far as the asker may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geomatch.volunteering import masking, people
from geomatch.volunteering.dispatch import OfferState
from geomatch.volunteering.roles import STAFF, Role

if TYPE_CHECKING:
    from geomatch.services.orders import Found
    from geomatch.volunteering.dispatch import KeptOffer
    from geomatch.volunteering.order_sheet import Order
    from geomatch.volunteering.roles import Principal

    Json = dict[str, Any]

_SEES_OFFERS = frozenset({*STAFF, Role.AUDITOR, Role.PROGRAM})


def page(matched: int, orders: tuple[Order, ...]) -> Json:
    """Give one page of a list."""
    return {"numberMatched": matched, "numberReturned": len(orders), "orders": [row(order) for order in orders]}


def row(order: Order) -> Json:
    """Give an order as everybody sees it who may see it."""
    sheet, shown = order.sheet, order.sheet.contact.masked
    lon, lat = people.coarse(sheet.lon, sheet.lat)
    return {
        "id": order.id, "unit": order.unit, "site": order.site, "team": order.team, "category": sheet.category,
        "service": sheet.service, "words": sheet.words,
        "need": {
            "skills": sheet.need.skills, "certified": sheet.need.certified, "languages": sheet.need.languages,
            "adults_only": sheet.need.adults_only,
        },
        "lon": lon, "lat": lat, "address": shown.address, "name": shown.name, "phone": shown.phone,
        "starts_at": sheet.starts_at, "ends_at": sheet.ends_at, "people_needed": sheet.people_needed,
        "taken": order.taken, "for_other": sheet.for_other, "way": sheet.way.value, "state": order.state.value,
        "placed_at": order.placed_at, "deadline": order.deadline, "step": order.step, "version": order.version,
    }  # fmt: skip


def story(told: Found, who: Principal) -> Json:
    """Give an order with all that happened to it."""
    review = told.review
    return row(told.order) | {
        "moves": [
            {
                "before": step.before and step.before.value, "after": step.after.value, "actor": step.actor.value,
                "who": step.who, "at": step.at, "why": step.why,
            }
            for step in told.moves
        ],
        "offers": [_offer(kept, told) for kept in told.offers if _may_see(kept, who)],
        "review": None if review is None else {
            "at": review.at, "came_on_time": review.came_on_time, "did_what_was_asked": review.did_what_was_asked,
            "would_ask_again": review.would_ask_again, "asked_for_money": review.asked_for_money,
            "words": review.words,
        },
    }  # fmt: skip


def _may_see(kept: KeptOffer, who: Principal) -> bool:
    """Staff see every offer, a leader those to the team, others their own and who comes."""
    own = kept.offer.volunteer == who.volunteer or (who.team is not None and kept.team == who.team)
    return who.role in _SEES_OFFERS or own or kept.offer.state is OfferState.ACCEPTED


def _offer(kept: KeptOffer, told: Found) -> Json:
    each = told.people.get(kept.offer.volunteer)
    return {
        "volunteer": kept.offer.volunteer, "name": masking.name(each.name) if each else "", "team": kept.team,
        "state": kept.offer.state.value, "phase": kept.offer.phase, "offered_at": kept.offer.offered_at,
        "answered_at": kept.answered_at, "why": kept.why,
    }  # fmt: skip
