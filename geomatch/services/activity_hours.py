"""Use case: who leaves an activity by the code at its door has the hours for which they were there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from geomatch.errors import ConflictError
from geomatch.services import activities
from geomatch.services import hours as hour_service
from geomatch.services.hours import Service
from geomatch.volunteering import activities as rules
from geomatch.volunteering.hours import Evidence

if TYPE_CHECKING:
    from datetime import datetime

    from geomatch.services.activities import Shown
    from geomatch.store.unit_of_work import UnitOfWork
    from geomatch.volunteering.activities import Activity, SignUp
    from geomatch.volunteering.roles import Principal


def check_out(work: UnitOfWork, who: Principal, activity_id: str, given: str, *, at: datetime) -> Shown:
    """Leave by the code at the door; a volunteer has the hours of the activity for which they were there.

    Raises:
        NotFoundError: there is no such activity, or whoever asks has no place.
        InputError: the code is not the one at the door.
        ConflictError: it is not the time, one has not checked in, or did so too long ago.
    """
    with work:
        activity, mine = activities.at_the_door(work, who, activity_id, given, at)
        if mine.checked_in_at is None:
            raise ConflictError("check in first")
        if mine.checked_out_at is None:
            if not rules.is_at_the_door(activity, at):
                raise ConflictError("one checks out until two hours after the end")
            work.activities.write(replace(mine, checked_out_at=at))
            _enter_hours(work, who, activity, mine, at=at)
        shown = activities.shown_to(work, who, activity)
        work.commit()
    return shown


def _enter_hours(work: UnitOfWork, who: Principal, activity: Activity, mine: SignUp, *, at: datetime) -> None:
    """Enter the part of an activity for which a volunteer was there.

    Noted at the desk, another has seen them come. An organiser who can read the code alone shows nothing by it.
    """
    came_at, by = mine.checked_in_at, mine.checked_by
    reads_the_code = who.role in activities.ORGANISERS and activities.is_in_area(who, activity)
    if mine.volunteer is None or came_at is None or by is None or (by == "code" and reads_the_code):
        return
    evidence, witness = (Evidence.CODE, f"activity:{activity.id}") if by == "code" else (Evidence.BOTH, by)
    service = Service(
        activity.region, mine.volunteer, f"activity:{activity.id}", max(came_at, activity.starts_at),
        min(at, activity.ends_at), evidence, witness=witness, entered_by=mine.account,
    )  # fmt: skip
    hour_service.enter_rest(work, service, at=at)  # some of it may be counted already, such as by the code of a site
