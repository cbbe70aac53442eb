"""All volunteers of a region as arrays: what they can do, when, where; so that 100,000 are asked about at once."""

from __future__ import annotations

from calendar import isleap
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from geomatch.volunteering.people import CHILD_UNTIL, MINOR_UNTIL, week_mask
from geomatch.volunteering.roster_columns import columns_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from geomatch.volunteering.people import Certificate, UsualPlace, Volunteer
    from geomatch.volunteering.roster_columns import Coded, Columns

    Holders: TypeAlias = Mapping[str, NDArray[np.int32]]

FOR_EVER = date.max.toordinal()


@dataclass(frozen=True)
class Roster:
    """Volunteers, one row each; days are proleptic ordinals, as `date.toordinal` gives them.

    Attributes:
        ids: n of them.
        row: the row of each id.
        on_duty: bool (n,), the switch.
        hours: uint64 (n, 3), the hours of the week as bits, see `people.week_mask`.
        child_until, minor_until: int32 (n,), the birthday from which one is a child, or a minor, no more; somebody
            whose birthday is not known is no child, and a minor for ever.
        guardian_agreed: bool (n,).
        insured_until: int32 (n,), the last insured day, 0 where none is known.
        trained: int64 (n,), trainings passed.
        skills, languages: rows of those who have each, ascending.
        proven, proven_until: of each skill the rows of its certificates, and the last day of each.
        place_row: int32 (p,), the volunteer of each usual place.
        place_lon, place_lat: float64 (p,), WGS-84 degrees, coarse.
    """

    ids: tuple[str, ...]
    row: Mapping[str, int]
    on_duty: NDArray[np.bool_]
    hours: NDArray[np.uint64]
    child_until: NDArray[np.int32]
    minor_until: NDArray[np.int32]
    guardian_agreed: NDArray[np.bool_]
    insured_until: NDArray[np.int32]
    trained: NDArray[np.int64]
    skills: Holders
    languages: Holders
    proven: Holders
    proven_until: Holders
    place_row: NDArray[np.int32]
    place_lon: NDArray[np.float64]
    place_lat: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.ids)


def build(given: Iterable[Volunteer]) -> Roster:
    """Set volunteers in rows, in the order given; their ids differ."""
    return of_columns(columns_of(tuple(given)))


def of_columns(given: Columns) -> Roster:
    """Set volunteers in rows who are columns already."""
    proven, proven_until = _proofs(given.certificates)
    return Roster(
        ids=given.ids,
        row={identity: row for row, identity in enumerate(given.ids)},
        on_duty=given.on_duty,
        hours=np.array([week_mask(week) for week in given.hours.values], np.uint64).reshape(-1, 3)[given.hours.code],
        child_until=_days(given.born, lambda born: _birthday(born, CHILD_UNTIL, 0)),
        minor_until=_days(given.born, lambda born: _birthday(born, MINOR_UNTIL, FOR_EVER)),
        guardian_agreed=given.guardian_agreed,
        insured_until=_days(given.insured_until, lambda last: _ordinal(last, 0)),
        trained=given.trained,
        skills=_holders(given.skills),
        languages=_holders(given.languages),
        proven=proven,
        proven_until=proven_until,
        **_places(given.places),
    )


def put(roster: Roster, given: Sequence[Volunteer], *, gone: Collection[str] = ()) -> Roster:
    """Give the roster with some volunteers new or as they are now, and without those that are gone.

    Who did not change keeps the order among themselves; those given come after them.
    """
    fresh = build(given)
    out = np.array([roster.row[each] for each in {*fresh.ids, *gone} if each in roster.row], np.int64)
    stays = np.ones(len(roster), bool)
    stays[out] = False
    first = int(stays.sum())
    new_row = np.where(stays, np.cumsum(stays) - 1, -1).astype(np.int32)
    ids = (*(each for each, here in zip(roster.ids, stays.tolist(), strict=True) if here), *fresh.ids)
    has_place = stays[roster.place_row]
    columns = {
        name: np.concatenate([getattr(roster, name)[stays], getattr(fresh, name)])
        for name in ("on_duty", "hours", "child_until", "minor_until", "guardian_agreed", "insured_until", "trained")
    }
    proven, proven_until = _joined_proofs(roster, fresh, new_row, first)
    return Roster(
        ids=ids,
        row={identity: row for row, identity in enumerate(ids)},
        **columns,
        skills=_joined(roster.skills, fresh.skills, new_row, first),
        languages=_joined(roster.languages, fresh.languages, new_row, first),
        proven=proven,
        proven_until=proven_until,
        place_row=np.concatenate([new_row[roster.place_row[has_place]], fresh.place_row + first]).astype(np.int32),
        place_lon=np.concatenate([roster.place_lon[has_place], fresh.place_lon]),
        place_lat=np.concatenate([roster.place_lat[has_place], fresh.place_lat]),
    )


def _days(days: Coded[date | None], of: Callable[[date | None], int]) -> NDArray[np.int32]:
    return np.array([of(day) for day in days.values], np.int32)[days.code]


def _holders(things: Coded[tuple[str, ...]]) -> Holders:
    """Give the rows of those who have each thing, each row once."""
    having: dict[str, list[int]] = {}
    for code, value in enumerate(things.values):
        for thing in dict.fromkeys(value):
            having.setdefault(thing, []).append(code)
    holders = {}
    for thing, codes in having.items():
        has = np.zeros(len(things.values), bool)
        has[codes] = True
        holders[thing] = np.flatnonzero(has[things.code]).astype(np.int32)
    return holders


def _proofs(certificates: Coded[tuple[Certificate, ...]]) -> tuple[Holders, Holders]:
    rows: dict[str, list[int]] = {}
    until: dict[str, list[int]] = {}
    for row, code in enumerate(certificates.code.tolist()):
        for held in certificates.values[code]:
            rows.setdefault(held.skill, []).append(row)
            until.setdefault(held.skill, []).append(_ordinal(held.expires, FOR_EVER))
    return (
        {skill: np.array(found, np.int32) for skill, found in rows.items()},
        {skill: np.array(found, np.int32) for skill, found in until.items()},
    )


def _places(places: Coded[tuple[UsualPlace, ...]]) -> dict[str, NDArray[Any]]:
    """Give the row, longitude and latitude of every place, a volunteer's one after the other."""
    each = np.array([(place.lon, place.lat) for value in places.values for place in value], np.float64).reshape(-1, 2)
    count = np.array([len(value) for value in places.values], np.int64)
    first, count = (np.cumsum(count) - count)[places.code], count[places.code]
    row = np.repeat(np.arange(len(count)), count)
    nth = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    lon, lat = each[first[row] + nth].T
    return {"place_row": row.astype(np.int32), "place_lon": lon, "place_lat": lat}


_NONE = np.empty(0, np.int32)


def _joined(old: Holders, fresh: Holders, new_row: NDArray[np.int32], first: int) -> Holders:
    """Number the rows anew, and set those that are new after them."""
    joined = {}
    for thing in dict.fromkeys(chain(old, fresh)):
        kept = new_row[old.get(thing, _NONE)]
        joined[thing] = np.concatenate([kept[kept >= 0], fresh.get(thing, _NONE) + first]).astype(np.int32)
    return joined


def _joined_proofs(old: Roster, fresh: Roster, new_row: NDArray[np.int32], first: int) -> tuple[Holders, Holders]:
    until = {}
    for skill in dict.fromkeys(chain(old.proven, fresh.proven)):
        stays = new_row[old.proven.get(skill, _NONE)] >= 0
        kept = old.proven_until.get(skill, _NONE)[stays]
        until[skill] = np.concatenate([kept, fresh.proven_until.get(skill, _NONE)])
    return _joined(old.proven, fresh.proven, new_row, first), until


def _ordinal(day: date | None, otherwise: int) -> int:
    return otherwise if day is None else day.toordinal()


def _birthday(born: date | None, years: int, otherwise: int) -> int:
    """Give the day on which somebody is so many years old; one of 29 February has it on 1 March in other years."""
    if born is None:
        return otherwise
    year = born.year + years
    if year > date.max.year:
        return FOR_EVER
    leaps_over = (born.month, born.day) == (2, 29) and not isleap(year)
    return (date(year, 3, 1) if leaps_over else born.replace(year=year)).toordinal()
