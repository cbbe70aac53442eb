"""Rows of a GeoJSON layer of points: one row a feature, lon and lat from its geometry."""

from __future__ import annotations

from typing import Any

import orjson

from geomatch.errors import Fault, InputError
from geomatch.files.rows import LONGEST_CELL, Row, Sheet

_DEGREES_CRS = ("CRS84", "4326", "4490")


def read(raw: bytes, where: str, taken: frozenset[str]) -> Sheet:
    """Read features as rows, numbered from 1 below a header row 0.

    Args:
        raw: the file.
        where: how faults name it.
        taken: property names that the geometry replaces (spellings of lon and lat).

    Raises:
        InputError: not a FeatureCollection of points; every feature at fault is listed.
    """
    features = _features(raw, where)
    faults: list[Fault] = []
    points = [_point(feature, number, where, faults) for number, feature in enumerate(features, start=1)]
    if faults:
        raise InputError(faults)
    properties = [_properties(feature, taken) for feature in features]
    names = list(dict.fromkeys(name for given in properties for name in given))
    header = Row(0, ("lon", "lat", *names))
    rows = [
        Row(number, (*point, *(given.get(name, "") for name in names)))
        for number, (point, given) in enumerate(zip(points, properties, strict=True), start=1)
    ]
    spoiled = {
        (row.number, index): "is too long for a cell"
        for row in rows
        for index, cell in enumerate(row.cells)
        if len(cell) > LONGEST_CELL
    }
    return Sheet("", (header, *rows), spoiled)


def _features(raw: bytes, where: str) -> list[dict[str, Any]]:
    try:
        layer = orjson.loads(raw.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise InputError.of(where, f"is not JSON: {error}") from error
    features = layer.get("features") if isinstance(layer, dict) else None
    if not isinstance(features, list) or not all(isinstance(feature, dict) for feature in features):
        raise InputError.of(where, "is not a GeoJSON FeatureCollection")
    if not features:
        raise InputError.of(where, "holds no features")
    crs = orjson.dumps(layer.get("crs")).decode()
    if crs != "null" and not any(name in crs for name in _DEGREES_CRS):
        raise InputError.of(where, "declares a crs other than degrees of longitude and latitude", value=crs[:80])
    return features


def _point(feature: dict[str, Any], number: int, where: str, faults: list[Fault]) -> tuple[str, str]:
    geometry = feature.get("geometry")
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(geometry, dict) or kind != "Point":
        given = "null" if geometry is None else str(kind)[:80]
        faults.append(Fault(where, "must be a Point", row=number, column="geometry", value=given))
        return "", ""
    pair = geometry.get("coordinates")
    if isinstance(pair, list) and len(pair) in {2, 3} and all(type(part) in {int, float} for part in pair):
        return repr(pair[0]), repr(pair[1])
    faults.append(Fault(where, "must be [lon, lat] in numbers", row=number, column="coordinates", value=str(pair)[:80]))
    return "", ""


def _properties(feature: dict[str, Any], taken: frozenset[str]) -> dict[str, str]:
    given = feature.get("properties")
    properties = given if isinstance(given, dict) else {}
    if "id" not in properties and isinstance(feature.get("id"), str | int):
        properties = {"id": feature["id"], **properties}
    return {name: _text(value) for name, value in properties.items() if name.strip().lower() not in taken}


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ";".join(_text(part) for part in value)
    if isinstance(value, dict):
        return orjson.dumps(value).decode()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    return str(value)
