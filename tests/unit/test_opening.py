"""Opening hours say open, closed or unknown at a time that is given."""

from __future__ import annotations

import datetime as dt

import pytest

from geomatch.planning import opening

SHANGHAI = "Asia/Shanghai"
MONDAY = dt.datetime(2026, 11, 23, 10, 0)  # noqa: DTZ001 - naive means the region's own time


@pytest.mark.parametrize(
    ("hours", "when", "answer"),
    [
        ("Mo-Fr 09:00-17:30", MONDAY, True),
        ("Mo-Fr 09:00-17:30", MONDAY.replace(hour=8), False),
        ("Mo-Fr 09:00-17:30", MONDAY.replace(hour=17, minute=30), False),
        ("Mo-Fr 09:00-17:30", MONDAY.replace(day=22), False),
        ("24/7", MONDAY, True),
        ("Mo-Fr 09:00-17:30; Mo off", MONDAY, False),
        ("24/7; PH off", MONDAY.replace(month=10, day=1), False),
        ("24/7 unknown", MONDAY, None),
        ('"by appointment"', MONDAY, None),
        (None, MONDAY, None),
    ],
)
def test_a_site_is_open_closed_or_unknown(hours: str | None, when: dt.datetime, answer: bool | None) -> None:  # noqa: FBT001 - the expected answer
    """The first minute is open, the last is not; unknown hours are not open hours."""
    assert opening.is_open(hours, when, timezone=SHANGHAI) is answer


def test_an_aware_time_is_turned_into_the_regions() -> None:
    """02:00 in UTC is 10:00 in Shanghai."""
    when = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
    assert opening.is_open("Mo 09:30-10:30", when, timezone=SHANGHAI) is True
    assert opening.is_open("Mo 09:30-10:30", when, timezone="UTC") is False


def test_the_ends_of_the_calendar_are_times_too() -> None:
    """An hour whose local time would lie beyond the last year, or before the first, is answered all the same."""
    last, first = dt.datetime.max.replace(tzinfo=dt.UTC), dt.datetime.min.replace(tzinfo=dt.UTC)
    assert opening.is_open("24/7", last, timezone=SHANGHAI) is True
    assert opening.changes_at("24/7", last, timezone=SHANGHAI) is None
    assert opening.is_open("24/7", first, timezone="America/Lima") is False  # the rules begin in 1900


def test_the_next_change_is_told_in_the_regions_time() -> None:
    """Open until half past five; never closing has no change."""
    change = opening.changes_at("Mo-Fr 09:00-17:30", MONDAY, timezone=SHANGHAI)
    assert change is not None
    assert change.isoformat() == "2026-11-23T17:30:00+08:00"
    assert opening.changes_at("24/7", MONDAY, timezone=SHANGHAI) is None
    assert opening.changes_at(None, MONDAY, timezone=SHANGHAI) is None


def test_full_width_hours_are_hours() -> None:
    """Full-width digits and colons, long dashes and tildes become plain ones."""
    for hours in ("Ｍｏ-Ｆｒ ０９：００-１７：３０", "Mo-Fr 09:00～17:30", "Mo–Fr 09:00—17:30"):
        assert opening.check(hours) == "Mo-Fr 09:00-17:30"


@pytest.mark.parametrize("hours", ["", "周一至周五 9:00-17:30", "from nine to five", "Mo-Fr 25:00-99:00"])
def test_what_is_no_opening_hours_is_refused(hours: str) -> None:
    """The refusal shows how to write hours."""
    with pytest.raises(ValueError, match="Mo-Fr 09:00-17:30"):
        opening.check(hours)
