"""Pictures of a report: covered ground as it is, words that do not overlap, bars from zero, nothing that runs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import numpy as np
import pytest
import shapely

from geomatch.drawing import tokens
from geomatch.drawing.report import charts, frame, maps, svg
from geomatch.drawing.report.ground import once_and_twice
from geomatch.drawing.report.swatches import swatch
from geomatch.reporting.pictures import Area, Bars, Curve, HeatMap, Lorenz, Map, Spot

if TYPE_CHECKING:
    from pathlib import Path

BOX = (116.25, 39.95, 116.30, 40.0)


def parsed(drawing: str) -> ET.Element:
    """Read an SVG back: it must be well-formed."""
    return ET.fromstring(drawing.replace(' xmlns="http://www.w3.org/2000/svg"', ""))  # noqa: S314 - our own drawing


@pytest.mark.parametrize("count", [0, 1, 2, 7, 40])
def test_covered_once_and_twice_is_what_points_say(count: int) -> None:
    """A point is covered once or twice as often as circles hold it; shapes are clean."""
    rng = np.random.default_rng(count)
    circles = shapely.buffer(shapely.points(rng.uniform(0, 10, (count, 2))), rng.uniform(0.5, 2, count))
    once, twice = once_and_twice(np.asarray(circles, object))
    points = rng.uniform(-2, 12, (4000, 2))
    held = sum((shapely.contains_xy(circle, *points.T).astype(int) for circle in circles), np.zeros(4000, int))
    assert shapely.is_valid([once, twice]).all()
    assert np.array_equal(shapely.contains_xy(once, *points.T), held >= 1)
    assert np.array_equal(shapely.contains_xy(twice, *points.T), held >= 2)


def test_touching_and_empty_circles_leave_no_lines() -> None:
    """Squares that share an edge or a corner are covered once; an empty circle covers nothing."""
    squares = [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1), shapely.box(2, 1, 3, 2), shapely.Polygon()]
    once, twice = once_and_twice(np.array(squares, object))
    assert (round(once.area, 9), twice.area) == (3.0, 0.0)


def test_a_frame_holds_its_box_and_tells_its_scale() -> None:
    """Corners lie inside; a kilometre on the ground is a kilometre by the scale, within 0.5 %."""
    made = frame.frame_of(BOX)
    corners = [made.point(lon, lat) for lon in BOX[::2] for lat in BOX[1::2]]
    assert all(0 < x < frame.WIDTH and 0 < y < made.height for x, y in corners)
    north, south = made.point(116.28, 39.99), made.point(116.28, 39.98)
    assert abs((south[1] - north[1]) / made.units_per_m / 1110.4 - 1) < 0.005
    assert made.height <= frame.TALLEST


@pytest.mark.parametrize("box", [(116.0, 39.0, 118.0, 39.1), (116.0, 39.0, 116.01, 41.0), (116.0, 39.0, 116.0, 39.0)])
def test_any_box_fits_the_page(box: tuple[float, float, float, float]) -> None:
    """Long, tall, or nothing at all: the frame is as wide as the page and not too tall."""
    made = frame.frame_of(box)
    assert frame.WIDTH / 2 <= made.height <= frame.TALLEST
    x, y = made.point((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    assert abs(x - frame.WIDTH / 2) < 1
    assert abs(y - made.height / 2) < 5


def test_paths_are_short_and_keep_holes() -> None:
    """One decimal, no point twice, no minus nought, rings closed; lines and collections too."""
    ring = shapely.Polygon([(0, 0), (4, 0), (4.01, 0.01), (4, 4), (-0.04, 4)], [[(1, 1), (2, 1), (2, 2)]])
    line = shapely.GeometryCollection([shapely.MultiLineString([[(0, 0), (1.26, 0)], [(5, 5), (5.01, 5.01)]])])
    assert svg.path([ring, line]) == "M0 0L4 0L4 4L0 4ZM1 1L2 1L2 2ZM0 0L1.3 0"


def test_classes_hold_their_lower_bound() -> None:
    """85 % is in the class that begins there; 1,000 people are of the second step."""
    assert [maps.share_step(share) for share in (0, 0.499, 0.5, 0.85, 0.95, 1.0)] == [0, 0, 1, 3, 4, 4]
    assert [maps.gap_step(people) for people in (1, 999, 1000, 4999, 5000)] == [0, 0, 1, 1, 2]


def test_names_on_a_map_do_not_overlap_and_never_run(little_region: Path) -> None:
    """Fifty names at one place: those that stand keep clear of each other; markup stays text."""
    from tests.serving import region_of

    region = region_of(little_region)
    west, south, east, north = region.summary().bbox
    shape = shapely.box(west, south, east, north)
    evil = '<script>alert(1)</script>&"'
    asked = Map(
        key="k",
        title="t",
        alt=evil,
        base=region.build_folder / "base.pmtiles",
        bbox=region.summary().bbox,
        borders=tuple(Area(shape, f"{evil}{number}") for number in range(3)),
        gaps=tuple(Area(shapely.Point(west, south).buffer(0.001), str(rank), 900.0) for rank in range(1, 50)),
        sites=(Spot(west, south, "centre"), Spot(east, north, "landscape")),
        credit="© somebody",
    )
    drawing = maps.draw(asked, synthetic=True)
    assert "<script" not in drawing
    root = parsed(drawing)
    badges = [(float(one.get("cx", "")), float(one.get("cy", ""))) for one in root.findall("circle")]
    assert len(badges) > 3
    apart = [np.hypot(x - u, y - v) for i, (x, y) in enumerate(badges) for u, v in badges[:i]]
    assert min(apart) >= 11
    assert "示范数据 synthetic" in drawing
    assert "© somebody" in drawing
    assert {"k-hatch-0", "k-hatch-1", "k-hatch-2"} == {one.get("id") for one in root.iter("pattern")}
    assert "synthetic" not in maps.draw(asked, synthetic=False)
    assert maps.draw(asked, synthetic=True) == drawing


def test_bars_start_at_zero_and_say_their_figure() -> None:
    """Width follows the share; nothing known is an empty bar with a dash."""
    drawing = charts.bars(Bars("k", "t", "a", (("甲", 0.5, "50.0 %"), ("乙", None, "—")), mark=(0.85, "85 %")))
    filled = [float(one.get("width", "")) for one in parsed(drawing).findall("rect") if one.get("fill") == tokens.COVER]
    ground = [
        float(one.get("width", "")) for one in parsed(drawing).findall("rect") if one.get("fill") == tokens.GROUND
    ]
    assert filled == [ground[0] / 2, 0.0]
    assert {"50.0 %", "—", "85 %"} <= {one.text for one in parsed(drawing).findall("text")}


@pytest.mark.parametrize("points", [(), ((0.0, 0.0), (0.5, 0.2), (1.0, 1.0))])
def test_a_lorenz_curve_is_drawn_or_left_out(points: tuple[tuple[float, float], ...]) -> None:
    """With nobody to walk there is only the diagonal."""
    root = parsed(charts.lorenz(Lorenz("k", "t", "a", points, "across", "up", "even")))
    curves = [one for one in root.findall("path") if one.get("stroke") == tokens.COVER]
    assert len(curves) == bool(points)


def test_a_heat_map_has_a_cell_an_hour_and_tells_its_per_cent() -> None:
    """168 cells; where nobody is covered at any hour all are of the lightest step."""
    shares = tuple(tuple((hour + day) / 40 for hour in range(24)) for day in range(7))
    root = parsed(charts.heat_map(HeatMap("k", "t", "a", tuple("一二三四五六日"), shares, ("少", "多"))))
    told = [one.text for one in root.findall("text")]
    assert told.count("0") == 1
    assert "72" in told
    empty = parsed(charts.heat_map(HeatMap("k", "t", "a", ("一",), ((0.0,) * 24,), ("少", "多"))))
    assert len({one.get("fill") for one in empty.findall("rect")[:24]}) == 1


def test_a_curve_stays_under_its_bound() -> None:
    """The bound is a line above every point; no points, no curve."""
    root = parsed(charts.curve(Curve("k", "t", "a", ((0, 0.5), (1, 0.7), (2, 0.8)), "n", "s", (0.9, "bound"))))
    line = next(one for one in root.findall("path") if one.get("stroke") == tokens.COVER)
    ys = [float(y) for _, y in re.findall(r"([\d.]+) ([\d.]+)", line.get("d", ""))]
    bound = next(one for one in root.findall("path") if one.get("stroke") == tokens.ACCENT)
    assert min(ys) > float(re.findall(r"M[\d.]+ ([\d.]+)", bound.get("d", ""))[0])
    assert "bound" in {one.text for one in root.findall("text")}
    parsed(charts.curve(Curve("k", "t", "a", (), "n", "s")))


@pytest.mark.parametrize(
    "name", [*tokens.MARKS, "covered", "covered-twice", "share-4", "gap-2", "border", "rank", "chosen"]
)
def test_every_swatch_is_drawn(name: str) -> None:
    """A legend's picture for whatever a map draws; hidden from whoever listens."""
    assert parsed(swatch(name)).get("aria-hidden") == "true"
