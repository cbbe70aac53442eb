"""Two hundred accept one order at once, round after round: python -m benchmarks.accept_race ROUNDS KIND REGION.

ROUNDS is 1000 for the promise of issue 4; KIND is sqlite or postgresql (a throw-away cluster); REGION is the folder of
the little region, which is written and built where it is not there. It ends at the first round that has not exactly
one winner, by the answers or by the store.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from geomatch.services import build
from geomatch.store.database import Database
from geomatch.volunteering.orders import OrderState
from tests import postgres, racing
from tests.e2e.test_scenarios_survive_kills import READY_S, ask, served
from tests.regions import write_little_region

RACERS = 200


async def run(port: int, database: Database, rounds: int, now: datetime) -> tuple[list[float], Counter[int]]:
    """Race; gives the seconds of each round, and how often each status was answered in all."""
    track = racing.Track(port, racing.enter(database, RACERS, now))
    seconds, told = [], Counter[int]()
    for number in range(rounds):
        order_id = racing.open_order(database, number, now)
        begun = time.perf_counter()
        answers = await track.race(order_id)
        seconds.append(time.perf_counter() - begun)
        told += answers
        stored = racing.winners(database, order_id)
        if answers[200] != 1 or stored != (1, 1, 1, OrderState.ACCEPTED):
            raise SystemExit(f"round {number}: answers {dict(answers)}, store {stored}")
    await track.leave()
    return seconds, told


def main(rounds: int, kind: str, region: Path) -> None:
    """Serve, race, and print what came of it."""
    if not region.exists():
        build.build(write_little_region(region))
    cluster = None
    if kind == "postgresql":
        folder = postgres.binaries()
        if folder is None:
            raise SystemExit("no PostgreSQL on this machine")
        cluster = postgres.make(folder)
    with tempfile.TemporaryDirectory() as scratch:
        url = cluster.fresh() if cluster else f"sqlite:///{scratch}/race.db"
        database, now = Database(url), datetime.now(UTC)
        database.prepare()
        try:
            with served(region, url) as (_, port):
                until = time.monotonic() + READY_S
                while (ask(port, "GET", "/readyz") or (0,))[0] != 200 and time.monotonic() < until:  # noqa: PLR2004 - HTTP
                    time.sleep(0.1)
                seconds, told = asyncio.run(run(port, database, rounds, now))
        finally:
            database.close()
            if cluster:
                cluster.remove()
    middle, worst = statistics.median(seconds), max(seconds)
    print(
        f"{kind}: {rounds} rounds of {RACERS} accepts at once, 4 processes: exactly one winner in each;"
        f" answers {dict(sorted(told.items()))}; a round p50 {middle * 1e3:.0f} ms, most {worst * 1e3:.0f} ms"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
