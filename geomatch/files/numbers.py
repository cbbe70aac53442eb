"""Numbers as offices write them: full-width digits, degrees-minutes-seconds, thousands commas. Exact, or refused."""

from __future__ import annotations

import math
import re
import unicodedata
from fractions import Fraction

DEGREE_FORMS = "write decimal degrees such as 116.30156, or 116°18'05.6\""

_PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+", re.ASCII)
_MARKS = str.maketrans(
    dict.fromkeys("°º˚∘度", "d")
    | dict.fromkeys("'′’‘＇`´分", "m")
    | dict.fromkeys('"″”“＂〃秒', "s")
    | {"−": "-", "–": "-", "－": "-"}  # dashes that spreadsheets and word processors make of a minus
)
_PART = r"(\d+(?:\.\d+)?)"
_DEGREES = re.compile(rf"([+-]?){_PART}(?:d(?:{_PART}m(?:{_PART}(?:s|mm))?)?)?", re.ASCII)
_HEMISPHERES = {
    "lon": (("E", 1), ("W", -1), ("东经", 1), ("西经", -1)),
    "lat": (("N", 1), ("S", -1), ("北纬", 1), ("南纬", -1)),
}
_NOT_FINITE = frozenset({"nan", "inf", "+inf", "-inf", "infinity", "-infinity", "+infinity"})
_LONGEST = 64
_SIXTY = 60


def parse_number(text: str) -> float:
    """Read a finite decimal number; full-width digits are digits.

    Raises:
        ValueError: the message is the reason, as a sentence without a subject.
    """
    plain = text if text.isascii() else _narrow(text)
    if len(plain) > _LONGEST or not _PLAIN.fullmatch(plain):
        raise ValueError("must be a finite number" if plain.lower() in _NOT_FINITE else "is not a number")
    number = float(plain)
    if not math.isfinite(number):
        raise ValueError("must be a finite number")
    return number


def parse_count(text: str) -> int:
    """Read a whole number of 0 or more; "1,234" and "1234.0" are such numbers.

    Raises:
        ValueError: the message is the reason, as a sentence without a subject.
    """
    plain = _narrow(text)
    if len(plain) <= _LONGEST and _GROUPED.fullmatch(plain):
        plain = plain.replace(",", "")
    number = parse_number(plain)
    if number < 0:
        raise ValueError("must not be negative")
    if number != int(number):
        raise ValueError("must be a whole number")
    if number > 2**53:
        raise ValueError("is too large to be a count")
    return int(number)


def parse_degrees(text: str, axis: str) -> float:
    """Read a longitude ("lon") or latitude ("lat") in degrees, decimal or degrees-minutes-seconds.

    The hemisphere may stand before or behind as E, W, N, S, 东经, 西经, 北纬, 南纬. Whether the number lies on the
    globe is for the caller to say, who sees both numbers of the pair.

    Raises:
        ValueError: the message is the reason, as a sentence without a subject.
    """
    if len(text) < _LONGEST and _PLAIN.fullmatch(text) and math.isfinite(float(text)):  # nearly always, and fast
        return float(text)
    if len(text) > _LONGEST:
        raise ValueError(f"is too long for a number; {DEGREE_FORMS}")
    narrow = _narrow(text)
    if narrow.lower() in _NOT_FINITE:
        raise ValueError("must be a finite number")
    body, side = _without_hemisphere(narrow, axis)
    degrees = _sexagesimal(body.translate(_MARKS)) if side is not None or not _PLAIN.fullmatch(body) else None
    number = parse_number(body) if degrees is None else degrees
    if side is not None and number < 0:
        raise ValueError(f"has both a minus and a hemisphere; {DEGREE_FORMS}")
    return number * (side or 1)


def is_sexagesimal(text: str) -> bool:
    """Tell whether degrees that `parse_degrees` reads are written with minutes."""
    return not _PLAIN.fullmatch(text) and "m" in _narrow(text).translate(_MARKS)


def _narrow(text: str) -> str:
    """Turn full-width characters into plain ones; the degree marks first, which normalisation would take apart."""
    marked = text.translate(_MARKS) if any(mark in text for mark in "˚º″´") else text
    return unicodedata.normalize("NFKC", marked).strip()


def _without_hemisphere(text: str, axis: str) -> tuple[str, int | None]:
    upper = text.upper()
    for other in _HEMISPHERES["lat" if axis == "lon" else "lon"]:
        if upper.startswith(other[0]) or (upper.endswith(other[0]) and upper != other[0] and other[0] != "S"):
            raise ValueError(
                f"is a {'latitude' if axis == 'lon' else 'longitude'} where a "
                f"{'longitude' if axis == 'lon' else 'latitude'} belongs; are the columns swapped?"
            )
    for mark, sign in _HEMISPHERES[axis]:
        if upper.startswith(mark):
            return text[len(mark) :].lstrip(" :"), sign
        if upper.endswith(mark) and not _PLAIN.fullmatch(text):
            return text[: -len(mark)].rstrip(), sign
    return text, None


def _sexagesimal(text: str) -> float:
    compact = text.replace(" ", "")
    found = _DEGREES.fullmatch(compact)
    if not found or (" " in text.strip() and "d" not in text):
        raise ValueError(f"is not a number of degrees; {DEGREE_FORMS}")
    sign, *parts = found.groups()
    given = [part for part in parts if part is not None]
    if any("." in part for part in given[:-1]):
        raise ValueError("has a fraction before its last part")
    values = [Fraction(part) for part in given]
    if any(value >= _SIXTY for value in values[1:]):
        raise ValueError("has minutes or seconds of 60 or more")
    total = sum((value / _SIXTY**place for place, value in enumerate(values)), Fraction(0))
    return float(-total if sign == "-" else total)
