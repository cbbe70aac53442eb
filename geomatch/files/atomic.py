"""Files appear whole or not at all: written beside, then renamed."""

from __future__ import annotations

import os
import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING

from geomatch.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def write_beside(path: Path) -> Iterator[Path]:
    """Give a new file's path in the same folder; it takes the real name once the block ends without an error.

    An error, even a kill, leaves what stood under the name before; a link stays a link to what it named.

    Raises:
        InputError: the folder does not exist or cannot be written, or the name is a folder or device.
    """
    try:
        target = path.resolve()
        special = target.exists() and not target.is_file()
        beside = target.with_name(f".{target.stem[:80]}.{secrets.token_hex(6)}{target.suffix}")
        if not special:
            beside.touch(exist_ok=False)
    except (OSError, ValueError, RuntimeError) as error:  # a name with a NUL, a ring of links
        raise InputError.of(str(path), f"cannot be written here: {error}") from error
    if special:
        raise InputError.of(str(path), "is a folder or a device; name a file")
    try:
        yield beside
        _flush(beside)
        beside.replace(target)
        _flush(target.parent)
    finally:
        beside.unlink(missing_ok=True)


def _flush(path: Path) -> None:
    """Have the disk hold what was written, or a folder's names, before anybody counts on it."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
