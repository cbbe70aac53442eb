"""A real service of four workers: what is edited through one shows in the very next answer of each of the others."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from geomatch.services import accounts
from geomatch.store.database import Database
from geomatch.volunteering.roles import Principal, Role
from tests.regions import lonlat
from tests.running import WORKERS, line_to_each, served, signed_in, wait_until_ready

if TYPE_CHECKING:
    from pathlib import Path

    from tests.running import Line

SECRET = "walk-there-and-back"  # noqa: S105 - of an account that lives as long as a test
ROUNDS, AT = 10, "/api/v1/regions/little"
LON, LAT = lonlat(3.2, 3.0)


def open_centre(database_url: str) -> None:
    """Open an account of the centre."""
    database = Database(database_url)
    who = Principal("", Role.CENTRE, "little")
    accounts.add(database.writing(), "centre", who, SECRET, at=datetime.now(UTC))
    database.close()


def seen(line: Line) -> tuple[str, int]:
    """Say which site is the nearest, and how many there are, as one worker answers."""
    nearest = line.ask("GET", f"{AT}/nearest?lon={LON}&lat={LAT}")
    listed = line.ask("GET", f"{AT}/sites")
    assert nearest is not None
    assert listed is not None
    return nearest[1]["features"][0]["id"], listed[1]["numberMatched"]


def edit(line: Line, method: str, path: str, body: Any = None, **headers: str) -> None:
    """Change something and read that it was done."""
    told = line.ask(method, path, body, **headers)
    assert told is not None
    assert told[0] in {200, 201, 204}, told[1]


def test_an_edit_through_one_worker_shows_in_the_next_answer_of_every_other(
    little_region: Path, database_url: str
) -> None:
    """Added by one and closed by another, again and again, each worker asked right after the other's answer."""
    open_centre(database_url)
    with served(little_region, database_url) as (process, port):
        wait_until_ready(process, port)
        signed = signed_in(port, "centre", SECRET)
        lines = list(line_to_each(process, port).values())
        assert len(lines) == WORKERS
        for line in lines:
            line.headers = signed
        before = seen(lines[0])
        body = {"name": "新站", "kind": "station", "lon": LON, "lat": LAT}
        for turn in range(ROUNDS):
            name = f"N{turn}"
            edit(lines[turn % WORKERS], "POST", f"{AT}/sites", {**body, "id": name})
            assert [seen(line) for line in lines] == [(name, before[1] + 1)] * WORKERS
            edit(lines[(turn + 1) % WORKERS], "DELETE", f"{AT}/sites/{name}")
            assert [seen(line) for line in lines] == [before] * WORKERS
        for line in lines:
            line.close()
