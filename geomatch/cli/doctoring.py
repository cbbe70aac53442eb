"""Commands that doubt a file: doctor, and the note where a declared coordinate system contradicts the points."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from geomatch.cli.making import opened
from geomatch.planning.doctor.measured import Surroundings

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator
    from pathlib import Path

    from geomatch.geo.coordinates import CoordSys
    from geomatch.services.doctor import Examined
    from geomatch.services.region import Region

_NAMES = {
    "wgs84": "WGS-84 (CGCS2000 is the same place 同一位置)",
    "gcj02": "GCJ-02 火星坐标 (高德、腾讯)",
    "bd09": "BD-09 百度坐标",
    "swapped": "longitude and latitude exchanged 经纬度颠倒",
    "unsure": "unsure 无法判定",
}


def doctor(options: argparse.Namespace) -> None:
    """Say which coordinate system a file is in."""
    from geomatch.services import doctor as doctor_room  # noqa: PLC0415 - each command opens only its own rooms

    examined = doctor_room.examine(options.file, _around(opened(options.region)))
    if options.json:
        print(json.dumps(doctor_room.members(examined), ensure_ascii=False))
    else:
        print("\n".join(_told(examined)))


def note_contradiction(path: Path, declared: CoordSys, region: Region) -> None:
    """Note on stderr where a file that was just read contradicts the system that it is declared to be in."""
    from geomatch.services import doctor as doctor_room  # noqa: PLC0415 - as above

    doubt = doctor_room.contradiction(doctor_room.examine(path, _around(region)), declared)
    if doubt is not None:
        print(f"geomatch: note: {doubt}", file=sys.stderr)


def _around(region: Region) -> Surroundings:
    return Surroundings(region.graph, region.index, region.townships)


def _told(examined: Examined) -> Iterator[str]:
    from geomatch.services import doctor as doctor_room  # noqa: PLC0415 - as above

    found = examined.diagnosis
    yield f"{examined.path}: {_NAMES[found.verdict]}"
    sure = "confidence 置信度" if found.verdict != "unsure" else f"likeliest 最可能 {found.system or '-'}"
    yield f"{sure} {found.confidence:.3f}; {examined.rows:,} rows, {found.judged:,} places judged"
    yield from (f"  {reason}" for reason in doctor_room.reasons(examined))
    if found.judgement is not None:
        chances = doctor_room.probabilities(found.judgement)
        yield "  probability 概率: " + ", ".join(f"{name} {share:.3f}" for name, share in chances.items())
