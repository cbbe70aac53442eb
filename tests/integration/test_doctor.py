"""The coordinate doctor on real streets, townships and homes of Haidian, in every disguise, and at every door."""

from __future__ import annotations

import csv
import json
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pytest

from geomatch.cli import main
from geomatch.geo import coordinates
from geomatch.geo.coordinates import CoordSys
from geomatch.planning.doctor.diagnosis import Verdict, diagnose
from geomatch.planning.doctor.measured import Surroundings
from geomatch.services import build, doctor
from geomatch.services.region import open_region
from tests.regions import write_little_region

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from geomatch.planning.doctor.diagnosis import Diagnosis

DISGUISES = ("wgs84", "gcj02", "bd09", "swapped")
SAMPLES = 12
"""Of each size and disguise; seeded. A benchmark may take more, a test must be quick."""


@pytest.fixture(scope="module")
def around(real_haidian: Path) -> Surroundings:
    """Real streets and townships."""
    region = open_region(real_haidian)
    return Surroundings(region.graph, region.index, region.townships)


@pytest.fixture(scope="module")
def places(shared_data: Path, around: Surroundings) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Real homes that lie where there are streets, WGS-84."""
    with (shared_data / "haidian" / "homes.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    lon, lat = (np.array([float(row[axis]) for row in rows]) for axis in ("lon", "lat"))
    known = (around.units.locate(lon, lat) >= 0) & (lat < 39.99)
    return lon[known], lat[known]


def disguised(
    lon: NDArray[np.float64], lat: NDArray[np.float64], disguise: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """True points, written as somebody would have who used another map."""
    if disguise == "swapped":
        return lat, lon
    return coordinates.from_wgs84(lon, lat, CoordSys(disguise))


def judged(
    places: tuple[NDArray[np.float64], NDArray[np.float64]], around: Surroundings, *, size: int, named: bool
) -> tuple[Counter[str], list[tuple[str, Diagnosis]]]:
    """Judge samples in every disguise: how many right, unsure and wrong, and what was wrong."""
    counts: Counter[str] = Counter()
    wrong: list[tuple[str, Diagnosis]] = []
    for seed in range(SAMPLES):
        chosen = np.random.default_rng([size, seed]).choice(len(places[0]), size, replace=False)
        lon, lat = places[0][chosen], places[1][chosen]
        unit = around.units.locate(lon, lat).astype(np.int32) if named else np.full(size, -1, np.int32)
        for disguise in DISGUISES:
            found = diagnose(*disguised(lon, lat, disguise), unit, around)
            told = "right" if found.verdict == disguise else "unsure" if found.verdict is Verdict.UNSURE else "wrong"
            counts[told] += 1
            wrong += [(disguise, found)] if told == "wrong" else []
    return counts, wrong


@pytest.mark.shared
@pytest.mark.parametrize("size", [50, 500])
def test_with_townships_named_nearly_every_sample_is_known(
    places: tuple[NDArray[np.float64], NDArray[np.float64]], around: Surroundings, size: int
) -> None:
    """At least 99 % are right, and none is wrong."""
    counts, wrong = judged(places, around, size=size, named=True)
    print(size, "named", dict(counts))  # noqa: T201 - the figures are what this test is for
    assert wrong == []
    assert counts["right"] >= 0.99 * counts.total()


@pytest.mark.shared
@pytest.mark.parametrize("size", [50, 500])
def test_without_names_it_is_unsure_rather_than_wrong(
    places: tuple[NDArray[np.float64], NDArray[np.float64]], around: Surroundings, size: int
) -> None:
    """Never a confident mistake; an exchange always shows."""
    counts, wrong = judged(places, around, size=size, named=False)
    print(size, "without names", dict(counts))  # noqa: T201 - as above
    assert wrong == []
    assert counts["right"] >= SAMPLES


@pytest.mark.shared
def test_a_gcj02_file_that_is_declared_wgs84_is_caught_and_a_true_one_is_not(
    shared_data: Path, around: Surroundings
) -> None:
    """The made-up sites carry township names; real homes in WGS-84 are not accused, nor is GCJ-02 that says so."""
    sites = doctor.examine(shared_data / "haidian" / "sites-gcj02.csv", around)
    homes = doctor.examine(shared_data / "haidian" / "homes.csv", around)
    print(sites.diagnosis.verdict, homes.diagnosis.verdict)  # noqa: T201 - as above
    assert sites.diagnosis.verdict is Verdict.GCJ02
    caught = doctor.contradiction(sites, CoordSys.WGS84)
    assert caught is not None
    assert "is declared wgs84, but its points are in gcj02" in caught.reason
    assert doctor.contradiction(sites, CoordSys.GCJ02) is None
    assert doctor.contradiction(homes, CoordSys.WGS84) is None
    assert doctor.contradiction(homes, CoordSys.CGCS2000) is None


@pytest.mark.shared
def test_the_command_answers_in_the_contracts_form(
    real_haidian: Path, shared_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Verdict, confidence, evidence; and in words where JSON is not asked for."""
    file = shared_data / "haidian" / "sites-gcj02.csv"
    assert main(["doctor", str(file), "--region", str(real_haidian), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told.keys() == {"verdict", "confidence", "evidence"}
    assert told["verdict"] == "gcj02"
    assert 0.95 <= told["confidence"] <= 0.999
    assert sum(told["evidence"]["probability"].values()) == pytest.approx(1, abs=1e-4)
    assert main(["doctor", str(file), "--region", str(real_haidian)]) == 0
    assert "GCJ-02 火星坐标" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "told"),
    [("", "is empty"), ("name\n甲\n", "names the columns lon, lat"), ("lon,lat\neast,39.9\n", "is not a number")],
)
def test_a_file_at_fault_is_answered_with_its_row(
    little_region: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, told: str
) -> None:
    """Exit 1, and never a traceback."""
    (tmp_path / "points.csv").write_text(text, encoding="utf-8")
    assert main(["doctor", str(tmp_path / "points.csv"), "--region", str(little_region)]) == 1
    assert told in capsys.readouterr().err
    assert main(["doctor", str(tmp_path / "absent.csv"), "--region", str(little_region)]) == 1


def test_degrees_and_minutes_are_named(little_region: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Written as degrees, minutes and seconds they are read so, and it says that they are."""
    (tmp_path / "dms.csv").write_text("lon,lat\n116°18'00\",39°54'00\"\n116°18'05\",39°54'03\"\n", encoding="utf-8")
    assert main(["doctor", str(tmp_path / "dms.csv"), "--region", str(little_region), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["evidence"]["written"] == "degrees-minutes-seconds"


def test_a_build_tells_of_every_file_of_points(tmp_path: Path) -> None:
    """The report lists each with what it declares and what was found; a few true sites are not accused."""
    folder = write_little_region(tmp_path / "little")
    report = build.build(folder)
    assert {told["file"] for told in report.coordinates} >= {"sites.csv"}
    assert [told["warning"] for told in report.coordinates if told["warning"]] == []


@pytest.mark.shared
def test_a_build_warns_where_a_declaration_contradicts_the_points(real_haidian: Path, tmp_path: Path) -> None:
    """The same region with its sites declared as WGS-84: built, and flagged with both systems named."""
    told = (real_haidian / "region.toml").read_text(encoding="utf-8")
    assert 'coordsys = "gcj02"' in told
    (tmp_path / "region.toml").write_text(told.replace('coordsys = "gcj02"', 'coordsys = "wgs84"'), encoding="utf-8")
    report = build.build(tmp_path)
    (warning,) = [told["warning"] for told in report.coordinates if told["warning"]]
    assert "is declared wgs84, but its points are in gcj02" in warning


@pytest.mark.shared
def test_outside_china_all_systems_are_one(shared_data: Path, tmp_path: Path) -> None:
    """In Helsinki nothing is shifted, and it says so rather than guess."""
    (tmp_path / "region.toml").write_text(
        '[region]\nid = "helsinki"\nname = "Helsinki"\n[streets]\n'
        f'osm = "{shared_data / "osm" / "helsinki-centre.osm.pbf"}"\n[[sites]]\nfile = "sites.csv"\n',
        encoding="utf-8",
    )
    (tmp_path / "sites.csv").write_text("id,name,kind,lon,lat\nS1,a,station,24.94,60.17\n", encoding="utf-8")
    build.build(tmp_path)
    region = open_region(tmp_path)
    found = doctor.examine(tmp_path / "sites.csv", Surroundings(region.graph, region.index, region.townships))
    assert (found.diagnosis.verdict, found.diagnosis.shifted) == (Verdict.WGS84, False)
    assert any("one and the same place" in reason for reason in doctor.reasons(found))
