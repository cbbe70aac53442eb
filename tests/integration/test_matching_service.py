"""An order is put to those who are chosen for it, in phases; every choice is told in words and made again."""

from __future__ import annotations

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest

from geomatch.config import Settings
from geomatch.errors import ConflictError, InputError, NotFoundError, StoreError
from geomatch.services import dispatching, jobs, keeping_apart, matching, order_moves, rosters
from geomatch.services.region import Region, open_region
from geomatch.store import ids
from geomatch.store.database import Database
from geomatch.volunteering import matching_record, matching_settings, reasons, roster
from geomatch.volunteering.dispatch import HandOver, Offer, OfferState, Wait
from geomatch.volunteering.duties import Duty, DutyKind
from geomatch.volunteering.matching import Bar
from geomatch.volunteering.notices import Notice, NoticeRules, NoticeState, Purpose
from geomatch.volunteering.order_sheet import Need, Order
from geomatch.volunteering.orders import Actor, Move, OrderState
from geomatch.volunteering.people import Certificate, PlaceKind, UsualPlace
from geomatch.volunteering.roles import Principal, Role, Scope
from geomatch.web.app import SERVED, create_app
from tests.order_rows import NOW, order, put, sheet, volunteer
from tests.regions import lonlat

if TYPE_CHECKING:
    from pathlib import Path

    from geomatch.volunteering.people import Volunteer

ALL = Scope("little")
CENTRE = Principal("office", Role.CENTRE, "little")
AT = lonlat(10.0, 5.0)
LATE = (NOW + timedelta(days=400)).date()


@pytest.fixture(scope="module")
def region(little_region: Path) -> Region:
    """The town of two banks and one bridge."""
    return open_region(little_region)


def helper(number: int, blocks: float = 1.0, **changed: object) -> Volunteer:
    """A volunteer who lives so many blocks of 100 m east of the order, and may come."""
    spot = lonlat(10.0 + blocks, 5.0)
    plain = volunteer(number, insured_until=LATE, places=(UsualPlace(PlaceKind.HOME, *spot),))
    return replace(plain, id=f"v{number:023d}", **changed)


def among(database: Database, *people: Volunteer, **changed: object) -> Order:
    """Write volunteers, and an order at the middle of the west bank; gives the order."""
    given = order(sheet=sheet(lon=AT[0], lat=AT[1], **changed))
    put(database, given)
    with database.writing() as work:
        work.people.add("little", people, NOW)
        work.commit()
    return given


def advance(database: Database, region: Region, given: Order, at=NOW, kept=None) -> matching.Outcome:
    """Go on with an order as the centre."""
    return matching.advance(database, kept or rosters.Rosters(), region, given.id, ALL, by="office", at=at)


def numbers(of: tuple[str, ...]) -> list[int]:
    """The numbers of some volunteers."""
    return [int(each[1:]) for each in of]


def test_the_first_offers_are_stored_with_notices_and_a_record(database: Database, region: Region) -> None:
    """Three of five; the order is offered, each is told without the address, and a job waits for the answers."""
    given = among(database, *[helper(at, at * 0.8) for at in range(1, 6)])
    done = advance(database, region, given)
    assert numbers(done.asked) == [1, 2, 3]
    assert (done.state, done.step) == (OrderState.OFFERED, Wait(NOW + timedelta(minutes=10)))
    with database.reading() as work:
        offers = work.offers.of_order(given.id)
        _, told = work.outbox.page("little", done.asked, NoticeState, limit=9, offset=0)
        assert work.orders.moves_of(given.id)[-1].actor == "matcher"
        assert not work.jobs.is_due(NOW + timedelta(minutes=10), kinds=["dispatch"], regions=["little"])
        assert work.jobs.is_due(NOW + timedelta(minutes=11), kinds=["dispatch"], regions=["little"])
    assert {(each.offer.volunteer, each.offer.state, each.by) for each in offers} == {
        (who, OfferState.OFFERED, "office") for who in done.asked
    }
    assert {each.notice.volunteer for each in told} == set(done.asked)
    assert any("步行约 1 分钟" in each.notice.body for each in told)
    assert not any("幸福里" in each.notice.body + each.notice.why_zh for each in told)


def test_every_choice_is_told_in_words_and_made_again(database: Database, region: Region) -> None:
    """The record gives the same choice after everything that it was made of has changed."""
    worn = helper(1, 0.5)
    given = among(database, worn, helper(2, 2), helper(3, 3), helper(4, 4), helper(5, 1, skills=()))
    with database.writing() as work:
        for at in range(4):
            earlier = order()
            work.orders.add(earlier, Move(earlier.id, None, OrderState.SUBMITTED, "r", Actor.REQUESTER, NOW))
            done = Offer(worn.id, OfferState.ACCEPTED, NOW - timedelta(days=at + 1), 0)
            work.offers.add("little", earlier.id, done, by="x")
        work.commit()
    assert numbers(advance(database, region, given).asked) == [2, 3, 4]
    with database.writing() as work:
        work.people.put("little", [helper(2, 3, on_duty=False)], NOW)
        work.matching.put_settings("little", {"load_s": 0.0}, by="office", at=NOW)
        work.commit()
    (told,) = matching.told(database.reading(), given.id, ALL)
    assert told.is_as_then
    assert told.choice.next is not None
    assert reasons.why(told.choice.next).startswith("步行 1 分钟；近30天服务 4 次")
    assert [reasons.why_not(each, "en") for each in told.choice.passed_over if each.volunteer.endswith("5")] == [
        "lacks the skill"
    ]


def test_a_record_is_read_as_it_was_written(database: Database, region: Region) -> None:
    """Every figure to its last digit; a record that was damaged is no record."""
    given = among(database, *[helper(at, at * 0.7) for at in range(1, 9)])
    advance(database, region, given)
    (told,) = matching.told(database.reading(), given.id, ALL)
    again = matching_record.unpacked(matching_record.packed(told.record))
    assert again.choice() == told.choice
    assert matching_record.packed(again) == told.kept.record
    with pytest.raises(StoreError, match="record"):
        matching_record.unpacked(told.kept.record[:-9])


def bars(database: Database, given: Order) -> dict[int, tuple[Bar, ...]]:
    """What kept whom from an order, by the latest choice."""
    record = matching.told(database.reading(), given.id, ALL)[-1].record
    rows = zip(record.among.volunteer, record.among.barred.tolist(), strict=True)
    return {int(who[1:]): tuple(bar for bar, keeps in zip(Bar, row, strict=True) if keeps) for who, row in rows}


def test_what_goes_on_elsewhere_keeps_people_away(database: Database, region: Region) -> None:
    """A duty too far off, a full day of notices, a pair kept apart; and nobody is asked twice."""
    given = among(database, *[helper(at, 2) for at in range(1, 7)])
    start, far, close = given.sheet.starts_at, lonlat(28.0, 9.0), lonlat(11.0, 5.0)
    with database.writing() as work:
        for who, spot in ((1, far), (2, close)):
            ended = Duty(helper(who).id, "little", DutyKind.ORDER, f"o{who}", start - timedelta(hours=1),
                         start - timedelta(minutes=10), *spot)  # fmt: skip
            assert work.duties.add(ended, NOW)
        for at in range(3):
            work.outbox.put(
                Notice("little", f"k{at}", Purpose.PUSH, "push", "p", "因", "why", "body", NOW, volunteer=helper(3).id)
            )
        work.matching.block("little", "resident", helper(4).id, by="resident", at=NOW)
        work.commit()
    assert numbers(advance(database, region, given).asked) == [2, 5, 6]
    assert bars(database, given) == {
        1: (Bar.CLASH,), 2: (), 3: (Bar.BUDGET,), 4: (Bar.BLOCKED,), 5: (), 6: (),
    }  # fmt: skip
    with database.writing() as work:
        work.offers.answer(given.id, helper(5).id, OfferState.DECLINED, NOW)
        work.commit()
    assert advance(database, region, given).asked == ()
    assert bars(database, given)[5] == (Bar.ASKED,)


def test_each_who_declines_or_is_silent_is_replaced_and_at_last_a_person_decides(
    database: Database, region: Region
) -> None:
    """Ten minutes of silence, the next ones; nobody left within any walk, back to a person with the reason."""
    given = among(database, *[helper(at, at * 0.8) for at in range(1, 6)])
    kept = rosters.Rosters()
    advance(database, region, given, kept=kept)
    at = NOW + timedelta(minutes=10, seconds=2)
    done = advance(database, region, given, at, kept)
    assert numbers(done.asked) == [4, 5]
    done = advance(database, region, given, at + timedelta(minutes=10, seconds=2), kept)
    assert done.step == HandOver("nobody is left to ask; 1 are still missing")
    assert done.state is OrderState.CHECKED
    with database.reading() as work:
        assert {each.offer.state for each in work.offers.of_order(given.id)} == {OfferState.SILENT}
        last = work.orders.moves_of(given.id)[-1]
        limits = [each.phase for each in work.matching.of_order(given.id)]
    assert (last.actor, last.why) == ("clock", "nobody is left to ask; 1 are still missing")
    assert limits == [0, 0, 1, 2]
    last_choice = matching.told(database.reading(), given.id, ALL)[-1].choice
    assert reasons.why_nobody(last_choice).startswith("5 人这一单已经问过")


def test_who_lives_further_away_is_asked_when_nobody_nearer_is_left(database: Database, region: Region) -> None:
    """Across the bridge is beyond the first phase's 1000 m; the second one reaches it at once."""
    given = among(database, helper(1, 2), helper(2, 13), helper(3, 14))
    done = advance(database, region, given)
    assert numbers(done.asked) == [1, 2, 3]
    assert [(each.phase, each.wanted, len(each.chosen)) for each in _kept(database, given)] == [
        (0, 3, 1), (1, 2, 0), (2, 2, 2),
    ]  # fmt: skip


def _kept(database: Database, given: Order):
    with database.reading() as work:
        return work.matching.of_order(given.id)


def test_the_worker_goes_on_by_itself(database: Database, region: Region) -> None:
    """The job that waits for answers replaces the silent; one for an order that is over does nothing."""
    given = among(database, *[helper(at, at * 0.8) for at in range(1, 6)])
    kind = dispatching.job_kind(lambda _: region, rosters.Rosters())
    worker = jobs.Worker(database, {order_moves.DISPATCH: kind}, ["little"])
    with database.writing() as work:
        for key, name in (("now", given.id), ("gone", ids.fresh())):
            work.jobs.put(kind="dispatch", region="little", key=key, due_at=NOW, payload={"order": name})
        work.commit()
    assert worker.step(NOW)
    assert worker.step(NOW)
    with database.reading() as work:
        assert work.jobs.counts()["dispatch", "done"] == 2
        asked = work.offers.of_order(given.id)
    assert len(asked) in {0, 3}  # the clock of a worker is its own: the window may lie in its past


def test_a_roster_follows_what_others_change(database: Database, region: Region) -> None:
    """A switch that is turned and somebody new are there at the next order."""
    first = among(database, helper(1, 1))
    kept = rosters.Rosters()
    with database.reading() as work:
        before = kept.placed(work, region, NOW)
        assert kept.placed(work, region, NOW) is before
    with database.writing() as work:
        work.people.set_duty(helper(1).id, NOW, on_duty=False)
        work.people.add("little", [helper(2, 2)], NOW)
        work.commit()
    with database.reading() as work:
        after = kept.placed(work, region, NOW)
    assert after is not before
    assert dict(zip(after.roster.ids, after.roster.on_duty.tolist(), strict=True)) == {
        helper(1).id: False, helper(2).id: True,
    }  # fmt: skip
    assert numbers(advance(database, region, first, kept=kept).asked) == [2]


def test_who_is_read_as_columns_is_whom_objects_would_give(database: Database) -> None:
    """Every column of a roster, of somebody with nothing and of others with the same and with more."""
    much = helper(
        3, born=None, hours=(1, 166), skills=("b", "a"), languages=("en", "zh"), trained=3, guardian_agreed=True,
        certificates=(Certificate("a", "1", LATE), Certificate("a", "2"), Certificate("b", "3", LATE)),
        places=(UsualPlace(PlaceKind.HOME, *AT), UsualPlace(PlaceKind.WORK, *lonlat(1.0, 2.0))),
    )  # fmt: skip
    nothing = helper(2, skills=(), languages=(), hours=(), places=(), insured_until=None, on_duty=False)
    people = [helper(1), nothing, much, helper(4), replace(much, id=helper(5).id, number="5")]
    among(database, *people)
    with database.reading() as work:
        found, there = roster.of_columns(work.people.columns("little")), tuple(work.people.all("little"))
        assert not len(roster.of_columns(work.people.columns("elsewhere")))
    assert {each.id for each in there} == {each.id for each in people}
    for name, value in vars(roster.build(there)).items():
        np.testing.assert_equal(getattr(found, name), value)


def test_volunteers_are_read_before_the_first_order_where_there_are_some(database: Database, region: Region) -> None:
    """A region without any is not even opened; what was read at the start is what the first order uses."""

    def never() -> Region:
        raise AssertionError

    kept = rosters.Rosters()
    kept.warm(database, {"little": never}, NOW)
    among(database, helper(1))
    with pytest.raises(AssertionError):
        kept.warm(database, {"little": never}, NOW)
    kept.warm(database, {"little": lambda: region, "elsewhere": never}, NOW)
    with database.reading() as work:
        before = kept.placed(work, region, NOW)
        assert kept.placed(work, region, NOW) is before
    kept.warm(database, {"little": lambda: region}, NOW)
    with database.reading() as work:
        assert kept.placed(work, region, NOW) is before


def test_a_worker_of_the_service_reads_the_volunteers_by_itself(
    little_region: Path, region: Region, tmp_path: Path
) -> None:
    """As soon as it is made, on a thread of its own: who is taken out behind everybody's back is in it still."""
    url = f"sqlite:///{tmp_path}/people.db"
    among(Database(url), helper(1))
    served = create_app(Settings(regions=(little_region,), database_url=url)).extensions[SERVED]
    for thread in threading.enumerate():
        if thread.name == "volunteers":
            thread.join(30)
    with sqlite3.connect(f"{tmp_path}/people.db") as raw:
        raw.execute("DELETE FROM volunteers")
    raw.close()
    with served.database.reading() as work:
        assert served.rosters.placed(work, region, NOW).roster.ids == (helper(1).id,)
    (tmp_path / "people.db").unlink()
    served.read_volunteers()  # there is nothing to read, and nothing to complain of


def test_only_an_order_that_waits_for_helpers_is_put_to_them(database: Database, region: Region) -> None:
    """Neither one that is over, nor one of another region, nor one of another township."""
    over = order(OrderState.CANCELLED, sheet=sheet(lon=AT[0], lat=AT[1]))
    put(database, over)
    with pytest.raises(ConflictError, match="cancelled"):
        advance(database, region, over)
    given = among(database)
    with pytest.raises(NotFoundError):
        matching.advance(database, rosters.Rosters(), region, given.id, Scope("little", unit="B"), by="office", at=NOW)


def test_where_nobody_fits_the_record_says_what_was_missing(database: Database, region: Region) -> None:
    """Nobody near has the certificate; who lacks only that is named."""
    given = among(
        database,
        helper(1, 1, on_duty=False),
        helper(2, 4),
        need=Need(("陪伴老人",), ("陪伴老人",), ("zh",), adults_only=True),
    )
    done = advance(database, region, given)
    assert (done.asked, done.state) == ((), OrderState.CHECKED)
    choice = matching.told(database.reading(), given.id, ALL)[0].choice
    assert choice.nearest_miss is not None
    assert numbers((choice.nearest_miss.volunteer,)) == [2]
    assert reasons.why_nobody(choice, "en") == (
        "1: off duty, 1: no certificate valid on the day. Nearest to fitting, but: no certificate valid on the day"
    )


def test_two_orders_at_once_never_ask_anybody_more_often_than_a_day_allows(database: Database, region: Region) -> None:
    """Six threads, six orders, four volunteers with a budget of one: four are asked once, in all."""
    people = [helper(at, at * 0.3) for at in range(1, 5)]
    first = among(database, *people)
    others = [order(sheet=sheet(lon=AT[0], lat=AT[1])) for _ in range(5)]
    put(database, *others)
    with database.writing() as work:
        work.outbox.put_rules("little", replace(NoticeRules(), most_a_day=1))
        work.commit()
    kept = rosters.Rosters()
    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(lambda each: advance(database, region, each, kept=kept), [first, *others]))
    asked = sorted(who for each in done for who in each.asked)
    assert asked == sorted(each.id for each in people)


def test_settings_are_kept_and_checked(database: Database) -> None:
    """What is not given is the default; what makes no sense is told, all of it."""
    given = matching_settings.from_plain({"load_s": 5, "limits_m": [500, 700]})
    matching.put_settings(database.writing(), "little", given, by="office", at=NOW)
    assert matching.settings(database.reading(), "little") == given
    assert matching.settings(database.reading(), "elsewhere") == matching_settings.MatchingSettings()
    with pytest.raises(InputError) as told:
        matching_settings.from_plain({"load_s": -1, "reply_minutes": 0, "limits_m": []})
    assert len(told.value.faults) == 3


def test_two_are_kept_apart_by_either_of_them(database: Database, region: Region) -> None:
    """By the resident, by the volunteer for itself, by staff; only of an order that was put to that volunteer."""
    given = among(database, *[helper(at, at) for at in (1, 2)])
    advance(database, region, given)
    resident = Principal("resident", Role.RESIDENT, "little")
    himself = Principal("two", Role.VOLUNTEER, "little", volunteer=helper(2).id)
    keeping_apart.block(database.writing(), given.id, helper(1).id, resident, at=NOW)
    keeping_apart.block(database.writing(), given.id, None, himself, at=NOW)
    with database.reading() as work:
        assert work.matching.blocked_for("little", "resident") == {helper(1).id, helper(2).id}
    with pytest.raises(NotFoundError):
        keeping_apart.block(database.writing(), given.id, helper(3).id, resident, at=NOW)
    with pytest.raises(NotFoundError):
        keeping_apart.unblock(database.writing(), given.id, helper(2).id, resident)
    keeping_apart.unblock(database.writing(), given.id, helper(2).id, CENTRE)
    keeping_apart.unblock(database.writing(), given.id, helper(1).id, resident)
    with database.reading() as work:
        assert not work.matching.blocked_for("little", "resident")
