"""Asking in phases never asks too many, asks anew for each who does not come, and ends with somebody who decides."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomatch.errors import InputError
from geomatch.volunteering import dispatch
from geomatch.volunteering.dispatch import Ask, Full, HandOver, Offer, OfferState, Policy, Wait

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
LATER = NOW + timedelta(hours=6)
POLICY = Policy()


def offer(at: int, state: OfferState = OfferState.OFFERED, minutes_ago: float = 0, phase: int = 0) -> Offer:
    """An offer made some minutes ago."""
    return Offer(f"v{at}", state, NOW - timedelta(minutes=minutes_ago), phase)


def step(offers: list[Offer], **changes: object) -> dispatch.Step:
    """The next step of an order for one helper, in its first phase."""
    usual = {"needed": 1, "phase": 0, "exhausted": False, "starts_at": LATER, "now": NOW}
    return dispatch.next_step(offers, POLICY, **(usual | changes))


def test_the_first_phase_asks_three_for_each_helper() -> None:
    """Three for one, six for two."""
    assert step([]) == Ask(3, 0)
    assert step([], needed=2) == Ask(6, 0)


def test_each_who_declines_or_is_silent_is_replaced() -> None:
    """One no, one silence: two more; one yes of two: three stay open for the other."""
    asked = [offer(0, OfferState.DECLINED), offer(1, OfferState.SILENT), offer(2)]
    assert step(asked) == Ask(2, 0)
    assert step([offer(0, OfferState.ACCEPTED), *[offer(at) for at in range(1, 4)]], needed=2) == Wait(
        NOW + POLICY.reply_within
    )


def test_it_waits_for_the_first_answer_that_is_due() -> None:
    """And for the moment at which a person decides, if that comes first."""
    asked = [offer(0, minutes_ago=4), offer(1), offer(2)]
    assert step(asked) == Wait(NOW + timedelta(minutes=6))
    soon = NOW + POLICY.give_up_before + timedelta(minutes=2)
    assert step(asked, starts_at=soon) == Wait(NOW + timedelta(minutes=2))


def test_an_exhausted_phase_widens_and_the_last_one_hands_over() -> None:
    """Nobody left within 1000 m: 2000 m; nobody left within the last limit: a person."""
    assert step([offer(0, OfferState.DECLINED)], exhausted=True) == Ask(3, 1)
    found = step([offer(0, OfferState.DECLINED)], exhausted=True, phase=2)
    assert found == HandOver("nobody is left to ask; 1 are still missing")


def test_enough_is_enough() -> None:
    """Who is needed has come; or as many were asked as may be; or there is no time left."""
    assert step([offer(0, OfferState.ACCEPTED), offer(1)]) == Full()
    tired = [offer(at, OfferState.DECLINED) for at in range(POLICY.most_offers)]
    assert isinstance(step(tired), HandOver)
    assert isinstance(step([offer(0)], starts_at=NOW + POLICY.give_up_before), HandOver)


def test_silence_begins_after_the_last_moment() -> None:
    """An answer at the last moment is in time."""
    asked = [offer(0, minutes_ago=10), offer(1, minutes_ago=10.01), offer(2, OfferState.ACCEPTED, 60)]
    assert dispatch.silent(asked, POLICY, NOW) == (asked[1],)


@given(
    st.integers(1, 4),
    st.lists(st.sampled_from([OfferState.ACCEPTED, OfferState.DECLINED, None]), min_size=40, max_size=40),
    st.lists(st.integers(0, 6), min_size=60, max_size=60),
)
def test_every_order_comes_to_an_end_within_its_bounds(
    needed: int, answers: list[OfferState | None], found: list[int]
) -> None:
    """Random answers and random numbers of people nearby: bounds hold at every step, and it ends."""
    offers: list[Offer] = []
    now, phase, exhausted, turn = NOW, 0, False, 0
    for turn in range(200):
        late = dispatch.silent(offers, POLICY, now)
        offers = [replace(each, state=OfferState.SILENT) if each in late else each for each in offers]
        done = dispatch.next_step(
            offers, POLICY, needed=needed, phase=phase, exhausted=exhausted, starts_at=LATER, now=now
        )
        still = [each for each in offers if each.state is OfferState.OFFERED]
        accepted = sum(each.state is OfferState.ACCEPTED for each in offers)
        if isinstance(done, Full | HandOver):
            assert (accepted >= needed) is isinstance(done, Full)
            break
        if isinstance(done, Wait):
            assert now < done.at <= LATER
            now = done.at + timedelta(seconds=1)
            continue
        assert phase <= done.phase < len(POLICY.limits_m)
        assert 1 <= done.count <= POLICY.at_once * (needed - accepted) - len(still)
        assert len(offers) + done.count <= POLICY.most_offers
        got = min(done.count, found[turn % len(found)])
        exhausted, phase = got < done.count, done.phase
        for _ in range(got):
            state = answers[len(offers) % len(answers)]
            offers.append(Offer(f"v{len(offers)}", state or OfferState.OFFERED, now, phase))
    assert turn < 199


@pytest.mark.parametrize(
    "wrong",
    [
        {"at_once": 0},
        {"at_once": 9, "most_offers": 8},
        {"limits_m": ()},
        {"limits_m": (2000.0, 1000.0)},
        {"limits_m": (0.0,)},
        {"reply_within": timedelta(0)},
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(wrong: dict) -> None:
    """Asking nobody, nowhere or for no time."""
    with pytest.raises(InputError, match="must"):
        Policy(**wrong)
