"""Volunteers who may be one person: found and told, never merged by themselves."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geomatch.volunteering import identity

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

REASONS = {
    "person": "same name and phone",
    "birth": "same name and day of birth",
    "phone": "same phone, another name",
}
"""Why two may be one, the surest first, with words for each."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What of a volunteer tells it from others.

    Attributes:
        id: ours.
        number: the office's, or None.
        name, phone: in full.
        born: day of birth, or None.
        team, unit: where it belongs.
    """

    id: str
    number: str | None
    name: str
    phone: str
    born: date | None
    team: str | None
    unit: str | None


@dataclass(frozen=True, slots=True)
class Group:
    """Two or more who may be one.

    Attributes:
        reason: one of REASONS.
        entries: by id.
    """

    reason: str
    entries: tuple[Entry, ...]


def find(entries: Iterable[Entry]) -> tuple[Group, ...]:
    """Group who may be one, the surest groups first; a group that holds no more than a surer one is left out."""
    by_reason: dict[str, dict[str, list[Entry]]] = {reason: defaultdict(list) for reason in REASONS}
    for each in sorted(entries, key=lambda entry: entry.id):
        phone, name = identity.plain_phone(each.phone), identity.plain_name(each.name)
        if phone:
            by_reason["person"][f"{name}/{phone}"].append(each)
            by_reason["phone"][phone].append(each)
        if each.born is not None and name:
            by_reason["birth"][f"{name}/{each.born}"].append(each)
    found: list[Group] = []
    told: set[frozenset[str]] = set()
    for reason, groups in by_reason.items():
        for mark in sorted(groups):
            same = groups[mark]
            ids = frozenset(each.id for each in same)
            if len(same) > 1 and ids not in told:
                told.add(ids)
                found.append(Group(reason, tuple(same)))
    return tuple(found)
