"""Use case: an office tells the volunteers of an area something, after seeing how many that reaches."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from geomatch.errors import InputError, NotAllowedError
from geomatch.network import reach
from geomatch.network.profiles import limit_for
from geomatch.store import ids
from geomatch.volunteering import pushing
from geomatch.volunteering.notices import Notice, Purpose
from geomatch.volunteering.pushing import MOST_PUSHED, Audience, Circle, Push
from geomatch.volunteering.roles import Role

if TYPE_CHECKING:
    from datetime import datetime

    from numpy.typing import NDArray

    from geomatch.services.region import Region
    from geomatch.store.push_rows import Near
    from geomatch.store.unit_of_work import UnitOfWork
    from geomatch.volunteering.roles import Principal

_STRAIGHT = 1.01
"""No walk is shorter than the straight line; a hundredth more than that is looked at, for the projection's sake."""


@dataclass(frozen=True, slots=True)
class Reached:
    """Whom a push reaches.

    Attributes:
        volunteers: ids of those who are meant and did not opt out.
        opted_out: how many are meant and did.
        full_today: how many of `volunteers` have had their day's notices, and would hear of it tomorrow.
        why_zh, why_en: whom it is for, in words.
    """

    volunteers: tuple[str, ...]
    opted_out: int
    full_today: int
    why_zh: str
    why_en: str


def circle_of(
    region: Region, *, site: str | None, lon: float | None, lat: float | None, minutes: float, profile: str
) -> Circle:
    """Give the circle around a site or a point.

    Raises:
        InputError: both or neither, or a figure out of bounds.
        NotFoundError: no such site.
    """
    limit = limit_for(profile, minutes=minutes)
    if (site is None) is (lon is None or lat is None):
        raise InputError.of("site, lon, lat", "give a site, or a point")
    if site is not None:
        there = region.sites[region.site_row(site)]
        return Circle(there.name, there.lon, there.lat, profile, minutes, limit.limit_m)
    return Circle(f"{lon:.5f}, {lat:.5f}", float(lon or 0), float(lat or 0), profile, minutes, limit.limit_m)


def reached(work: UnitOfWork, region: Region, who: Principal, audience: Audience, *, at: datetime) -> Reached:
    """Say whom a push would reach; nothing is sent.

    Raises:
        NotAllowedError: an office means another township than its own.
    """
    meant = _own(who, audience)
    with work:
        return _reached(work, region, meant, at)


def push(
    work: UnitOfWork,
    region: Region,
    who: Principal,
    audience: Audience,
    body: str,
    *,
    at: datetime,
    lasts: timedelta = timedelta(days=1),
) -> tuple[Push, Reached]:
    """Tell them; the same text reaches nobody twice on one day, whoever sends it.

    Args:
        work: of the database.
        region: an open region.
        who: an office or the centre.
        audience: whom.
        body: what.
        at: now.
        lasts: after which it is of no use.

    Raises:
        NotAllowedError: an office means another township than its own.
        InputError: it would reach more than MOST_PUSHED.
    """
    meant = _own(who, audience)
    with work:
        found = _reached(work, region, meant, at)
        if len(found.volunteers) > MOST_PUSHED:
            told = f"reaches {len(found.volunteers):,} volunteers; a push reaches at most {MOST_PUSHED:,}: narrow it"
            raise InputError.of("unit, skills, interests, circle", told)
        name, day = ids.fresh(), at.astimezone(ZoneInfo(work.outbox.rules(region.spec.id).timezone)).date()
        notices = [
            Notice(
                region.spec.id, pushing.key_of(body, day, volunteer), Purpose.PUSH, "push", name, found.why_zh,
                found.why_en, body, at, volunteer=volunteer, expires_at=at + lasts,
            )
            for volunteer in found.volunteers
        ]  # fmt: skip
        put = work.outbox.put(*notices)
        made = Push(
            name, region.spec.id, who.account, who.unit if who.role is Role.OFFICE else None, body, found.why_zh,
            found.why_en, put, at,
        )  # fmt: skip
        work.pushes.add(made)
        work.commit()
    return made, found


def listed(
    work: UnitOfWork, who: Principal, *, limit: int, offset: int
) -> tuple[int, tuple[tuple[Push, dict[str, int]], ...]]:
    """Count the pushes that an account may see, and list some with their notices by state."""
    with work:
        return work.pushes.page(
            who.region, who.unit if who.role is Role.OFFICE else None, limit=limit, offset=offset
        )  # fmt: skip


def _own(who: Principal, audience: Audience) -> Audience:
    if who.role is not Role.OFFICE:
        return audience
    if audience.unit not in {None, who.unit}:
        raise NotAllowedError(f"this office speaks to its own township ({who.unit})")
    return replace(audience, unit=who.unit)


def _reached(work: UnitOfWork, region: Region, audience: Audience, at: datetime) -> Reached:
    name = region.spec.id
    near = work.pushes.meant(name, audience)
    if audience.circle is not None:
        near = _within(region, audience.circle, near)
    meant = [each.volunteer for each in near]
    out = work.readers.out_of(name, Purpose.PUSH)
    volunteers = tuple(volunteer for volunteer in meant if volunteer not in out)
    rules = work.outbox.rules(name)
    had = Counter(work.outbox.reached(name, *rules.day_of(at)))
    full = sum(had[volunteer] >= rules.most_a_day for volunteer in volunteers)
    return Reached(volunteers, len(meant) - len(volunteers), full, *pushing.why(audience))


def _within(region: Region, circle: Circle, near: list[Near]) -> list[Near]:
    """Keep those with a usual place within the circle, by true walks from each."""
    rows = np.array([row for row, each in enumerate(near) for _ in each.places], np.int64)
    if not rows.size:
        return []
    places = np.array([place for each in near for place in each.places], np.float64)
    plane, ways = region.graph.plane, region.ways(circle.profile)
    x, y = plane.to_xy(places[:, 0], places[:, 1])
    at_x, at_y = (float(value) for value in plane.to_xy(circle.lon, circle.lat))
    close = np.flatnonzero(np.hypot(x - at_x, y - at_y) <= circle.limit_m * _STRAIGHT)
    if not close.size:
        return []
    walked = reach.within(ways, reach.place(ways, at_x, at_y), reach.place(ways, x[close], y[close]), circle.limit_m)
    kept: NDArray[np.int64] = np.unique(rows[close[walked.point]])
    return [near[row] for row in kept.tolist()]
