"""Two hundred volunteers accept one order at once, over HTTP, at a service of four processes: one wins."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from geomatch.store.database import Database
from geomatch.volunteering.orders import OrderState
from tests import racing
from tests.running import served, wait_until_ready

if TYPE_CHECKING:
    from pathlib import Path

RACERS, ROUNDS = 200, 3
"""benchmarks/accept_race.py runs a thousand rounds."""


def test_of_two_hundred_who_accept_at_once_one_wins(little_region: Path, database_url: str) -> None:
    """Each round: one answer of 200, all others 409; and the store says the same: one offer, one duty, one place."""
    now, database = datetime.now(UTC), Database(database_url)
    racers = racing.enter(database, RACERS, now)
    with served(little_region, database_url) as (process, port):
        wait_until_ready(process, port)
        track = racing.Track(port, racers)
        for order_id in racing.open_orders(database, range(ROUNDS), now):
            assert track.race(order_id)[0] == Counter({200: 1, 409: RACERS - 1})
            assert racing.winners(database, order_id) == (1, 1, 1, OrderState.ACCEPTED)
        track.leave()
    database.close()
