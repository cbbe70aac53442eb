"""Windows of time are told in the time of the region."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from geomatch.volunteering.window_words import window

START = datetime(2026, 11, 30, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "told"),
    [
        (2, "11月30日 10:00–12:00"),
        (14, "11月30日 10:00–次日 00:00"),
        (20, "11月30日 10:00–次日 06:00"),
        (48, "11月30日 10:00–12月2日 10:00"),
    ],
)
def test_a_window_is_told_in_local_time(hours: int, told: str) -> None:
    """Ten in the morning in Beijing is two in the morning by UTC; another day than the first is named."""
    assert window(START, START + timedelta(hours=hours), ZoneInfo("Asia/Shanghai")) == told
