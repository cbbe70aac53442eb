"""Numbers as offices write them are read exactly or refused."""

from __future__ import annotations

import contextlib
import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomatch.files.numbers import parse_count, parse_degrees, parse_number

DMS = float(116 + Fraction(18, 60) + Fraction("23.5") / 3600)


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("116.30156", 116.30156),
        ("１１６．３０１５６", 116.30156),
        (" 116.3 ", 116.3),
        ("+116.3", 116.3),
        ("1.1630156E+02", 116.30156),
        ("116.3°", 116.3),
        ("116°18'23.5\"E", DMS),
        ("116°18′23.5″", DMS),
        ("116度18分23.5秒", DMS),
        ("东经116度18分23.5秒", DMS),
        ("E116°18'23.5\"", DMS),
        ("116º18’23.5”", DMS),
        ("116° 18' 23.5'' E", DMS),
        ("１１６°１８′２３．５″", DMS),
        ("E116.3", 116.3),
        ("116.3E", 116.3),
        ("116.3 E", 116.3),
        ("116°18.5'", float(116 + Fraction("18.5") / 60)),
        ("W116.3", -116.3),
        ("-116°30'", -116.5),
        ("−116.5", -116.5),
        ("0", 0.0),
    ],
)
def test_longitudes_are_read_exactly(text: str, degrees: float) -> None:
    """Every way an office writes a longitude gives the nearest float to it."""
    assert parse_degrees(text, "lon") == degrees


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("39度58分", float(39 + Fraction(58, 60))),
        ("北纬39.9°", 39.9),
        ("39.9N", 39.9),
        ("S39.9", -39.9),
        ("39.9S", -39.9),
    ],
)
def test_latitudes_are_read_exactly(text: str, degrees: float) -> None:
    """Latitudes have their own hemispheres."""
    assert parse_degrees(text, "lat") == degrees


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("nan", "finite"),
        ("-INF", "finite"),
        ("1e999", "finite"),
        ("116,3", "not a number"),
        ("116.3.1", "not a number"),
        ("116 18 23", "not a number"),
        ("1_16", "not a number"),
        ("0x10", "not a number"),
        ("abc", "not a number"),
        ("116°61'", "60 or more"),
        ("116°18'60\"", "60 or more"),
        ("116.5°18'", "fraction before"),
        ("116°18.5'3\"", "fraction before"),
        ("-116.3E", "minus and a hemisphere"),
        ("39.9N", "latitude where a longitude"),
        ("北纬39.9", "latitude where a longitude"),
        ("E", "not a number"),
        ("°", "not a number"),
        ("1" * 80, "too long"),
    ],
)
def test_what_is_no_longitude_is_refused_with_its_reason(text: str, reason: str) -> None:
    """Nothing is guessed: an unclear longitude is refused and the reason says why."""
    with pytest.raises(ValueError, match=reason):
        parse_degrees(text, "lon")


@given(st.floats(-180, 180))
def test_any_float_that_is_written_is_read_back(number: float) -> None:
    """Decimal degrees survive a round trip to the bit."""
    assert parse_degrees(repr(number), "lon") == number


@given(st.text(max_size=100), st.sampled_from(["lon", "lat"]))
def test_any_text_is_a_number_or_refused(text: str, axis: str) -> None:
    """No text makes the reader fail in any other way than by its refusal."""
    for read in (lambda: parse_degrees(text, axis), lambda: parse_number(text), lambda: parse_count(text)):
        with contextlib.suppress(ValueError):
            assert math.isfinite(read())


@pytest.mark.parametrize(
    ("text", "count"), [("121453", 121453), ("121,453", 121453), ("１２１", 121), ("121453.0", 121453), ("0", 0)]
)
def test_counts_may_have_thousands_commas(text: str, count: int) -> None:
    """A population copied from a yearbook is a count."""
    assert parse_count(text) == count


@pytest.mark.parametrize("text", ["-1", "1.5", "12,34", "12万", "1e300", "inf", ""])
def test_what_is_no_count_is_refused(text: str) -> None:
    """Negative, broken or rounded figures are refused."""
    with pytest.raises(ValueError, match=r"must|is "):
        parse_count(text)
