"""Volunteers as columns, each value told once: what a roster is built of, sooner than of objects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from numpy.typing import NDArray

    from geomatch.volunteering.people import Certificate, UsualPlace, Volunteer

T = TypeVar("T")


@dataclass(frozen=True)
class Coded(Generic[T]):
    """A column whose values come again and again.

    Attributes:
        values: each value, in the order in which they first come.
        code: int64 (n,), which of them each row has.
    """

    values: Sequence[T]
    code: NDArray[np.int64]


@dataclass(frozen=True)
class Columns:
    """What a roster asks of n volunteers, whose attributes these are; ids differ.

    Attributes:
        ids: n of them.
        on_duty, guardian_agreed: bool (n,).
        trained: int64 (n,).
        hours, born, insured_until, skills, languages, certificates, places: as each volunteer has them.
    """

    ids: tuple[str, ...]
    on_duty: NDArray[np.bool_]
    guardian_agreed: NDArray[np.bool_]
    trained: NDArray[np.int64]
    hours: Coded[tuple[int, ...]]
    born: Coded[date | None]
    insured_until: Coded[date | None]
    skills: Coded[tuple[str, ...]]
    languages: Coded[tuple[str, ...]]
    certificates: Coded[tuple[Certificate, ...]]
    places: Coded[tuple[UsualPlace, ...]]


def columns_of(everyone: Sequence[Volunteer]) -> Columns:
    """Set volunteers in columns, a row each, in the order given."""
    return Columns(
        tuple(each.id for each in everyone),
        np.array([each.on_duty for each in everyone], bool),
        np.array([each.guardian_agreed for each in everyone], bool),
        np.array([each.trained for each in everyone], np.int64),
        hours=coded([each.hours for each in everyone]),
        born=coded([each.born for each in everyone]),
        insured_until=coded([each.insured_until for each in everyone]),
        skills=coded([each.skills for each in everyone]),
        languages=coded([each.languages for each in everyone]),
        certificates=coded([each.certificates for each in everyone]),
        places=coded([each.places for each in everyone]),
    )


def coded(column: Sequence[T]) -> Coded[T]:
    """Give each value of a column once; they can be told apart by hash."""
    known: dict[T, int] = {}
    code = [known.setdefault(value, len(known)) for value in column]
    return Coded(tuple(known), np.array(code, np.int64))
