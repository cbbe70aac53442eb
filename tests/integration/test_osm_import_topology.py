from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

import numpy as np
import pytest
from scipy.sparse import coo_array, csgraph

from geomatch.errors import InputError
from geomatch.network import osm
from geomatch.network.graph import KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from geomatch.network.graph import Segments
    from geomatch.network.health import ImportHealth

Way = tuple["Sequence[int]", str]
UNIT = 0.001  # degrees between neighbouring grid places


def tag_lines(text: str) -> str:
    """Write tags as XML."""
    pairs = [pair.split("=", 1) for pair in text.split()]
    return "".join(f"<tag k={quoteattr(key)} v={quoteattr(value)}/>" for key, value in pairs)


def member_lines(members: Sequence[tuple[int, str]]) -> str:
    """Write a relation's members as XML."""
    return "".join(f'<member type="way" ref="{way}" role={quoteattr(role)}/>' for way, role in members)


def read(
    folder: Path,
    nodes: Mapping[int, tuple[float, float]],
    ways: Sequence[Way],
    *,
    node_tags: Mapping[int, str] | None = None,
    relations: Sequence[tuple[Sequence[tuple[int, str]], str]] = (),
    ways_first: bool = False,
) -> tuple[Segments, ImportHealth]:
    """Import a drawing: nodes on a grid of 0.001 degrees around 116.3, 39.9; ways numbered from 1 in order."""
    told = node_tags or {}
    node_part = "".join(
        f'<node id="{ref}" version="1" lon="{116.3 + x * UNIT:.7f}" lat="{39.9 + y * UNIT:.7f}">'
        f"{tag_lines(told.get(ref, ''))}</node>"
        for ref, (x, y) in nodes.items()
    )
    way_part = "".join(
        f'<way id="{number}" version="1">{"".join(f"<nd ref={quoteattr(str(ref))}/>" for ref in refs)}'
        f"{tag_lines(tags)}</way>"
        for number, (refs, tags) in enumerate(ways, 1)
    )
    relation_part = "".join(
        f'<relation id="{number}" version="1">{member_lines(members)}{tag_lines(tags)}</relation>'
        for number, (members, tags) in enumerate(relations, 1)
    )
    body = way_part + node_part if ways_first else node_part + way_part
    path = folder / "drawing.osm"
    path.write_text(f'<?xml version="1.0"?><osm version="0.6">{body}{relation_part}</osm>', encoding="utf-8")
    return osm.read(path)


def part_count(segments: Segments) -> int:
    """Count connected parts."""
    size = len(segments.node_lon)
    links = coo_array((np.ones(len(segments.u)), (segments.u, segments.v)), shape=(size, size))
    return int(csgraph.connected_components(links, directed=False)[0])


def kinds(segments: Segments) -> list[str]:
    """Name the kind of each segment, sorted."""
    return sorted(KINDS[code] for code in segments.kind)


CROSS = {1: (0, 0), 2: (1, 0), 3: (2, 0), 4: (1, -1), 5: (1, 1)}
SQUARE = {1: (0, 0), 2: (2, 0), 3: (2, 2), 4: (0, 2), 5: (-1, 0), 6: (3, 2)}
RING = [1, 2, 3, 4, 1]


def test_ways_meet_in_a_shared_node(tmp_path: Path) -> None:
    """Two streets that share their middle node make four segments around one crossing."""
    segments, _ = read(tmp_path, CROSS, [([1, 2, 3], "highway=residential"), ([4, 2, 5], "highway=residential")])
    assert (len(segments.u), len(segments.node_lon), part_count(segments)) == (4, 5, 1)


def test_a_bridge_does_not_join_the_street_below(tmp_path: Path) -> None:
    """Ways that cross in the drawing without a shared node stay apart, even node above node."""
    nodes = {**CROSS, 6: (1, 0)}
    segments, _ = read(tmp_path, nodes, [([1, 2, 3], "highway=residential"), ([4, 6, 5], "highway=footway bridge=yes")])
    assert (len(segments.u), part_count(segments)) == (2, 2)


def test_nodes_inside_a_lone_way_do_not_cut_it(tmp_path: Path) -> None:
    """A way that meets no other is one segment with all its bends."""
    segments, _ = read(tmp_path, CROSS, [([1, 2, 5], "highway=path")])
    assert np.diff(segments.coord_start).tolist() == [3]


@pytest.mark.parametrize("tags", ["barrier=gate access=private", "barrier=gate locked=yes", "barrier=bollard foot=no"])
def test_a_locked_gate_cuts_its_way(tmp_path: Path, tags: str) -> None:
    """On both sides of a gate that nobody passes, the way ends in a node of its own."""
    segments, health = read(tmp_path, CROSS, [([1, 2, 3], "highway=service")], node_tags={2: tags})
    assert (len(segments.u), len(segments.node_lon), part_count(segments)) == (2, 4, 2)
    assert sum(health.barriers.values()) == 1


def test_an_open_gate_cuts_nothing(tmp_path: Path) -> None:
    """A gate that says nothing of people on foot is walked through."""
    segments, health = read(tmp_path, CROSS, [([1, 2, 3], "highway=service")], node_tags={2: "barrier=gate"})
    assert (len(segments.u), health.barriers) == (1, {})


def test_ways_that_meet_at_a_locked_gate_do_not_touch(tmp_path: Path) -> None:
    """A locked gate where two ways end keeps them apart."""
    ways = [([1, 2], "highway=service"), ([2, 3], "highway=footway"), ([4, 2], "highway=footway")]
    segments, health = read(tmp_path, CROSS, ways, node_tags={2: "barrier=gate foot=no"})
    assert (part_count(segments), health.barriers) == (3, {"gate, foot=no": 1})


def test_a_gate_at_the_dead_end_of_a_way_cuts_nothing(tmp_path: Path) -> None:
    """A gate that only one way reaches separates nothing and is not counted."""
    segments, health = read(tmp_path, CROSS, [([1, 2], "highway=service")], node_tags={2: "barrier=gate foot=no"})
    assert (len(segments.u), health.barriers) == (1, {})


def test_an_escalator_is_steps(tmp_path: Path) -> None:
    """A conveying flight joins the levels as steps, which a wheelchair may not use."""
    ways = [([1, 2], "highway=footway level=0"), ([2, 3], "highway=steps conveying=yes")]
    segments, _ = read(tmp_path, CROSS, ways)
    assert kinds(segments) == ["footway", "steps"]


def test_an_elevator_node_joins_levels(tmp_path: Path) -> None:
    """Corridors of two levels that share an elevator's node are one part."""
    ways = [([1, 2], "highway=corridor level=0"), ([2, 3], "highway=corridor level=1")]
    segments, _ = read(tmp_path, CROSS, ways, node_tags={2: "highway=elevator"})
    assert part_count(segments) == 1


def test_an_elevator_way_is_walked(tmp_path: Path) -> None:
    """An elevator drawn as a way is a segment of its kind."""
    segments, _ = read(tmp_path, CROSS, [([1, 2], "highway=elevator")])
    assert kinds(segments) == ["elevator"]


def test_a_ferry_joins_nothing(tmp_path: Path) -> None:
    """Two quays joined by a ferry alone are two parts, and the ferry is counted."""
    ways = [([1, 4], "highway=footway"), ([4, 5], "route=ferry foot=yes"), ([5, 3], "highway=footway")]
    segments, health = read(tmp_path, CROSS, ways)
    assert (part_count(segments), health.refused) == (2, {"ferry": 1})


def test_a_roundabout_joins_its_arms(tmp_path: Path) -> None:
    """A closed way is cut where arms leave it and closes upon itself."""
    ways = [(RING, "highway=tertiary junction=roundabout"), ([5, 1], "highway=service"), ([3, 6], "highway=service")]
    segments, health = read(tmp_path, SQUARE, ways)
    assert (len(segments.u), part_count(segments), health.loops) == (4, 1, 0)


def test_a_lone_ring_is_a_loop(tmp_path: Path) -> None:
    """A closed way with one arm becomes one segment that ends where it starts, and is counted."""
    segments, health = read(tmp_path, SQUARE, [(RING, "highway=residential"), ([5, 1], "highway=service")])
    assert (len(segments.u), health.loops, int(np.count_nonzero(segments.u == segments.v))) == (2, 1, 1)


def test_a_way_that_crosses_itself_is_cut_there(tmp_path: Path) -> None:
    """A way that visits a node twice is a stem, a loop and a stem."""
    segments, _ = read(tmp_path, CROSS, [([1, 2, 4, 5, 2, 3], "highway=path")])
    assert (len(segments.u), part_count(segments)) == (3, 1)


def test_a_square_is_walked_across(tmp_path: Path) -> None:
    """Opposite corners of a pedestrian area are joined by a straight line of kind square, also by name and way."""
    ways = [(RING, "highway=pedestrian area=yes name=Plaza"), ([5, 1], "highway=footway"), ([3, 6], "highway=footway")]
    segments, health = read(tmp_path, SQUARE, ways)
    lines = segments.kind == KINDS.index("square")
    assert (health.squares, health.square_lines, int(lines.sum())) == (1, 2, 2)
    assert set(segments.way_id[lines].tolist()) == {1}
    assert {segments.names[index] for index in segments.name_id[lines]} == {"Plaza"}


def test_a_pedestrian_ring_without_area_is_walked_around(tmp_path: Path) -> None:
    """A closed pedestrian way that is no area has no lines across."""
    segments, health = read(tmp_path, SQUARE, [(RING, "highway=pedestrian"), ([5, 1], "highway=footway")])
    assert (health.squares, kinds(segments)) == (0, ["footway", "pedestrian"])


def test_corners_that_do_not_see_each_other_are_not_joined(tmp_path: Path) -> None:
    """Across the notch of an L the two arms' ends get no line; the inward corner is joined to the far ones."""
    nodes = {1: (0, 0), 2: (4, 0), 3: (4, 1), 4: (1, 1), 5: (1, 4), 6: (0, 4)}
    segments, _ = read(tmp_path, nodes, [([1, 2, 3, 4, 5, 6, 1], "highway=pedestrian area=yes")])
    lines = np.flatnonzero(segments.kind == KINDS.index("square"))
    ends = [
        tuple(sorted((round((segments.node_lon[node] - 116.3) / UNIT), round((segments.node_lat[node] - 39.9) / UNIT))
                     for node in (segments.u[line], segments.v[line])))
        for line in lines
    ]  # fmt: skip
    assert ((1, 4), (4, 1)) not in ends
    assert ((0, 0), (1, 1)) in ends
    assert ((0, 4), (1, 1)) in ends


def test_a_square_with_a_hole_is_crossed_beside_the_hole(tmp_path: Path) -> None:
    """A multipolygon's outer and inner ways bound the area: no line runs through the building in its middle."""
    nodes = {1: (0, 0), 2: (6, 0), 3: (6, 6), 4: (0, 6), 11: (2, 2), 12: (4, 2), 13: (4, 4), 14: (2, 4), 20: (-1, 0)}
    ways = [([1, 2, 3], ""), ([3, 4, 1], ""), ([11, 12, 13, 14, 11], "building=yes"), ([20, 1], "highway=footway")]
    members = [(1, "outer"), (2, "outer"), (3, "inner")]
    segments, health = read(tmp_path, nodes, ways, relations=[(members, "type=multipolygon highway=pedestrian")])
    lines = segments.kind == KINDS.index("square")
    middle_x = (segments.node_lon[segments.u] + segments.node_lon[segments.v])[lines] / 2 - 116.3
    middle_y = (segments.node_lat[segments.u] + segments.node_lat[segments.v])[lines] / 2 - 39.9
    through = (np.abs(middle_x - 3 * UNIT) < 0.9 * UNIT) & (np.abs(middle_y - 3 * UNIT) < 0.9 * UNIT)
    assert (health.squares, health.squares_unclear, part_count(segments)) == (1, 0, 1)
    assert (health.ways, health.walkable) == (2, 2)  # the area and the footway; its outline's ways are no streets
    assert int(lines.sum()) == 12  # two lines of sight into the building's sides from each corner, and four along them
    assert not through.any()


def test_a_square_whose_outline_crosses_itself_is_only_walked_around(tmp_path: Path) -> None:
    """A figure of eight has no inside to cross; it is counted as unclear and its outline stays."""
    segments, health = read(tmp_path, SQUARE, [([1, 3, 2, 4, 1], "highway=pedestrian area=yes")])
    assert (health.squares, health.squares_unclear, len(segments.u)) == (0, 1, 1)


@pytest.mark.parametrize("missing", [1, 3])
def test_a_square_at_the_edge_of_the_extract_is_only_walked_around(tmp_path: Path, missing: int) -> None:
    """A square of which a corner is missing, be it the first, is counted as unclear; the rest of its outline stays."""
    nodes = {ref: place for ref, place in SQUARE.items() if ref != missing}
    segments, health = read(tmp_path, nodes, [(RING, "highway=pedestrian area=yes")])
    assert (health.squares, health.squares_unclear, part_count(segments)) == (0, 1, 1)


def test_a_square_of_many_corners_gets_a_bounded_number_of_lines(tmp_path: Path) -> None:
    """Even where all of 90 corners are entries, at most 40 are joined."""
    angle = np.linspace(0, 2 * np.pi, 90, endpoint=False)
    nodes = {number: (5 * np.cos(a), 5 * np.sin(a)) for number, a in enumerate(angle, 1)}
    nodes |= {number + 100: (6 * np.cos(a), 6 * np.sin(a)) for number, a in enumerate(angle, 1)}
    ways: list[Way] = [([*range(1, 91), 1], "highway=pedestrian area=yes")]
    ways += [([number, number + 100], "highway=footway") for number in range(1, 91)]
    _, health = read(tmp_path, nodes, ways)
    assert 0 < health.square_lines <= 40 * 39 / 2


def test_a_duplicate_way_is_dropped_and_counted(tmp_path: Path) -> None:
    """The same street drawn twice, once backwards, is walked once."""
    ways = [([1, 2, 3], "highway=residential"), ([3, 2, 1], "highway=residential")]
    segments, health = read(tmp_path, CROSS, ways)
    assert (len(segments.u), health.duplicate_ways) == (1, 1)


def test_a_duplicate_stretch_is_dropped_and_counted(tmp_path: Path) -> None:
    """A way along part of another leaves one segment there, and not the one of steps."""
    ways = [([2, 3], "highway=steps"), ([1, 2, 3, 4], "highway=footway")]
    segments, health = read(tmp_path, CROSS, ways)
    assert (kinds(segments), health.duplicate_segments) == (["footway"] * 3, 1)


def test_parallel_ways_between_the_same_ends_both_stay(tmp_path: Path) -> None:
    """Two streets around a block share both ends and are two segments."""
    ways = [([1, 4, 3], "highway=residential"), ([1, 5, 3], "highway=residential")]
    segments, health = read(tmp_path, CROSS, ways)
    assert (len(segments.u), health.duplicate_segments) == (2, 0)


def test_a_zero_length_segment_joins_its_ends(tmp_path: Path) -> None:
    """Neighbours at the same position become one node, so that what they join stays joined."""
    nodes = {1: (0, 0), 2: (1, 0), 3: (1, 0), 4: (2, 0), 5: (1, 1)}
    ways = [([1, 2], "highway=path"), ([2, 3], "highway=path"), ([3, 4], "highway=path"), ([5, 3], "highway=path")]
    segments, health = read(tmp_path, nodes, ways)
    assert (len(segments.u), part_count(segments), health.zero_length) == (3, 1, 1)


def test_a_node_named_twice_in_a_row_is_one(tmp_path: Path) -> None:
    """A repeated node makes neither a loop nor a cut."""
    segments, health = read(tmp_path, CROSS, [([1, 2, 2, 3], "highway=path")])
    assert (len(segments.u), health.loops, health.zero_length) == (1, 0, 1)


def test_a_missing_node_leaves_the_parts_that_are_there(tmp_path: Path) -> None:
    """A way that leaves the extract and comes back is two stubs, counted as cut short."""
    segments, health = read(tmp_path, CROSS, [([1, 2, 99, 3, 5], "highway=path")])
    assert (len(segments.u), part_count(segments)) == (2, 2)
    assert (health.missing_nodes, health.ways_cut_short, health.edge_stubs) == (1, 1, 2)


def test_a_way_with_one_node_left_is_lost_and_counted(tmp_path: Path) -> None:
    """A way of which no two neighbours are in the extract gives nothing, and the count says so."""
    segments, health = read(tmp_path, CROSS, [([1, 98, 2, 99], "highway=path"), ([3, 5], "highway=path")])
    assert (len(segments.u), health.ways_lost, health.ways_cut_short) == (1, 1, 0)


def test_a_node_at_null_island_or_off_the_globe_is_missing(tmp_path: Path) -> None:
    """Positions that are no place are never walked to; both are counted as bad."""
    nodes = {**CROSS, 7: (-116.3 / UNIT, -39.9 / UNIT), 8: (80 / UNIT, 0)}
    segments, health = read(tmp_path, nodes, [([1, 2, 7], "highway=path"), ([3, 5, 8], "highway=path")])
    assert (len(segments.u), health.missing_nodes, health.bad_positions) == (2, 2, 2)
    assert segments.node_lon.min() > 116


def test_an_unsorted_file_is_read_whole(tmp_path: Path) -> None:
    """Ways that stand before their nodes, as in some editors' files, are found all the same."""
    ways = [([1, 2, 3], "highway=residential"), ([4, 2, 5], "highway=residential")]
    segments, health = read(tmp_path, CROSS, ways, ways_first=True)
    assert (len(segments.u), health.missing_nodes) == (4, 0)


def test_ids_below_zero_and_huge_ids_are_read(tmp_path: Path) -> None:
    """Ids of unsaved edits and of other databases are ids like any other."""
    nodes = {-1: (0, 0), -(2**62): (1, 0), 2**62: (2, 0), 2**40 + 1: (1, 1)}
    ways = [([-1, -(2**62), 2**62], "highway=path"), ([-(2**62), 2**40 + 1], "highway=path")]
    segments, health = read(tmp_path, nodes, ways)
    assert (len(segments.u), part_count(segments), health.missing_nodes) == (3, 1, 0)


def test_every_way_is_counted_once(tmp_path: Path) -> None:
    """What was looked at is what can be walked and what was refused, reason by reason."""
    ways: list[Any] = [
        ([1, 2], "highway=path"), ([2, 3], "highway=motorway"), ([2, 4], "highway=path access=private"),
        ([2, 5], "highway=service access=private"), ([1, 5], "railway=rail"),
    ]  # fmt: skip
    _, health = read(tmp_path, CROSS, ways)
    assert (health.ways, health.walkable) == (4, 1)
    assert health.refused == {"access=private": 2, "highway=motorway without foot=yes": 1}


def test_an_extract_without_streets_is_refused_by_name(tmp_path: Path) -> None:
    """Where nobody can walk, the fault names the file."""
    with pytest.raises(InputError, match=r"drawing\.osm: holds no street or path"):
        read(tmp_path, CROSS, [([1, 2], "highway=motorway")])


def test_walkable_ways_without_nodes_are_refused_by_name(tmp_path: Path) -> None:
    """Ways whose nodes are all missing give no network, and the fault says so."""
    with pytest.raises(InputError, match="none with two nodes in the file"):
        read(tmp_path, {1: (0, 0)}, [([1, 2, 3], "highway=path")])
