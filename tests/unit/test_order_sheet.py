"""A sheet is refused with every fault, and stored with nothing in it that should be masked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from geomatch.errors import InputError
from geomatch.volunteering import order_sheet
from geomatch.volunteering.order_sheet import Contact, Need
from tests.order_rows import NOW, sheet


def test_a_sheet_is_stored_tidy() -> None:
    """The category by its value, no blanks around, and no phone number in words that others read."""
    contact = Contact(" 幸福里5号 ", " 王小明 ", " 13812345678 ")
    given = sheet(
        category="扶贫帮困", words=" 打13812345678 ", contact=contact, for_other=True, consent="她说好13900001111"
    )
    kept = order_sheet.checked(given, NOW)
    assert (kept.category, kept.words, kept.consent) == ("needy", "打138****5678", "她说好139****1111")
    assert kept.contact == Contact("幸福里5号", "王小明", "13812345678")
    assert kept.contact.masked == Contact("幸福里*", "王*", "138****5678")


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"words": " "}, ["words"]),
        ({"words": "很" * 1001}, ["words"]),
        ({"category": "cooking"}, ["category"]),
        ({"contact": Contact(" ", "", "1")}, ["address", "name"]),
        ({"for_other": True}, ["consent"]),
        ({"lon": float("nan")}, ["lon, lat"]),
        ({"lat": 91.0}, ["lon, lat"]),
        ({"ends_at": NOW + timedelta(days=1)}, ["ends_at"]),
        ({"ends_at": NOW + timedelta(days=4, seconds=1)}, ["ends_at"]),
        ({"starts_at": NOW}, ["starts_at"]),
        ({"starts_at": NOW + timedelta(days=181), "ends_at": NOW + timedelta(days=182)}, ["starts_at"]),
        ({"people_needed": 0}, ["people_needed"]),
        ({"people_needed": 51}, ["people_needed"]),
        ({"need": Need(tuple("abcdefghijklmnopqrstu"))}, ["need"]),
        ({"need": Need(("急救",), ("护理",))}, ["certified"]),
        ({"words": "", "people_needed": 0, "lat": 91.0}, ["words", "lon, lat", "people_needed"]),
    ],
    ids=",".join,
)
def test_every_fault_is_named(changed: dict[str, Any], where: list[str]) -> None:
    """All of them at once, each by its own name."""
    with pytest.raises(InputError) as told:
        order_sheet.checked(replace(sheet(), **changed), NOW)
    assert [fault.where for fault in told.value.faults] == where
