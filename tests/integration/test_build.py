"""Builds are whole or not there: faults listed, kills survived, stale sources noticed."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from geomatch.errors import InputError, NotBuiltError
from geomatch.network.profiles import limit_for
from geomatch.services import build, coverage, generations
from geomatch.services.region import open_region
from tests.conftest import ROOT
from tests.regions import write_little_region

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """The sources of a little region, not built."""
    return write_little_region(tmp_path / "town")


def copy_of(built: Path, tmp_path: Path) -> Path:
    """Copy a built region, times kept, so that it can be changed."""
    shutil.copytree(built, tmp_path / "copy")
    return tmp_path / "copy"


def test_a_region_that_was_never_built_says_how(sources: Path) -> None:
    """why_stale gives the reason, open_region the command."""
    assert build.why_stale(sources) == "it has not been built"
    with pytest.raises(NotBuiltError, match="run: geomatch build"):
        open_region(sources)


def test_files_are_written_out_while_another_puts_folders_there_and_takes_them_away(tmp_path: Path) -> None:
    """The map is drawn in such a one at that moment: a folder that is gone is no fault."""
    for name in range(100):
        (tmp_path / f"{name}.npy").write_bytes(b"x")
    is_over = threading.Event()

    def come_and_go() -> None:
        while not is_over.is_set():
            for name in range(20):
                (tmp_path / f"beside{name}").mkdir()
            for name in range(20):
                (tmp_path / f"beside{name}").rmdir()

    beside = threading.Thread(target=come_and_go)
    beside.start()
    try:
        for _ in range(30):
            generations.write_out(tmp_path)
    finally:
        is_over.set()
        beside.join()


def test_a_plane_that_measures_the_region_wrong_is_refused(sources: Path) -> None:
    """Web Mercator would make every walk a third too long: nothing is built on it."""
    spec = sources / "region.toml"
    spec.write_text(
        spec.read_text(encoding="utf-8").replace("[region]", '[region]\nmetric_crs = "EPSG:3857"', 1), "utf-8"
    )
    with pytest.raises(InputError, match=r"measures 1\.3\d m for every metre"):
        build.build(sources)
    assert build.why_stale(sources) == "it has not been built"


def test_the_report_counts_and_lists(little_region: Path) -> None:
    """What is saved beside the build is what was found: streets, people, who is off the network and why."""
    told = json.loads((open_region(little_region).build_folder / "report.json").read_text(encoding="utf-8"))
    assert told["counts"] == {
        "nodes": 360, "segments": 667, "street_km": pytest.approx(66.8, abs=0.1), "sites": 6, "homes": 61, "units": 2,
        "population": 20_001,
    }  # fmt: skip
    assert [(row["what"], row["id"]) for row in told["off_network"]] == [("home", "h60")]
    assert "600 m" in told["off_network"][0]["why"]
    assert told["unit_sums"] == [["西岸街道", 12_000, 12_000], ["东岸街道", 8_001, 8_001]]
    assert set(told["seconds"]) == set(build.STAGES)


def test_a_touched_source_is_not_stale_and_a_changed_one_is(little_region: Path, tmp_path: Path) -> None:
    """A new time alone does not count; other content does, even of the same size."""
    region = copy_of(little_region, tmp_path)
    assert build.why_stale(region) is None
    os.utime(region / "sites.csv")
    assert build.why_stale(region) is None
    text = (region / "sites.csv").read_text(encoding="utf-8")
    (region / "sites.csv").write_text(text.replace("S2", "S3"), encoding="utf-8")
    assert build.why_stale(region) == "sites.csv changed"


def test_a_build_of_another_format_is_stale(little_region: Path, tmp_path: Path) -> None:
    """A build by another version is not read, it is made anew."""
    region = copy_of(little_region, tmp_path)
    manifest = open_region(region).build_folder / "manifest.json"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace('"format": ', '"format": 9'), encoding="utf-8")
    assert build.why_stale(region) == "it was built by another version of geomatch"
    with pytest.raises(NotBuiltError, match="another version"):
        open_region(region)


def test_every_fault_of_every_file_is_listed(sources: Path) -> None:
    """A bad row of the sites and a bad row of the homes are told together, and nothing is left in build/."""
    for name, old, new in (("sites.csv", "station", "kiosk"), ("homes.csv", "h7,", "h7,9")):
        text = (sources / name).read_text(encoding="utf-8")
        (sources / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        build.build(sources)
    assert {fault.where.rpartition("/")[2] for fault in caught.value.faults} == {"sites.csv", "homes.csv"}
    assert {fault.row for fault in caught.value.faults} >= {5, 9}
    assert [path.name for path in (sources / "build").iterdir()] == ["lock"]


def test_a_street_to_null_island_does_not_hang_the_build(sources: Path) -> None:
    """A node without a real place stands at 0, 0: the street to it crosses more tiles than anyone draws."""
    osm = sources / "streets.osm"
    text = re.sub('lat="39[^"]*" lon="[^"]*"', 'lat="0" lon="0"', osm.read_text(encoding="utf-8"), count=1)
    osm.write_text(text, encoding="utf-8")
    build.build(sources)
    folder = open_region(sources).build_folder
    assert (folder / "base.pmtiles").stat().st_size < 100_000


def test_townships_of_elsewhere_are_refused(sources: Path) -> None:
    """Units that no street touches are of another place, or in another coordinate system than their file says."""
    units = json.loads((sources / "units.geojson").read_text(encoding="utf-8"))
    for unit in units["features"]:
        ring = unit["geometry"]["coordinates"][0]
        unit["geometry"]["coordinates"] = [[[lon - 20, lat] for lon, lat in ring]]
    (sources / "units.geojson").write_text(json.dumps(units), encoding="utf-8")
    with pytest.raises(InputError, match="no street of the extract"):
        build.build(sources)


def test_a_broken_tree_of_sites_is_refused(sources: Path) -> None:
    """An orphan is a fault with its name."""
    text = (sources / "sites.csv").read_text(encoding="utf-8")
    (sources / "sites.csv").write_text(text.replace(",O1,", ",O7,"), encoding="utf-8")
    with pytest.raises(InputError, match="O7"):
        build.build(sources)


def test_a_failed_build_leaves_the_old_one_in_use(little_region: Path, tmp_path: Path) -> None:
    """The old answers stay until a whole build replaces them."""
    region = copy_of(little_region, tmp_path)
    (region / "streets.osm").write_text("<osm>", encoding="utf-8")
    with pytest.raises(InputError):
        build.build(region)
    assert build.why_stale(region) == "streets.osm changed"
    assert coverage.coverage(open_region(region), limit_for()).total.population == 20_001


def test_a_rebuild_keeps_what_is_open_and_removes_what_is_not(little_region: Path, tmp_path: Path) -> None:
    """An open region keeps its generation; the next build after it is let go removes it."""
    region = copy_of(little_region, tmp_path)
    held = open_region(region)
    old = held.build_folder
    build.build(region)
    assert old.is_dir()
    assert open_region(region).build_folder != old
    del held
    build.build(region)
    assert not old.exists()
    assert len([path for path in (region / "build").iterdir() if path.is_dir()]) == 1


def test_a_folder_that_cannot_be_written_is_named(sources: Path) -> None:
    """A file where build/ belongs, and a disk that refuses, are said in words."""
    (sources / "build").write_text("in the way", encoding="utf-8")
    with pytest.raises(InputError, match="cannot be written"):
        build.build(sources)


def test_progress_names_the_stages_in_order(sources: Path) -> None:
    """Shares grow from 0 to 1 and every stage is told."""
    told: list[tuple[str, float]] = []
    build.build(sources, progress=lambda stage, share: told.append((stage, share)))
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert list(dict.fromkeys(stage for stage, _ in told)) == [*build.STAGES, "done"]


def test_two_builders_do_not_fight(sources: Path) -> None:
    """The second waits for the first; one whole build is left."""
    waited: list[str] = []

    def tell(stage: str, _share: float) -> None:
        waited.append(stage)

    builders = [threading.Thread(target=build.build, args=(sources,), kwargs={"progress": tell}) for _ in range(2)]
    for builder in builders:
        builder.start()
    for builder in builders:
        builder.join()
    assert "waiting for another build" in waited
    assert build.why_stale(sources) is None
    assert len([path for path in (sources / "build").iterdir() if path.is_dir()]) == 1


@pytest.mark.parametrize("stage", ["streets", "circles", "done"])
def test_a_killed_build_leaves_the_former_or_none(sources: Path, stage: str) -> None:
    """Kill -9 in any stage: the region is unbuilt or whole, never half, and the next build clears up."""
    code = (
        "import sys\nfrom pathlib import Path\nfrom geomatch.services import build\n"
        "def tell(stage, share):\n    print(stage, flush=True)\n    stage == sys.argv[2] and sys.stdin.readline()\n"
        "build.build(Path(sys.argv[1]), progress=tell)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(sources), stage], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as builder:
        assert builder.stdout is not None
        for line in builder.stdout:
            if line.decode().strip() == stage:
                break
        time.sleep(0.01)
        builder.send_signal(signal.SIGKILL)
    if stage == "done":
        assert build.why_stale(sources) is None
    else:
        assert build.why_stale(sources) == "it has not been built"
        with pytest.raises(NotBuiltError):
            open_region(sources)
    if stage in {"circles", "done"}:
        build.build(sources)
        assert coverage.coverage(open_region(sources), limit_for()).total.population == 20_001
        assert len([path for path in (sources / "build").iterdir() if path.is_dir()]) == 1
