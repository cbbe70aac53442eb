"""Anchors of a chain of hours as they are sent out: one JSON object on a line, typed by hand if need be."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import TYPE_CHECKING

from geomatch.errors import Fault, InputError
from geomatch.volunteering.hours import Anchor

if TYPE_CHECKING:
    from pathlib import Path

_HASH = re.compile(r"[0-9a-f]{64}")
_MOST_BYTES = 10_000_000


def read_anchors(path: Path) -> tuple[Anchor, ...]:
    """Read a file of anchors, one a line; lines that do not begin with a brace are words around them.

    Raises:
        InputError: the file cannot be read, holds no anchor, or a line is none; with every row.
    """
    try:
        data = path.read_bytes()[: _MOST_BYTES + 1]
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise InputError.of(str(path), f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError.of(str(path), "is no text in UTF-8") from error
    if len(data) > _MOST_BYTES:
        raise InputError.of(str(path), f"is larger than {_MOST_BYTES / 1e6:g} MB; that is no file of anchors")
    found: list[Anchor] = []
    faults: list[Fault] = []
    for row, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("{"):
            try:
                found.append(_anchor(line))
            except (ValueError, KeyError, TypeError, RecursionError) as error:
                told = f"is no anchor, which has region, number, hash and at ({type(error).__name__})"
                faults.append(Fault(str(path), told, row=row))
    if not found and not faults:
        faults.append(Fault(str(path), "holds no anchor: a line such as geomatch hours anchor writes"))
    if faults:
        raise InputError(faults)
    return tuple(found)


def _anchor(line: str) -> Anchor:
    given = json.loads(line)
    region, number, head = given["region"], given["number"], given["hash"]
    if not isinstance(region, str) or type(number) is not int or number < 0 or not _HASH.fullmatch(head):
        raise ValueError(line)
    at = datetime.fromisoformat(given["at"])
    if at.tzinfo is None:
        raise ValueError(line)
    return Anchor(region, number, head, at)
