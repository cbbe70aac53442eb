"""A site's code changes every minute, is taken for two at most, and says nothing of other sites."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from geomatch.volunteering import site_codes

MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2036, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds


@given(st.binary(min_size=32, max_size=32), MOMENTS, st.integers(-10, 10))
def test_a_code_is_taken_while_it_is_shown_and_one_step_more(secret: bytes, at: datetime, steps: int) -> None:
    """Neither before its time nor later; two codes that are alike by chance are let be."""
    shown = site_codes.code(secret, at)
    later = at + steps * site_codes.STEP
    assert len(shown) == site_codes.FIGURES
    assert site_codes.fits(secret, shown, at)
    if steps in {0, 1}:
        assert site_codes.fits(secret, shown, later)
    elif shown not in {site_codes.code(secret, later), site_codes.code(secret, later - site_codes.STEP)}:
        assert not site_codes.fits(secret, shown, later)


@given(MOMENTS)
def test_seconds_left_lead_to_the_next_code(at: datetime) -> None:
    """At that moment another is shown, and just before it still this one."""
    whole = at.replace(microsecond=0)
    change = whole + timedelta(seconds=site_codes.seconds_left(whole))
    assert site_codes.code(b"s", whole) == site_codes.code(b"s", change - timedelta(seconds=1))
    assert site_codes._step(change) == site_codes._step(whole) + 1


def test_codes_of_two_sites_are_not_alike() -> None:
    """Over an hour hardly one agrees."""
    at = datetime(2026, 11, 25, 9, tzinfo=UTC)
    moments = [at + step * site_codes.STEP for step in range(60)]
    alike = [site_codes.code(b"a" * 32, each) == site_codes.code(b"b" * 32, each) for each in moments]
    assert sum(alike) <= 1
