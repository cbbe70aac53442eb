"""Two hundred accept one order at once, round after round: python -m benchmarks.accept_race ROUNDS KIND REGION.

ROUNDS is 1000 for the promise of issue 4; KIND is sqlite or postgresql (a throw-away cluster); REGION is the folder of
the little region, which is written and built where it is not there. It ends at the first round that has not exactly
one winner, by the answers or by the store.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from geomatch.services import build
from geomatch.store.database import Database
from geomatch.volunteering.orders import OrderState
from tests import postgres, racing
from tests.regions import write_little_region
from tests.running import served, wait_until_ready

RACERS, SAID_EVERY = 200, 50


def run(port: int, database: Database, rounds: int, now: datetime) -> tuple[list[float], list[float], Counter[int]]:
    """Race; gives the seconds of each round and of each accept, and how often each status was answered in all."""
    track = racing.Track(port, racing.enter(database, RACERS, now))
    rounds_s, accepts_s, told = [], [], Counter[int]()
    for number, order_id in enumerate(racing.open_orders(database, range(rounds), now)):
        answers, seconds = track.race(order_id)
        rounds_s.append(max(seconds))
        accepts_s += seconds
        told += answers
        stored = racing.winners(database, order_id)
        if answers[200] != 1 or stored != (1, 1, 1, OrderState.ACCEPTED):
            raise SystemExit(f"round {number}: answers {dict(answers)}, store {stored}")
        if (number + 1) % SAID_EVERY == 0:
            print(f"{number + 1} rounds; p50 {statistics.median(rounds_s) * 1e3:.0f} ms", flush=True)
    track.leave()
    return rounds_s, accepts_s, told


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
            with served(region, url) as (process, port):
                wait_until_ready(process, port)
                rounds_s, accepts_s, told = run(port, database, rounds, now)
        finally:
            database.close()
            if cluster:
                cluster.remove()
    middle, worst = statistics.median(rounds_s), max(rounds_s)
    half, most = statistics.median(accepts_s), statistics.quantiles(accepts_s, n=100)[-1]
    print(
        f"{kind}: {rounds} rounds of {RACERS} accepts at once, 4 processes: exactly one winner in each;"
        f" answers {dict(sorted(told.items()))}; a round p50 {middle * 1e3:.0f} ms, most {worst * 1e3:.0f} ms;"
        f" an accept among them p50 {half * 1e3:.0f} ms, p99 {most * 1e3:.0f} ms"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
