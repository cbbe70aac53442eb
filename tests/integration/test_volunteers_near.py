"""Volunteers are found by their own walk: the same as by one shortest way after another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from geomatch.network import reach
from geomatch.services import volunteers_near
from geomatch.services.region import Region, open_region
from geomatch.volunteering import roster
from geomatch.volunteering.people import PlaceKind, UsualPlace, Volunteer
from tests.regions import lonlat

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def region(little_region: Path) -> Region:
    """The town of two banks and one bridge."""
    return open_region(little_region)


def crowd(rng: np.random.Generator, size: int) -> roster.Roster:
    """Volunteers with no, one or two places, some of them far from any street."""
    people = []
    for at in range(size):
        spots = [lonlat(*rng.uniform((-4.0, -4.0), (34.0, 14.0))) for _ in range(int(rng.integers(0, 3)))]
        places = tuple(UsualPlace(PlaceKind.HOME, *spot) for spot in spots)
        people.append(Volunteer(f"v{at:03}", None, "王某", "1", places=places))
    return roster.build(people)


@pytest.mark.parametrize("profile", ["standard", "elder"])
@pytest.mark.parametrize("limit_m", [300.0, 1000.0, 2500.0])
def test_every_walk_is_the_shortest_way_from_the_nearest_place(region: Region, profile: str, limit_m: float) -> None:
    """Against a search for each pair on its own; who has no way, or a longer one, is not there."""
    rng = np.random.default_rng(7)
    placed = volunteers_near.place(region, crowd(rng, 60), profile)
    for column, row in rng.uniform((0.0, 0.0), (30.0, 11.0), (6, 2)):
        order = volunteers_near.on_streets(placed, *lonlat(column, row))
        wanted: dict[int, float] = {}
        for at, helper in enumerate(placed.roster.place_row.tolist()):
            way = reach.path(placed.ways, order, placed.places.take([at]))
            if way is not None and way.walk_m <= limit_m:
                wanted[helper] = min(way.walk_m, wanted.get(helper, np.inf))
        rows, walk_m = volunteers_near.near(placed, order, limit_m)
        assert rows.tolist() == sorted(wanted)
        assert walk_m == pytest.approx([wanted[helper] for helper in sorted(wanted)])


def test_the_river_is_walked_around(region: Region) -> None:
    """Two hundred metres across the water are far on foot, and beyond the limit are no answer at all."""
    west = Volunteer("v", None, "王某", "1", places=(UsualPlace(PlaceKind.HOME, *lonlat(14.0, 1.0)),))
    placed = volunteers_near.place(region, roster.build([west]))
    order = volunteers_near.on_streets(placed, *lonlat(16.0, 1.0))
    assert not len(volunteers_near.near(placed, order, 1000.0)[0])
    (walk_m,) = volunteers_near.near(placed, order, 4000.0)[1]
    assert walk_m > 2000
    back = volunteers_near.walks_to(placed, order, *lonlat(14.0, 1.0), 4000.0)
    assert back == pytest.approx([walk_m], abs=0.01)
    assert np.isinf(volunteers_near.walks_to(placed, order, *lonlat(14.0, 1.0), 1000.0)).all()
