"""Points and the points shop (凝心超市) over HTTP: what one has, goods, orders of goods, and the desk."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from geomatch.services import points as point_service
from geomatch.services import shop as shop_service
from geomatch.volunteering import points as books
from geomatch.volunteering.roles import Role
from geomatch.volunteering.shop import PointRules
from geomatch.web.api import shop_shapes as shapes
from geomatch.web.api.account_shapes import Nothing
from geomatch.web.api.operation import Operation
from geomatch.web.guard import SIGNED_IN

if TYPE_CHECKING:
    from geomatch.services.region import Region
    from geomatch.volunteering.points import Transaction
    from geomatch.volunteering.roles import Principal
    from geomatch.volunteering.shop import Goods, Redemption
    from geomatch.web.served import Served

    Json = dict[str, Any]

_SELF: frozenset[Role | None] = frozenset({Role.VOLUNTEER, Role.LEADER})
_DESK: frozenset[Role | None] = frozenset({Role.STATION})
_KEEPERS: frozenset[Role | None] = _DESK | {Role.CENTRE}
_PEOPLE = SIGNED_IN - {Role.PROGRAM}


def purse(served: Served, _region: Region, asked: shapes.ShopQuestion, *, who: Principal) -> Json:
    """Tell one's own points, and every transaction that they are the sum of."""
    found = point_service.purse(served.database.reading(), who, limit=asked.limit, offset=asked.offset)
    told = [_move(each, found.volunteer) for each in found.transactions]
    return {
        "volunteer": found.volunteer, "points": found.points, "held": found.held, "owed": found.owed,
        "transactions": told,
    }  # fmt: skip


def rules(served: Served, region: Region, _asked: Nothing, *, who: Principal) -> Json:  # noqa: ARG001 - the gate asks who
    """Tell how many points an hour earns, and how long they last."""
    return asdict(point_service.point_rules(served.database.reading(), region.spec.id))


def set_rules(served: Served, region: Region, asked: shapes.PointRules, *, who: Principal) -> Json:  # noqa: ARG001
    """Set how many points an hour earns from now on, and how long points last."""
    given = PointRules(asked.per_hour, asked.last_days)
    return asdict(point_service.set_rules(served.database.writing(), region.spec.id, given))


def goods(served: Served, region: Region, asked: shapes.GoodsQuestion, *, who: Principal) -> Json:  # noqa: ARG001
    """List the goods of the region by name."""
    matched, page = shop_service.goods(
        served.database.reading(), region.spec.id, only_open=not asked.all, limit=asked.limit, offset=asked.offset
    )
    return {"numberMatched": matched, "numberReturned": len(page), "goods": [_goods(each) for each in page]}


def add_goods(served: Served, _region: Region, asked: shapes.GoodsDraft, *, who: Principal) -> Json:
    """Put new goods on the shelf of a site; a station's own."""
    made = shop_service.add_goods(
        served.database.writing(), who, asked.site, asked.name, price=asked.price, stock=asked.stock,
        at=datetime.now(UTC),
    )  # fmt: skip
    return _goods(made)


def restock(served: Served, _region: Region, goods_id: str, asked: shapes.Restock, *, who: Principal) -> Json:
    """Put more in, or take some out."""
    return _goods(shop_service.restock(served.database.writing(), who, goods_id, asked.change, at=datetime.now(UTC)))


def set_open(served: Served, _region: Region, goods_id: str, asked: shapes.GoodsSwitch, *, who: Principal) -> Json:
    """Offer goods or no longer; what is ordered is still handed out."""
    changed = shop_service.set_open(
        served.database.writing(), who, goods_id, is_open=asked.is_open, at=datetime.now(UTC)
    )
    return _goods(changed)


def order(served: Served, _region: Region, asked: shapes.RedemptionDraft, *, who: Principal) -> Json:
    """Order goods for one's own points; they are put by for 14 days, and handed out by the code."""
    made = shop_service.order(served.database.writing(), who, asked.goods, asked.count, at=datetime.now(UTC))
    return _redemption(made, who)


def redemptions(served: Served, _region: Region, asked: shapes.ShopQuestion, *, who: Principal) -> Json:
    """List what is ordered: one's own, at the station's own site, or in the region."""
    matched, page = shop_service.redemptions(served.database.reading(), who, limit=asked.limit, offset=asked.offset)
    told = [_redemption(each, who) for each in page]
    return {"numberMatched": matched, "numberReturned": len(page), "redemptions": told}


def redeem(served: Served, _region: Region, asked: shapes.RedemptionCode, *, who: Principal) -> Json:
    """Hand out at the desk what was ordered, by the code that the volunteer shows."""
    return _redemption(shop_service.redeem(served.database.writing(), who, asked.code, at=datetime.now(UTC)), who)


def undo(served: Served, _region: Region, redemption_id: str, asked: shapes.Undoing, *, who: Principal) -> Json:
    """Cancel what is ordered, or take back at the desk what was handed out; points and goods are where they were."""
    return _redemption(
        shop_service.undo(served.database.writing(), who, redemption_id, asked.why, at=datetime.now(UTC)), who
    )


def _move(each: Transaction, volunteer: str) -> Json:
    moved = {leg.account: leg.points for leg in each.legs}
    return {
        "id": each.id, "kind": each.kind.value, "points": moved.get(books.wallet(volunteer), 0),
        "held": moved.get(books.hold(volunteer), 0), "cause": each.cause, "at": each.at, "why": each.why,
    }  # fmt: skip


def _goods(each: Goods) -> Json:
    return {
        "id": each.id, "site": each.site, "name": each.name, "price": each.price, "stock": each.stock,
        "is_open": each.is_open,
    }  # fmt: skip


def _redemption(each: Redemption, who: Principal) -> Json:
    return {
        "id": each.id, "volunteer": each.volunteer, "goods": each.goods, "site": each.site, "count": each.count,
        "points": each.points, "code": each.code if who.volunteer == each.volunteer else None,
        "state": each.state.value, "made_at": each.made_at, "ends_at": each.ends_at, "ended_at": each.ended_at,
        "why": each.why,
    }  # fmt: skip


_REGION = "/regions/<region_id>"

OPERATIONS = tuple(
    replace(operation, stored=True)
    for operation in (
        Operation(
            "points", f"{_REGION}/points", purse, shapes.ShopQuestion, shapes.Purse,
            "One's own points, and what they are the sum of", allowed=_SELF,
        ),
        Operation(
            "point_rules", f"{_REGION}/points/rules", rules, Nothing, shapes.RulesOfPoints,
            "How the district gives points", allowed=_PEOPLE,
        ),
        Operation(
            "point_rules_set", f"{_REGION}/points/rules", set_rules, shapes.PointRules, shapes.RulesOfPoints,
            "Set how the district gives points", method="PUT", allowed=frozenset({Role.CENTRE}),
        ),
        Operation(
            "goods", f"{_REGION}/goods", goods, shapes.GoodsQuestion, shapes.GoodsList,
            "The goods of the points shop", allowed=_PEOPLE,
        ),
        Operation(
            "goods_add", f"{_REGION}/goods", add_goods, shapes.GoodsDraft, shapes.Goods,
            "Put new goods on a shelf", method="POST", status=201, allowed=_KEEPERS, keyed=True,
        ),
        Operation(
            "goods_stock", f"{_REGION}/goods/<goods_id>/stock", restock, shapes.Restock, shapes.Goods,
            "Put more in, or take some out", method="POST", allowed=_KEEPERS, keyed=True,
        ),
        Operation(
            "goods_switch", f"{_REGION}/goods/<goods_id>/open", set_open, shapes.GoodsSwitch, shapes.Goods,
            "Offer goods, or no longer", method="PUT", allowed=_KEEPERS,
        ),
        Operation(
            "redemption_add", f"{_REGION}/redemptions", order, shapes.RedemptionDraft, shapes.Redemption,
            "Order goods for one's own points", method="POST", status=201, allowed=_SELF, keyed=True,
        ),
        Operation(
            "redemptions", f"{_REGION}/redemptions", redemptions, shapes.ShopQuestion, shapes.Redemptions,
            "What is ordered for points", allowed=_SELF | _KEEPERS | {Role.AUDITOR},
        ),
        Operation(
            "redemption_redeem", f"{_REGION}/redemptions/redeem", redeem, shapes.RedemptionCode, shapes.Redemption,
            "Hand out at the desk by the code", method="POST", allowed=_DESK,
        ),
        Operation(
            "redemption_undo", f"{_REGION}/redemptions/<redemption_id>/undo", undo, shapes.Undoing, shapes.Redemption,
            "Cancel what is ordered, or take it back at the desk", method="POST", allowed=_SELF | _KEEPERS,
        ),
    )
)  # fmt: skip
