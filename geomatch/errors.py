"""The one small family of errors; each is also a builtin.

Law: imports nothing of ours, and everything may import it. An error says what was wrong, what was given
and what to do about it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with one place in the input.

    Attributes:
        where: the file or parameter at fault, as the user named it.
        reason: what is wrong and what would be right, as a sentence.
        row: 1-based row as a spreadsheet shows it, or None where rows do not apply.
        column: the column as the file spells it, or None.
        value: the value as it was given, or None.
    """

    where: str
    reason: str
    row: int | None = None
    column: str | None = None
    value: str | None = None

    def __str__(self) -> str:
        parts = [self.where]
        if self.row is not None:
            parts.append(f"row {self.row}")
        if self.column is not None:
            parts.append(f"column {self.column}")
        given = "" if self.value is None else f" (given: {self.value!r})"
        return f"{', '.join(parts)}: {self.reason}{given}"


class GeomatchError(Exception):
    """Anything geomatch raises on purpose."""


class InputError(GeomatchError, ValueError):
    """The input is at fault; every fault is listed."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))

    @classmethod
    def of(cls, where: str, reason: str, *, value: object = None) -> InputError:
        """Make the error of a single fault."""
        return cls([Fault(where, reason, value=None if value is None else str(value))])


class NotFoundError(GeomatchError, LookupError):
    """A region, site or file that was named does not exist."""


class OutsideRegionError(NotFoundError):
    """A point lies in no region that is served."""


class MissingPartError(GeomatchError, RuntimeError):
    """This machine lacks a library or a font; the message says what to install."""


class NotBuiltError(GeomatchError, RuntimeError):
    """A region has no usable build; the message says how to build it."""


class ConflictError(GeomatchError, ValueError):
    """What was asked cannot stand beside what is stored: a name that is taken, a list that is full.

    Attributes:
        holder: id of what holds the name, or None.
    """

    def __init__(self, told: str, *, holder: str | None = None) -> None:
        self.holder = holder
        super().__init__(told)


class ChangedError(GeomatchError, RuntimeError):
    """Somebody else changed it since it was read."""


class StoreError(GeomatchError, OSError):
    """The database cannot be used now; the message says why, without naming where it is."""


class BusyError(StoreError):
    """Others were at work in the database; nothing was done, and trying again may well succeed."""


class NotSignedInError(GeomatchError, PermissionError):
    """Nobody is signed in, or not any more, and what was asked is not for everybody."""


class NotAllowedError(GeomatchError, PermissionError):
    """Whoever asks may not do this."""


class TooManyError(GeomatchError, RuntimeError):
    """Too much was tried in too short a time.

    Attributes:
        retry_after_s: seconds after which it may be tried again.
    """

    def __init__(self, told: str, *, retry_after_s: int) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(told)
