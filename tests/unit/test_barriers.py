"""What cannot be crossed on foot, drawn by hand."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geomatch.network import barriers
from geomatch.network.scenery import Layer, Scenery
from tests.networks import ORIGIN_XY, PLANE, grid

if TYPE_CHECKING:
    from pathlib import Path

    from geomatch.network.barriers import Barriers

STREETS = grid(11, 11)
NOTHING = Layer((), (), np.empty(0, object), np.empty(0, bool))
LAKE = shapely.Polygon([(200, 200), (400, 200), (400, 400), (200, 400)], [[(250, 250), (300, 250), (300, 300)]])
RIVER = shapely.LineString([(-9000.0, 530.0), (9000.0, 530.0)])
FAR = shapely.LineString([(3000.0, 0.0), (3000.0, 900.0)])
WALL = shapely.LineString([(600.0 + 10 * np.cos(turn), 700.0 + 10 * turn) for turn in np.linspace(0, 20, 90)])


def layer(*things: tuple[str, str, shapely.Geometry, bool]) -> Layer:
    """Make a layer of kind, name, shape in metres and whether it is a bridge."""
    kinds, names, shapes, bridges = zip(*things, strict=True)
    degrees = shapely.transform(
        np.array(shapes, object), lambda xy: np.column_stack(PLANE.to_lonlat(*(xy + ORIGIN_XY).T))
    )
    return Layer(kinds, names, degrees, np.array(bridges, bool))


@lru_cache
def town() -> Barriers:
    """A lake with an island, a river, a wall; a railway on a bridge, a ditch, and a river far away."""
    water = layer(
        ("water", "湖", LAKE, False), ("river", "河", RIVER, False), ("ditch", "沟", RIVER, False),
        ("river", "远河", FAR, False),
    )  # fmt: skip
    rail = layer(("rail", "高架", RIVER, True))
    return barriers.build(Scenery(water, NOTHING, rail, NOTHING, NOTHING, layer(("wall", "", WALL, False))), STREETS)


def lines(spots: list[tuple[float, float, float, float]]) -> tuple[np.ndarray, np.ndarray]:
    """Give the two ends of lines in metres on the plane."""
    ends = np.array(spots, float).reshape(-1, 4)
    return ends[:, :2] + ORIGIN_XY, ends[:, 2:] + ORIGIN_XY


def named(found: Barriers, spots: list[tuple[float, float, float, float]]) -> list[set[tuple[str, str]]]:
    """Name what each line crosses."""
    line, label = barriers.crossed(found, *lines(spots))
    return [{found.labels[one] for one in label[line == row].tolist()} for row in range(len(spots))]


def test_only_what_keeps_people_out_is_kept() -> None:
    """No bridge, no ditch, nothing a kilometre away; a river that only passes through is."""
    found = town()
    assert {found.labels[label] for label in found.label.tolist()} == {("water", "湖"), ("water", "河"), ("wall", "")}
    assert barriers.build(Scenery(*[NOTHING] * 6), STREETS).labels == ()


def test_a_line_crosses_what_lies_between_its_ends() -> None:
    """Also a line so long that its ends see no water; one that only ends at a wall does not cross it."""
    spots = [(100, 300, 500, 300), (100, 300, 150, 300), (300, 300, 300, 800), (10, 10, 10, 530), (270, 270, 310, 290)]
    lake, river = ("water", "湖"), ("water", "河")
    assert named(town(), spots) == [{lake}, set(), {lake, river}, set(), {lake}]


@given(st.lists(st.tuples(*[st.floats(0, 1000).map(lambda at: round(at, 3))] * 4), min_size=1, max_size=30))
@settings(max_examples=60)
def test_crossing_is_what_shapely_says_of_the_whole_shapes(spots: list[tuple[float, float, float, float]]) -> None:
    """Cutting shapes into pieces loses no crossing."""
    shapes = {("water", "湖"): LAKE.boundary, ("water", "河"): RIVER, ("wall", ""): WALL}
    for mine, (x, y, x2, y2) in zip(named(town(), spots), spots, strict=True):
        line = shapely.LineString([(x, y), (x2, y2)])
        for name, shape in shapes.items():
            near_an_end = min(shapely.distance(shapely.Point(end), shape) for end in line.coords) < 0.51
            touched = shapely.distance(line, shape)
            if not near_an_end and not 0.0 < touched < 0.01:  # a hair's breadth may fall to either side
                assert (name in mine) == (touched == 0.0)


def test_of_several_the_hardest_is_named() -> None:
    """Water before walls; nothing where nothing is crossed."""
    found = town()
    spots = [(590, 500, 600, 950), (605, 900, 590, 902), (10, 10, 90, 10)]
    line, label = barriers.crossed(found, *lines(spots))
    hardest = barriers.hardest(found, len(spots), line, label).tolist()
    assert [found.labels[one] if one >= 0 else None for one in hardest[::2]] == [("water", "河"), None]


def test_points_beside_water_are_found() -> None:
    """Within so many metres of a piece of the chosen labels."""
    found = town()
    near = barriers.beside(found, found.is_wide(), np.array([(50, 500), (50, 400), (600, 850)]) + ORIGIN_XY, 60.0)
    assert near.tolist() == [0]
    assert len(barriers.beside(found, np.zeros(len(found.labels), bool), near[:, None] * [1.0, 1.0], 60.0)) == 0


def test_what_is_saved_opens_the_same(tmp_path: Path) -> None:
    """Labels and pieces."""
    found = town()
    barriers.save(found, tmp_path)
    opened = barriers.load(tmp_path)
    assert opened.labels == found.labels
    assert opened.xy.tobytes() == found.xy.tobytes()
    assert opened.start.tolist() == found.start.tolist()
    assert opened.label.tolist() == found.label.tolist()
