"""region.toml is checked key by key, and every fault is listed at once."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geomatch.errors import InputError
from geomatch.files.region_file import load_spec
from geomatch.geo.coordinates import CoordSys

if TYPE_CHECKING:
    from pathlib import Path

WHOLE = """
[region]
id = "haidian"
name = "海淀区"
name_en = "Haidian District"
adcode = "110108"
metric_crs = "EPSG:4548"
synthetic = true
[streets]
osm = "streets.osm.pbf"
max_access_m = 300
[units]
file = "townships.geojson"
id = "name"
name = "name"
population = "population"
[demand]
file = "homes.csv"
weight = "people"
[[sites]]
file = "sites.csv"
coordsys = "gcj02"
[[sites]]
file = "more.xlsx"
"""
SMALLEST = '[region]\nid = "a"\nname = "甲"\n[streets]\nosm = "streets.osm.pbf"\n[[sites]]\nfile = "sites.csv"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that holds every file the whole region names."""
    for name in ("streets.osm.pbf", "townships.geojson", "homes.csv", "sites.csv", "more.xlsx"):
        (tmp_path / name).touch()
    return tmp_path


def faults_of(folder: Path, text: str) -> dict[str | None, str]:
    """Load a region that must be refused; give reasons by key."""
    (folder / "region.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_spec(folder)
    return {fault.column: str(fault) for fault in caught.value.faults}


def test_a_whole_region_is_read(folder: Path) -> None:
    """Every key of the contract arrives under its name, paths beside region.toml."""
    (folder / "region.toml").write_text(WHOLE, encoding="utf-8-sig")
    spec = load_spec(folder)
    assert (spec.id, spec.name, spec.name_en, spec.adcode) == ("haidian", "海淀区", "Haidian District", "110108")
    assert (spec.metric_crs, spec.synthetic, spec.timezone) == ("EPSG:4548", True, "Asia/Shanghai")
    assert (spec.streets.osm, spec.streets.max_access_m) == (folder / "streets.osm.pbf", 300.0)
    assert spec.streets.min_part_segments == 100
    assert spec.units is not None
    assert spec.units.population == "population"
    assert spec.demand is not None
    assert (spec.demand.weight, spec.demand.coordsys) == ("people", CoordSys.WGS84)
    assert [site.coordsys for site in spec.sites] == [CoordSys.GCJ02, CoordSys.WGS84]
    assert len(spec.sources) == 6


def test_the_smallest_region_has_streets_and_sites(folder: Path) -> None:
    """Townships, homes, adcode and metric CRS may all be left out; absolute paths are taken as they are."""
    text = SMALLEST.replace('"sites.csv"', f"'{folder / 'sites.csv'}'")
    (folder / "region.toml").write_text(text, encoding="utf-8")
    spec = load_spec(folder)
    assert (spec.units, spec.demand, spec.adcode, spec.metric_crs, spec.synthetic) == (None, None, None, None, False)
    assert spec.name_en == "甲"
    assert spec.sites[0].file == folder / "sites.csv"


@pytest.mark.parametrize(
    ("right", "wrong", "key", "reason"),
    [
        ('id = "haidian"', 'id = "Hai Dian"', "region.id", "usable in a URL"),
        ('id = "haidian"', "id = 7", "region.id", "must be a text"),
        ('name = "海淀区"\n', "", "region.name", "is missing"),
        ('name = "海淀区"', 'name = " "', "region.name", "not empty"),
        ("name_en", "name_eng", "region.name_eng", "did you mean name_en?"),
        ('"110108"', '"11010"', "region.adcode", "six digits"),
        ("EPSG:4548", "EPSG:4326", "region.metric_crs", "in metres"),
        ("EPSG:4548", "nonsense", "region.metric_crs", "PROJ"),
        ("synthetic = true", 'synthetic = "yes"', "region.synthetic", "true or false"),
        ("synthetic = true", 'timezone = "Mars/Base"', "region.timezone", "IANA"),
        ("synthetic = true", 'timezone = "../etc"', "region.timezone", "IANA"),
        ("[streets]", "[street]", "street", "did you mean streets?"),
        ("[streets]", "[street]", "streets", "is missing"),
        ("streets.osm.pbf", "townships.geojson", "streets.osm", "must end in one of"),
        ("streets.osm.pbf", "no.osm.pbf", "streets.osm", "does not exist"),
        ("streets.osm.pbf", "a\\u0000b", "streets.osm", "one line"),
        ("max_access_m = 300", "max_access_m = -1", "streets.max_access_m", "from 0 to 2000"),
        ("max_access_m = 300", "max_access_m = nan", "streets.max_access_m", "from 0 to 2000"),
        ("max_access_m = 300", "min_part_segments = 1.5", "streets.min_part_segments", "whole number"),
        ("max_access_m = 300", "min_part_segments = true", "streets.min_part_segments", "whole number"),
        ('population = "population"\n', "", "units.population", "is missing"),
        ('"homes.csv"', '"."', "demand.file", "folder"),
        ('"gcj02"', '"gcj-02"', "sites[0].coordsys", "wgs84, cgcs2000, gcj02, bd09"),
        ("more.xlsx", "sites.csv", "sites[1].file", "named twice"),
        ("[[sites]]", "[[site]]", "sites", "one or more"),
    ],
)
def test_each_fault_is_named_by_its_key(folder: Path, right: str, wrong: str, key: str, reason: str) -> None:
    """One changed line of a right file gives the fault of that line."""
    assert reason in faults_of(folder, WHOLE.replace(right, wrong))[key]


def test_all_faults_are_listed_at_once(tmp_path: Path) -> None:
    """Nobody corrects a file fault by fault."""
    faults = faults_of(tmp_path, WHOLE.replace('"haidian"', '""').replace("gcj02", "mars"))
    assert set(faults) >= {
        "region.id",
        "streets.osm",
        "units.file",
        "demand.file",
        "sites[0].file",
        "sites[0].coordsys",
        "sites[1].file",
    }


@pytest.mark.parametrize("text", ["", "[region", "sites = 1", "[sites]", "region = 3", "region = [[]]"])
def test_what_is_no_region_is_refused(folder: Path, text: str) -> None:
    """A file of another shape is refused, not stumbled over."""
    assert faults_of(folder, text)


def test_a_folder_without_region_toml_says_what_a_region_is(tmp_path: Path) -> None:
    """The message tells what to do."""
    with pytest.raises(InputError, match=r"a region is a folder with a region\.toml"):
        load_spec(tmp_path / "nowhere")


VALUES = st.sampled_from(["1", '"x"', "[]", "{}", "true", "nan", "1979-05-27", '""', "[[1]]", '"\\u0000"', "9" * 40])


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.binary(max_size=200), line=st.integers(0, len(WHOLE.splitlines()) - 1), value=VALUES)
def test_any_bytes_are_a_region_or_refused(folder: Path, raw: bytes, line: int, value: str) -> None:
    """Random bytes, and a right file with one value of a wrong type, only ever raise the refusal."""
    lines = WHOLE.splitlines()
    lines[line] = f"{lines[line].partition('=')[0].strip() or 'x'} = {value}"
    for content in (raw, "\n".join(lines).encode()):
        (folder / "region.toml").write_bytes(content)
        with contextlib.suppress(InputError):
            assert load_spec(folder).sites
