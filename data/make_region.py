"""Make a bundled region from figures and a sketch. Run: python data/make_region.py haidian|ledu|chaozhou [DIR]."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from makers import city, homes, old_town, plane, shops, sites, valley, valley_sites, write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from makers.homes import Homes
    from makers.sites import Site

    from geomatch.geo.projection import Plane


def haidian(folder: Path) -> str:
    """Make the model of Haidian."""
    made = city.build()
    settled = homes.settle(made.grown)
    told = _written(folder, made, settled, sites.found(made, settled), ground=plane.PLANE)
    listed = shops.listed(made, settled)
    write.shops(folder, listed)
    return f"{told}, {len(listed)} shops"


def ledu(folder: Path) -> str:
    """Make the model of Ledu."""
    made = valley.build()
    return _written(folder, made, made.homes, valley_sites.found(made), ground=plane.LEDU)


def chaozhou(folder: Path) -> str:
    """Make the model of the old town of Chaozhou."""
    made = old_town.build()
    return _written(folder, made, made.homes, old_town.landscapes(made), ground=plane.PLANE)


MAKERS = {"haidian": haidian, "ledu": ledu, "chaozhou": chaozhou}


def _written(folder: Path, made: write.Laid, settled: Homes, founded: Sequence[Site], *, ground: Plane) -> str:
    """Write every file of a region but region.toml, which is written by hand; gives counts for people."""
    folder.mkdir(parents=True, exist_ok=True)
    counts = write.streets(folder, made, ground)
    write.townships(folder, made.towns, ground)
    write.homes(folder, settled, ground)
    write.sites(folder, founded, ground)
    return f"{counts}, {len(settled.xy)} homes, {len(founded)} sites"


def main(name: str, folder: Path) -> None:
    """Make one region and say what it holds."""
    started = time.perf_counter()
    told = MAKERS[name](folder)
    print(f"{folder}: {told}, {time.perf_counter() - started:.1f} s")


if __name__ == "__main__":
    if len(sys.argv) not in {2, 3} or sys.argv[1] not in MAKERS:
        sys.exit(f"which region? {' '.join(MAKERS)}")
    main(sys.argv[1], Path(sys.argv[2]) if len(sys.argv) > 2 else Path(__file__).parent / sys.argv[1])  # noqa: PLR2004
