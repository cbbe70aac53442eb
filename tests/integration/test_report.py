"""A report: the same figures as the answers, each with a way back to its rows, the same bytes every time."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from geomatch import cli
from geomatch.errors import InputError
from geomatch.files import siting_file
from geomatch.planning.sites import SiteKind
from geomatch.reporting.language import Language
from geomatch.services import build
from geomatch.services.region import open_region
from geomatch.services.report import out
from geomatch.services.report.findings import Asked
from geomatch.services.report.gather import gather
from tests.conftest import ROOT
from tests.regions import write_little_region
from tests.serving import Asking, region_of
from tests.spreadsheet import Spreadsheet

if TYPE_CHECKING:
    from geomatch.reporting.document import Report

WRITE_ALL = """
import sys; from pathlib import Path
from geomatch.services.region import open_region
from geomatch.services.report import out
from geomatch.services.report.findings import Asked
from geomatch.services.report.gather import gather
report = gather(open_region(Path(sys.argv[1])), Asked(metres=500.0))
for form in out.FORMS:
    out.write(report, Path(sys.argv[2]) / f"{sys.argv[3]}.{form}")
"""


def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a process of its own."""
    command = [sys.executable, *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, env=os.environ | environment, check=False, capture_output=True, text=True)


def pages_of(pdf: bytes) -> int:
    """Count the pages of a PDF, whose objects are packed."""
    packed = re.findall(rb"/FlateDecode.*?stream\n(.*?)\nendstream", pdf, re.DOTALL)
    plain = b"".join(zlib.decompress(stream) for stream in packed if stream[:1] == b"x")
    return len(re.findall(rb"/Type ?/Page\b", plain))


@pytest.fixture(scope="module")
def report(little_region: Path) -> Report:
    """A report on the little region, 500 m, where there are gaps on both banks."""
    return gather(region_of(little_region), Asked(metres=500.0, target=60.0))


@pytest.fixture(scope="module")
def plain_siting(little_region: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A siting answer for the same question."""
    path = tmp_path_factory.mktemp("siting") / "siting.json"
    arguments = ["siting", str(little_region), "--grid", "200", "-p", "3", "--metres", "500", "-o", str(path)]
    assert cli.main(arguments) == 0
    return path


def test_the_same_build_and_question_give_the_same_bytes(little_region: Path, tmp_path: Path) -> None:
    """Two processes, whose sets are ordered differently, write one and the same HTML, PDF and XLSX."""
    for seed in ("1", "2"):
        done = run("-c", WRITE_ALL, little_region, tmp_path, seed, PYTHONHASHSEED=seed)
        assert done.returncode == 0, done.stderr
    for form in out.FORMS:
        assert (tmp_path / f"1.{form}").read_bytes() == (tmp_path / f"2.{form}").read_bytes()
    assert pages_of((tmp_path / "1.pdf").read_bytes()) > 5


def test_the_number_stands_for_sources_and_question(little_region: Path) -> None:
    """Another question has another number, another language has not."""
    region = region_of(little_region)
    numbers = [gather(region, asked).number for asked in (Asked(), Asked(language=Language.EN), Asked(target=86.0))]
    assert numbers[0] == numbers[1] != numbers[2]
    assert all(re.fullmatch("[0-9a-f]{12}", number) for number in numbers)


def test_the_figures_are_those_of_the_answers(little_region: Path, report: Report) -> None:
    """Tables hold what the API says under the same question."""
    api = Asking(little_region)
    table, judged = api.answer("coverage", metres=500), api.answer("standards", metres=500, target=60)
    units = report.tables["units"]
    at = units.place
    for row, told, verdict in zip(units.rows, table["units"], judged["units"], strict=True):
        assert [row[at(key)] for key in ("population", "covered", "share")] == [
            told[key] for key in ("population", "covered", "share")
        ]
        assert [row[at(key)] for key in ("passes", "shortfall")] == [verdict[key] for key in ("passes", "shortfall")]
        assert row[at("backup_share")] == told["backup_share"]
    band = api.answer("sensitivity", metres=500)
    both = next(one for one in band["bands"] if one["varied"] == "both")
    assert report.headline["low"].text == f"{both['low']['share']:.1%}".replace("%", " %")
    gaps = api.answer("gaps", metres=500)["features"]
    assert [row[2] for row in report.tables["gaps"].rows] == [gap["properties"]["people"] for gap in gaps]
    fair = api.answer("fairness", metres=500)
    assert report.tables["units"].row("total")[at("over_claim")] == fair["total"]["over_claim"]


def test_homes_add_up_to_everything(report: Report) -> None:
    """Townships, gaps, bands and causes are sums of rows."""
    homes = report.tables["homes"]
    people, flag, gap = homes.place("people"), homes.place("covered"), homes.place("gap")
    units = report.tables["units"].row("total")
    assert sum(row[people] for row in homes.rows) == units[2]  # type: ignore[misc]
    assert sum(row[people] for row in homes.rows if row[flag]) == units[3]  # type: ignore[misc]
    beyond = sum(row[people] for row in homes.rows if row[gap] is not None)  # type: ignore[misc]
    assert beyond == report.tables["gaps"].total[2] == report.tables["by_cause"].total[1]  # type: ignore[index]
    assert sum(row[1] for row in report.tables["minutes"].rows) == units[2]  # type: ignore[misc]


@pytest.mark.parametrize("language", Language)
def test_every_figure_of_the_page_leads_somewhere(little_region: Path, plain_siting: Path, language: Language) -> None:
    """Links have their place, figures their cell, heads their definition; nothing is fetched and nothing left over."""
    siting = siting_file.read_siting(plain_siting)
    made = gather(region_of(little_region), Asked(metres=500.0, language=language, siting=siting))
    page = out.content(made, "html").decode()
    ids = set(re.findall(r'id="([^"]+)"', page))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= ids
    assert "s-references" not in re.findall(r'class="figure" href="#([^"]+)"', page)
    addresses = set(re.findall(r'data-figure="([^"]+)"', page))
    assert len(addresses) > 120
    tables = json.loads(re.search(r'id="trace">(.+?)</script>', page)[1])["tables"]  # type: ignore[index]
    for address in addresses:
        table, *row, column = address.split("/")
        assert column in {one["key"] for one in tables[table]["columns"]}
        assert "/".join(row) == "total" or "/".join(row) in tables[table]["ids"]
    assert re.findall(r'(?:src|href)="(?!#)', page) == []
    assert "://" not in re.sub(r'xmlns="http://www.w3.org/2000/svg"', "", page.split('<script type="module">')[0])
    assert "None" not in re.sub(r"<script.+?</script>", "", page, flags=re.DOTALL)
    assert made.sections[-4].key == "siting"


def test_a_workbook_computes_to_what_it_says(little_region: Path, plain_siting: Path, tmp_path: Path) -> None:
    """Every formula, computed from the cells of the file alone, gives the value that the file carries."""
    siting = siting_file.read_siting(plain_siting)
    made = gather(region_of(little_region), Asked(metres=500.0, target=60.0, siting=siting))
    out.write(made, tmp_path / "report.xlsx")
    book = Spreadsheet(tmp_path / "report.xlsx")
    cells = book.cells()
    assert len(cells) > 300
    for sheet, address in cells:
        carried, computed = book.carried[sheet][address].value, book.value(sheet, address)
        assert computed == pytest.approx(carried, rel=1e-12), (sheet, address, book.formulas[sheet][address].value)
    assert book.carried.sheetnames[0] == "摘要"
    assert {table.title for table in made.tables.values()} <= {*book.carried.sheetnames}
    assert book.formulas.properties.created == made.made.replace(tzinfo=None)


def variant(folder: Path, change: Any) -> Path:
    """Build the little region with its settings and files changed."""
    write_little_region(folder)
    path = folder / "region.toml"
    path.write_text(change(folder, path.read_text(encoding="utf-8")), encoding="utf-8")
    build.build(folder)
    return folder


def without_units(_folder: Path, told: str) -> str:
    """Take the townships away."""
    return re.sub(r"\[units\].*?(?=\[demand\])", "", told, flags=re.DOTALL)


def without_people(folder: Path, told: str) -> str:
    """Have nobody live there."""
    path = folder / "units.geojson"
    path.write_text(re.sub(r'"population": \d+', '"population": 0', path.read_text(encoding="utf-8")), encoding="utf-8")
    return told


def without_hours(folder: Path, told: str) -> str:
    """Let no site state its hours."""
    path = folder / "sites.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([lines[0], *(line.rpartition(",")[0] + "," for line in lines[1:])]), encoding="utf-8")
    return told.replace('name_en = "Two Banks"', 'name_en = "Two Banks"\nsetting = "rural"')


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (without_units, ("没有人口数据", "没有给出街镇边界")),
        (without_people, ("没有人口数据",)),
        (without_hours, ("没有给出开放时间", "乡村地区住得稀")),
    ],
)
def test_regions_that_lack_something_say_so(tmp_path: Path, change: Any, says: tuple[str, ...]) -> None:
    """No townships, nobody, no hours, a rural one: a whole report in every form, and words for what is not there."""
    region = open_region(variant(tmp_path / "region", change))
    for asked in (Asked(), Asked(minutes=10.0, profile="wheelchair", kinds=(SiteKind.LANDSCAPE,))):
        made = gather(region, asked)
        page = out.content(made, "html").decode()
        assert all(words in page for words in says)
        out.write(made, tmp_path / "report.xlsx")
        book = Spreadsheet(tmp_path / "report.xlsx")
        for sheet, address in book.cells():
            assert book.value(sheet, address) == pytest.approx(book.carried[sheet][address].value), (sheet, address)
    assert out.content(made, "pdf").startswith(b"%PDF")


def test_a_siting_is_shown_with_its_bound(little_region: Path, plain_siting: Path) -> None:
    """Places in their order, what each adds, and what no choice beats."""
    siting = siting_file.read_siting(plain_siting)
    made = gather(region_of(little_region), Asked(metres=500.0, siting=siting))
    table = made.tables["siting"]
    told = json.loads(plain_siting.read_text(encoding="utf-8"))
    assert [row[table.place("added")] for row in table.rows] == [one["people_added"] for one in told["chosen"]]
    assert table.row("total")[table.place("up_to")] == told["covered"]
    assert made.tables["proof"].rows[0][1:4] == (told["covered"], told["bound"], told["gap"])


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"region": "elsewhere"}, "region is elsewhere"),
        ({"limit_m": 400.0}, "limit_m is 400"),
        ({"profile": "elder"}, "profile is elder"),
        ({"kind": ["station"]}, "kind is"),
        ({"population": 1}, "population is 1"),
        ({"covered_before": 1}, "covered_before is 1"),
        ({"chosen": "all"}, "must be a list"),
        ({"chosen": [{"id": "a", "lon": 1000, "lat": 0, "people_added": 1}]}, "no place on the globe"),
        ({"chosen": [1]}, "must be a number"),
        ({"coordsys": "mars"}, "must be one of wgs84"),
        ({"certificate": []}, "must be a dict"),
        ({"covered": True}, "must be a int"),
        ({"covered": None}, "column covered"),
    ],
)
def test_a_siting_of_another_question_is_refused(
    little_region: Path, plain_siting: Path, tmp_path: Path, change: dict[str, Any], says: str, *,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """Figures of two questions never stand side by side; every member at fault is named, and nothing is written."""
    path = tmp_path / "siting.json"
    told = json.loads(plain_siting.read_text(encoding="utf-8")) | change
    path.write_text(json.dumps(told), encoding="utf-8")
    arguments = ["report", str(little_region), "--metres", "500", "--siting", str(path), "-o", str(tmp_path / "r.html")]
    assert cli.main(arguments) == 1
    assert says in capsys.readouterr().err
    assert [*tmp_path.iterdir()] == [path]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is not JSON"),
        ("[1]", "is not a siting answer"),
        ('{"type": "FeatureCollection"}', "is not a siting answer"),
    ],
)
def test_a_file_that_is_no_siting_is_refused(tmp_path: Path, text: str, says: str) -> None:
    """Nothing, a list, a map: the message says what it should be."""
    path = tmp_path / "siting.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=says):
        siting_file.read_siting(path)
    with pytest.raises(InputError, match="cannot be read"):
        siting_file.read_siting(tmp_path / "absent.json")


def test_the_command_writes_every_form_and_refuses_others(
    little_region: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the ending of the file; a bad ending is wrong usage, a bad target or place a fault, nothing half-written."""
    for form in ("html", "xlsx", "PDF"):
        path = tmp_path / f"report.{form}"
        arguments = [
            "report",
            str(little_region),
            "--lang",
            "en",
            "--kind",
            "station",
            "--minutes",
            "10",
            "-o",
            str(path),
        ]
        assert cli.main(arguments) == 0
        assert path.stat().st_size > 10_000
    assert "report.PDF" in capsys.readouterr().out
    with pytest.raises(SystemExit, match="2"):
        cli.main(["report", str(little_region), "-o", str(tmp_path / "report.docx")])
    for faulty in (["--target", "101"], ["--minutes", "0"]):
        assert cli.main(["report", str(little_region), *faulty, "-o", str(tmp_path / "bad.html")]) == 1
    assert cli.main(["report", str(little_region), "-o", str(tmp_path / "absent" / "report.html")]) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.PDF", "report.html", "report.xlsx"]
    assert "cannot be written" in capsys.readouterr().err


def test_a_machine_without_pango_still_writes_html_and_xlsx(little_region: Path, tmp_path: Path) -> None:
    """Where the library does not load, the PDF alone is refused, with what to install; no traceback, no file."""
    (tmp_path / "weasyprint.py").write_text('raise OSError("cannot load library libpango-1.0-0")', encoding="utf-8")
    for form, status in (("html", 0), ("xlsx", 0), ("pdf", 1)):
        path = tmp_path / f"report.{form}"
        done = run("-m", "geomatch", "report", little_region, "-o", path, PYTHONPATH=str(tmp_path))
        assert (done.returncode, path.exists()) == (status, status == 0), done.stderr
    assert "libpango-1.0-0 libpangoft2-1.0-0" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_machine_without_chinese_fonts_says_so(little_region: Path, tmp_path: Path) -> None:
    """With Latin fonts alone a PDF would be empty boxes: refused, with the name of the package."""
    import matplotlib as mpl

    latin = Path(mpl.get_data_path()) / "fonts" / "ttf"
    config = tmp_path / "fonts.conf"
    config.write_text(
        f"<fontconfig><dir>{latin}</dir><cachedir>{tmp_path}/cache</cachedir></fontconfig>", encoding="utf-8"
    )
    path = tmp_path / "report.pdf"
    done = run("-m", "geomatch", "report", little_region, "-o", path, FONTCONFIG_FILE=str(config))
    assert (done.returncode, path.exists()) == (1, False), done.stderr
    assert "fonts-noto-cjk" in done.stderr
    assert "Traceback" not in done.stderr
