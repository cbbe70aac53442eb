"""Extracts read in bulk, against osmium asked thing by thing."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np
import osmium
import pytest

from geomatch.network import extract, osm, scenery

if TYPE_CHECKING:
    from pathlib import Path

KEYS = ("highway", "railway", "natural", "place", "barrier")
ASKED = ("highway", "foot", "type", "natural", "landuse")

ODD = """<?xml version="1.0"?><osm version="0.6">
<node id="1" version="1" lat="39.1" lon="116.1"/>
<node id="2" version="1" lat="39.2" lon="200.5"/>
<node id="3" version="1" lat="0" lon="0"/>
<node id="4" version="1" lat="-39.2" lon="-0.0000001"><tag k="barrier" v="gate"/><tag k="name" v="北门 é, =%"/></node>
<node id="-7" version="1" lat="39.5" lon="116.5"><tag k="place" v="town"/></node>
<node id="8" version="1"><tag k="barrier" v="gate"/></node>
<way id="5" version="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="-7"/><nd ref="99"/><nd ref="1"/>
  <tag k="highway" v="residential"/><tag k="name" v="中关村大街"/></way>
<way id="6" version="1"><tag k="highway" v="steps"/><tag k="foot" v=""/><tag k="name" v=""/></way>
<way id="7" version="1"><nd ref="1"/><nd ref="4"/></way>
<way id="-3" version="1"><nd ref="1"/><tag k="highway" v="residential"/></way>
<way id="4611686018427387904" version="1"><nd ref="4"/><nd ref="4611686018427387904"/><tag k="natural" v="x y"/></way>
<relation id="7" version="1"><member type="way" ref="5" role="outer"/><member type="node" ref="1" role=""/>
  <member type="relation" ref="8" role="a b"/><member type="way" ref="-3" role="inner"/>
  <tag k="type" v="multipolygon"/><tag k="highway" v="pedestrian"/></relation>
<relation id="8" version="1"><tag k="type" v="boundary"/><tag k="natural" v="wood"/></relation>
<relation id="9" version="1"><member type="way" ref="5" role=""/><tag k="type" v="route"/><tag k="highway" v="x"/>
  </relation>
</osm>"""


def one_by_one(path: Path) -> list[tuple[Any, ...]]:
    """What osmium says when asked for each thing: letter, id, tags, name, parts with places in 1e-7 degrees."""
    told: list[tuple[Any, ...]] = []
    things: Any = osmium.FileProcessor(str(path)).with_locations()
    for thing in things:
        tags = dict(thing.tags)
        if not tags.keys() & set(KEYS) or (thing.is_relation() and tags.get("type") not in extract.AREA_TYPES):
            continue
        if thing.is_node():
            parts = [(thing.id, thing.location.x, thing.location.y)]
        elif thing.is_way():
            parts = [(node.ref, node.x, node.y) for node in thing.nodes]
        else:
            parts = [(member.ref, 2**31 - 1, 2**31 - 1) for member in thing.members if member.type == "w"]
        asked = {key: value for key, value in tags.items() if key in ASKED}
        told.append((thing.type_str(), thing.id, asked, tags.get("name", ""), parts))
    return told


def in_bulk(path: Path) -> list[tuple[Any, ...]]:
    """The same out of the arrays."""
    found = extract.read(path, extract.Wanted(frozenset(KEYS), frozenset(ASKED)))
    told: list[tuple[Any, ...]] = []
    for letter, things in (("n", found.nodes), ("w", found.ways), ("r", found.relations)):
        fixed = [np.where(np.isnan(degrees), 2**31 - 1, np.rint(degrees * 1e7)) for degrees in (things.lon, things.lat)]
        parts = list(zip(things.ref.tolist(), *(axis.astype(int).tolist() for axis in fixed), strict=True))
        for row, number in enumerate(things.id.tolist()):
            name = found.names[things.name[row]] if things.name[row] >= 0 else ""
            own = parts[things.start[row] : things.start[row + 1]]
            told.append((letter, number, dict(found.told[things.told[row]]), name, own))
    return told


def test_a_real_extract_reads_in_bulk_as_thing_by_thing(helsinki_pbf: Path) -> None:
    """Ids, tags, names, nodes, members and positions of Helsinki are those that osmium tells one after the other."""
    assert in_bulk(helsinki_pbf) == one_by_one(helsinki_pbf)


def test_odd_things_read_in_bulk_as_one_by_one(tmp_path: Path) -> None:
    """Missing nodes, places off the globe, negative and huge ids, bare ways, empty values, members of all kinds."""
    path = tmp_path / "odd.osm"
    path.write_text(ODD, encoding="utf-8")
    assert in_bulk(path) == one_by_one(path)


def test_of_two_values_for_one_key_the_first_holds(tmp_path: Path) -> None:
    """As for osmium, which looks a key up from the front."""
    path = tmp_path / "twice.osm"
    twice = "".join(f'<tag k="{key}" v="{value}"/>' for value in ("steps", "path") for key in ("highway", "name"))
    path.write_text(f'<osm version="0.6"><way id="1" version="1">{twice}</way></osm>', encoding="utf-8")
    assert [(tags, name) for _, _, tags, name, _ in in_bulk(path)] == [({"highway": "steps"}, "steps")]


def test_closed_ways_end_where_they_start(tmp_path: Path) -> None:
    """A way without nodes is not closed, one of a single node is."""
    path = tmp_path / "odd.osm"
    path.write_text(ODD, encoding="utf-8")
    found = extract.read(path, extract.Wanted(frozenset(KEYS), frozenset()))
    assert found.ways.id[found.ways.closed].tolist() == [5, -3]


def test_streets_are_the_same_whoever_else_reads(helsinki_pbf: Path) -> None:
    """What the base map asks for besides changes neither the streets nor what is told of their import."""
    alone, health = osm.read(helsinki_pbf)
    together, told = osm.segments_of(extract.read(helsinki_pbf, osm.WANTED, scenery.WANTED))
    assert told == health
    for field in dataclasses.fields(alone):
        assert np.array_equal(getattr(alone, field.name), getattr(together, field.name))


@pytest.mark.parametrize(("refs", "drawn"), [([98, 99, 1, 2], 2), ([1, 98, 2], 0), ([1, 2, 98], 0), ([1, 1, 1], 0)])
def test_a_road_is_drawn_from_its_first_known_node(tmp_path: Path, refs: list[int], drawn: int) -> None:
    """A road that enters the extract is drawn from there; one that lacks other nodes, or stands still, is left out."""
    nodes = '<node id="1" version="1" lat="39.1" lon="116.1"/><node id="2" version="1" lat="39.2" lon="116.1"/>'
    parts = "".join(f'<nd ref="{ref}"/>' for ref in refs)
    path = tmp_path / "road.osm"
    way = f'<way id="1" version="1">{parts}<tag k="highway" v="primary"/></way>'
    path.write_text(f'<osm version="0.6">{nodes}{way}</osm>', encoding="utf-8")
    assert sum(len(line.coords) for line in scenery.read(path).roads.geometry) == drawn
