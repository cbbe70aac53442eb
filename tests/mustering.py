"""A call-up in the little region, as tests need it: volunteers at their corners, and a call of few places."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from geomatch.services import callup
from geomatch.volunteering import people
from geomatch.volunteering.callups import CallPolicy, Need
from geomatch.volunteering.people import PlaceKind, UsualPlace, Volunteer
from tests.regions import lonlat

if TYPE_CHECKING:
    from geomatch.services.region import Region
    from geomatch.store.database import Database
    from geomatch.volunteering.callups import Callup

OPENED = datetime(2026, 11, 29, 1, tzinfo=UTC)
"""Nine in the morning in Beijing."""
STARTS = OPENED + timedelta(hours=3)
POLICY = CallPolicy(first_share=1.0)


def person(number: int, **changes: Any) -> Volunteer:
    """An adult who lives at a corner of the west bank, not far from S1."""
    made = Volunteer(
        f"{number:024x}", f"V{number}", f"王{number}", f"1380000{number:04d}", unit="西岸街道", on_duty=True,
        places=(UsualPlace(PlaceKind.HOME, *people.coarse(*lonlat(10 + number % 4, 1 + number % 3))),),
        born=date(1990, 1, 1), insured_until=date(2027, 1, 1),
    )  # fmt: skip
    return replace(made, **changes)


def mustered(database: Database, region: str, *volunteers: Volunteer) -> None:
    """Write volunteers of a region."""
    with database.writing() as work:
        work.people.add(region, volunteers, OPENED - timedelta(days=1))
        work.commit()


def opened(database: Database, region: Region, *needs: Need, **changes: Any) -> Callup:
    """Open a call for S1, one shift of four hours, unless other things are asked for."""
    draft = callup.Draft("征召", "寒潮值守", STARTS, 4, 4, needs or (Need(1),), sites=("S1",), policy=POLICY)
    return callup.open_call(database.writing(), region, replace(draft, **changes), by="a" * 24, at=OPENED)
