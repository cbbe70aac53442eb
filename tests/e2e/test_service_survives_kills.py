"""A real service and `geomatch worker`, killed at moments of chance: what it answered for is there, once."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from tests import helping
from tests.killing import Heard, assert_nothing_lost_or_doubled, live, open_centre

if TYPE_CHECKING:
    from pathlib import Path

SEED = 20261129


@pytest.mark.long
def test_no_kill_of_any_process_loses_or_doubles_anything(little_region: Path, database_url: str) -> None:
    """Each of four workers, `geomatch worker` twice, then everything; benchmarks/kills.py does it a hundred times."""
    heard = Heard()
    with helping.set_up(database_url) as stage:
        open_centre(stage.database)
        live(little_region, stage, heard, random.Random(SEED))  # noqa: S311 - no secret
        assert_nothing_lost_or_doubled(stage, heard)
