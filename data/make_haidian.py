"""Make data/haidian, a model of Haidian, from figures and a sketch. Run: python data/make_haidian.py [DIR]."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from makers import city, homes, sites, write


def main(folder: Path) -> None:
    """Make every file of the region but region.toml, which is written by hand."""
    started = time.perf_counter()
    folder.mkdir(parents=True, exist_ok=True)
    made = city.build()
    settled = homes.settle(made)
    founded = sites.found(made, settled)
    counts = write.streets(folder, made)
    write.townships(folder, made.towns)
    write.homes(folder, settled)
    write.sites(folder, founded)
    took_s = time.perf_counter() - started
    print(f"{folder}: {counts}, {len(settled.xy)} homes, {len(founded)} sites, {took_s:.1f} s")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "haidian")
