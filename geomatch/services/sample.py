"""Use case: a bundled region's sources, to look at and to start from."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("haidian",)


def write_sample(name: str, folder: Path) -> tuple[Path, ...]:
    """Copy a bundled region's sources into a new or empty folder.

    Raises:
        NotFoundError: no such sample.
        InputError: the folder is not empty or cannot be written.
    """
    raise NotImplementedError
