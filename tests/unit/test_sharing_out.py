"""Many orders at once: nothing that trying every way would find takes more places, or as many for less."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from geomatch.volunteering.acceptance import Prior
from geomatch.volunteering.matching import Bar, Candidates, Weights
from geomatch.volunteering.matching_record import Record
from geomatch.volunteering.sharing_out import share_out, short_of

PEOPLE = ("a", "b", "c", "d")
MINORS = {"c", "d"}
walks = st.lists(st.integers(0, 5).map(lambda minutes: 60.0 * minutes), min_size=4, max_size=4)
orders = st.tuples(walks, st.sets(st.sampled_from(PEOPLE)), st.integers(1, 3), st.integers(0, 2))


def record(walk_s: list[float], barred: set[str], places: int, most_minors: int) -> Record:
    """An order with so many places, four people around it, some of whom may not come."""
    bars = np.zeros((4, len(Bar)), bool)
    bars[:, 0] = [name in barred for name in PEOPLE]
    nothing = np.zeros(4, np.int64)
    minor = np.array([name in MINORS for name in PEOPLE])
    among = Candidates(
        PEOPLE, np.array(walk_s), bars, load=nothing, rested_s=np.full(4, np.inf), trained=nothing, offers=nothing,
        accepted=nothing, minor=minor, most_minors=most_minors,
    )  # fmt: skip
    return Record(among, places, 240.0, Weights(), Prior(0.5, 4.0))


def best_by_trying(asked: list[Record], taken: set[str]) -> tuple[int, float]:
    """Try every way to give each of the people one order or none."""
    scores = []
    for each in asked:
        rows, score_s = each.ranked()
        scores.append(dict(zip([PEOPLE[row] for row in rows.tolist()], score_s.tolist(), strict=True)))
    best = (0, 0.0)
    for way in product(range(-1, len(asked)), repeat=4):
        got = [[name for name, order in zip(PEOPLE, way, strict=True) if order == at] for at in range(len(asked))]
        fits = all(
            len(names) <= each.k
            and len(MINORS & {*names}) <= each.among.most_minors
            and not taken & {*names}
            and {*names} <= score.keys()
            for names, each, score in zip(got, asked, scores, strict=True)
        )
        if fits:
            cost = sum(score[name] for names, score in zip(got, scores, strict=True) for name in names)
            best = min(best, (-sum(map(len, got)), cost))
    return -best[0], best[1]


@given(st.lists(orders, min_size=1, max_size=3), st.sets(st.sampled_from(PEOPLE), max_size=1))
@settings(max_examples=120, deadline=None)
def test_it_is_as_good_as_the_best_of_all_ways(given_orders: list, taken: set[str]) -> None:
    """As many places, at the same cost; nobody twice, no minor too many, nobody who may not."""
    asked = [record(*each) for each in given_orders]
    found = share_out(asked, taken=taken)
    everybody = [name for names in found for name in names]
    assert len(everybody) == len({*everybody} - taken)
    cost = 0.0
    for names, each in zip(found, asked, strict=True):
        rows, score_s = each.ranked()
        score = dict(zip([PEOPLE[row] for row in rows.tolist()], score_s.tolist(), strict=True))
        assert len(names) <= each.k
        assert len(MINORS & {*names}) <= each.among.most_minors
        assert [score[name] for name in names] == sorted(score[name] for name in names)
        cost += sum(score[name] for name in names)
        assert {factors.volunteer for factors in each.choice(names).chosen} == {*names}
    most, least = best_by_trying(asked, taken)
    assert len(everybody) == most
    assert abs(cost - least) < 1e-6


@given(st.lists(orders, min_size=1, max_size=3))
@settings(max_examples=60, deadline=None)
def test_only_the_orders_that_are_named_could_fill_a_free_place(given_orders: list) -> None:
    """Whatever the others might find further afield, no more places of these would be taken."""
    asked = [record(*each) for each in given_orders]
    found = share_out(asked)
    named = short_of(asked, found)
    short = {at for at, each in enumerate(asked) if len(found[at]) < each.k}
    assert short <= {*named}
    assert bool(named) == bool(short)
    others = [at for at in range(len(asked)) if at not in named]
    assert all(len(found[at]) == asked[at].k for at in others)
    held = {name for at in others for name in found[at]}
    alone = share_out([asked[at] for at in named], taken=held)
    assert sum(map(len, alone)) == sum(map(len, share_out([asked[at] for at in named])))


def test_where_there_are_no_orders_nobody_is_asked() -> None:
    """And an order near which nobody lives gets nobody."""
    assert share_out([]) == ()
    assert share_out([record([0.0] * 4, set(PEOPLE), 2, 1)]) == ((),)
