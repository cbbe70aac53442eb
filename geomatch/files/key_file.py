"""The key that a district signs with: a file of its own, outside the database, that nobody else may read."""

from __future__ import annotations

import os
import re
import secrets
import stat
from typing import TYPE_CHECKING

from geomatch.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_HEX = re.compile(r"[0-9a-f]{64}")
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
KEY_BYTES = 32


def read_or_make(path: Path, make: Callable[[], bytes]) -> bytes:
    """Read a private key, or make it where there is none; of two who make it at once one wins and both have it.

    Raises:
        InputError: the file may be read by others, holds no key, or cannot be read or made.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
        if not path.exists():
            handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(make().hex() + "\n")
                file.flush()
                os.fsync(file.fileno())
            try:
                os.link(beside, path)  # fails where another was first, whose key then holds
            except FileExistsError:
                pass
            finally:
                beside.unlink()
        return _read(path)
    except OSError as error:
        raise InputError.of(str(path), f"cannot be read or made: {error.strerror}") from error


def _read(path: Path) -> bytes:
    if path.stat().st_mode & _OTHERS:
        raise InputError.of(str(path), "may be read by others; keep it to its owner: chmod 600")
    return _bytes(path.read_text(encoding="ascii", errors="replace"), str(path))


def read_public(given: str, where: str) -> bytes:
    """Read a public key, 64 hexadecimal figures as `geomatch hours key` prints them.

    Raises:
        InputError: it is none.
    """
    return _bytes(given, where)


def _bytes(text: str, where: str) -> bytes:
    if not _HEX.fullmatch(text.strip().lower()):
        raise InputError.of(where, "holds no key: 64 hexadecimal figures")
    return bytes.fromhex(text.strip())
