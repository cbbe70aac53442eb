"""Many orders at once: who is asked for which, so that the most places are taken, and among those at the least cost.

Each volunteer is given one place of all of them at most. Cost is what the choice for a single order ranks by.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from geomatch.volunteering import assignment

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from geomatch.volunteering.matching_record import Record

    Place: TypeAlias = tuple[int, NDArray[np.int32], NDArray[np.float64]]


def share_out(records: Sequence[Record], *, taken: Collection[str] = ()) -> tuple[tuple[str, ...], ...]:
    """Give each order its volunteers, best first; fewer than its places where not all can be taken.

    An order of k places that takes fewer minors has so many of them for minors too, and the others for adults only.

    Args:
        records: of each order who is near it, and in k how many places it has.
        taken: ids of volunteers who are not to be given any.
    """
    most = sum(record.k for record in records)  # the others take fewer than this: nobody needs a longer list
    known: dict[str, int] = {}
    places = [place for at, record in enumerate(records) for place in _places(record, at, known, taken, most)]
    if not places:
        return ((),) * len(records)
    of_order, helper, score_s = zip(*places, strict=True)
    start = np.concatenate([[0], np.cumsum([len(rows) for rows in helper])]).astype(np.int64)
    cost = np.concatenate(score_s)
    found = assignment.assign(start, np.concatenate(helper), cost - cost.min(initial=0.0))
    names = tuple(known)
    given: list[list[tuple[float, str]]] = [[] for _ in records]
    for at, at_order in enumerate(of_order):
        who = int(found.helper[at])
        if who != assignment.NOBODY:
            rank = int(np.flatnonzero(helper[at] == who)[0])
            given[at_order].append((float(score_s[at][rank]), names[who]))
    return tuple(tuple(name for _, name in sorted(each)) for each in given)


def short_of(
    records: Sequence[Record], given: Sequence[Sequence[str]], *, taken: Collection[str] = ()
) -> tuple[int, ...]:
    """Name the orders with a place free, and whoever could let go of a volunteer, in one step or many, to fill it.

    If each of these looked further afield, more places might be taken; if only the others did, none. Where no place is
    free there are none.

    Args:
        records: as for share_out.
        given: what it gave.
        taken: as for it.
    """
    holder = {name: at for at, names in enumerate(given) for name in names}
    found = [at for at, record in enumerate(records) if len(given[at]) < record.k]
    known = set(found)
    for at in found:  # it grows meanwhile
        names = [records[at].among.volunteer[row] for row in records[at].ranked()[0].tolist()]
        others = {holder[name] for name in names if name in holder and name not in taken} - known
        found += sorted(others)
        known |= others
    return tuple(sorted(known))


def _places(record: Record, at: int, known: dict[str, int], taken: Collection[str], most: int) -> list[Place]:
    """Give an order's places: which order's, who may take it, best first, and what each costs."""
    rows, score_s = record.ranked()
    names = [record.among.volunteer[row] for row in rows.tolist()]
    free = np.array([name not in taken for name in names], bool)
    is_adult = ~record.among.minor[rows]
    helper = np.array([known.setdefault(name, len(known)) for name in names], np.int32)
    for_minors = min(record.k, record.among.most_minors)
    places = []
    for count, may in ((record.k - for_minors, free & is_adult), (for_minors, free)):
        places += [(at, helper[may][:most], score_s[may][:most])] * count
    return places
