"""Use case: turn a region's sources into a build that opens by memory map."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from geomatch.services.build_report import BuildReport


def quiet(_stage: str, _share: float) -> None:
    """Report no progress."""


def build(folder: Path, *, progress: Callable[[str, float], None] = quiet) -> BuildReport:
    """Import, check, index and save a region; the old build stays in use until the new one is whole.

    Args:
        folder: the region's folder, with region.toml.
        progress: called with the stage's name and the share done, 0 to 1 over all stages.

    Raises:
        InputError: every fault of every source, listed.
    """
    raise NotImplementedError


def why_stale(folder: Path) -> str | None:
    """Say why a region must be built (again), or None where its build is whole and as new as its sources.

    Raises:
        InputError: region.toml is missing or at fault.
    """
    raise NotImplementedError
