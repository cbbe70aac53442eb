"""Use case: the network as it is used, as CSV, so that anyone can check any figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from geomatch.services.region import Region


def dump(region: Region, folder: Path) -> tuple[Path, ...]:
    """Write nodes.csv, edges.csv, homes.csv and sites.csv, WGS-84, into a folder that is made where absent.

    Raises:
        InputError: the folder cannot be written.
    """
    raise NotImplementedError
