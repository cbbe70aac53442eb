"""A real service and `geomatch worker`, killed at moments of chance: every acknowledged edit is there, once."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from tests.killing import assert_nothing_lost_or_doubled, live, open_centre

if TYPE_CHECKING:
    from pathlib import Path

SEED = 20261129


def test_no_kill_of_any_process_loses_or_doubles_an_edit(little_region: Path, database_url: str) -> None:
    """Each of four workers, `geomatch worker` twice, then everything; benchmarks/kills.py does it a hundred times."""
    open_centre(database_url)
    editors = live(little_region, database_url, 0, random.Random(SEED))  # noqa: S311 - no secret
    assert_nothing_lost_or_doubled(database_url, editors)
