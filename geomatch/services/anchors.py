"""Use case: the head of the chain of hours is sent out daily, and the chain is held against what was sent."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from geomatch.errors import Fault
from geomatch.services.hours import Total, summed
from geomatch.volunteering import hours
from geomatch.volunteering.hours import Anchor
from geomatch.volunteering.notices import Notice, Purpose
from geomatch.volunteering.roles import Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from geomatch.store.job_rows import Job
    from geomatch.store.unit_of_work import UnitOfWork
    from geomatch.volunteering.hours import Entry

READERS = (Role.CENTRE, Role.AUDITOR)
"""Who is sent the anchor of each day; what they keep is out of reach of whoever owns the database."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What came of holding a chain against its anchors.

    Attributes:
        entries: how many were read.
        anchors: how many the chain was held against, those kept in the database among them.
        faults: every place where it does not hold; none where all is well.
    """

    entries: int
    anchors: int
    faults: tuple[Fault, ...]


def anchor(work: UnitOfWork, region: str, *, at: datetime) -> Anchor:
    """Give the head of a region's chain as it is now."""
    with work:
        number, head = work.hours.head(region)
    return Anchor(region, number, head, at)


def kept(work: UnitOfWork, region: str, *, limit: int, offset: int) -> tuple[int, tuple[Anchor, ...]]:
    """Count the anchors that were sent out, and list some, the newest first."""
    with work:
        return work.anchors.page(region, limit=limit, offset=offset)


def send_out(work: UnitOfWork, job: Job, at: datetime) -> None:
    """Keep the anchor of the day, and tell it to those who watch; the unit of work is open."""
    number, head = work.hours.head(job.region)
    if number == 0:
        return
    made = Anchor(job.region, number, head, at)
    work.anchors.add(made)
    day = at.astimezone(ZoneInfo(work.outbox.rules(job.region).timezone)).date().isoformat()
    for who in work.accounts.of_roles(job.region, READERS):
        work.outbox.put(_told(made, day, who))


def _told(made: Anchor, day: str, who: str) -> Notice:
    return Notice(
        made.region, f"anchor:{made.number}:{day}:{who}", Purpose.STAFF, "anchor", str(made.number),
        "每日公布服务时长链的锚点，请留存", "The daily anchor of the chain of hours, to be kept",
        f"{day} 服务时长链锚点：第 {made.number} 条。请留存下一行，可用 geomatch hours verify 核对。\n{as_text(made)}",
        made.at, account=who,
    )  # fmt: skip


def as_text(made: Anchor) -> str:
    """Write an anchor on one line, as `files/anchor_file.py` reads it."""
    told = {"region": made.region, "number": made.number, "hash": made.hash, "at": made.at.astimezone(UTC).isoformat()}
    return json.dumps(told, ensure_ascii=False)


def verify(work: UnitOfWork, region: str, given: Sequence[Anchor], *, at: datetime) -> Verified:
    """Hold a region's chain against what stands beside it, the anchors that are kept, and those that are given.

    Entries that are added meanwhile are read or not, and are no fault.
    """
    where = f"hours of {region}"
    strangers = [each for each in given if each.region != region]
    faults = [Fault(where, f"the anchor is of region {each.region!r}", row=each.number) for each in strangers]
    with work:
        number, head = work.hours.head(region)
        anchors = [*(each for each in given if each.region == region), *work.anchors.all(region)]
        reading = _Reading()
        now = Anchor(region, number, head, at)
        faults += hours.verify(reading.through(work.hours.chain(region)), [*anchors, now], where=where)
        if work.hours.head(region)[0] < reading.last:
            faults.append(Fault(where, "the chain goes on beyond what stands beside it", row=reading.last))
    return Verified(reading.count, len(anchors), tuple(faults))


class _Reading:
    """Counts entries as they pass."""

    count, last = 0, 0

    def through(self, entries: Iterator[Entry]) -> Iterator[Entry]:
        for entry in entries:
            self.count += 1
            self.last = entry.number
            yield entry


def totals(work: UnitOfWork, region: str, *, at: datetime) -> tuple[tuple[str, Total], ...]:
    """Sum the hours of everybody who has some, each with the name in full, the most hours first."""
    with work:
        by_volunteer: dict[str, list[Entry]] = {}
        for entry in work.hours.chain(region):
            by_volunteer.setdefault(entry.volunteer, []).append(entry)
        objected = work.claims.objected(region)
        names = {each.id: each.name for each in work.people.all(region) if each.id in by_volunteer}
    sums = [summed(volunteer, mine, objected, at=at) for volunteer, mine in by_volunteer.items()]
    sums.sort(key=lambda each: (-each.minutes, each.volunteer))
    return tuple((names.get(each.volunteer, ""), each) for each in sums)
