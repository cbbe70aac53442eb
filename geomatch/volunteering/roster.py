"""All volunteers of a region as arrays: what they can do, when, where; so that 100,000 are asked about at once."""

from __future__ import annotations

from calendar import isleap
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from geomatch.volunteering.people import CHILD_UNTIL, MINOR_UNTIL, week_mask

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from geomatch.volunteering.people import Volunteer

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
    everyone = tuple(given)
    ids = tuple(each.id for each in everyone)
    weeks: dict[tuple[int, ...], NDArray[np.uint64]] = {}
    for each in everyone:
        if each.hours not in weeks:  # many share a week
            weeks[each.hours] = week_mask(each.hours)
    places = [(row, place.lon, place.lat) for row, each in enumerate(everyone) for place in each.places]
    at = np.array(places, np.float64).reshape(-1, 3)
    proven, proven_until = _proofs(everyone)
    return Roster(
        ids=ids,
        row={identity: row for row, identity in enumerate(ids)},
        on_duty=np.array([each.on_duty for each in everyone], bool),
        hours=np.array([weeks[each.hours] for each in everyone], np.uint64).reshape(-1, 3),
        child_until=np.array([_birthday(each.born, CHILD_UNTIL, 0) for each in everyone], np.int32),
        minor_until=np.array([_birthday(each.born, MINOR_UNTIL, FOR_EVER) for each in everyone], np.int32),
        guardian_agreed=np.array([each.guardian_agreed for each in everyone], bool),
        insured_until=np.array([_ordinal(each.insured_until, 0) for each in everyone], np.int32),
        trained=np.array([each.trained for each in everyone], np.int64),
        skills=_holders(everyone, lambda each: each.skills),
        languages=_holders(everyone, lambda each: each.languages),
        proven=proven,
        proven_until=proven_until,
        place_row=at[:, 0].astype(np.int32),
        place_lon=at[:, 1],
        place_lat=at[:, 2],
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


def _holders(everyone: Sequence[Volunteer], of: Callable[[Volunteer], Iterable[str]]) -> Holders:
    """Give the rows of those who have each thing, each row once."""
    rows: dict[str, list[int]] = {}
    for row, each in enumerate(everyone):
        for thing in dict.fromkeys(of(each)):
            rows.setdefault(thing, []).append(row)
    return {thing: np.array(found, np.int32) for thing, found in rows.items()}


def _proofs(everyone: Sequence[Volunteer]) -> tuple[Holders, Holders]:
    rows: dict[str, list[int]] = {}
    until: dict[str, list[int]] = {}
    for row, each in enumerate(everyone):
        for held in each.certificates:
            rows.setdefault(held.skill, []).append(row)
            until.setdefault(held.skill, []).append(_ordinal(held.expires, FOR_EVER))
    return (
        {skill: np.array(found, np.int32) for skill, found in rows.items()},
        {skill: np.array(found, np.int32) for skill, found in until.items()},
    )


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
