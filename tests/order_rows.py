"""Orders, volunteers and duties to try the store and the services with."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from geomatch.store import ids
from geomatch.volunteering.order_sheet import Contact, Need, Order, Sheet, Way
from geomatch.volunteering.orders import Actor, Move, OrderState
from geomatch.volunteering.people import WEEK_HOURS, PlaceKind, UsualPlace, Volunteer
from tests.regions import lonlat

if TYPE_CHECKING:
    from geomatch.store.database import Database

NOW = datetime(2026, 11, 25, 4, tzinfo=UTC)
HERE = lonlat(10.0, 3.0)
"""On the west bank of the little region."""


def sheet(**changed: object) -> Sheet:
    """Somebody to read the paper to an old man, tomorrow, by one volunteer."""
    contact = Contact("甲街道幸福里5号楼302", "王小明", "13812345678")
    plain = Sheet(
        "needy", None, "给老人读报", *HERE, contact, NOW + timedelta(days=1), NOW + timedelta(days=1, hours=2),
        Need(("陪伴老人",), (), ("zh",)), way=Way.GRAB,
    )  # fmt: skip
    return replace(plain, **changed)  # type: ignore[arg-type] # whatever a test wants otherwise


def order(state: OrderState = OrderState.CHECKED, **changed: object) -> Order:
    """An order of the region little, in township A, as it stands after it was checked."""
    given = changed.pop("sheet", sheet())
    plain = Order(ids.fresh(), "little", given, "resident", "resident", "A", "s1", None, state, NOW)  # type: ignore[arg-type] # as above
    return replace(plain, **changed)  # type: ignore[arg-type] # as above


def put(database: Database, *given: Order) -> None:
    """Write orders as they are, each submitted by its requester."""
    with database.writing() as work:
        for each in given:
            work.orders.add(each, Move(each.id, None, OrderState.SUBMITTED, "resident", Actor.REQUESTER, NOW))
        work.commit()


def volunteer(number: int, **changed: object) -> Volunteer:
    """A volunteer who lives near the order, can do it, and always has time."""
    plain = Volunteer(
        f"v{number}", f"V{number}", "李雷", f"100{number:08d}", "t1", "A", ("陪伴老人",), (),
        tuple(range(WEEK_HOURS)), on_duty=True, places=(UsualPlace(PlaceKind.HOME, *HERE),),
        born=date(1980, 1, 1), insured_until=date(2099, 1, 1),
    )  # fmt: skip
    return replace(plain, **changed)  # type: ignore[arg-type] # as above


def people(database: Database, count: int) -> list[str]:
    """Write so many volunteers; gives their ids."""
    made = [volunteer(number) for number in range(count)]
    with database.writing() as work:
        work.people.add("little", made, NOW)
        work.commit()
    return [each.id for each in made]
