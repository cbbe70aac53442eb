"""Who is the same person: told by number, identity number, name and phone; nothing of the identity number stays."""

from __future__ import annotations

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomatch.cli import main
from geomatch.errors import InputError
from geomatch.files import people_table, secret_file
from geomatch.geo.coordinates import CoordSys
from geomatch.services import people as people_service
from geomatch.services.identity import Keys
from geomatch.store.database import Database
from geomatch.store.identity_rows import VOLUNTEER
from geomatch.volunteering import duplicates, identity
from geomatch.volunteering.duplicates import Entry
from geomatch.volunteering.roles import Scope
from tests.regions import write_little_region

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
HEADER = "志愿者编号,姓名,手机,身份证号,经度,纬度\n"
CARD, OTHER_CARD = "11010519491231002X", "440524188001010014"  # the examples of GB 11643


def listed(folder: Path, *rows: str) -> people_table.Listed:
    """Read volunteers of a file; each row is number, name, phone and identity number."""
    path = folder / "volunteers.csv"
    path.write_text(HEADER + "".join(f"{row},116.31,39.98\n" for row in rows), encoding="utf-8")
    return people_table.read_volunteers(path, CoordSys.WGS84)


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    """Keys of a secret of their own."""
    return Keys(tmp_path / "identity.key")


def taken_in(database: Database, keys: Keys, folder: Path, *rows: str) -> people_service.Imported:
    """Import volunteers of a file."""
    given_ = listed(folder, *rows)
    return people_service.import_volunteers(database.writing(), "little", given_, at=NOW, keys=keys)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("110105194912310021", "last sign does not check"),
        ("110105194913310021", "no day of birth"),
        ("1234", "5 to 20 letters and digits"),
        ("某某证件", "5 to 20 letters and digits"),
    ],
)
def test_an_identity_number_at_fault_is_named_by_its_row_and_not_repeated(tmp_path: Path, text: str, told: str) -> None:
    """Not even in the fault."""
    with pytest.raises(InputError) as raised:
        listed(tmp_path, f"V1,王小明,13812345678,{CARD}", f"V2,李四,13900000000,{text}")
    (fault,) = raised.value.faults
    assert fault.row == 3
    assert told in fault.reason
    assert text not in str(raised.value)


def test_a_card_tells_the_day_of_birth(tmp_path: Path) -> None:
    """Where the file has no such column; other documents tell none."""
    first, second = listed(tmp_path, f"V1,王小明,13812345678,{CARD.lower()}", "V2,李四,13900000000,E1234567").volunteers
    assert (first.born, second.born) == (date(1949, 12, 31), None)


@pytest.mark.parametrize(
    "again",
    [
        f",王小明,13999999999,{CARD}",
        f"V1,王晓明,13999999999,{CARD}",
        ",王 小 明,+86 138-1234-5678,",
        "V1,王小明,13812345678, １１０１０５１９４９１２３１００２ｘ",
    ],
)
def test_who_comes_again_is_known(database: Database, keys: Keys, tmp_path: Path, again: str) -> None:
    """By identity number though name and phone are new; by number; by name and phone however they are written."""
    assert taken_in(database, keys, tmp_path, f"V1,王小明,13812345678,{CARD}").added == 1
    assert taken_in(database, keys, tmp_path, again) == people_service.Imported(0, 1)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (f"V9,王小明,13812345678,{CARD}", "has the identity number of a volunteer who has another number"),
        (f"V2,王小明,13812345678,{CARD}", "is the number of one volunteer, while the identity number is another's"),
        (f"V1,王小明,13812345678,{OTHER_CARD}", "another identity number"),
        ("V9,王小明,13812345678,", "has the name and phone of a volunteer who has another number"),
    ],
)
def test_who_is_known_as_somebody_else_is_asked_about(
    database: Database, keys: Keys, tmp_path: Path, row: str, told: str
) -> None:
    """With the row; nobody is merged, and nothing is taken in."""
    taken_in(database, keys, tmp_path, f"V1,王小明,13812345678,{CARD}", "V2,李四,13900000000,E1234567")
    with pytest.raises(InputError) as raised:
        taken_in(database, keys, tmp_path, "V3,赵五,13700000000,", row)
    assert [fault.row for fault in raised.value.faults] == [3]
    assert told in str(raised.value)
    assert CARD not in str(raised.value)
    assert people_service.page(database.reading(), Scope("little"), limit=10, offset=0)[0] == 2


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (f"V2,李四,13900000000,{CARD}", "identity number of row 2"),
        ("V2,王 小明,+8613812345678,", "name and phone of row 2"),
    ],
)
def test_somebody_twice_in_a_file_is_refused(
    database: Database, keys: Keys, tmp_path: Path, row: str, told: str
) -> None:
    """By identity number, and by name and phone however they are written."""
    with pytest.raises(InputError, match=told):
        taken_in(database, keys, tmp_path, f"V1,王小明,13812345678,{CARD}", row)


def test_nothing_of_an_identity_number_stays(tmp_path: Path, keys: Keys) -> None:
    """Only its key, which is another in another region and under another secret."""
    database = Database(f"sqlite:///{tmp_path / 'people.db'}")
    taken_in(database, keys, tmp_path, f"V1,王小明,13812345678,{CARD}")
    with database.reading() as work:
        (key,) = work.identities.known("little", VOLUNTEER)
    with sqlite3.connect(tmp_path / "people.db") as file:
        tables = [name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        cells = " ".join(str(row) for table in tables for row in file.execute(f"SELECT * FROM {table}"))  # noqa: S608
    assert key in cells
    assert CARD not in cells
    assert CARD[:17] not in cells
    assert key == keys.of_document("little", CARD) != keys.of_document("elsewhere", CARD)
    assert key != Keys(tmp_path / "another.key").of_document("little", CARD)


def test_the_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    """Of many who ask at once one makes it, and all read the same; one that others may read is refused."""
    path = tmp_path / "keys" / "identity.key"
    many = 8
    together = threading.Barrier(many)

    def ask(_: int) -> bytes:
        together.wait()
        return secret_file.read_or_make(path)

    with ThreadPoolExecutor(many) as pool:
        assert len(set(pool.map(ask, range(many)))) == 1
    assert [each.name for each in path.parent.iterdir()] == ["identity.key"]
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    with pytest.raises(InputError, match="others may read"):
        secret_file.read_or_make(path)
    path.chmod(0o600)
    path.write_bytes(b"short")
    with pytest.raises(InputError, match="less than"):
        secret_file.read_or_make(path)


def entry(n: int, name: str, phone: str, born: date | None = None) -> Entry:
    """A volunteer, by what tells it from others."""
    return Entry(f"v{n}", None, name, phone, born, None, None)


def test_those_who_may_be_one_are_grouped_by_the_surest_reason() -> None:
    """A group is told once; a family that shares a phone is told last."""
    day = date(1990, 6, 1)
    found = duplicates.find([
        entry(1, "王小明", "13812345678", day),
        entry(2, "王 小明", "+86 138 1234 5678", day),
        entry(3, "王大明", "13812345678"),
        entry(4, "李四", "13900000000", day),
        entry(5, "李四", "13700000000", day),
        entry(6, "赵五", "", None),
        entry(7, "赵五", "", None),
    ])  # fmt: skip
    told = [(group.reason, [each.id for each in group.entries]) for group in found]
    assert told == [("person", ["v1", "v2"]), ("birth", ["v4", "v5"]), ("phone", ["v1", "v2", "v3"])]


@given(st.lists(st.tuples(st.sampled_from("甲乙"), st.sampled_from(["13800000001", "13800000002"])), max_size=8))
def test_whoever_shares_a_phone_stands_in_a_group_and_nobody_else(people: list[tuple[str, str]]) -> None:
    """Whatever the people."""
    entries = [entry(n, name, phone) for n, (name, phone) in enumerate(people)]
    phones = [each.phone for each in entries]
    grouped = {each.id for group in duplicates.find(entries) for each in group.entries}
    assert grouped == {each.id for each in entries if phones.count(each.phone) > 1}


@given(st.text(max_size=12), st.text("0123456789+ -", max_size=16))
def test_what_is_compared_is_compared_once(name: str, phone: str) -> None:
    """Plain forms of plain forms are the same."""
    assert identity.plain_name(identity.plain_name(name)) == identity.plain_name(name)
    plain = identity.plain_phone(phone)
    assert identity.plain_phone(plain) == plain


def test_an_office_writes_its_duplicates_from_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Masked; the file of volunteers may hold identity numbers."""
    monkeypatch.setenv("GEOMATCH_DATABASE_URL", f"sqlite:///{tmp_path / 'people.db'}")
    region = write_little_region(tmp_path / "little")
    listed(tmp_path, f"V1,王小明,13812345678,{CARD}", "V2,王大明,13812345678,", "V3,李四,13900000000,")
    assert main(["people", "import", str(region), "--volunteers", str(tmp_path / "volunteers.csv")]) == 0
    assert main(["people", "duplicates", str(region), "-o", str(tmp_path / "d.csv")]) == 0
    assert "1 groups" in capsys.readouterr().out
    text = (tmp_path / "d.csv").read_text(encoding="utf-8-sig")
    assert "same phone, another name" in text
    assert "138****5678" in text
    assert "王小明" not in text
    assert "13812345678" not in text
