"""Everything about a region as one file: the same rows as the answers, and the same bytes from another process."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import geopandas
import pytest

from geomatch import cli
from geomatch.files.layers_out import ALL_ENDINGS
from tests.conftest import ROOT
from tests.serving import Asking

if TYPE_CHECKING:
    from pathlib import Path


WRITE_ALL = """
import sys
from geomatch import cli
region, out, *endings = sys.argv[1:]
for ending in endings:
    assert cli.main(["export", region, "-o", out + ending]) == 0, ending
"""


def test_the_same_build_gives_the_same_bytes(little_region: Path, tmp_path: Path) -> None:
    """Two processes, whose sets and dicts are ordered by other seeds, write one and the same file of every form."""
    for seed in ("1", "2"):
        command = [sys.executable, "-c", WRITE_ALL, str(little_region), str(tmp_path / seed), *ALL_ENDINGS]
        subprocess.run(command, cwd=ROOT, env=os.environ | {"PYTHONHASHSEED": seed}, check=True, capture_output=True)
    for ending in ALL_ENDINGS:
        assert (tmp_path / f"1{ending}").read_bytes() == (tmp_path / f"2{ending}").read_bytes(), ending


@pytest.mark.parametrize("ending", [".geojson", ".gpkg", ".shp.zip"])
@pytest.mark.parametrize("command", ["circles", "gaps", "areas"])
def test_single_layers_go_out_in_every_form(
    little_region: Path, tmp_path: Path, command: str, ending: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Circles, gaps and areas as GeoJSON, GeoPackage or zipped shapefile hold the same rows."""
    out = tmp_path / f"out{ending}"
    assert cli.main([command, str(little_region), "--metres", "500", "-o", str(out)]) == 0
    zipped, named = ending == ".shp.zip", {"layer": command} if ending == ".gpkg" else {}
    frame = geopandas.read_file(f"/vsizip/{out}/{command}.shp" if zipped else out, **named)
    answer = Asking(little_region).answer(command, metres=500)
    assert len(frame) == len(answer["features"])
    assert str(out) in capsys.readouterr().out


def test_an_export_holds_the_answers(little_region: Path, tmp_path: Path) -> None:
    """Townships have the table's figures, homes add up to them, and gaps to those who are beyond."""
    out = tmp_path / "all.gpkg"
    assert cli.main(["export", str(little_region), "--metres", "500", "--target", "60", "-o", str(out)]) == 0
    read = {name: geopandas.read_file(out, layer=name) for name in ("townships", "gaps", "circles", "sites", "homes")}
    api = Asking(little_region)
    table = api.answer("coverage", metres=500)
    towns, homes = read["townships"], read["homes"]
    assert towns["covered"].tolist() == [unit["covered"] for unit in table["units"]]
    by_unit = homes[homes["covered"]].groupby("unit")["population"].sum()
    assert [by_unit[name] for name in towns["name"]] == towns["covered"].tolist()
    assert read["gaps"]["people"].sum() == table["total"]["population"] - table["total"]["covered"]
    judged = api.answer("standards", metres=500, target=60)
    assert towns["passes"].tolist() == [unit["passes"] for unit in judged["units"]]
    assert towns["shortfall"].tolist() == [unit["shortfall"] for unit in judged["units"]]
    assert len(read["circles"]) == len(read["sites"]) == len(api.region.sites)
    assert {*towns["synthetic"], *homes["synthetic"]} == {True}
    assert {*read["sites"]["attribution"]} == {"© OpenStreetMap contributors, ODbL"}


def test_nothing_is_written_where_something_is_wrong(
    little_region: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An ending that nobody knows is wrong usage; a target or a folder at fault is named."""
    with pytest.raises(SystemExit, match="2"):
        cli.main(["export", str(little_region), "-o", str(tmp_path / "out.kml")])
    for arguments, told in (
        (["--target", "0", "-o", str(tmp_path / "out.gpkg")], "target"),
        (["-o", str(tmp_path / "absent" / "out.shp.zip")], "cannot be written"),
        (["-o", str(tmp_path / "absent" / "out.gpkg")], "cannot be written"),
    ):
        assert cli.main(["export", str(little_region), *arguments]) == 1
        assert told in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_styles_lie_beside_maps_in_a_zip(little_region: Path, tmp_path: Path) -> None:
    """QGIS finds townships.qml beside townships.shp and beside townships.geojson."""
    for ending in (".shp", ".geojson"):
        assert cli.main(["export", str(little_region), "-o", str(tmp_path / f"all{ending}.zip")]) == 0
        with zipfile.ZipFile(tmp_path / f"all{ending}.zip") as archive:
            names = archive.namelist()
        for layer in ("townships", "gaps", "circles", "sites", "homes"):
            assert {f"{layer}{ending}", f"{layer}.qml"} <= {*names}
        assert "legend.csv" in names
