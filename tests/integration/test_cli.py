"""The command line as a person meets it: an exit status, words on stdout, faults on stderr."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import TYPE_CHECKING

import openpyxl
import pytest
import shapely

from geomatch.cli import arguments, main, making
from tests.conftest import ROOT, skip_or_fail
from tests.regions import lonlat, write_little_region

if TYPE_CHECKING:
    import argparse
    from pathlib import Path


@dataclass(frozen=True)
class Told:
    """What a command printed."""

    stdout: str
    stderr: str


def geomatch(*words: object, status: int = 0) -> Told:
    """Run one command in this process; fails on another exit status. Anything but a status escapes as an error."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            left = main([str(word) for word in words])
        except SystemExit as leaving:
            left = int(leaving.code or 0)
    assert left == status, err.getvalue()
    return Told(out.getvalue(), err.getvalue())


def test_a_process_leaves_with_the_status_and_no_traceback(tmp_path: Path) -> None:
    """`python -m geomatch`: 0 done, 1 the input is at fault, 2 wrong usage."""
    for words, status, says in (
        (["--version"], 0, "geomatch"),
        (["build", str(tmp_path)], 1, "region.toml"),
        (["siren"], 2, "usage:"),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "geomatch", *words], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert (done.returncode, "Traceback" in done.stderr) == (status, False)
        assert says in done.stdout + done.stderr


def test_a_command_ends_without_a_last_search_for_rings() -> None:
    """What the libraries made is set aside before Python ends, which would search all of it again."""
    code = (
        "import atexit, gc\n"
        "atexit.register(lambda: print(gc.get_freeze_count() > 0))  # first come, last to be called\n"
        "from geomatch.cli import main\n"
        "main(['--version'])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split()[-1] == "True"


def test_a_command_opens_only_the_rooms_of_its_group() -> None:
    """Each command is known by itself as it is among all; a build waits for no room of orders, people or accounts."""
    every = commands_of(arguments.parser())
    for name, told in every.items():
        alone = commands_of(arguments.parser(name))
        assert name in alone
        assert len(alone) < len(every)
        assert alone[name].format_help() == told.format_help()
    assert commands_of(arguments.parser("siren")).keys() == every.keys()
    code = (
        "import sys, geomatch.services.build\n"
        "before = set(sys.modules)\n"
        "from geomatch.cli import arguments\n"
        "arguments.parser('build')\n"
        "rooms = ('geomatch.cli', 'geomatch.volunteering', 'geomatch.store')\n"
        "print(*sorted(name for name in set(sys.modules) - before if name.startswith(rooms)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [f"geomatch.cli{room}" for room in ("", ".arguments", ".making", ".words")]


def commands_of(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """The commands that a parser knows."""
    return next(dict(action.choices) for action in parser._actions if isinstance(action.choices, dict))


def test_build_tells_what_it_found(tmp_path: Path) -> None:
    """Progress goes to stderr a line a stage, the report to stdout."""
    done = geomatch("build", write_little_region(tmp_path / "town"))
    assert "667 segments" in done.stdout
    assert "home h60" in done.stdout
    assert "OpenStreetMap" in done.stdout
    assert "streets" in done.stderr


def test_build_lists_every_fault_and_leaves_with_one(tmp_path: Path) -> None:
    """One line a fault, each with its row, column and value."""
    town = write_little_region(tmp_path / "town")
    text = (town / "sites.csv").read_text(encoding="utf-8")
    (town / "sites.csv").write_text(text.replace(",station,", ",kiosk,"), encoding="utf-8")
    lines = [line for line in geomatch("build", town, status=1).stderr.splitlines() if line.startswith("geomatch:")]
    assert len(lines) == 2
    assert "row 5" in lines[0]
    assert "kiosk" in lines[0]


def test_nearest_in_words_and_as_json(little_region: Path) -> None:
    """Names in Chinese, metres and minutes; the JSON is the GeoJSON of the web service."""
    lon, lat = lonlat(16, 1)
    told = geomatch("nearest", little_region, lon, lat, "-k", 2).stdout
    assert "东柳社区站" in told
    assert "820 m" in told
    assert "12.3 min" in told
    found = json.loads(geomatch("nearest", little_region, lon, lat, "-k", 2, "--json").stdout)
    assert [feature["properties"]["id"] for feature in found["features"]] == ["S2", "P1"]
    assert found["query"]["standard"] == "GB 50180-2018"
    assert found["query"]["limit_m"] == 1000


def test_coordinates_of_another_system_come_and_go(little_region: Path) -> None:
    """A GCJ-02 point finds the same site at the same distance, given back in GCJ-02."""
    from geomatch.geo import coordinates

    lon, lat = lonlat(16, 1)
    gcj = coordinates.from_wgs84(lon, lat, coordinates.CoordSys.GCJ02)
    words = ("nearest", little_region, float(gcj[0]), float(gcj[1]), "--coordsys", "gcj02", "--json")
    shifted = json.loads(geomatch(*words).stdout)["features"][0]
    plain = json.loads(geomatch("nearest", little_region, lon, lat, "--json").stdout)["features"][0]
    assert shifted["properties"] == plain["properties"]
    expected = coordinates.from_wgs84(*plain["geometry"]["coordinates"], coordinates.CoordSys.GCJ02)
    assert shifted["geometry"]["coordinates"] == pytest.approx([float(part) for part in expected], abs=2e-7)


@pytest.mark.parametrize(
    ("point", "says"),
    [
        ((39.93, 116.3), "look swapped"),
        ((118.0, 39.93), "outside region 'little'"),
        ((1160.3, 39.93), "LON: must be degrees from -180 to 180"),
        (("nan", 39.93), "LON: must be degrees"),
    ],
)
def test_a_point_that_cannot_be_is_said_so(little_region: Path, point: tuple[object, object], says: str) -> None:
    """Swapped, elsewhere, off the globe, not a number: exit 1 and one sentence."""
    assert says in geomatch("nearest", little_region, *point, status=1).stderr


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("nearest",),
        ("nearest", "town", "east", "39.9"),
        ("nearest", "town", "116", "39", "-k", "0"),
        ("nearest", "town", "116", "39", "--kind", "kiosk"),
        ("coverage", "town", "--minutes", "5", "--metres", "5"),
        ("circles", "town", "-o", "circles.txt"),
        ("serve", "town", "--port", "70000"),
        ("siren",),
    ],
)
def test_wrong_usage_leaves_with_two(words: tuple[str, ...]) -> None:
    """What the parser refuses is told with the usage."""
    assert "usage:" in geomatch(*words, status=2).stderr


def test_regions_that_are_not_there_or_not_built(tmp_path: Path) -> None:
    """No folder, no build: exit 1 and what to do."""
    assert "region.toml" in geomatch("build", tmp_path / "nowhere", status=1).stderr
    town = write_little_region(tmp_path / "town")
    assert "run: geomatch build" in geomatch("coverage", town, status=1).stderr
    assert "from 0.1 to 120" in geomatch("coverage", town, "--minutes", "-3", status=1).stderr


def test_stale_and_synthetic_regions_answer_with_a_note(little_region: Path, tmp_path: Path) -> None:
    """An answer from an old build, or from made-up data, says so on stderr."""
    shutil.copytree(little_region, tmp_path / "town")
    with (tmp_path / "town" / "sites.csv").open("a", encoding="utf-8") as sites:
        sites.write("\n")
    done = geomatch("coverage", tmp_path / "town")
    assert "sites.csv changed" in done.stderr
    assert "synthetic" in done.stderr
    assert "82.9%" in done.stdout


def test_lookup_adds_columns_to_every_row(little_region: Path, tmp_path: Path) -> None:
    """Rows keep their cells and order; off the network the walk is empty and the note says why."""
    places = {"东": lonlat(16, 1), "南": lonlat(4, -6)}
    rows = [["户", "lon", "lat"], *([name, *map(str, place)] for name, place in places.items())]
    with (tmp_path / "in.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    geomatch("lookup", little_region, tmp_path / "in.csv", "-o", tmp_path / "out.csv", "-k", 2)
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        east, south = csv.DictReader(file)
    assert [east[name] for name in ("户", "site_id", "kind", "within", "note")] == ["东", "S2", "station", "true", ""]
    assert float(east["walk_m"]) == pytest.approx(820, abs=1)
    assert float(east["walk_s"]) == pytest.approx(738, abs=1)
    assert east["site_id_2"] == "P1"
    assert (south["site_id"], south["walk_m"], south["within"]) == ("", "", "false")
    assert "not on the network" in south["note"]
    assert float(south["access_m"]) == pytest.approx(600, abs=1)


def test_lookup_lists_the_faults_of_its_table(little_region: Path, tmp_path: Path) -> None:
    """A row that is no place keeps the whole file back."""
    (tmp_path / "in.csv").write_text("lon,lat\n116.3,39.93\n116.3,north\n", encoding="utf-8")
    done = geomatch("lookup", little_region, tmp_path / "in.csv", "-o", tmp_path / "out.csv", status=1)
    assert "row 3, column lat" in done.stderr
    assert not (tmp_path / "out.csv").exists()


def test_coverage_in_three_formats_says_the_same(little_region: Path, tmp_path: Path) -> None:
    """JSON, CSV and XLSX hold the same figures, and each states its standard."""
    for ending in ("json", "csv", "xlsx"):
        geomatch("coverage", little_region, "-o", tmp_path / f"table.{ending}")
    told = json.loads((tmp_path / "table.json").read_text(encoding="utf-8"))
    assert (told["standard"], told["limit_m"], told["synthetic"]) == ("GB 50180-2018", 1000, True)
    assert told["total"]["covered"] == sum(unit["covered"] for unit in told["units"])
    with (tmp_path / "table.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["covered"]) for row in rows] == [
        *(unit["covered"] for unit in told["units"]),
        told["total"]["covered"],
    ]
    assert {row["standard"] for row in rows} == {"GB 50180-2018"}
    sheet = openpyxl.load_workbook(tmp_path / "table.xlsx").active
    assert sheet is not None
    assert [row[3] for row in sheet.iter_rows(min_row=2, values_only=True)] == [int(row["covered"]) for row in rows]


def test_circles_and_gaps_become_maps(little_region: Path, tmp_path: Path) -> None:
    """A polygon a site, a polygon a gap, with their figures, as GeoJSON and as GeoPackage."""
    geomatch("circles", little_region, "-o", tmp_path / "c.geojson", "--kind", "office", "--minutes", 10)
    found = json.loads((tmp_path / "c.geojson").read_text(encoding="utf-8"))
    assert [feature["properties"]["site"] for feature in found["features"]] == ["O1", "O2"]
    assert (found["limit_s"], found["standard"], found["synthetic"]) == (600, "custom", True)
    assert all(shapely.geometry.shape(feature["geometry"]).is_valid for feature in found["features"])
    geomatch("gaps", little_region, "-o", tmp_path / "g.gpkg")
    done = geomatch("gaps", little_region, "-o", tmp_path / "g.geojson")
    people = sum(
        feature["properties"]["people"]
        for feature in json.loads((tmp_path / "g.geojson").read_text(encoding="utf-8"))["features"]
    )
    assert f"{people:,} people" in done.stdout
    assert (tmp_path / "g.gpkg").stat().st_size > 10_000


def test_a_map_is_one_page(little_region: Path, tmp_path: Path) -> None:
    """`geomatch map` writes a page that holds everything."""
    if not (ROOT / "geomatch" / "web" / "static" / "vendor" / "leaflet").is_dir():
        skip_or_fail("the browser assets are not installed; run make assets")
    geomatch("map", little_region, "-o", tmp_path / "map.html", "--layer", "gaps")
    assert "两岸区" in (tmp_path / "map.html").read_text(encoding="utf-8")


def test_a_file_that_cannot_be_written_is_named(little_region: Path, tmp_path: Path) -> None:
    """No such folder: exit 1, and nothing is half-written."""
    done = geomatch("gaps", little_region, "-o", tmp_path / "no" / "g.geojson", status=1)
    assert "g.geojson" in done.stderr


def test_sample_writes_sources_into_new_folders_only(tmp_path: Path) -> None:
    """The bundled region comes with region.toml and its list of shops; a folder with something in it is left alone."""
    geomatch("sample", "haidian", tmp_path / "new")
    assert (tmp_path / "new" / "region.toml").is_file()
    assert (tmp_path / "new" / "shops.csv").read_bytes() == (ROOT / "data" / "haidian" / "shops.csv").read_bytes()
    assert "is not empty" in geomatch("sample", "haidian", tmp_path / "new", status=1).stderr
    assert "haidian" in geomatch("sample", "atlantis", tmp_path / "other", status=1).stderr
    assert not (tmp_path / "other").exists()


def test_who_stops_reading_is_not_met_with_a_traceback(little_region: Path) -> None:
    """A closed pipe ends the command quietly."""
    command = f'"{sys.executable}" -m geomatch coverage "{little_region}" 2>err.txt | head -c 1 >/dev/null; cat err.txt'
    done = subprocess.run(
        ["bash", "-c", command], cwd=little_region.parent, env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "Error" not in done.stdout


def test_serve_refuses_a_port_in_use(little_region: Path) -> None:
    """Said before anything is built or opened."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen(1)
        port = taken.getsockname()[1]
        assert "is it in use?" in geomatch("serve", little_region, "--port", port, status=1).stderr


def free_port() -> int:
    """Give a port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def test_serve_builds_answers_and_stops_at_ctrl_c(tmp_path: Path) -> None:
    """A region that was never built is built first; an answer comes over HTTP; an interrupt ends it cleanly."""
    town = write_little_region(tmp_path / "town")
    port = free_port()
    words = [sys.executable, "-m", "geomatch", "serve", str(town), "--port", str(port), "--workers", "1"]
    with subprocess.Popen(words, cwd=ROOT, stderr=subprocess.PIPE, text=True, start_new_session=True) as server:
        try:
            answer = _answer(f"http://127.0.0.1:{port}/api/v1/regions", server)
            assert [region["id"] for region in answer["regions"]] == ["little"]
        finally:
            server.send_signal(signal.SIGINT)
            told = server.communicate(timeout=20)[1]
    assert "it has not been built; building" in told
    assert f"scenarios are kept in {os.environ['GEOMATCH_DATABASE_URL'].removeprefix('sqlite:///')}" in told
    assert "Traceback" not in told
    assert server.returncode in {0, 130}


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mysql://user:secret@host/database", "GEOMATCH_DATABASE_URL: must be sqlite"),
        ("postgresql://user:secret@127.0.0.1:9/database", "the database cannot be reached"),
        ("sqlite:////dev/null/scenarios.db", "the database cannot be made at /dev/null/scenarios.db"),
    ],
)
def test_serve_refuses_a_database_that_cannot_be_used(
    little_region: Path, monkeypatch: pytest.MonkeyPatch, url: str, words: str
) -> None:
    """Said once at the start, and not by every worker; no password is shown."""
    monkeypatch.setenv("GEOMATCH_DATABASE_URL", url)
    told = geomatch("serve", little_region, "--port", free_port(), status=1).stderr
    assert words in told
    assert "secret" not in told
    assert "Traceback" not in told


def _answer(url: str, server: subprocess.Popen[str]) -> dict[str, list[dict[str, str]]]:
    """Ask until the server answers, a minute at most."""
    until = time.monotonic() + 120
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5) as reply:  # noqa: S310 - our own server
                found: dict[str, list[dict[str, str]]] = json.load(reply)
                return found
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the server did not answer")


def test_outputs_that_are_sources_of_the_region_are_refused(little_region: Path, tmp_path: Path) -> None:
    """`network -o` into the region's own folder, or a table over its sites, would destroy what was brought."""
    town = tmp_path / "town"
    shutil.copytree(little_region, town)
    before = (town / "sites.csv").read_bytes()
    for words in (["network", town, "-o", town], ["coverage", town, "-o", town / "sites.csv"]):
        assert "is a source of the region" in geomatch(*words, status=1).stderr
    assert (town / "sites.csv").read_bytes() == before
    assert not (town / "nodes.csv").exists()


@pytest.mark.parametrize(
    ("host", "says"), [("a" * 70 + ".com", "no name of a host"), ("☃..x", "no name of a host"), ("", "listened")]
)
def test_a_host_that_is_none_is_told(little_region: Path, host: str, says: str) -> None:
    """A name that no resolver takes is a fault of --host."""
    assert says in geomatch("serve", little_region, "--host", host, status=1).stderr


def test_regions_that_workers_could_not_open_are_told_before_they_start(little_region: Path, tmp_path: Path) -> None:
    """One id twice, or a path that the list of regions cannot hold."""
    assert "has the id of" in geomatch("serve", little_region, little_region, status=1).stderr
    parted = tmp_path / f"a{os.pathsep}b"
    shutil.copytree(little_region, parted)
    assert "rename the folder" in geomatch("serve", parted, status=1).stderr


@pytest.mark.parametrize(
    ("output", "environ", "status", "says"),
    [
        ("/dev/full", {}, 1, "cannot write the output: No space left on device"),
        ("/dev/null", {"PYTHONIOENCODING": "ascii"}, 1, "set PYTHONIOENCODING=utf-8"),
        (None, {}, 0, "synthetic"),
    ],
)
def test_an_output_that_takes_nothing_is_told(
    little_region: Path, output: str | None, environ: dict[str, str], status: int, says: str
) -> None:
    """A full disk, an encoding without Chinese, a closed output: a line on stderr and no traceback."""
    if output == "/dev/full" and not os.path.exists(output):  # noqa: PTH110 - a device
        skip_or_fail("no /dev/full here")
    target = f">{output}" if output else ">&-"
    command = f'"{sys.executable}" -m geomatch coverage "{little_region}" {target}'
    done = subprocess.run(
        ["sh", "-c", command], cwd=ROOT, env=os.environ | environ, stderr=subprocess.PIPE, text=True, check=False
    )
    assert (done.returncode, "Traceback" in done.stderr) == (status, False), done.stderr
    assert says in done.stderr


def test_an_address_is_kept_from_another_service_that_starts_meanwhile(little_region: Path) -> None:
    """The port is taken from the moment that a service starts, not only once its workers listen."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with making._reserved("127.0.0.1", port):
        assert "cannot be listened on" in geomatch("serve", little_region, "--port", port, status=1).stderr
        with socket.socket() as worker:  # as the workers of this service do
            worker.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            worker.bind(("127.0.0.1", port))


def test_a_map_that_the_disk_does_not_hold_is_told(little_region: Path, tmp_path: Path) -> None:
    """GDAL stops in the middle where a file may not grow: one line, and nothing left behind."""
    command = f'ulimit -f 16; "{sys.executable}" -m geomatch circles "{little_region}" -o "{tmp_path}/circles.gpkg"'
    done = subprocess.run(["sh", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False), done.stderr
    assert "cannot be written here" in done.stderr
    assert list(tmp_path.iterdir()) == []
