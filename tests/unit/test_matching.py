"""Who is asked: the least score among those who may, whatever the order of the rows; and it says why."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomatch.errors import InputError
from geomatch.volunteering import acceptance, matching, reasons
from geomatch.volunteering.acceptance import Prior
from geomatch.volunteering.matching import CLOSEST, Bar, Candidates, Factors, Miss, Weights

BARS = list(Bar)
EVEN = Prior(0.5, 4.0)
EASY = Weights()


def among(rows: list[dict], most_minors: int = 0) -> Candidates:
    """Candidates from plain rows; what is not given speaks neither way."""
    return Candidates(
        volunteer=tuple(row.get("id", f"v{at}") for at, row in enumerate(rows)),
        walk_s=np.array([row.get("walk_s", 300.0) for row in rows], np.float64),
        barred=np.array([[bar in row.get("bars", ()) for bar in BARS] for row in rows], bool).reshape(-1, len(BARS)),
        load=np.array([row.get("load", 0) for row in rows], np.int64),
        rested_s=np.array([row.get("rested_s", math.inf) for row in rows], np.float64),
        trained=np.array([row.get("trained", 0) for row in rows], np.int64),
        offers=np.array([row.get("offers", 0) for row in rows], np.int64),
        accepted=np.array([row.get("accepted", 0) for row in rows], np.int64),
        minor=np.array([row.get("minor", False) for row in rows], bool),
        most_minors=most_minors,
    )


def choose(rows: list[dict], k: int = 1, limit_s: float = 900.0, weights: Weights = EASY) -> matching.Choice:
    """Choose with an even prior."""
    return matching.choose(among(rows), k, limit_s=limit_s, weights=weights, prior=EVEN)


people = st.lists(
    st.fixed_dictionaries(
        {
            "walk_s": st.one_of(st.floats(0, 2000), st.just(math.inf)),
            "bars": st.sets(st.sampled_from([bar for bar in BARS if bar is not Bar.TOO_FAR]), max_size=2),
            "load": st.integers(0, 9),
            "rested_s": st.floats(0, 4e6),
            "trained": st.integers(0, 5),
            "offers": st.integers(5, 20),
            "accepted": st.integers(0, 5),
        }
    ),
    max_size=14,
)


def score(row: dict, weights: Weights) -> float:
    """The sum of the parts, written out."""
    chance = (row["accepted"] + 0.5 * 4.0) / (row["offers"] + 4.0)
    return (
        row["walk_s"]
        + weights.load_s * row["load"]
        - weights.rest_s * min(row["rested_s"] / 86400, weights.rest_days)
        - weights.training_s * min(row["trained"], 3)
        + weights.refusal_s * (1 - chance)
    )


@given(people, st.integers(1, 5))
def test_the_first_k_are_the_least_of_those_who_may(rows: list[dict], k: int) -> None:
    """Against writing it out for every row."""
    found = choose(rows, k)
    may = [at for at, row in enumerate(rows) if not row["bars"] and row["walk_s"] <= 900.0]
    least = sorted(score(rows[at], EASY) for at in may)
    assert [factors.score_s for factors in found.chosen] == pytest.approx(least[:k])
    assert found.eligible == len(may)
    assert sum(found.barred.values()) == len(rows) - len(may)
    assert (found.next is None) == (len(may) <= k)
    assert (found.nearest_miss is not None) == (not may and bool(rows))


@given(people, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_is_nothing(rows: list[dict], shuffler) -> None:
    """The same people in another order give the same choice, which is what lets a record replay."""
    named = [row | {"id": f"v{at:02}"} for at, row in enumerate(rows)]
    mixed = named[:]
    shuffler.shuffle(mixed)
    first, second = choose(named, 3), choose(mixed, 3)
    assert (first.chosen, first.next, first.eligible, first.barred) == (
        second.chosen, second.next, second.eligible, second.barred,
    )  # fmt: skip


@given(people)
def test_always_the_closest_is_the_closest(rows: list[dict]) -> None:
    """With every weight at nothing, only the walk counts."""
    walks = sorted(row["walk_s"] for row in rows if not row["bars"] and row["walk_s"] <= 900.0)
    assert [factors.walk_s for factors in choose(rows, 3, weights=CLOSEST).chosen] == walks[:3]


def test_the_limit_is_inclusive() -> None:
    """A walk of exactly the limit may; the next float may not."""
    assert choose([{"walk_s": 900.0}]).eligible == 1
    found = choose([{"walk_s": math.nextafter(900.0, math.inf)}])
    assert found.nearest_miss == Miss("v0", math.nextafter(900.0, math.inf), (Bar.TOO_FAR,))


def test_who_worked_much_is_spared_for_somebody_a_little_further() -> None:
    """Four tasks weigh like ten minutes; and the nearer one is told of with its rank."""
    found = choose([{"id": "busy", "walk_s": 120.0, "load": 4}, {"id": "idle", "walk_s": 500.0}])
    assert found.chosen[0].volunteer == "idle"
    (passed,) = found.passed_over
    assert isinstance(passed, Factors)
    assert (passed.volunteer, passed.rank, passed.load_s) == ("busy", 2, 600.0)
    assert reasons.why_not(passed) == "排第 2：步行 2 分钟；近30天服务 4 次；已有一段时间没有被叫到"


def test_who_is_barred_and_nearer_is_told_of_with_every_bar() -> None:
    """Counted once, by the first bar; named with all."""
    found = choose([{"walk_s": 60.0, "bars": {Bar.CLASH, Bar.SKILL}}, {"walk_s": 400.0}])
    assert found.passed_over == (Miss("v0", 60.0, (Bar.SKILL, Bar.CLASH)),)
    assert found.barred == {Bar.SKILL: 1}
    assert reasons.why_not(found.passed_over[0], "en") == (
        "lacks the skill, clashes with another duty, the way there included"
    )


def test_where_nobody_fits_the_constraint_and_the_nearest_miss_are_named() -> None:
    """Who lacks one thing is nearer to fitting than who lacks two, however near."""
    rows = [
        {"id": "a", "walk_s": 60.0, "bars": {Bar.SKILL, Bar.BUDGET}},
        {"id": "b", "walk_s": 700.0, "bars": {Bar.CERTIFICATE}},
        {"id": "c", "walk_s": 800.0, "bars": {Bar.SKILL}},
    ]
    found = choose(rows)
    assert found.nearest_miss == Miss("b", 700.0, (Bar.CERTIFICATE,))
    assert reasons.why_nobody(found) == "2 人没有所需技能，1 人证书当天无效。最接近的一位只差：证书当天无效"
    assert reasons.why_nobody(choose([])) == "附近没有志愿者"
    assert reasons.why_nobody(choose([{}])) == ""


def test_no_more_minors_are_asked_than_an_adult_can_stand_beside() -> None:
    """Of three nearest minors the first is asked; the others are passed over for their age, and adults come instead."""
    rows = [{"id": f"young{at}", "walk_s": 60.0 + at, "minor": True} for at in range(3)]
    rows += [{"id": f"grown{at}", "walk_s": 500.0 + at} for at in range(4)]
    found = matching.choose(among(rows, most_minors=1), 3, limit_s=900.0, weights=EASY, prior=EVEN)
    assert [each.volunteer for each in found.chosen] == ["young0", "grown0", "grown1"]
    assert found.passed_over == (Miss("young1", 61.0, (Bar.AGE,)), Miss("young2", 62.0, (Bar.AGE,)))
    assert (found.eligible, found.barred) == (5, {Bar.AGE: 2})


def test_a_choice_says_why_in_words() -> None:
    """What speaks for somebody, in the reader's language."""
    rows = [{"walk_s": 371.0, "load": 1, "trained": 2, "rested_s": 0.0, "offers": 40, "accepted": 39}]
    factors = choose(rows).chosen[0]
    assert reasons.why(factors) == "步行 6 分钟；近30天服务 1 次；完成培训 2 次；多半会接单"
    assert reasons.why(factors, "en") == "6 min on foot; 1 task in 30 days; 2 trainings; likely to accept"


@pytest.mark.parametrize("figure", [-1.0, math.nan, math.inf])
def test_a_weight_that_means_nothing_is_refused(figure: float) -> None:
    """Weights are seconds of walking, at least none."""
    with pytest.raises(InputError, match="load_s"):
        Weights(load_s=figure)


def test_a_prior_is_learned_from_how_people_differ() -> None:
    """From 4,000 people drawn from a known beta, rate and weight come out again."""
    rng = np.random.default_rng(3)
    chance = rng.beta(0.3 * 6, 0.7 * 6, 4000)
    offers = rng.integers(5, 40, 4000)
    learned = acceptance.learn(offers, rng.binomial(offers, chance))
    assert learned.rate == pytest.approx(0.3, abs=0.01)
    assert learned.weight == pytest.approx(6, rel=0.15)


def test_without_history_nothing_is_claimed() -> None:
    """No answers give an even chance, and a few move it a little."""
    assert acceptance.learn([], []) == Prior(acceptance.UNKNOWN_RATE, acceptance.UNKNOWN_WEIGHT)
    assert 0.4 < acceptance.learn([2], [0]).rate < 0.5
    assert acceptance.learn([200], [0]).rate < 0.1


@given(st.integers(0, 500), st.data())
def test_a_chance_is_never_sure_and_grows_with_every_yes(offers: int, data: st.DataObject) -> None:
    """Strictly between 0 and 1; one yes more is a higher chance."""
    accepted = data.draw(st.integers(0, offers))
    low, high = EVEN.chance([offers + 1, offers + 1], [accepted, accepted + 1]).tolist()
    assert 0 < low < high < 1
