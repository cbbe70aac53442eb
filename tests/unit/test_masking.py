"""What is masked gives away no more than it should."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomatch.volunteering import masking


@pytest.mark.parametrize(
    ("full", "shown"),
    [
        ("王小明", "王*"),
        ("李雷", "李*"),
        ("欧阳娜", "欧阳*"),
        ("欧阳", "欧*"),
        (" 王五 ", "王*"),
        ("Anna Smith", "A*"),
        ("", ""),
    ],
)
def test_a_name_keeps_the_surname(full: str, shown: str) -> None:
    """Compound surnames stay whole where there is a given name behind them."""
    assert masking.name(full) == shown


@pytest.mark.parametrize(
    ("full", "shown"),
    [
        ("13812345678", "138****5678"),
        ("+86 138-1234-5678", "138****5678"),
        ("010-62345678", "010****5678"),
        ("62345678", "****78"),
        ("110", "****"),
        ("", "****"),
    ],
)
def test_a_phone_keeps_its_ends(full: str, shown: str) -> None:
    """Three and four digits of a mobile number, less of a shorter one, none of a very short one."""
    assert masking.phone(full) == shown


@pytest.mark.parametrize(
    ("full", "shown"),
    [
        ("中关村南大街5号院3号楼2单元401", "中关村南大街*"),
        ("翠微路甲10号", "翠微路甲*"),
        ("静淑苑小区", "静淑苑小区"),
        ("学院路十二号", "学院路*"),
    ],
)
def test_an_address_keeps_the_street(full: str, shown: str) -> None:
    """No number of a house, a staircase or a door is left."""
    assert masking.address(full) == shown


@given(st.text(st.sampled_from("0123456789+- ()"), max_size=20))
def test_no_phone_shows_more_than_seven_digits(number: str) -> None:
    """Whatever was typed as a phone, at least four digits of eleven are gone."""
    digits = re.sub(r"\D", "", number)
    shown = re.sub(r"\D", "", masking.phone(number))
    assert len(shown) <= 7
    assert not digits or len(shown) < len(digits)


@given(st.text(max_size=60))
def test_no_address_shows_a_digit(text: str) -> None:
    """Numerals of any script never come through."""
    assert not re.search(r"\d", masking.address(text))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("打我电话13812345678，谢谢", "打我电话138****5678，谢谢"),
        ("call +86 138 1234 5678.", "call 138****5678."),
        ("座机010-62345678", "座机010****5678"),
        ("身份证11010819491231002X", "身份证****2X"),
        ("0000000000000000000000013812345678", "****78"),
        ("2026-11-25 14:30来，3号楼502", "2026-11-25 14:30来，3号楼502"),
        ("", ""),
    ],
)
def test_numbers_within_words_are_masked(text: str, shown: str) -> None:
    """Phones and identity numbers, also with blanks; dates, times and doors stay."""
    assert masking.words(text) == shown


@given(st.text(), st.from_regex(r"1[3-9]\d{9}", fullmatch=True), st.text())
def test_no_mobile_number_comes_through(before: str, number: str, after: str) -> None:
    """Whatever stands around it."""
    assert number not in masking.words(f"{before}{number}{after}")
