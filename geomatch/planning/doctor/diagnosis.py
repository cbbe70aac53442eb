"""A file of points as a whole: are its points of this region, exchanged, packed, and in which system."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from geomatch.geo import coordinates, degrees
from geomatch.geo.coordinates import CoordSys
from geomatch.planning.doctor.judgement import HIGHEST, SURE, judge
from geomatch.planning.doctor.measured import measure
from geomatch.planning.doctor.packed import Packing, unpack
from geomatch.planning.doctor.readings import SYSTEMS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from geomatch.planning.doctor.judgement import Judgement
    from geomatch.planning.doctor.measured import Measured, Surroundings

_MARGIN_M = 5000.0
_MOST_JUDGED = 1000
_NEARLY_ALL, _FEW = 0.9, 0.05
_CARRIAGEWAY_M = 10.0


class Verdict(StrEnum):
    """What is said of a file."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"
    SWAPPED = "swapped"
    UNSURE = "unsure"


@dataclass(frozen=True)
class Figures:
    """What the points meet if they are in one system; None where nothing can be measured.

    Attributes:
        shift_m: how far the system's reading lies from the WGS-84 reading.
        quarter_m: the quarter of the points nearest to a street lies within this.
        on_carriageway: share of them within 10 m of a street's middle line.
        in_township: share of the rows that name a township and stand in it.
        in_region: share of the other rows that stand in any township.
    """

    shift_m: float
    quarter_m: float | None
    on_carriageway: float | None
    in_township: float | None
    in_region: float | None


@dataclass(frozen=True)
class Diagnosis:
    """What is known of a file's points.

    Attributes:
        verdict: the system, swapped, or unsure.
        confidence: probability of the verdict; where it is unsure, of the likeliest system.
        system: the likeliest system, once swapped or packed numbers are put right; None where nothing can be said.
        here: rows whose numbers lie in the region or within 5 km.
        swapped: rows that do so only with their numbers exchanged.
        elsewhere: rows that do neither.
        packed: how degrees and minutes were made one number, or None.
        shifted: whether mainland maps shift coordinates there; elsewhere all systems are one.
        judged: points that were judged, each place once, 1000 at most.
        named: rows of those that name a township.
        judgement: how probable each explanation is; None where there is nothing to judge.
        figures: what the points meet under each system; empty where there is nothing to judge.
    """

    verdict: Verdict
    confidence: float
    system: CoordSys | None
    here: int
    swapped: int
    elsewhere: int
    packed: Packing | None
    shifted: bool
    judged: int
    named: int
    judgement: Judgement | None
    figures: Mapping[CoordSys, Figures]


@dataclass(frozen=True)
class _Lie:
    """Where pairs of numbers lie, bool (n,) each."""

    here: NDArray[np.bool_]
    swapped: NDArray[np.bool_]

    @property
    def share(self) -> float:
        return float((self.here | self.swapped).mean())


def diagnose(
    lon: NDArray[np.float64], lat: NDArray[np.float64], unit: NDArray[np.int32], around: Surroundings
) -> Diagnosis:
    """Judge which system points are in.

    Args:
        lon: what stands for the longitude, degrees, (n,) with n of 1 or more.
        lat: what stands for the latitude, (n,).
        unit: (n,), index of the township that each row names, or -1.
        around: the region's streets and townships.
    """
    box = _box(around)
    packed, lon, lat = _unpacked(lon, lat, box)
    lie = _lie(lon, lat, box)
    exchanged = bool(lie.swapped.sum() > lie.here.sum())
    rows = np.flatnonzero(lie.swapped if exchanged else lie.here)
    first, second = (lat, lon) if exchanged else (lon, lat)
    chosen = rows[_judged(first[rows], second[rows], unit[rows])]
    shifted = bool(coordinates.is_shifted(first[rows], second[rows]).any())
    measured = measure(first[chosen], second[chosen], unit[chosen], around) if len(chosen) else None
    judgement = judge(measured) if measured is not None and shifted else None
    system, surely = _system(judgement, count=len(rows))
    verdict = _verdict(lie, system, surely, exchanged=exchanged, packed=packed is not None)
    return Diagnosis(
        verdict=verdict,
        confidence=HIGHEST if verdict is Verdict.SWAPPED else surely,
        system=system,
        here=int(lie.here.sum()),
        swapped=int(lie.swapped.sum()),
        elsewhere=int((~lie.here & ~lie.swapped).sum()),
        packed=packed,
        shifted=shifted,
        judged=len(chosen),
        named=0 if measured is None else int(measured.named.sum()),
        judgement=judgement,
        figures={} if measured is None or judgement is None else _figures(measured, judgement),
    )


def _box(around: Surroundings) -> tuple[float, float, float, float]:
    """Give west, south, east, north of streets and townships together, in degrees, 5 km wider on every side."""
    x, y = around.graph.node_xy.T
    corners_x, corners_y = np.array([x.min(), x.max()] * 2), np.repeat([y.min(), y.max()], 2)
    corners = np.column_stack(around.graph.plane.to_lonlat(corners_x, corners_y))
    bounds = np.vstack([around.units.bounds, np.hstack([corners, corners])])
    (west, south), (east, north) = bounds[:, :2].min(axis=0), bounds[:, 2:].max(axis=0)
    return degrees.widened((float(west), float(south), float(east), float(north)), _MARGIN_M)


def _lie(lon: NDArray[np.float64], lat: NDArray[np.float64], box: tuple[float, float, float, float]) -> _Lie:
    here = _within(lon, lat, box)
    return _Lie(here, _within(lat, lon, box) & ~here)


def _within(
    lon: NDArray[np.float64], lat: NDArray[np.float64], box: tuple[float, float, float, float]
) -> NDArray[np.bool_]:
    west, south, east, north = box
    return np.asarray((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north), bool)


def _unpacked(
    lon: NDArray[np.float64], lat: NDArray[np.float64], box: tuple[float, float, float, float]
) -> tuple[Packing | None, NDArray[np.float64], NDArray[np.float64]]:
    """Unpack degrees and minutes where that brings nearly all rows into the region, and more than were there."""
    for packing in Packing:
        read = unpack(np.stack([lon, lat]), packing)
        if read is not None and _lie(read[0], read[1], box).share >= max(_NEARLY_ALL, 1.01 * _lie(lon, lat, box).share):
            return packing, read[0], read[1]
    return None, lon, lat


def _judged(lon: NDArray[np.float64], lat: NDArray[np.float64], unit: NDArray[np.int32]) -> NDArray[np.intp]:
    """Choose the rows to judge: each place once, and of very many every so-manieth from west to east."""
    places = np.column_stack([lon, lat, unit])
    _, once = np.unique(places, axis=0, return_index=True)
    if len(once) <= _MOST_JUDGED:
        return np.asarray(once, np.intp)
    return np.asarray(once[np.linspace(0, len(once) - 1, _MOST_JUDGED).astype(np.intp)], np.intp)


def _system(judgement: Judgement | None, *, count: int) -> tuple[CoordSys | None, float]:
    """Give the likeliest system and its probability; where nothing is shifted all systems are WGS-84."""
    if not count:
        return None, 0.0
    if judgement is None:
        return CoordSys.WGS84, HIGHEST
    likeliest = judgement.likeliest
    return likeliest, min(judgement.systems[likeliest], HIGHEST)


def _verdict(lie: _Lie, system: CoordSys | None, surely: float, *, exchanged: bool, packed: bool) -> Verdict:
    swapped, here = int(lie.swapped.sum()), int(lie.here.sum())
    of_both_kinds = min(swapped, here) > _FEW * (swapped + here)
    if system is None or packed or lie.share < 0.5 or of_both_kinds:  # noqa: PLR2004 - half of the rows
        return Verdict.UNSURE
    if exchanged:
        return Verdict.SWAPPED
    return Verdict(system.value) if surely >= SURE else Verdict.UNSURE


def _figures(measured: Measured, judgement: Judgement) -> dict[CoordSys, Figures]:
    street_m = measured.street_m[:, judgement.streets.used]
    named, told = measured.named, {}
    for reading, system in enumerate(SYSTEMS):
        near, fits = street_m[reading], measured.fits[reading]
        told[system] = Figures(
            shift_m=float(np.hypot(*(measured.offset_m[reading] - measured.offset_m[0]))),
            quarter_m=float(np.quantile(near, 0.25)) if near.size else None,
            on_carriageway=float((near <= _CARRIAGEWAY_M).mean()) if near.size else None,
            in_township=float(fits[named].mean()) if named.any() else None,
            in_region=None if named.all() or measured.fits.all() else float(fits[~named].mean()),
        )
    return told
