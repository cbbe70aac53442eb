"""Settings, read once from the environment and frozen."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from geomatch.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Settings:
    """What a running service needs to know.

    Attributes:
        regions: folders of the regions served, in the order shown.
        warm: load every kernel before the first request.
        max_points: most points of one lookup.
    """

    regions: tuple[Path, ...] = ()
    warm: bool = True
    max_points: int = 100_000

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read GEOMATCH_REGIONS (folders split by os.pathsep), GEOMATCH_WARM (1 or 0) and GEOMATCH_MAX_POINTS."""
        env = os.environ if environ is None else environ
        folders = tuple(Path(part) for part in env.get("GEOMATCH_REGIONS", "").split(os.pathsep) if part)
        warm = env.get("GEOMATCH_WARM", "1")
        if warm not in {"0", "1"}:
            raise InputError.of("GEOMATCH_WARM", "must be 0 or 1", value=warm)
        points = env.get("GEOMATCH_MAX_POINTS", "100000")
        if not points.isascii() or not points.isdigit() or int(points) < 1:
            raise InputError.of("GEOMATCH_MAX_POINTS", "must be a whole number of at least 1", value=points)
        return cls(regions=folders, warm=warm == "1", max_points=int(points))
