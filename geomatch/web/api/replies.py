"""An answer that has more to say than its body."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Reply:
    """A body, or None where there is nothing to say, and headers."""

    body: Mapping[str, Any] | None
    headers: tuple[tuple[str, str], ...] = ()


def as_file(name: str) -> tuple[str, str]:
    """Give the header by which a browser saves the answer under a name, in any script (RFC 6266)."""
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-_. ") else "_" for sign in name)
    return "Content-Disposition", f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
