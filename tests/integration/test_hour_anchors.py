"""Whoever changes the stored chain is found, its owner too: by the chain itself, or by an anchor that was sent out."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, update

from geomatch.cli import main
from geomatch.errors import StoreError
from geomatch.files import anchor_file
from geomatch.services import anchors
from geomatch.services import hours as hour_service
from geomatch.services.hours import Service
from geomatch.services.job_kinds import KINDS
from geomatch.services.jobs import Worker
from geomatch.store.anchor_rows import AnchorRows
from geomatch.store.database import Database
from geomatch.store.hour_rows import HourRows, _values
from geomatch.store.tables.hours import hour_entries as entries
from geomatch.store.tables.hours import hour_heads as heads
from geomatch.volunteering import hours
from geomatch.volunteering.hours import Anchor, Entry, Evidence
from geomatch.volunteering.notices import NoticeState
from geomatch.volunteering.roles import Role
from tests.serving import region_of
from tests.serving_people import account, add_volunteers, volunteer

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
LENGTH = 6
COLUMNS = [column.name for column in entries.columns]


def enter(database: Database, region: str = "little", length: int = LENGTH) -> list[Entry]:
    """Some entries, one a day."""
    made = []
    with database.writing() as work:
        for number in range(1, length + 1):
            start = NOW - timedelta(days=number)
            entry = hour_service.enter(
                work,
                Service(
                    region, f"{number % 2:024d}", f"order:{number}", start, start + timedelta(hours=1), Evidence.BOTH,
                    "a7", "a8",
                ),
                at=NOW,
            )  # fmt: skip
            assert entry is not None
            made.append(entry)
        work.commit()
    return made


def faults_of(connection: Connection, given_: list[Anchor]) -> list[str]:
    """What verification says within a transaction that is not committed; one entry that is none counts as one."""

    class Work:
        hours, anchors = HourRows(connection), AnchorRows(connection)

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            pass

    try:
        return [str(fault) for fault in anchors.verify(Work(), "little", given_, at=NOW).faults]  # type: ignore[arg-type]
    except StoreError as error:
        return [str(error)]


def another(value: Any, draw: st.DataObject) -> Any:
    """Some other value of the same kind."""
    if isinstance(value, int):
        return value + draw.draw(st.integers(1, 1000))
    if isinstance(value, datetime):
        return value + timedelta(microseconds=draw.draw(st.integers(1, 10**12)))
    return draw.draw(st.text("0123456789abcdefghij:", min_size=1, max_size=12).filter(lambda text: text != value))


def edit(connection: Connection, draw: st.DataObject) -> None:
    """Change one column of one entry."""
    number, column = draw.draw(st.integers(1, LENGTH)), draw.draw(st.sampled_from(COLUMNS))
    row = connection.execute(select(entries).where(entries.c.number == number)).one()
    changed = update(entries).where(entries.c.number == number)
    value = another(getattr(row, column) if column != "number" else LENGTH, draw)
    connection.execute(changed.values({column: value[:8] if column in {"kind", "evidence"} else value}))


def drop(connection: Connection, draw: st.DataObject) -> None:
    """Remove one entry."""
    connection.execute(delete(entries).where(entries.c.number == draw.draw(st.integers(1, LENGTH))))


def swap(connection: Connection, draw: st.DataObject) -> None:
    """Let two entries change their places."""
    first, second = draw.draw(st.lists(st.integers(1, LENGTH), min_size=2, max_size=2, unique=True))
    for before, after in ((first, 99), (second, first), (99, second)):
        connection.execute(update(entries).where(entries.c.number == before).values(number=after))


def slip_in(connection: Connection, draw: st.DataObject) -> None:
    """Put an entry at the end that follows the last, and say nothing beside the chain."""
    last = list(HourRows(connection).chain("little"))[-1]
    more = replace(last, number=LENGTH + 1, cause=f"order:{draw.draw(st.integers(100, 999))}")
    connection.execute(insert(entries).values(_values(hours.link(more, last.hash))))


def write_anew(connection: Connection, draw: st.DataObject) -> None:
    """As the owner would: change an entry, or leave the last ones out, link all again, and put the head right."""
    chain, number = list(HourRows(connection).chain("little")), draw.draw(st.integers(1, LENGTH))
    if draw.draw(st.booleans()):
        chain = chain[: number - 1]
    else:
        chain[number - 1] = replace(chain[number - 1], minutes=draw.draw(st.integers(61, 600)))
    connection.execute(delete(entries))
    before = hours.GENESIS
    for entry in chain:
        linked = hours.link(entry, before)
        connection.execute(insert(entries).values(_values(linked)))
        before = linked.hash
    connection.execute(update(heads).values(number=len(chain), hash=before))


@given(st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_change_of_what_is_stored_is_found(database: Database, draw: st.DataObject) -> None:
    """Edited, removed, moved, slipped in: by the chain; written anew as a whole: by the anchor of the day."""
    if not anchors.anchor(database.reading(), "little", at=NOW).number:
        enter(database)
    sent = anchors.anchor(database.reading(), "little", at=NOW)
    change = draw.draw(st.sampled_from([edit, drop, swap, slip_in, write_anew]))
    with database._begun(writes=True) as connection:
        assert faults_of(connection, [sent]) == []
        change(connection, draw)
        if change is write_anew:
            assert faults_of(connection, []) == []
            assert faults_of(connection, [sent])
        else:
            assert faults_of(connection, [])
        connection.rollback()


def test_entries_that_are_added_keep_the_anchors(database: Database) -> None:
    """A chain that only grew comes through whatever was sent out before, from the first on."""
    sent = [anchors.anchor(database.reading(), "little", at=NOW)]
    for region in ("little", "elsewhere"):
        enter(database, region, 2)
    sent.append(anchors.anchor(database.reading(), "little", at=NOW))
    with database.writing() as work:
        service = Service("little", "9" * 24, "order:9", NOW, NOW + timedelta(hours=1), Evidence.BOTH, "a7", "a8")
        hour_service.enter(work, service, at=NOW)
        work.commit()
    done = anchors.verify(database.reading(), "little", sent, at=NOW)
    assert (done.entries, done.anchors, done.faults) == (3, 2, ())
    stranger = anchors.anchor(database.reading(), "elsewhere", at=NOW)
    (fault,) = anchors.verify(database.reading(), "little", [stranger], at=NOW).faults
    assert "of region 'elsewhere'" in fault.reason


def test_the_worker_sends_the_anchor_to_those_who_watch_once_a_day(database: Database) -> None:
    """To the centre and the auditor, and to nobody else; the line in it is a file that verifies."""
    centre, auditor = (account(database, "little", role.value, role).account for role in anchors.READERS)
    account(database, "little", "station", Role.STATION, site="S1")
    enter(database)
    worker = Worker(database, {"hours_anchor": KINDS["hours_anchor"]}, ["little"])
    worker.begin(datetime.now(UTC))
    while worker.step(datetime.now(UTC)):
        pass
    matched, (kept,) = anchors.kept(database.reading(), "little", limit=9, offset=0)
    assert (matched, kept.number) == (1, LENGTH)
    with database.reading() as work:
        _, told = work.outbox.page("little", None, [NoticeState.WAITING], limit=9, offset=0)
    assert {posted.notice.account for posted in told} == {centre, auditor}
    assert told[0].notice.body.splitlines()[1] == anchors.as_text(kept)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "holds no anchor"),
        ("第 6 条", "holds no anchor"),
        ('{"region": "little"}', "row 1: is no anchor"),
        ('words\n{"region": "little", "number": NaN, "hash": "x", "at": "2026-11-25"}', "row 2: is no anchor"),
        ("{" * 100_000, "row 1: is no anchor"),
    ],
    ids=["empty", "words", "half", "nonsense", "deep"],
)
def test_a_file_that_holds_no_anchor_is_told_by_its_row(tmp_path: Path, text: str, told: str) -> None:
    """And what a notice says around an anchor does no harm."""
    path = tmp_path / "anchor.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=told):
        anchor_file.read_anchors(path)
    made = Anchor("little", 6, "a" * 64, NOW)
    path.write_text(f"2026-11-25 锚点\n{anchors.as_text(made)}\n", encoding="utf-8")
    assert anchor_file.read_anchors(path) == (made,)


def test_an_office_verifies_from_the_command_line(
    little_region: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Anchor, verify, totals; a chain that was written anew ends with 1 and says where."""
    url, region = f"sqlite:///{tmp_path / 'hours.db'}", region_of(little_region).spec.id
    monkeypatch.setenv("GEOMATCH_DATABASE_URL", url)
    database, anchor = Database(url), tmp_path / "anchor.json"
    add_volunteers(database, region, replace(volunteer(1), name="王小明"))
    made = enter(database, region)
    assert main(["hours", "anchor", str(little_region), "-o", str(anchor)]) == 0
    assert json.loads(anchor.read_text(encoding="utf-8"))["hash"] == made[-1].hash
    assert main(["hours", "verify", str(little_region), "--anchor", str(anchor)]) == 0
    assert "6 entries hold" in capsys.readouterr().out
    assert main(["hours", "totals", str(little_region), "-o", str(tmp_path / "totals.csv")]) == 0
    assert "王*" in (tmp_path / "totals.csv").read_text(encoding="utf-8-sig")
    with database._begun(writes=True) as connection:
        connection.execute(update(entries).where(entries.c.number == 2).values(minutes=600))
        connection.commit()
    database.close()
    assert main(["hours", "verify", str(little_region), "--anchor", str(anchor)]) == 1
    assert "row 2, column hash: was changed after it was written" in capsys.readouterr().err
