"""Notices: when one may go out, by the clock of its region."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomatch.errors import InputError
from geomatch.volunteering.notices import (
    ASKS,
    PURPOSE_NAMES,
    Notice,
    NoticeRules,
    NoticeState,
    Purpose,
    Verdict,
    checked_rules,
    judged,
)

HERE = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 25, 12, tzinfo=HERE)
RULES = NoticeRules()


def notice(**more: object) -> Notice:
    """An offer to a volunteer, changed at will."""
    plain = Notice(
        "little", "k", Purpose.OFFER, "order", "o1", "您离得近", "you are near", "请接单", NOON, volunteer="v1"
    )
    return replace(plain, **more)


def verdict(at: datetime = NOON, *, out: bool = False, reached: int = 0, **more: object) -> Verdict:
    """Judge a notice."""
    return judged(notice(**more), RULES, at, has_opted_out=out, reached=reached)


def test_by_day_a_notice_goes_out() -> None:
    """Nothing stands in its way."""
    assert verdict().is_let_out


@pytest.mark.parametrize(("hour", "day"), [(21, 26), (23, 26), (0, 25), (7, 25)])
def test_at_night_it_waits_for_the_morning(hour: int, day: int) -> None:
    """From nine in the evening, that minute in it, to half past seven, by the region's clock."""
    found = verdict(NOON.replace(hour=hour).astimezone(UTC))
    assert found.until == datetime(2026, 11, day, 7, 30, tzinfo=HERE)
    assert found.told == "quiet hours"


def test_what_is_urgent_does_not_wait_for_the_morning() -> None:
    """But it is held to the cap and to opting out as the rest is."""
    night = NOON.replace(hour=23)
    assert verdict(night, urgent=True).is_let_out
    assert verdict(night, urgent=True, out=True).state is NoticeState.OPTED_OUT
    assert not verdict(night, urgent=True, reached=3).is_let_out


def test_the_cap_sends_the_rest_to_the_next_day() -> None:
    """The third of a day goes out, the fourth at midnight, where the quiet hours keep it until the morning."""
    assert verdict(reached=2).is_let_out
    found = verdict(reached=3)
    assert found.until == datetime(2026, 11, 26, tzinfo=HERE)
    assert verdict(found.until).until == datetime(2026, 11, 26, 7, 30, tzinfo=HERE)


@pytest.mark.parametrize("purpose", [purpose for purpose in Purpose if purpose not in ASKS])
def test_what_somebody_asked_for_is_not_capped(purpose: Purpose) -> None:
    """A reminder of a duty that one accepted, an answer to a sign-up."""
    assert verdict(purpose=purpose, reached=99).is_let_out


def test_what_is_late_is_not_sent_any_more() -> None:
    """From the very moment at which it expires."""
    assert verdict(expires_at=NOON).state is NoticeState.EXPIRED
    assert verdict(expires_at=NOON + timedelta(seconds=1)).is_let_out


@given(
    at=st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - zone is beside
    quiet_from=st.times(),
    quiet_until=st.times(),
)
def test_the_end_of_the_quiet_hours_is_the_first_loud_moment(at: datetime, quiet_from: time, quiet_until: time) -> None:
    """It lies within a day, is loud itself, and everything before it from now on is quiet."""
    rules = NoticeRules(quiet_from, quiet_until.replace(microsecond=0))
    end = rules.quiet_end(at)
    if end is None:
        return
    assert at < end <= at + timedelta(days=1)
    assert rules.quiet_end(end) is None
    assert rules.quiet_end(at + (end - at) * 0.999) == end


def test_rules_at_fault_are_named() -> None:
    """The cap and the time zone, both at once."""
    with pytest.raises(InputError) as raised:
        checked_rules(NoticeRules(most_a_day=-1, timezone="Mars/Olympus"))
    assert [fault.where for fault in raised.value.faults] == ["most_a_day", "timezone"]
    assert checked_rules(RULES) is RULES


@pytest.mark.parametrize("wrong", [{"volunteer": None}, {"account": "a1"}, {"why_en": ""}, {"body": ""}])
def test_a_notice_has_one_reader_and_says_why(wrong: dict[str, object]) -> None:
    """Anything else cannot be made."""
    with pytest.raises(ValueError, match="a notice"):
        notice(**wrong)


def test_every_purpose_has_its_words() -> None:
    """In both languages."""
    assert set(PURPOSE_NAMES) == set(Purpose)
