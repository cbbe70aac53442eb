"""Hours of service that can't be bought: evidence, a second pair of eyes, and a chain that shows any change.

Each entry holds the hash of the one before it. Who changes, drops or moves an entry, or writes the whole chain anew,
gives the chain another head; an anchor that was printed or sent out names the head of its day.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from geomatch.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

GENESIS = "0" * 64
"""The hash before the first entry."""

STARS = (100, 300, 600, 1000, 1500)
"""Hours at which a volunteer has one to five stars."""


class Evidence(StrEnum):
    """What shows that the service took place, the strongest first; the value is what files and URLs say."""

    CODE = "code"  # checked in and out by the code that the site shows
    BOTH = "both"  # the volunteer and whoever was helped said so, each on their own
    OFFICE = "office"  # entered in the back office: needs a second person, and waits in public


GRADES: dict[Evidence, str] = {Evidence.CODE: "A", Evidence.BOTH: "B", Evidence.OFFICE: "C"}
"""The grade that an entry carries for its evidence."""


class EntryKind(StrEnum):
    """What an entry does to the sum."""

    SERVICE = "service"
    REVERSAL = "reversal"


@dataclass(frozen=True, slots=True)
class Entry:
    """One link of a region's chain.

    Attributes:
        region: the chain that it belongs to.
        number: 1, 2, 3 ...
        volunteer: who served.
        kind: a service, or the reversal of one.
        cause: what it was for, such as order:ID, duty:ID or activity:ID, and order:ID:2 of its second piece; of a
            reversal, hours:NUMBER.
        start, end: the service itself, without the way there.
        minutes: what counts after rounding; negative in a reversal.
        evidence: what shows it.
        witness: account of the second person, the site whose code it was, or who confirmed; never the volunteer.
        entered_by: account or job that wrote it.
        entered_at: when.
        counts_from: from when it counts; later than entered_at where it waits in public first.
        note: why, of a back-office entry or a reversal.
        before: hash of the entry before it.
        hash: of all the above.
    """

    region: str
    number: int
    volunteer: str
    kind: EntryKind
    cause: str
    start: datetime
    end: datetime
    minutes: int
    evidence: Evidence
    witness: str
    entered_by: str
    entered_at: datetime
    counts_from: datetime
    note: str
    before: str
    hash: str


@dataclass(frozen=True, slots=True)
class Rounding:
    """A district's rule: minutes served -> minutes that count.

    Attributes:
        steps: (upper bound in minutes, what counts), rising, bounds inclusive, for the part beyond whole hours; the
            last bound is 60.
    """

    steps: tuple[tuple[int, int], ...]

    def __post_init__(self) -> None:
        bounds = [bound for bound, _ in self.steps]
        if bounds != sorted(set(bounds)) or not bounds or bounds[0] < 0 or bounds[-1] != 60:  # noqa: PLR2004 - an hour
            raise InputError.of("rounding", "bounds must rise and end with 60", value=self.steps)
        counts = [count for _, count in self.steps]
        if counts != sorted(counts) or counts[0] < 0 or counts[-1] > 60:  # noqa: PLR2004 - an hour
            raise InputError.of("rounding", "what counts must not fall, and be from 0 to 60", value=self.steps)

    def counted(self, start: datetime, end: datetime) -> int:
        """Minutes that count of a service; whole hours count whole.

        Raises:
            InputError: it does not end after it starts.
        """
        if end <= start:
            raise InputError.of("end", "must be after the start", value=end.isoformat())
        hours, rest = divmod(int((end - start) / timedelta(minutes=1)), 60)
        return hours * 60 + next(count for bound, count in self.steps if rest <= bound)


USUAL_ROUNDING = Rounding(((15, 0), (45, 30), (60, 60)))
"""Up to 15 minutes nothing, up to 45 half an hour, beyond that the hour."""
EXACT = Rounding(tuple((minute, minute) for minute in range(61)))
"""Every full minute counts."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """The head of a chain at some moment, small enough to be printed or read out."""

    region: str
    number: int
    hash: str
    at: datetime


def link(entry: Entry, before: str) -> Entry:
    """Give the entry as the next link after a hash; whatever stands in its own two hashes is replaced."""
    fields = _fields(entry) | {"before": before}
    values = {name: getattr(entry, name) for name in _NAMES} | {"before": before, "hash": _digest(fields)}
    return Entry(**values)


_NAMES = tuple(Entry.__dataclass_fields__)


def _fields(entry: Entry) -> dict[str, object]:
    return {
        name: value.astimezone(UTC).isoformat(timespec="microseconds") if isinstance(value, datetime) else value
        for name in _NAMES
        if name != "hash"
        for value in (getattr(entry, name),)
    }


def _digest(fields: dict[str, object]) -> str:
    said = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()


def verify(entries: Iterable[Entry], anchors: Sequence[Anchor] = (), *, where: str = "hours") -> tuple[Fault, ...]:
    """List every place where a region's chain does not hold, and every anchor that it does not come through.

    Args:
        entries: all of a region, in the order of their numbers.
        anchors: what was printed or sent out.
        where: what the faults name.
    """
    faults: list[Fault] = []
    wanted: dict[int, list[Anchor]] = {}
    for anchor in anchors:
        wanted.setdefault(anchor.number, []).append(anchor)
    before, number = GENESIS, 0
    for entry in entries:
        number += 1
        faults += _entry_faults(entry, number, before, where)
        faults += [_lost(anchor, where) for anchor in wanted.pop(entry.number, []) if anchor.hash != entry.hash]
        before, number = entry.hash, entry.number
    faults += [_lost(anchor, where) for rest in wanted.values() for anchor in rest if anchor.number > 0]
    return tuple(faults)


def _entry_faults(entry: Entry, number: int, before: str, where: str) -> list[Fault]:
    faults = []
    if entry.number != number:
        faults.append(Fault(where, f"entry {number} is missing", row=entry.number, column="number"))
    if entry.before != before:
        faults.append(Fault(where, "does not follow the entry before it", row=entry.number, column="before"))
    if entry.hash != _digest(_fields(entry)):
        faults.append(Fault(where, "was changed after it was written", row=entry.number, column="hash"))
    return faults


def _lost(anchor: Anchor, where: str) -> Fault:
    told = f"the chain does not come through the anchor of {anchor.at.date().isoformat()}"
    return Fault(where, told, row=anchor.number, column="hash", value=anchor.hash)


def uncovered(start: datetime, end: datetime, known: Iterable[Entry]) -> tuple[tuple[datetime, datetime], ...]:
    """Give the pieces of a time that no entry has, the earliest first."""
    pieces = []
    for entry in sorted(known, key=lambda entry: entry.start):
        pieces.append((start, min(entry.start, end)))
        start = max(start, entry.end)
    return tuple((since, until) for since, until in (*pieces, (start, end)) if since < until)


def stars(minutes: int) -> int:
    """How many stars so many counted minutes give, 0 to 5."""
    return sum(minutes >= hours * 60 for hours in STARS)
