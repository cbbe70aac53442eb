from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
import shapely

from geomatch.network import scenery

if TYPE_CHECKING:
    from pathlib import Path

HEAD = '<?xml version="1.0"?><osm version="0.6">'
NODES = "".join(
    f'<node id="{number}" version="1" lon="{116.3 + x / 1000}" lat="{39.9 + y / 1000}"/>'
    for number, (x, y) in enumerate([(0, 0), (4, 0), (4, 4), (0, 4), (1, 1), (2, 1), (2, 2), (1, 2)], 1)
)


def way(number: int, refs: list[int], *tags: str) -> str:
    """Write a way as XML."""
    told = "".join("<tag k='{}' v='{}'/>".format(*tag.split("=")) for tag in tags)
    nodes = "".join(f"<nd ref='{ref}'/>" for ref in refs)
    return f"<way id='{number}' version='1'>{nodes}{told}</way>"


def drawn(folder: Path, body: str) -> scenery.Scenery:
    """Read the scenery of a drawing."""
    path = folder / "drawing.osm"
    path.write_text(f"{HEAD}{NODES}{body}</osm>", encoding="utf-8")
    return scenery.read(path)


OUTER, INNER = [1, 2, 3, 4, 1], [5, 6, 7, 8, 5]


def test_closed_ways_are_areas_of_their_theme(tmp_path: Path) -> None:
    """A lake and a park become multipolygons with their kinds and names."""
    found = drawn(tmp_path, way(1, OUTER, "natural=water", "name=湖") + way(2, INNER, "leisure=park", "name=园"))
    assert (found.water.kind, found.water.name) == (("water",), ("湖",))
    assert (found.green.kind, found.green.name) == (("park",), ("园",))
    assert found.water.geometry[0].geom_type == "MultiPolygon"


def test_a_multipolygon_keeps_its_hole(tmp_path: Path) -> None:
    """A lake with an island is drawn with the island left out."""
    relation = (
        '<relation id="1" version="1"><member type="way" ref="1" role="outer"/>'
        '<member type="way" ref="2" role="inner"/>'
        '<tag k="type" v="multipolygon"/><tag k="natural" v="water"/></relation>'
    )
    found = drawn(tmp_path, way(1, OUTER) + way(2, INNER) + relation)
    assert shapely.get_num_interior_rings(found.water.geometry[0].geoms[0]) == 1


@pytest.mark.parametrize(
    ("tags", "theme", "kind"),
    [
        (["waterway=canal"], "water", "canal"),
        (["railway=rail"], "rail", "rail"),
        (["highway=motorway", "foot=no"], "roads", "motorway"),
        (["highway=motorway_link"], "roads", "motorway"),
        (["highway=residential"], "roads", "residential"),
    ],
)
def test_lines_go_to_their_theme(tmp_path: Path, tags: list[str], theme: str, kind: str) -> None:
    """Canals, railways and roads are lines, roads closed to people on foot included."""
    found = drawn(tmp_path, way(1, [1, 2, 3], *tags))
    layer = getattr(found, theme)
    assert (layer.kind, layer.geometry[0].geom_type) == ((kind,), "LineString")


@pytest.mark.parametrize(
    "tags",
    [["railway=subway", "tunnel=yes"], ["waterway=river", "tunnel=culvert"], ["highway=footway"], ["building=yes"]],
)
def test_these_are_not_drawn(tmp_path: Path, tags: list[str]) -> None:
    """What lies underground, paths (the street graph has them) and buildings are left out."""
    found = drawn(tmp_path, way(1, OUTER, *tags))
    assert [len(layer) for layer in vars(found).values()] == [0] * 6


def test_bridges_are_marked(tmp_path: Path) -> None:
    """A road on a bridge is told from one on the ground."""
    found = drawn(tmp_path, way(1, [1, 2], "highway=primary", "bridge=yes") + way(2, [2, 3], "highway=primary"))
    assert found.roads.bridge.tolist() == [True, False]


def test_named_places_are_points(tmp_path: Path) -> None:
    """A suburb with a name is a place; one without is none."""
    tag = "<tag k='place' v='suburb'/>"
    body = (
        f"<node id='20' version='1' lon='116.3' lat='39.9'>{tag}<tag k='name' v='中关村'/></node>"
        f"<node id='21' version='1' lon='116.3' lat='39.9'>{tag}</node>"
    )
    found = drawn(tmp_path, body)
    assert (found.places.kind, found.places.name) == (("suburb",), ("中关村",))


def test_a_thing_that_lacks_nodes_is_left_out(tmp_path: Path) -> None:
    """A road that leaves the extract at once is not drawn, and nothing fails."""
    found = drawn(tmp_path, way(1, [1, 99], "highway=primary") + way(2, [1, 2, 99, 1], "natural=water"))
    assert (len(found.roads), len(found.water)) == (0, 0)


def test_an_extract_with_nothing_to_draw_gives_empty_layers(tmp_path: Path) -> None:
    """No scenery is no fault."""
    assert [len(layer) for layer in vars(drawn(tmp_path, "")).values()] == [0] * 6


def test_a_real_city_has_parks_rails_and_roads(helsinki_pbf: Path) -> None:
    """The centre of Helsinki shows something of every theme, all of it valid."""
    found = scenery.read(helsinki_pbf)
    for layer in (found.water, found.green, found.rail, found.roads, found.places):
        assert len(layer) == len(layer.name) == len(layer.geometry) == len(layer.bridge) > 0
        assert not shapely.is_empty(layer.geometry).any()


@pytest.mark.shared
def test_scenery_is_read_quickly(shared_data: Path) -> None:
    """Heidelberg's base map is read in under 6 s."""
    begun = time.perf_counter()
    scenery.read(shared_data / "osm" / "heidelberg.osm.pbf")
    assert time.perf_counter() - begun < 6


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        (["barrier=fence"], "wall"),
        (["barrier=city_wall", "name=城墙"], "wall"),
        (["highway=motorway"], "road"),
        (["highway=trunk_link", "motorroad=yes"], "road"),
        (["landuse=industrial", "access=private"], "compound"),
        (["landuse=military"], "compound"),
    ],
)
def test_what_people_may_not_cross_is_noted(tmp_path: Path, tags: list[str], kind: str) -> None:
    """Walls, roads without people on foot and private land, besides what the base map draws."""
    found = drawn(tmp_path, way(1, OUTER, *tags))
    assert found.closed.kind == (kind,)
    assert found.closed.name == ("城墙" if "name=城墙" in tags else "",)


@pytest.mark.parametrize(
    "tags",
    [
        ["barrier=kerb"],
        ["highway=trunk"],
        ["highway=motorway", "tunnel=yes"],
        ["landuse=industrial"],
        ["highway=service", "access=private"],
    ],
)
def test_what_people_may_cross_is_not(tmp_path: Path, tags: list[str]) -> None:
    """A kerb, a road with people on it, what lies below, land that is open."""
    assert len(drawn(tmp_path, way(1, OUTER, *tags)).closed) == 0
