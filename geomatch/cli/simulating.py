"""The command that plays a region's matching policy over days of orders, beside always asking the closest."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from geomatch.cli.accounting import database
from geomatch.cli.making import opened
from geomatch.errors import InputError

if TYPE_CHECKING:
    import argparse

    from geomatch.services.simulating import Compared

MOST_DAYS, MOST_A_DAY = 90, 1000
_ROWS = (
    ("orders", "订单 orders", "{:,}"),
    ("served", "有人接单 served", "{:,}"),
    ("median_wait_s", "等待中位数（秒）median wait, s", "{:.0f}"),
    ("p90_wait_s", "等待九成位（秒）p90 wait, s", "{:.0f}"),
    ("acceptance", "接单率 acceptance", "{:.1%}"),
    ("notices", "每单通知数 notices an order", "{:.2f}"),
    ("gini", "任务基尼系数 Gini of tasks", "{:.3f}"),
    ("idle_share", "没有任务的人 idle share", "{:.1%}"),
    ("most_tasks", "最忙的人 most tasks", "{:,}"),
    ("median_walk_m", "步行中位数（米）median walk, m", "{:.0f}"),
)


def simulate(options: argparse.Namespace) -> None:
    """Play, and print both policies side by side."""
    from geomatch.services import matching, simulating  # noqa: PLC0415 - each command opens only its own rooms

    if not 1 <= options.days <= MOST_DAYS:
        raise InputError.of("--days", f"must be from 1 to {MOST_DAYS}", value=options.days)
    if not 1 <= options.orders_a_day <= MOST_A_DAY:
        raise InputError.of("--orders-a-day", f"must be from 1 to {MOST_A_DAY}", value=options.orders_a_day)
    region = opened(options.region)
    store = database()
    settings = matching.settings(store.reading(), region.spec.id)
    if options.recorded:
        days = simulating.recorded(store.reading(), region, days=options.days, now=datetime.now(UTC))
    else:
        days = simulating.made_up(region, days=options.days, orders_a_day=options.orders_a_day, unit=options.township)
    _print(simulating.compare(days, settings), as_json=options.json)


def _print(compared: Compared, *, as_json: bool) -> None:
    closest, own = asdict(compared.closest), asdict(compared.own)
    if as_json:
        told = {"closest": closest, "own": own, "gini_lower": compared.gini_lower, "walk_longer": compared.walk_longer}
        print(json.dumps({key: _finite(value) for key, value in told.items()}, ensure_ascii=False))
        return
    print("\t最近优先 closest\t本区设置 own")
    for name, words, form in _ROWS:
        print("\t".join((words, form.format(closest[name]), form.format(own[name]))))
    print(f"基尼系数降低 Gini lower by {compared.gini_lower:.1%}, 步行增加 walk longer by {compared.walk_longer:.1%}")


def _finite(value: object) -> object:
    """Give figures that JSON has; where nobody was served, there is no wait and no walk."""
    if isinstance(value, dict):
        return {name: _finite(each) for name, each in value.items()}
    return None if isinstance(value, float) and not abs(value) < float("inf") else value
