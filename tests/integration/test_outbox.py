"""The outbox on both databases: put once, let out once, ended at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest

from geomatch.errors import NotFoundError
from geomatch.volunteering.notices import Notice, NoticeRules, NoticeState, Posted, Purpose, Verdict, Waiting

if TYPE_CHECKING:
    from geomatch.store.database import Database

NOW = datetime(2026, 11, 25, 4, tzinfo=UTC)


def notice(key: str = "k1", **more: object) -> Notice:
    """An offer to a volunteer, changed at will."""
    plain = Notice(
        "little", key, Purpose.OFFER, "order", "o1", "您离得近", "you are near", "请接单", NOW, volunteer="v1"
    )
    return replace(plain, **more)


def put(database: Database, *given: Notice) -> int:
    """Put and commit."""
    with database.writing() as work:
        fresh = work.outbox.put(*given)
        work.commit()
    return fresh


def test_a_notice_put_twice_is_one(database: Database) -> None:
    """By its key, in one go or in two, and the first stands; in another region the key is free."""
    assert put(database, notice(), notice("k2"), notice()) == 2
    assert put(database, notice(body="anders"), notice(region="elsewhere")) == 1
    with database.reading() as work:
        count, found = work.outbox.page("little", {"v1"}, NoticeState, limit=10, offset=0)
    assert (count, {each.notice.body for each in found}) == (2, {"请接单"})


def test_a_notice_is_read_back_as_it_was_put(database: Database) -> None:
    """Every member, and who it is not for does not find it."""
    told = notice(not_before=NOW + timedelta(hours=1), expires_at=NOW + timedelta(hours=2), urgent=True)
    put(database, told)
    with database.reading() as work:
        assert work.outbox.due("little", NOW, limit=10) == ()
        (due,) = work.outbox.due("little", NOW + timedelta(hours=1), limit=10)
        assert due == Waiting(
            due.id, told.purpose, told.cause_id, "v1", None, told.expires_at, urgent=True, released_at=None
        )  # fmt: skip
        posted = work.outbox.get(due.id, "little", {"v1"})
        assert posted == Posted(due.id, told, NoticeState.WAITING, NOW + timedelta(hours=1))
        with pytest.raises(NotFoundError):
            work.outbox.get(due.id, "little", {"v2"})
        with pytest.raises(NotFoundError):
            work.outbox.get(due.id, "elsewhere", None)


def test_what_is_not_committed_with_its_cause_was_never_put(database: Database) -> None:
    """The notice lives and dies with the transaction that it is written in."""
    with database.writing() as work:
        work.outbox.put(notice())
    with database.reading() as work:
        assert work.outbox.due("little", NOW, limit=10) == ()


def test_one_of_two_workers_lets_a_notice_out(database: Database) -> None:
    """The second finds it gone, and the reader's day counts one."""
    put(database, notice(), notice("k2", purpose=Purpose.REMINDER))
    with database.writing() as work:
        for posted in work.outbox.due("little", NOW, limit=10):
            assert work.outbox.settle([posted.id], Verdict(), NoticeState.SHOWN, NOW) == 1
            assert work.outbox.settle([posted.id], Verdict(), NoticeState.SHOWN, NOW) == 0
        work.commit()
    with database.reading() as work:
        assert work.outbox.reached("little", NOW, NOW + timedelta(days=1)) == {"v1": 1}  # reminders do not count
        assert work.outbox.reached("little", NOW - timedelta(days=1), NOW) == {}


def test_a_cause_that_is_over_takes_back_what_is_not_sent(database: Database) -> None:
    """Of that cause only, and not what was sent already."""
    put(database, notice(), notice("k2"), notice("k3", cause_id="o2"))
    with database.writing() as work:
        first = next(each for each in work.outbox.due("little", NOW, limit=10) if each.cause_id == "o1")
        work.outbox.settle([first.id], Verdict(), NoticeState.SHOWN, NOW)
        assert work.outbox.withdraw("little", "order", "o1", told="somebody accepted") == 1
        work.commit()
    with database.reading() as work:
        assert [each.cause_id for each in work.outbox.due("little", NOW, limit=10)] == ["o2"]


def test_rules_are_the_default_until_a_region_sets_its_own(database: Database) -> None:
    """And can be set again."""
    mine = NoticeRules(time(20, 30), time(8), 1, "Europe/Berlin")
    with database.writing() as work:
        assert work.outbox.rules("little") == NoticeRules()
        work.outbox.put_rules("little", NoticeRules(most_a_day=9))
        work.outbox.put_rules("little", mine)
        work.commit()
    with database.reading() as work:
        assert work.outbox.rules("little") == mine
        assert work.outbox.rules("elsewhere") == NoticeRules()


def test_who_has_enough_notices_is_named(database: Database) -> None:
    """What was let out in the time and what still waits count together; what informs, and other days, do not."""
    put(database, notice("k1"), notice("k2"), notice("k3", volunteer="v2"), notice("k4", purpose=Purpose.REMINDER))
    day = NOW, NOW + timedelta(days=1)
    with database.writing() as work:
        offers = [each for each in work.outbox.due("little", NOW, limit=10) if each.purpose is Purpose.OFFER]
        first = next(each for each in offers if each.volunteer == "v1")
        work.outbox.settle([first.id], Verdict(), NoticeState.SHOWN, NOW)
        work.commit()
    with database.reading() as work:
        assert work.outbox.pressed("little", *day, least=1) == {"v1", "v2"}
        assert work.outbox.pressed("little", *day, least=2) == {"v1"}
        assert work.outbox.pressed("little", *day, least=3) == frozenset()
        assert work.outbox.pressed("little", *day, least=1, volunteers=["v2", "v3"]) == {"v2"}
        assert work.outbox.pressed("little", NOW - timedelta(days=1), NOW, least=2) == frozenset()
