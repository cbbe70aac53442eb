"""The question of siting_time.py for the peers: siting_peers.py highspy|spopt QUESTION.npz LIMIT_S.

highspy gets the plain model of maximal covering; spopt builds its own from a table of costs and solves it by HiGHS.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import highspy
import numpy as np


def by_highspy(question: dict[str, np.ndarray], limit_s: float) -> dict[str, object]:
    """Columns: candidates, then points; rows: a point counts only where somebody near is open; so many are opened."""
    start, point, weight = question["start"], question["point"], question["weight"]
    size, points = len(start) - 1, len(weight)
    order = np.argsort(point, kind="stable")
    candidate = np.repeat(np.arange(size), np.diff(start))[order]
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)  # noqa: FBT003 - HiGHS has no keywords
    solver.setOptionValue("time_limit", limit_s)
    solver.setOptionValue("threads", 1)
    for number in range(size):
        solver.addVar(0, 1)
        solver.changeColIntegrality(number, highspy.HighsVarType.kInteger)
    for number in range(points):
        solver.addVar(0, 1)
        solver.changeColCost(size + number, -float(weight[number]))
    first = np.searchsorted(point[order], np.arange(points + 1))
    for number in range(points):
        mine = candidate[first[number] : first[number + 1]]
        columns, values = np.append(mine, size + number), np.append(-np.ones(len(mine)), 1.0)
        solver.addRow(-np.inf, 0.0, len(columns), columns.astype(np.int32), values)
    solver.addRow(-np.inf, float(question["chosen"]), size, np.arange(size, dtype=np.int32), np.ones(size))
    solver.run()
    found = solver.getInfo()
    return {
        "covered": -found.objective_function_value,
        "bound": -found.mip_dual_bound,
        "label": solver.modelStatusToString(solver.getModelStatus()),
    }


def by_spopt(question: dict[str, np.ndarray], limit_s: float) -> dict[str, object]:
    """MCLP.from_cost_matrix, solved by HiGHS through pulp."""
    import pulp  # noqa: PLC0415 - only this peer needs it
    from spopt.locate import MCLP  # noqa: PLC0415 - as above

    start, point, weight = question["start"], question["point"], question["weight"]
    cost = np.ones((len(weight), len(start) - 1))
    cost[point, np.repeat(np.arange(len(start) - 1), np.diff(start))] = 0.0
    model = MCLP.from_cost_matrix(cost, weight, service_radius=0.5, p_facilities=int(question["chosen"]))
    solved = model.solve(pulp.HiGHS(msg=False, timeLimit=limit_s, threads=1))
    return {"covered": pulp.value(solved.problem.objective), "label": pulp.LpStatus[solved.problem.status]}


ask = {"highspy": by_highspy, "spopt": by_spopt}[sys.argv[1]]
with np.load(Path(sys.argv[2])) as given:
    asked = dict(given)
begun = time.perf_counter()
answer = ask(asked, float(sys.argv[3]))
print(json.dumps(answer | {"seconds": time.perf_counter() - begun}))
