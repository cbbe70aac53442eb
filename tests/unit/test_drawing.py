"""Base map tiles, Folium's parts, and programs joined for a page from disk."""

from __future__ import annotations

import gzip
import itertools
import re
from typing import TYPE_CHECKING

import folium
import numpy as np
import pytest
import shapely

from geomatch.drawing import assets, basemap, disk_page, folium_map, pmtiles, vector_tiles
from tests import networks

if TYPE_CHECKING:
    from pathlib import Path


_WORLD = (0.0, 0.0, 1.0, 1.0)


def _features(geometry: list[object], labels: list[tuple[str, str, str]]) -> vector_tiles.Features:
    """Features in the Mercator square, shown at every zoom."""
    shapes, label = np.array(geometry, object), np.arange(len(labels))
    is_line = shapely.get_type_id(shapes) == 1
    lines, since = shapes[is_line], np.zeros(len(labels), np.int64)
    start = np.concatenate([[0], np.cumsum(shapely.get_num_points(lines))])
    xy = shapely.get_coordinates(lines)
    return vector_tiles.Features(xy, start, label[is_line], shapes[~is_line], label[~is_line], labels, since)


def test_hilbert_numbers_are_those_of_the_format() -> None:
    """The first tiles of zoom 0, 1 and 2 and a deep one, as the PMTiles specification gives them."""
    places = [(0, 0, 0), (1, 0, 0), (1, 0, 1), (1, 1, 1), (1, 1, 0), (2, 0, 0), (12, 3423, 1763)]
    assert [pmtiles.hilbert_id(*place) for place in places] == [0, 1, 2, 3, 4, 5, 19078479]


def test_hilbert_numbers_fill_a_zoom_without_gap() -> None:
    """Every tile of zoom 5 has its own number, and neighbours in number are neighbours on the map."""
    by_id = {pmtiles.hilbert_id(5, x, y): (x, y) for x in range(32) for y in range(32)}
    first = pmtiles.hilbert_id(5, 0, 0)
    path = [by_id[first + step] for step in range(32 * 32)]
    assert {abs(x - u) + abs(y - v) for (x, y), (u, v) in itertools.pairwise(path)} == {1}


def test_varints_carry_seven_bits_a_byte() -> None:
    """300 is AC 02, as the protocol buffer manual shows."""
    assert pmtiles.varint(300) == b"\xac\x02"
    assert pmtiles.varint(0) == b"\x00"


def test_a_base_map_can_be_read_by_gdal(tmp_path: Path) -> None:
    """What is written is read back by another program: streets of the right kind in the right place."""
    import pyogrio.raw

    graph = networks.grid(6, 6)
    out = tmp_path / "base.pmtiles"
    basemap.write_basemap(graph, None, out)
    meta, _, shapes, fields = pyogrio.raw.read(out)
    read = dict(zip(meta["fields"], fields, strict=True))
    assert len(shapes) > 0
    assert set(read["theme"]) == {"road"}
    assert set(read["kind"]) == {"residential"}
    assert [path.name for path in tmp_path.iterdir()] == ["base.pmtiles"]


def test_a_line_across_tiles_is_in_all_of_them() -> None:
    """A line over the middle of the world at zoom 1 is cut into the two tiles that it crosses, and no other."""
    line = shapely.LineString([(0.1, 0.2), (0.9, 0.2)])
    features = _features([line], [("road", "primary", "")])
    tiles = vector_tiles.tiles_of(features, within=_WORLD, zoom=1, layer="base")
    assert set(tiles) == {(1, 0, 0), (1, 1, 0)}


def test_no_tile_is_made_away_from_the_box() -> None:
    """A line around half the world costs only the tiles of the box asked for; at zoom 14 it would be 13,000."""
    line, away = shapely.LineString([(0.1, 0.2), (0.9, 0.2)]), shapely.LineString([(0.1, 0.7), (0.2, 0.7)])
    features = _features([line, away], [("road", "primary", "")] * 2)
    tiles = vector_tiles.tiles_of(features, within=(0.5, 0.19999, 0.50005, 0.20001), zoom=14, layer="base")
    assert set(tiles) <= {(14, 8192, 3276), (14, 8192, 3277)}
    assert tiles


def test_a_polygon_keeps_its_hole_and_points_their_name() -> None:
    """Rings, points and names survive into the bytes of a tile."""
    ring = shapely.box(0.2, 0.2, 0.8, 0.8)
    lake = shapely.Polygon(ring.exterior.coords, [shapely.box(0.4, 0.4, 0.6, 0.6).exterior.coords])
    labels = [("water", "lake", "昆明湖"), ("place", "suburb", "青龙桥")]
    tiles = vector_tiles.tiles_of(
        _features([lake, shapely.Point(0.5, 0.5)], labels), within=_WORLD, zoom=0, layer="base"
    )
    (tile,) = tiles.values()
    assert "昆明湖".encode() in tile
    assert "青龙桥".encode() in tile
    assert tile.count(bytes([15])) >= 2  # close-path, once a ring


def test_the_file_is_whole_at_every_byte() -> None:
    """The header names its parts one after another, and the parts fill the file."""
    data = pmtiles.pack({(3, 1, 2): b"a", (3, 2, 2): b"b"}, bounds=(1.0, 2.0, 3.0, 4.0), layer="base")
    numbers = [int.from_bytes(data[8 + 8 * at : 16 + 8 * at], "little") for at in range(11)]
    root, root_size, meta, meta_size, leaf, leaf_size, tiles, tiles_size = numbers[:8]
    assert (data[:7], data[7], root) == (b"PMTiles", 3, 127)
    assert (root + root_size, meta + meta_size, leaf + leaf_size, tiles + tiles_size) == (meta, leaf, tiles, len(data))
    assert numbers[8:] == [2, 2, 2]
    assert gzip.decompress(data[tiles:]) in {b"ab", b"ba"}  # gzip reads its members one after another


def test_many_tiles_get_leaf_directories() -> None:
    """Where the root would not fit the first 16 KB, leaves hold the entries."""
    tiles = {(9, x, y): f"{x * 7919 % 101}/{y}".encode() * (x % 5 + 1) for x in range(160) for y in range(160)}
    data = pmtiles.pack(tiles, bounds=(0.0, 0.0, 1.0, 1.0), layer="base")
    root_size = int.from_bytes(data[16:24], "little")
    leaf_size = int.from_bytes(data[48:56], "little")
    assert root_size <= 16_384 - 127
    assert leaf_size > 0


def test_a_stage_names_only_local_files() -> None:
    """Folium's own list of hosts is gone from the page, and the script stands apart."""
    parts = folium_map.draw_stage((116.0, 39.8, 116.4, 40.1), {"base": "/tiles/x.pmtiles"})
    assert all(path.startswith("vendor/") for path in (*parts.styles, *parts.scripts))
    assert "http" not in parts.html + parts.script
    assert "<script" not in parts.html
    assert parts == folium_map.draw_stage((116.0, 39.8, 116.4, 40.1), {"base": "/tiles/x.pmtiles"})


def test_settings_cannot_leave_their_script() -> None:
    """A name with markup is written so that no page takes it for markup."""
    parts = folium_map.draw_stage((116.0, 39.8, 116.4, 40.1), {"name": "</script><img src=x onerror=alert(1)>"})
    assert "</script>" not in parts.script
    assert "<img" not in parts.script


def test_an_unknown_asset_is_refused() -> None:
    """A plugin that would call another host raises instead of doing it silently."""
    from folium.plugins import HeatMap

    figure = folium_map.LocalFigure()
    stage = folium.Map(tiles=None, maxZoom=19)
    figure.add_child(stage)
    stage.add_child(HeatMap([[40.0, 116.0]]))
    with pytest.raises(assets.UnmappedAssetError, match="leaflet-heat"):
        figure.parts()


def _programs() -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in (assets.STATIC / "js").glob("*.js")}


def test_programs_import_in_the_one_form_that_is_joined() -> None:
    """Imports and exports have the form that `bundle` understands: none is left in a joined program."""
    for entry in ("disk_page.js", "planner_page.js", "whatif_page.js", "resident.js"):
        joined = disk_page.bundle(entry)
        assert not re.search(r"^\s*(import|export)\b", joined, re.MULTILINE)


def test_joined_programs_share_no_top_level_name() -> None:
    """Two modules that declare one name would clash once joined."""
    joined = disk_page.bundle("disk_page.js")
    names = re.findall(r"^(?:async )?(?:function\*?|const|let|class) (\w+)", joined, re.MULTILINE)
    assert sorted(names) == sorted(set(names))


def _words(tongue: str) -> dict[str, str]:
    """Every word of the programs in one language: those of all pages, and those of one page alone."""
    texts = [text for name, text in _programs().items() if name.startswith("words")]
    parts = [re.search(rf"const {tongue} = \{{(.*?)\n\}};", text, re.DOTALL) for text in texts]
    assert all(parts)
    said = [pair for part in parts if part for pair in re.findall(r"(\w+): \"((?:[^\"\\]|\\.)*)\"", part.group(1))]
    assert len(said) == len(dict(said)), "a page says a word that another one says"
    return dict(said)


def test_both_languages_say_the_same_things() -> None:
    """The programs' words have the same keys, and the same gaps to fill, in Chinese and in English."""
    zh, en = _words("ZH"), _words("EN")
    assert zh.keys() == en.keys()
    gaps = [{key: sorted(re.findall(r"\{(\w+)\}", value)) for key, value in one.items()} for one in (zh, en)]
    assert gaps[0] == gaps[1]


def test_every_word_that_is_said_is_known() -> None:
    """No program asks for a word that the catalogue lacks."""
    said = {key for text in _programs().values() for key in re.findall(r"\bsay\(\"(\w+)\"", text)}
    assert said <= _words("ZH").keys()
