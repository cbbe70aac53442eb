"""The policy that is shipped shares the work out better than always asking the closest, for little more walking."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from geomatch.cli import main
from geomatch.errors import NotFoundError
from geomatch.services import simulating
from geomatch.services.region import Region, open_region
from geomatch.volunteering.matching_settings import MatchingSettings

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def haidian(haidian_region: Path) -> Region:
    """The bundled district."""
    return open_region(haidian_region)


@pytest.mark.long
def test_the_work_is_shared_out_for_little_more_walking(haidian: Region) -> None:
    """One township, 30 days of 80 orders: Gini at least 30 % lower, median walk at most 10 % longer, as many served."""
    days = simulating.made_up(haidian, days=30, orders_a_day=80, unit="温泉镇")
    found = simulating.compare(days, MatchingSettings())
    assert found.gini_lower >= 0.30
    assert found.walk_longer <= 0.10
    assert found.own.served >= 0.99 * found.closest.served
    assert found.own.idle_share < found.closest.idle_share


def test_the_command_prints_both_policies(chaozhou_region: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As JSON, and as a table; a township that is none is named with those there are."""
    words = ["simulate", str(chaozhou_region), "--days", "1", "--orders-a-day", "5"]
    assert main([*words, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["own"]["orders"] == told["closest"]["orders"] == 5
    assert main(words) == 0
    assert "Gini of tasks" in capsys.readouterr().out
    assert main([*words, "--days", "0"]) == 1
    assert main([*words, "--township", "x"]) == 1
    assert "has no township" in capsys.readouterr().err
    assert main([*words, "--recorded"]) == 0


def test_there_are_made_up_days_only_for_bundled_regions(little_region: Path) -> None:
    """Elsewhere the recorded ones are to be played."""
    with pytest.raises(NotFoundError, match="recorded"):
        simulating.made_up(open_region(little_region), days=1, orders_a_day=1)
