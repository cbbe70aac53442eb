"""The best assignment serves the most orders and walks the least, by scipy, by brute force, and by its own prices."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.sparse import csgraph

from geomatch.volunteering import assignment


def table(candidates: list[dict[int, float]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Candidates of each order as the arrays that `assign` takes."""
    start = np.cumsum([0, *map(len, candidates)])
    helper = np.array([h for row in candidates for h in row], np.int32)
    cost = np.array([c for row in candidates for c in row.values()], np.float64)
    return start.astype(np.int64), helper, cost


def brute(candidates: list[dict[int, float]]) -> tuple[int, float]:
    """Most orders served and the least cost of that, by trying everything."""
    best = (0, 0.0)
    for choice in product(*[[None, *row] for row in candidates]):
        taken = [helper for helper in choice if helper is not None]
        if len(taken) == len(set(taken)):
            cost = sum(row[helper] for row, helper in zip(candidates, choice, strict=True) if helper is not None)
            best = max(best, (len(taken), -cost))
    return best[0], -best[1]


few = st.lists(st.dictionaries(st.integers(0, 5), st.integers(0, 9).map(float), max_size=4), max_size=5)


@given(few)
@settings(max_examples=300, deadline=None)
def test_nothing_that_brute_force_finds_is_better(candidates: list[dict[int, float]]) -> None:
    """Small tables with many ties, empty rows and too few helpers."""
    found = assignment.assign(*table(candidates))
    served, cost = brute(candidates)
    assert (found.served, found.cost) == (served, pytest.approx(cost))
    taken = found.helper[found.helper != assignment.NOBODY]
    assert len(taken) == len(set(taken.tolist())) == found.served
    for row, helper in zip(candidates, found.helper.tolist(), strict=True):
        assert helper == assignment.NOBODY or helper in row


@pytest.mark.parametrize(("orders", "helpers", "most"), [(400, 5000, 30), (400, 380, 12), (300, 60, 20), (500, 500, 3)])
@pytest.mark.parametrize("whole", [True, False], ids=["ties", "reals"])
def test_scipy_agrees_on_larger_tables(orders: int, helpers: int, most: int, whole: bool) -> None:  # noqa: FBT001
    """Enough helpers, too few, and hardly any choice; costs with many ties and with none."""
    rng = np.random.default_rng([orders, helpers, whole])
    rows = [rng.choice(helpers, min(most, helpers), replace=False) for _ in range(orders)]
    cost = rng.uniform(1, 900, (orders, min(most, helpers)))
    cost = np.floor(cost / 90) if whole else cost
    start, helper = np.arange(orders + 1) * rows[0].size, np.concatenate(rows).astype(np.int32)
    found = assignment.assign(start.astype(np.int64), helper, cost.ravel())
    graph = sparse.csr_array((np.ones(helper.size), helper, start), (orders, helpers))
    assert found.served == (csgraph.maximum_bipartite_matching(graph, perm_type="column") >= 0).sum()
    alone = 901.0 * (orders + 1)
    with_own = sparse.hstack(
        [sparse.csr_array((cost.ravel() + 1, helper, start), (orders, helpers)), sparse.eye_array(orders) * alone]
    ).tocsr()
    row, column = csgraph.min_weight_full_bipartite_matching(with_own)
    assert with_own[row, column].sum() == pytest.approx(found.cost + found.served + alone * (orders - found.served))


def test_nobody_to_choose_from_is_an_answer() -> None:
    """No orders, and orders without candidates."""
    assert assignment.assign(*table([])).served == 0
    assert assignment.assign(*table([{}, {}])).helper.tolist() == [assignment.NOBODY] * 2
