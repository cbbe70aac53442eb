"""A secret in a file of its own, outside the database, that only its owner reads; made where there is none."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

from geomatch.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

_BYTES, _LEAST = 32, 32
_OWNER_ONLY = 0o600


def read_or_make(path: Path) -> bytes:
    """Read a secret; the first to ask makes it, and all others read the same.

    Raises:
        InputError: the file can be neither read nor made, holds too little, or others may read it.
    """
    try:
        if not path.exists():
            _make(path)
        if path.stat().st_mode & 0o077:
            raise InputError.of(str(path), "is a secret that others may read; chmod 600 it")
        found = path.read_bytes().strip()
    except OSError as error:
        raise InputError.of(str(path), f"cannot be read or made: {error.strerror}") from error
    if len(found) < _LEAST:
        raise InputError.of(str(path), f"holds less than {_LEAST} characters; it was not made by geomatch")
    return found


def _make(path: Path) -> None:
    """Write a whole file beside, and name it at once, so that nobody reads half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY), "w") as file:
            file.write(secrets.token_hex(_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(beside, path)
        except FileExistsError:
            return  # somebody else was first
    finally:
        beside.unlink(missing_ok=True)
