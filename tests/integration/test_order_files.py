"""Orders taken by phone come in from an office's file, and orders go out masked, by the command line too."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from geomatch.cli import main
from geomatch.errors import InputError
from geomatch.files import order_table
from geomatch.geo.coordinates import CoordSys
from geomatch.services import order_files
from geomatch.store.database import Database
from geomatch.volunteering.order_sheet import Contact, Need, Way
from geomatch.volunteering.orders import OrderState
from geomatch.volunteering.roles import Scope
from tests.order_rows import NOW, order, put
from tests.regions import lonlat
from tests.serving import region_of

if TYPE_CHECKING:
    from pathlib import Path

    from geomatch.services.region import Region

ZONE = "Asia/Shanghai"
HEADER = "服务类别,需求,经度,纬度,地址,姓名,手机,开始时间,结束时间,人数,技能,同意方式,派单方式\n"
LON, LAT = lonlat(10.0, 3.0)
ROW = (
    f"扶贫帮困,给老人读报,{LON},{LAT},幸福里5号楼302,王小明,138 1234 5678,2026年11月26日 9:30,2026/11/26 11:00,2,"
    "陪伴老人;读报,女儿电话里代为同意,抢单\n"
)


@pytest.fixture
def little(little_region: Path) -> Region:
    """The little region."""
    return region_of(little_region)


def read(folder: Path, text: str) -> order_table.Phoned:
    """Read orders of a file."""
    path = folder / "orders.csv"
    path.write_text(text, encoding="utf-8")
    return order_table.read_orders(path, CoordSys.WGS84, ZONE)


def test_an_order_is_read_whole(tmp_path: Path) -> None:
    """Chinese header, spaced phone, times as people write them, skills, consent and the way."""
    (sheet,) = read(tmp_path, HEADER + ROW).sheets
    assert (sheet.category, sheet.words, sheet.people_needed, sheet.way) == ("扶贫帮困", "给老人读报", 2, Way.GRAB)
    assert sheet.contact == Contact("幸福里5号楼302", "王小明", "13812345678")
    assert sheet.starts_at.isoformat() == "2026-11-26T09:30:00+08:00"
    assert sheet.ends_at - sheet.starts_at == timedelta(minutes=90)
    assert sheet.need == Need(("陪伴老人", "读报"))
    assert (sheet.for_other, sheet.consent) == (True, "女儿电话里代为同意")


def test_orders_come_in_all_or_none(database: Database, little: Region, tmp_path: Path) -> None:
    """Faults of the table and of the order alike, each with its row; the same file again doubles nothing."""
    good = read(tmp_path, HEADER + ROW)
    assert order_files.import_orders(database.writing(), little, good, at=NOW) == 1
    with pytest.raises(InputError, match="placed already"):
        order_files.import_orders(database.writing(), little, good, at=NOW)
    mixed = (
        HEADER
        + ROW.replace("读报,", "买菜,")
        + ROW.replace("扶贫帮困", "做饭")
        + ROW.replace("2026/11/26 11", "2026/11/26 8")
    )
    with pytest.raises(InputError) as refused:
        order_files.import_orders(database.writing(), little, read(tmp_path, mixed), at=NOW)
    assert [(fault.row, fault.column) for fault in refused.value.faults] == [(3, "category"), (4, "ends_at")]
    with pytest.raises(InputError) as refused:
        read(tmp_path, HEADER + ROW.replace("9:30", "早上").replace("抢单", "随便").replace(",2,", ",两个,"))
    assert {fault.column for fault in refused.value.faults} == {"开始时间", "人数", "派单方式"}
    with database.reading() as work:
        count, (kept,) = work.orders.page(Scope("little"), OrderState, limit=9, offset=0)
    assert (count, kept.unit, kept.requester, kept.taken_by) == (1, "西岸街道", None, "import")


def test_what_goes_out_is_masked(database: Database, tmp_path: Path) -> None:
    """A row an order, and no phone, name or door in it."""
    put(database, *(order() for _ in range(3)))
    assert order_files.export_orders(database.reading(), "little", ZONE, tmp_path / "out.csv") == 3
    text = (tmp_path / "out.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(text.splitlines()))
    assert [(row["name"], row["phone"], row["address"]) for row in rows] == [
        ("王*", "138****5678", "甲街道幸福里*")
    ] * 3
    assert {row["state"] for row in rows} == {"已受理"}
    assert not any(secret in text for secret in ("13812345678", "小明", "302"))


def test_the_command_line_takes_in_lists_and_gives_out(
    little_region: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What an office would script; bad input is told with its row, and nothing is taken in."""
    url = f"sqlite:///{tmp_path / 'orders.db'}"
    monkeypatch.setenv("GEOMATCH_DATABASE_URL", url)
    day = f"{datetime.now(UTC) + timedelta(days=2):%Y-%m-%d}"
    path, folder = tmp_path / "orders.csv", str(little_region)
    path.write_text(HEADER + ROW.replace("2026年11月26日", day).replace("2026/11/26", day), encoding="utf-8")
    assert main(["orders", "import", folder, str(path)]) == 0
    assert main(["orders", "import", folder, str(path)]) == 1
    told = capsys.readouterr()
    assert "1 orders taken in" in told.out
    assert "row 2" in told.err
    assert main(["orders", "list", folder, "--state", "submitted"]) == 0
    assert "王* 138****5678  给老人读报" in capsys.readouterr().out
    assert main(["orders", "at-risk", folder]) == 0
    assert "0 orders at risk" in capsys.readouterr().out
    assert main(["orders", "export", folder, "-o", str(tmp_path / "out.csv")]) == 0
    assert main(["orders", "export", folder, "-o", str(tmp_path / "no" / "where" / "out.csv")]) == 1
    assert main(["orders", "import", folder, str(tmp_path / "nothing.csv")]) == 1
    store = Database(url)
    with store.reading() as work:
        assert work.orders.page(Scope("little"), OrderState, limit=9, offset=0)[0] == 1
    store.close()
