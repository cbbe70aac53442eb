"""The question of assignment_time.py for the peers: assignment_peers.py scipy|ortools|lap QUESTION.npz ROUNDS.

scipy and lap solve for a whole matching, so each gets a column for every order that may stay unserved, at a price that
no change of helpers can save; lap wants as many rows as columns, so each helper gets a row that lets it rest, but
where there are as many helpers as orders it first tries whether all are served without. Seconds are those of the
processor, from arrays to answer.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from pathlib import Path

import numpy as np
from scipy import sparse

LAP_MOST = 999_999.0  # lapmod takes no larger cost
SCALE = 1000  # ortools counts in whole numbers: thousandths of a second


def alone(question: dict[str, np.ndarray]) -> float:
    """The price of an order that stays unserved."""
    return float(question["cost"].max() + 1.0) * len(question["start"])


def with_own(question: dict[str, np.ndarray]) -> sparse.csr_array:
    """Orders by helpers and by their own columns; costs are raised by 1, as scipy takes a 0 for no entry."""
    start, orders, helpers = question["start"], len(question["start"]) - 1, int(question["helpers"])
    table = sparse.csr_array((question["cost"] + 1, question["helper"], start), (orders, helpers))
    return sparse.csr_array(sparse.hstack([table, sparse.eye_array(orders) * (alone(question) + 1)]))


def squared(question: dict[str, np.ndarray]) -> sparse.csr_array:
    """The same with a row for every helper that anybody may choose, which takes it, or what its order left, for 1."""
    names, helper = np.unique(question["helper"], return_inverse=True)
    table = with_own(question | {"helper": helper, "helpers": np.array(len(names))})
    ones = sparse.csr_array((np.ones(len(helper)), helper, question["start"]), (len(question["start"]) - 1, len(names)))
    below = sparse.hstack([sparse.eye_array(len(names)), ones.T])
    return sparse.csr_array(sparse.vstack([table, below]))


def by_scipy(question: dict[str, np.ndarray]) -> np.ndarray:
    """Give the column of each order."""
    from scipy.sparse import csgraph  # noqa: PLC0415 - only this peer needs it

    row, column = csgraph.min_weight_full_bipartite_matching(with_own(question))
    return column[np.argsort(row)]


def by_lap(question: dict[str, np.ndarray]) -> np.ndarray:
    """Give the column of each order, by lapmod."""
    import lap  # noqa: PLC0415 - only this peer needs it

    names, helper = np.unique(question["helper"], return_inverse=True)
    orders = len(question["start"]) - 1
    if len(names) == orders:
        bare = sparse.csr_array((question["cost"] + 1, helper, question["start"]), (orders, orders))
        bare.sort_indices()
        _, column, _ = lap.lapmod(orders, bare.data, bare.indptr.astype(np.int32), bare.indices.astype(np.int32))
        if (column >= 0).all():
            return names[column]
    table = squared(question)
    table.sort_indices()
    cost = table.data * (LAP_MOST / table.data.max())
    _, column, _ = lap.lapmod(table.shape[0], cost, table.indptr.astype(np.int32), table.indices)
    column = column[:orders]
    return np.where(column < len(names), names[np.minimum(column, len(names) - 1)], int(question["helpers"]))


def by_ortools(question: dict[str, np.ndarray]) -> np.ndarray:
    """Give the column of each order, by the flow that is largest and then cheapest."""
    from ortools.graph.python import min_cost_flow  # noqa: PLC0415 - only this peer needs it

    start, orders, helpers = question["start"], len(question["start"]) - 1, int(question["helpers"])
    order, names = np.repeat(np.arange(orders), np.diff(start)), np.unique(question["helper"])
    source, sink = orders + helpers, orders + helpers + 1
    tail = np.concatenate([np.full(orders, source), order, names + orders])
    head = np.concatenate([np.arange(orders), question["helper"] + orders, np.full(len(names), sink)])
    cost = np.zeros(len(tail), np.int64)
    cost[orders : orders + len(order)] = np.rint(question["cost"] * SCALE)
    flow = min_cost_flow.SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(tail, head, np.ones(len(tail), np.int64), cost)
    flow.set_node_supply(source, orders)
    flow.set_node_supply(sink, -orders)
    flow.solve_max_flow_with_min_cost()
    used = flow.flows(np.arange(orders, orders + len(order))) > 0
    column = np.full(orders, helpers)
    column[order[used]] = question["helper"][used]
    return column


def judged(question: dict[str, np.ndarray], column: np.ndarray) -> dict[str, float]:
    """Count who is served, and what it costs."""
    order = np.repeat(np.arange(len(column)), np.diff(question["start"]))
    taken = question["helper"] == column[order]
    return {"served": int(taken.sum()), "cost": float(question["cost"][taken].sum())}


ask = {"scipy": by_scipy, "ortools": by_ortools, "lap": by_lap}[sys.argv[1]]
with np.load(Path(sys.argv[2])) as given:
    asked = dict(given)
seconds = []
for _ in range(int(sys.argv[3])):
    begun = time.process_time()
    answer = ask(asked)
    seconds.append(time.process_time() - begun)
print(json.dumps(judged(asked, answer) | {"seconds": statistics.median(seconds)}))
