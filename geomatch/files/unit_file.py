"""Townships out of any vector file that pyogrio opens, in any CRS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geomatch.errors import Fault, InputError
from geomatch.files.cells import plain_text
from geomatch.files.numbers import parse_count
from geomatch.planning.units import Unit, Units

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from geopandas import GeoDataFrame

    from geomatch.files.region_file import UnitsSpec

_OVERLAP_SHARE = 0.001
"""Two townships that share more than this part of the smaller one overlap; less is the wobble of a shared border."""


@dataclass(frozen=True)
class UnitsRead:
    """Townships, and what was repaired or looks wrong without being refused."""

    units: Units
    warnings: tuple[Fault, ...]


def read_units(spec: UnitsSpec) -> UnitsRead:
    """Read townships in the order of the file; polygons in WGS-84, mended where they cross themselves.

    Raises:
        InputError: not a vector file, a column is missing, or a row is at fault; every fault is listed.
    """
    where = str(spec.file)
    frame = _opened(spec)
    faults: list[Fault] = []
    warnings: list[Fault] = []
    polygons = [_polygon(shape, row, where, faults, warnings) for row, shape in enumerate(frame.geometry, start=1)]
    ids = _column(frame, spec.id, plain_text, where, faults)
    names = _column(frame, spec.name, plain_text, where, faults)
    populations = _column(frame, spec.population, parse_count, where, faults)
    faults += _repeated(ids, spec.id, where)
    if faults:
        raise InputError(sorted(faults, key=lambda fault: fault.row or 0))
    rows = zip(ids, names, populations, polygons, strict=True)
    units = Units(tuple(Unit(*row) for row in rows))
    return UnitsRead(units, (*warnings, *_overlaps(units, where)))


def _opened(spec: UnitsSpec) -> GeoDataFrame:
    """Open the file, bring it to WGS-84 degrees and see that it has its columns."""
    where = str(spec.file)
    if not spec.file.is_file():
        raise InputError.of(where, "does not exist")
    frame = _frame(spec.file)
    if "geometry" not in frame.columns or not len(frame):
        raise InputError.of(where, "holds no polygons")
    lacking = [name for name in dict.fromkeys((spec.id, spec.name, spec.population)) if name not in frame.columns]
    if lacking:
        has = ", ".join(str(name) for name in frame.columns if name != "geometry")
        raise InputError.of(where, f"lacks the columns {', '.join(lacking)}; it has: {has}")
    return frame


def _frame(path: Path) -> GeoDataFrame:
    import warnings  # noqa: PLC0415 - with geopandas, only when a township file is read

    import geopandas  # noqa: PLC0415 - 0.5 s that opening a built region must not pay

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # GDAL warns of what the checks name in full
            frame = _read(geopandas.read_file, path)
            crs = getattr(frame, "crs", None)
            return frame if crs is None else frame.to_crs("EPSG:4326")
    except Exception as error:
        raise InputError.of(str(path), f"is not a vector file that can be opened: {str(error)[:200]}") from error


def _read(read_file: Callable[..., GeoDataFrame], path: Path) -> GeoDataFrame:
    """Read a file; a shapefile without its .cpg strictly as UTF-8 or GBK, which GDAL would take for Latin letters."""
    if path.suffix.lower() != ".shp" or any(path.with_suffix(mark).exists() for mark in (".cpg", ".CPG")):
        return read_file(path, engine="pyogrio")
    try:
        return read_file(path, engine="pyogrio", encoding="utf-8")
    except UnicodeDecodeError:
        return read_file(path, engine="pyogrio", encoding="gb18030")


def _polygon(shape: Any, row: int, where: str, faults: list[Fault], warnings: list[Fault]) -> Any:
    """Give a polygon in degrees, mended where it is invalid; faults and warnings are added."""

    def wrong(reason: str) -> Any:
        faults.append(Fault(where, reason, row=row, column="geometry"))
        return shapely.Polygon()

    if shape is None or shape.is_empty:
        return wrong("is empty")
    if shape.geom_type not in {"Polygon", "MultiPolygon"}:
        return wrong(f"must be a polygon, not a {shape.geom_type}")
    shape = shapely.force_2d(shape)
    bounds = np.asarray(shape.bounds)
    if not np.isfinite(bounds).all() or np.abs(bounds).max() > 180 or np.abs(bounds[1::2]).max() > 90:  # noqa: PLR2004
        return wrong("has corners that are not degrees of longitude and latitude; does the file state its CRS?")
    if shape.is_valid:
        return shape
    mended = shapely.make_valid(shape, method="structure")
    if mended.geom_type not in {"Polygon", "MultiPolygon"} or mended.is_empty:
        return wrong(f"cannot be mended: {shapely.is_valid_reason(shape)}")
    reason = f"crosses itself and was mended: {shapely.is_valid_reason(shape)}"
    warnings.append(Fault(where, reason, row=row, column="geometry"))
    return mended


def _column(frame: GeoDataFrame, name: str, read: Callable[[str], Any], where: str, faults: list[Fault]) -> list[Any]:
    values = []
    for row, value in enumerate(frame[name], start=1):
        text = _text(value)
        try:
            values.append(read(text or _refuse_empty()))
        except ValueError as error:
            faults.append(Fault(where, str(error), row=row, column=name, value=text[:60]))
            values.append(None)
    return values


def _refuse_empty() -> str:
    raise ValueError("is empty")


def _text(value: Any) -> str:
    """Give a field as text; a whole number without its decimal point, nothing for a null."""
    if value is None or value != value:  # noqa: PLR0124 - NaN and NaT are how pandas says null
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _repeated(ids: Iterable[Any], column: str, where: str) -> list[Fault]:
    first: dict[str, int] = {}
    faults = []
    for row, text in enumerate(ids, start=1):
        if text is not None and text in first:
            faults.append(Fault(where, f"is the id of row {first[text]} already", row=row, column=column, value=text))
        first.setdefault(text, row)
    return faults


def _overlaps(units: Units, where: str) -> list[Fault]:
    """Flag pairs of townships that share ground; a point there belongs to the first."""
    polygons = units.geometries
    left, right = shapely.STRtree(polygons).query(polygons, predicate="intersects")
    pairs = [(a, b) for a, b in zip(left.tolist(), right.tolist(), strict=True) if a < b]
    faults = []
    for first, second in sorted(pairs):
        shared = shapely.intersection(polygons[first], polygons[second]).area
        smaller = min(polygons[first].area, polygons[second].area)
        if shared > _OVERLAP_SHARE * smaller:
            reason = f"overlaps {units.names[first]} (row {first + 1}) by {shared / smaller:.1%} of the smaller one"
            faults.append(Fault(where, reason, row=second + 1, column="geometry", value=units.names[second]))
    return faults
