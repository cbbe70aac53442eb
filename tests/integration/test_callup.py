"""A great call-up on both databases: places never taken twice, true queues, no message for what is full."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, select

from geomatch.errors import BusyError, ConflictError, InputError, NotFoundError
from geomatch.planning.sites import Site, SiteKind
from geomatch.services import callup, callup_answers, callup_choice, callup_wave, followed, live_sites, visits
from geomatch.services.callup_play import Player, Temper
from geomatch.services.callup_wave import Caller
from geomatch.services.jobs import Worker
from geomatch.services.rosters import Rosters
from geomatch.store import database as database_room
from geomatch.store.database import Database
from geomatch.store.job_rows import Job
from geomatch.store.tables.core import jobs
from geomatch.volunteering.callups import Answer, AskState, CallPolicy, Need
from geomatch.volunteering.duties import Duty, DutyKind
from geomatch.volunteering.hours import Evidence
from geomatch.volunteering.notices import Notice, NoticeRules, NoticeState, Purpose
from geomatch.volunteering.roles import Principal, Role
from tests import mustering
from tests.mustering import OPENED, POLICY, STARTS, mustered, opened, person
from tests.serving import region_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from geomatch.services.region import Region
    from geomatch.store.callup_ask_rows import Asked
    from geomatch.volunteering.callups import Callup

SOON = OPENED + timedelta(minutes=5)
STATION = Principal("s", Role.STATION, "little", unit="西岸街道", site="S1")
HELPER = Principal("h", Role.VOLUNTEER, "little", volunteer=f"{1:024x}")


@pytest.fixture
def region(little_region: Path) -> Region:
    """The little region, open."""
    return region_of(little_region)


def asks(database: Database, call: Callup) -> dict[str, Asked]:
    """Every ask of a call by the number of its volunteer."""
    with database.reading() as work:
        return {str(int(ask.volunteer, 16)): ask for ask in work.callup_asks.of_callup(call.id)}


def states(database: Database, call: Callup) -> dict[str, str]:
    """Where every ask stands, by the number of its volunteer."""
    return {number: ask.state for number, ask in asks(database, call).items()}


def say(
    database: Database, region: Region, call: Callup, *given: tuple[str, Answer], at: object = SOON
) -> list[callup_answers.Outcome]:
    """Answer by the numbers of volunteers."""
    now = asks(database, call)
    answers = [(now[number].id, said) for number, said in given]
    return list(callup_answers.answer(database.writing(), region, call.id, answers, at=at))


def come(database: Database, at: datetime) -> None:
    """The first volunteer checks in by the code that the station shows."""
    shown = visits.show(database.writing(), STATION, at=at).code
    visits.check_in(database.writing(), HELPER, "S1", shown, at=at)


def leave(database: Database, at: datetime) -> None:
    """The first volunteer checks out by it."""
    visits.check_out(database.writing(), HELPER, visits.show(database.writing(), STATION, at=at).code, at=at)


def promised(database: Database, region: Region) -> Callup:
    """A call of one place, which the first volunteer has."""
    mustered(database, "little", person(1))
    call = opened(database, region, Need(1))
    Caller(region).wave(database, call.id, OPENED)
    say(database, region, call, ("1", Answer.ACCEPT))
    return call


def notices(database: Database, region: Region, purpose: Purpose) -> dict[NoticeState, int]:
    """Count the notices of a purpose by their state."""
    with database.reading() as work:
        _, page = work.outbox.page(region.spec.id, None, list(NoticeState), limit=1000, offset=0)
    mine = [posted.state for posted in page if posted.notice.purpose is purpose]
    return {state: mine.count(state) for state in set(mine)}


def due_of(database: Database, call: Callup, wave: int) -> datetime | None:
    """Say when the job of a wave is due."""
    with database.whole(writes=False) as connection:
        query = select(jobs.c.due_at).where(jobs.c.key == f"{call.id}:{wave}")
        return connection.execute(query).scalar_one_or_none()


def a_push(who: str, key: str) -> Notice:
    """Make a notice to a volunteer that counts against the day."""
    return Notice("little", f"{key}:{who}", Purpose.PUSH, "push", key, "您在附近", "near you", "。", OPENED, who)


@contextmanager
def stated(database: Database) -> Iterator[list[tuple[str, object]]]:
    """Note the statements that a database is asked meanwhile, with what they are given."""
    noted: list[tuple[str, object]] = []

    def note(_conn: object, _cursor: object, statement: str, given: object, *_: object) -> None:
        noted.append((statement, given))

    event.listen(database._engine, "before_cursor_execute", note)
    try:
        yield noted
    finally:
        event.remove(database._engine, "before_cursor_execute", note)


def plans_of(database: Database, statements: list[tuple[str, object]]) -> list[str]:
    """Say how SQLite answers statements."""
    with database.whole(writes=False) as connection:
        plans = [connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {each}", given) for each, given in statements]
        return [" / ".join(step.detail for step in plan) for plan in plans]


def test_a_call_has_posts_for_every_station_shift_and_need(database: Database, region: Region) -> None:
    """Two stations, three shifts, two needs; and the job of its first wave."""
    call = opened(database, region, Need(2), Need(1, "急救", certified=True), sites=(), hours=12)
    with database.reading() as work:
        posts = work.callups.posts(call.id)
        assert work.callups.get(call.id, "little") == call
        assert work.callups.all("little") == (call,)
        assert work.jobs.is_due(OPENED, kinds=["callup_wave"], regions=["little"])
    assert {(post.site, post.unit) for post in posts} == {("S1", "西岸街道"), ("S2", "东岸街道")}
    assert len(posts) == 2 * 3 * 2
    assert sum(post.need.people for post in posts) == 2 * 3 * 3
    needs, needs_at = callup.needs_of([(Need(2), ()), (Need(1, "合唱"), ("S2", "S2"))])
    own = opened(database, region, *needs, sites=(), hours=4, needs_at=needs_at)
    with database.reading() as work:
        kinds = sorted((post.site, post.need.skill or "") for post in work.callups.posts(own.id))
    assert kinds == [("S1", ""), ("S2", ""), ("S2", "合唱")]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"sites": ("S1", "S9")}, "there is no such site"),
        ({"needs": ()}, "must be 1 to"),
        ({"needs": (Need(1), Need(2))}, "the same skill twice"),
        ({"needs_at": {"S1": (Need(1),)}}, "the same skill twice"),
        ({"needs_at": {"S2": (Need(1, "急救"),)}}, "a site that the call is not for"),
        ({"needs_at": {"S9": (Need(1, "急救"),)}}, "there is no such site"),
        ({"hours": 73}, "must be from 1 to 72"),
        ({"starts_at": OPENED - timedelta(hours=4)}, "every shift is over"),
    ],
    ids=["site", "no need", "needs", "same at a site", "needs of another", "needs of none", "hours", "over"],
)
def test_a_call_that_cannot_be_is_refused(database: Database, region: Region, changes: dict, told: str) -> None:
    """With a word about what is wrong; and nothing is stored."""
    with pytest.raises(InputError, match=told):
        opened(database, region, **changes)
    with database.reading() as work:
        assert work.callups.all("little") == ()


def test_a_wave_asks_who_may_and_says_why(database: Database, region: Region) -> None:
    """The nearest who are on duty, insured, of age, willing and not busy, each with a notice that says why."""
    far = mustering.people.coarse(*mustering.lonlat(28, 9))
    mustered(
        database, "little", person(1), person(2, on_duty=False), person(3, insured_until=None), person(4, born=None),
        person(5), person(6), person(7, places=(mustering.UsualPlace(mustering.PlaceKind.HOME, *far),)),
    )  # fmt: skip
    with database.writing() as work:
        work.readers.opt_out("little", f"{5:024x}", Purpose.CALL_UP, OPENED)
        duty = Duty(f"{6:024x}", "little", DutyKind.ORDER, "o", STARTS, STARTS + timedelta(hours=1), 116.0, 40.0)
        work.duties.add(duty, OPENED)
        work.commit()
    call = opened(database, region, Need(1))
    sent = Caller(region).wave(database, call.id, OPENED)
    assert (sent.wave, sent.asked, sent.missing) == (1, 1, 1)
    assert states(database, call) == {"1": "asked"}
    with database.reading() as work:
        _, (posted,) = work.outbox.page("little", None, list(NoticeState), limit=10, offset=0)
    assert "望河社区站" in posted.notice.body
    assert "12:00–16:00" in posted.notice.body
    assert "分钟可到" in posted.notice.why_zh
    assert posted.notice.expires_at == OPENED + POLICY.reply_within


def test_a_wave_asks_the_same_whether_all_who_live_near_are_looked_up_or_who_would_be_asked(
    database: Database, region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever it is that has had enough notices, has opted out or is busy: with each such, the choice is another's."""
    mustered(database, "little", *map(person, range(1, 17)))
    call = opened(database, region, Need(3))
    caller = Caller(region)

    def asked(most_at_once: int) -> tuple[set[str], bool]:
        monkeypatch.setattr(callup_choice, "_MANY", most_at_once)
        with database.reading() as work:
            chosen = caller._choose(work, call, OPENED)
        return {chosen.roster.ids[row] for row in chosen.wave.volunteer.tolist()}, bool(chosen.wave.is_short.any())

    kept_away: set[str] = set()
    before = asked(16)
    for number in range(12):
        assert before == asked(0)
        assert not kept_away & before[0]
        who = min(before[0])
        with database.writing() as work:
            if number % 3 == 0:
                work.readers.opt_out("little", who, Purpose.CALL_UP, OPENED)
            elif number % 3 == 1:
                duty = Duty(who, "little", DutyKind.ORDER, "o", STARTS, STARTS + timedelta(hours=1), 116.0, 40.0)
                work.duties.add(duty, OPENED)
            else:
                for key in "abc":
                    work.outbox.put(a_push(who, key))
            work.commit()
        kept_away.add(who)
        before = asked(16)
    assert before[1]


def test_of_two_at_a_post_one_is_an_adult(database: Database, region: Region) -> None:
    """The second minor who says yes stands by though a place is free; it is the adult's who says yes after that."""
    young = {"born": date(2010, 1, 1)}
    mustered(database, "little", person(1, **young), person(2, **young), person(3), person(4))
    call = opened(database, region, Need(2))
    Caller(region).wave(database, call.id, OPENED)
    said = say(database, region, call, *[(who, Answer.ACCEPT) for who in "123"])
    assert [each.state for each in said] == [AskState.HELD, AskState.STANDBY, AskState.HELD]
    assert say(database, region, call, ("3", Answer.WITHDRAW))[0].state is AskState.WITHDRAWN
    assert say(database, region, call, ("4", Answer.ACCEPT))[0].state is AskState.HELD


def test_no_more_minors_are_asked_for_the_place_that_only_an_adult_may_have(database: Database, region: Region) -> None:
    """One of two places is a minor's: of minors and an adult that a wave could ask then, it asks the adult."""
    mustered(database, "little", *(person(number, born=date(2010, 1, 1)) for number in range(1, 9)))
    call = opened(database, region, Need(2))
    caller = Caller(region)
    caller.wave(database, call.id, OPENED)
    first = asks(database, call)
    say(database, region, call, *[(who, Answer.ACCEPT if who == min(first) else Answer.DECLINE) for who in first])
    assert len(first) < 8
    assert caller.wave(database, call.id, SOON).asked == 0
    mustered(database, "little", person(9))
    assert caller.wave(database, call.id, SOON).asked == 1
    assert states(database, call)["9"] == "asked"


def test_a_wave_that_looks_further_is_followed_soon_and_one_that_cannot_after_an_hour(
    database: Database, region: Region
) -> None:
    """Nobody lives within ten metres, or twenty; with the day's notices at none nobody is asked, however near."""
    mustered(database, "little", person(1))
    call = opened(database, region, policy=CallPolicy(first_share=1.0, limits_m=(10.0, 20.0, 3000.0)))
    caller, at, pause = Caller(region), OPENED, call.policy.wave_every
    with database.writing() as work:
        work.outbox.put_rules("little", NoticeRules(most_a_day=0))
        work.commit()
    for number, (asked, due) in enumerate([(0, pause), (0, pause), (0, callup_wave.LATER), (1, pause)]):
        if number == 3:
            with database.writing() as work:
                work.outbox.put_rules("little", NoticeRules())
                work.commit()
        assert caller.wave(database, call.id, at).asked == asked
        assert due_of(database, call, number + 1) == at + due
        at += pause


def test_a_place_that_falls_free_brings_a_wave_that_waits_forward(database: Database, region: Region) -> None:
    """Nobody else could be asked, so that the next wave was an hour off; somebody withdraws, and it is due."""
    mustered(database, "little", person(1))
    call = opened(database, region, Need(2), policy=CallPolicy(limits_m=(3000.0,)))
    caller = Caller(region)
    caller.wave(database, call.id, OPENED)
    say(database, region, call, ("1", Answer.ACCEPT))
    caller.wave(database, call.id, SOON)
    assert due_of(database, call, 2) == SOON + callup_wave.LATER
    say(database, region, call, ("1", Answer.WITHDRAW), at=SOON + timedelta(minutes=1))
    assert due_of(database, call, 2) == SOON + timedelta(minutes=1)


def test_a_post_that_is_full_asks_nobody_and_takes_its_notices_back(database: Database, region: Region) -> None:
    """At once: what still waits in the outbox is withdrawn, and no wave follows."""
    mustered(database, "little", *map(person, range(1, 7)))
    call = opened(database, region, Need(1))
    caller = Caller(region)
    assert caller.wave(database, call.id, OPENED).asked == 2
    first, second = asks(database, call)
    assert say(database, region, call, (first, Answer.ACCEPT))[0].state is AskState.HELD
    assert notices(database, region, Purpose.CALL_UP) == {NoticeState.WITHDRAWN: 2}
    assert caller.wave(database, call.id, OPENED + timedelta(minutes=40)).asked == 0
    assert states(database, call) == {first: "held", second: "silent"}
    late = say(database, region, call, (second, Answer.ACCEPT), at=OPENED + timedelta(minutes=41))
    assert (late[0].state, late[0].place) == (AskState.STANDBY, 1)
    with database.writing() as work:
        (post,) = work.callups.posts(call.id)
        assert len(work.duties.of_subject(DutyKind.POST, post.id)) == 1
        assert work.callups.lock_short([post.id]) == frozenset()
        counts = work.callup_asks.counts(call.id)
        assert {state: count for state, count in counts.items() if count} == {AskState.HELD: 1, AskState.STANDBY: 1}


def test_what_a_wave_asks_is_answered_by_indexes_alone(database: Database, region: Region) -> None:
    """Who had enough notices today, and which posts are short, without a look at the rows of all that were."""
    call = opened(database, region, Need(1))
    with database.reading() as work, stated(database) as statements:
        (post,) = work.callups.short_posts(call.id, OPENED)
        assert work.callups.is_short(call.id, OPENED)
        day = work.outbox.rules("little").day_of(OPENED)
        for people in (None, ["v1"]):
            assert work.outbox.pressed("little", *day, least=1, volunteers=people) == frozenset()
    assert post.missing == 1
    if database.kind == "sqlite":
        plans = plans_of(database, statements)
        assert sum("USING INDEX ix_callup_posts_short (callup=? AND ends_at>?)" in plan for plan in plans) == 2
        assert sum("USING COVERING INDEX ix_outbox_volunteer" in plan for plan in plans) == 2


def test_who_drops_out_is_followed_by_the_first_who_stands_by_and_then_by_a_wave(
    database: Database, region: Region
) -> None:
    """The promoted one is told and bound; when nobody stands by any more the next wave is due at once."""
    mustered(database, "little", *map(person, range(1, 5)))
    call = opened(database, region, Need(1))
    caller = Caller(region)
    caller.wave(database, call.id, OPENED)
    first, second = asks(database, call)
    assert [each.place for each in say(database, region, call, (first, Answer.ACCEPT), (second, Answer.ACCEPT))] == [
        None, 1
    ]  # fmt: skip
    say(database, region, call, (first, Answer.WITHDRAW))
    assert states(database, call) == {first: "withdrawn", second: "held"}
    assert notices(database, region, Purpose.RESULT) == {NoticeState.WAITING: 1}
    with database.reading() as work:
        post = work.callups.posts(call.id)[0]
        bound = {duty.volunteer: duty.state.value for duty in work.duties.of_subject(DutyKind.POST, post.id)}
    assert bound == {f"{int(first):024x}": "released", f"{int(second):024x}": "planned"}
    say(database, region, call, (second, Answer.NO_SHOW), at=STARTS + timedelta(minutes=9))
    with database.reading() as work:
        assert work.jobs.is_due(STARTS + timedelta(minutes=9), kinds=[callup_wave.JOB], regions=["little"])
    again = caller.wave(database, call.id, STARTS + timedelta(minutes=9))
    assert again.asked == 2
    assert not {first, second} & {number for number, state in states(database, call).items() if state == "asked"}


def test_of_many_who_want_the_last_place_one_gets_it_and_the_rest_stand_in_a_true_queue(
    database: Database, region: Region
) -> None:
    """Eight at once, for one place, then for two: each holds a place or stands by as another."""
    mustered(database, "little", *map(person, range(1, 17)))
    for people in (1, 2):
        call = opened(database, region, Need(people), policy=CallPolicy(first_share=1.0, called_m=0.0, asks_a_day=9))
        with database.writing() as work:  # everybody is asked, so that eight can answer at once
            (post,) = work.callups.posts(call.id)
            given = [
                callup_wave.Sent(f"{people}{n:023x}", post.id, f"{n + 8 * people - 8:024x}", 100.0) for n in range(1, 9)
            ]
            work.callup_asks.add(call.id, "little", 1, given, OPENED)
            work.commit()
        outcomes: list[callup_answers.Outcome] = []
        begin = threading.Barrier(8)

        def accept(ask: str, call: Callup = call, begin: threading.Barrier = begin, told: list = outcomes) -> None:
            begin.wait()
            told += database.retrying(
                lambda: callup_answers.answer(database.writing(), region, call.id, [(ask, Answer.ACCEPT)], at=SOON)
            )

        threads = [threading.Thread(target=accept, args=(each.id,)) for each in given]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        held = [each for each in outcomes if each.state is AskState.HELD]
        assert len(held) == people
        assert sorted(each.place for each in outcomes if each.state is AskState.STANDBY) == [*range(1, 9 - people)]
        with database.reading() as work:
            assert work.callups.posts(call.id)[0].held == people


def test_who_says_yes_and_no_at_once_has_said_one_of_them(database: Database, region: Region) -> None:
    """Whichever came first stands, and the other cannot follow it; places and duties are those of who said yes."""
    mustered(database, "little", *map(person, range(1, 7)))
    call = opened(database, region, Need(6), policy=CallPolicy(first_share=1.0))
    Caller(region).wave(database, call.id, OPENED)
    outcomes: list[callup_answers.Outcome] = []

    def say_at_once(ask: str, said: Answer, begin: threading.Barrier) -> None:
        begin.wait()
        outcomes.extend(
            database.retrying(
                lambda: callup_answers.answer(database.writing(), region, call.id, [(ask, said)], at=SOON)
            )
        )

    for each in asks(database, call).values():
        begin = threading.Barrier(2)
        sayings = [
            threading.Thread(target=say_at_once, args=(each.id, said, begin))
            for said in (Answer.ACCEPT, Answer.DECLINE)
        ]
        for thread in sayings:
            thread.start()
        for thread in sayings:
            thread.join()
    held = sorted(each.ask for each in outcomes if each.state is AskState.HELD)
    assert [bool(each.refused) for each in outcomes].count(True) == 6
    assert held == sorted(ask.id for ask in asks(database, call).values() if ask.state == "held")
    with database.reading() as work:
        (post,) = work.callups.posts(call.id)
        assert post.held == len(held) == len(work.duties.of_subject(DutyKind.POST, post.id))


def test_nobody_is_asked_beyond_the_budget_of_the_day_whatever_the_call(database: Database, region: Region) -> None:
    """Four calls in a day for one volunteer who answers none: three notices, and no more."""
    mustered(database, "little", person(1))
    asked = []
    for _ in range(4):
        call = opened(database, region, Need(1))
        asked.append(Caller(region).wave(database, call.id, OPENED).asked)
        Caller(region).wave(database, call.id, OPENED + timedelta(hours=1))
    assert asked == [1, 1, 1, 0]


def test_who_serves_a_post_by_the_stations_code_has_hours_and_who_does_not_come_has_none(
    database: Database, region: Region
) -> None:
    """The duty is begun and done; who checked in cannot be called a no-show; who did not come has no entry."""
    mustered(database, "little", person(1), person(2))
    call = opened(database, region, Need(2))
    Caller(region).wave(database, call.id, OPENED)
    say(database, region, call, ("1", Answer.ACCEPT), ("2", Answer.ACCEPT))
    came, left = STARTS - timedelta(minutes=10), STARTS + timedelta(hours=4, minutes=5)
    come(database, came)
    told = say(database, region, call, ("1", Answer.NO_SHOW), ("2", Answer.NO_SHOW), at=STARTS + timedelta(minutes=20))
    assert [each.state for each in told] == [None, AskState.NO_SHOW]
    assert "checked in" in told[0].refused
    leave(database, left)
    with database.reading() as work:
        (post,) = work.callups.posts(call.id)
        bound = {duty.volunteer: duty.state.value for duty in work.duties.of_subject(DutyKind.POST, post.id)}
        (entry,) = work.hours.chain("little")
        begun = work.duties.worked(DutyKind.POST, post.id)
    assert bound == {f"{1:024x}": "done", f"{2:024x}": "released"}
    assert begun == ((f"{1:024x}", came, left),)
    assert (entry.volunteer, entry.cause, entry.evidence) == (f"{1:024x}", f"post:{post.id}", Evidence.CODE)
    assert (entry.witness, entry.start, entry.end) == ("site:S1", came, left)


def test_nobody_comes_while_it_is_said_that_they_stayed_away(
    database: Database, region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who is at the door meanwhile waits until it is decided, and has come once it was not."""
    monkeypatch.setattr(database_room, "WAIT_S", 1)
    call = promised(database, region)
    shown = visits.show(database.writing(), STATION, at=STARTS).code
    with database.writing() as work:
        (post,) = work.callups.posts(call.id)
        assert work.duties.came(DutyKind.POST, [post.id]) == frozenset()
        with pytest.raises(BusyError):
            visits.check_in(database.writing(), HELPER, "S1", shown, at=STARTS)
    come(database, STARTS)
    with database.writing() as work:
        assert work.duties.came(DutyKind.POST, [post.id]) == {(post.id, HELPER.volunteer)}


@pytest.mark.parametrize(
    ("scans", "refused"), [((-90,), False), ((-90, -10), True), ((-70, -50), True)], ids=["early", "again", "within"]
)
def test_who_checks_in_long_before_the_shift_has_come_once_they_do_so_again_near_it(
    database: Database, region: Region, scans: tuple[int, ...], *, refused: bool
) -> None:
    """The visit is the first one; an hour before the shift is near enough."""
    call = promised(database, region)
    for minutes in scans:
        come(database, STARTS + timedelta(minutes=minutes))
    (told,) = say(database, region, call, ("1", Answer.NO_SHOW), at=STARTS + timedelta(minutes=20))
    assert ("checked in" in told.refused) is refused
    with database.reading() as work:
        visit = work.visits.open_of("little", f"{1:024x}")
    assert visit is not None
    assert visit.came_at == STARTS + timedelta(minutes=scans[0])


def test_who_leaves_before_the_shift_has_not_come_for_it(database: Database, region: Region) -> None:
    """Back in time they have; gone again and not seen any more they are a no-show, and the place is free."""
    call = promised(database, region)
    come(database, STARTS - timedelta(minutes=50))
    leave(database, STARTS - timedelta(minutes=45))
    come(database, STARTS - timedelta(minutes=20))
    with database.writing() as work:
        (post,) = work.callups.posts(call.id)
        assert work.duties.came(DutyKind.POST, [post.id]) == {(post.id, HELPER.volunteer)}
    leave(database, STARTS - timedelta(minutes=15))
    (told,) = say(database, region, call, ("1", Answer.NO_SHOW), at=STARTS + timedelta(minutes=20))
    assert told.state is AskState.NO_SHOW
    with database.reading() as work:
        (post,) = work.callups.posts(call.id)
        assert post.held == 0


def test_a_second_place_beside_another_call_is_refused(database: Database, region: Region) -> None:
    """The duty of the first call stands in the way of the second at the same time."""
    mustered(database, "little", person(1))
    first, second = opened(database, region, Need(1)), opened(database, region, Need(1))
    caller = Caller(region)
    caller.wave(database, first.id, OPENED)
    caller.wave(database, second.id, OPENED)
    assert say(database, region, first, ("1", Answer.ACCEPT))[0].state is AskState.HELD
    (told,) = say(database, region, second, ("1", Answer.ACCEPT))
    assert told.state is None
    assert "too near" in told.refused


def test_two_change_places_when_both_want_it(database: Database, region: Region) -> None:
    """The first wish waits; the second makes it true, with duties and counts as they should be."""
    mustered(database, "little", person(1), person(2), person(3))
    call = opened(database, region, Need(1), hours=8)
    Caller(region).wave(database, call.id, OPENED)
    mine, theirs = {ask.post: ask for ask in asks(database, call).values()}.values()
    for ask in (mine, theirs):
        callup_answers.answer(database.writing(), region, call.id, [(ask.id, Answer.ACCEPT)], at=SOON)
    wish = {"at": SOON}
    assert not callup_answers.want_swap(database.writing(), region, call.id, mine.id, theirs.id, **wish)
    closed = region.with_sites([site for site in region.sites if site.id != "S1"])
    with pytest.raises(ConflictError, match="the station is closed"):
        callup_answers.want_swap(database.writing(), closed, call.id, theirs.id, mine.id, **wish)
    assert callup_answers.want_swap(database.writing(), region, call.id, theirs.id, mine.id, **wish)
    with database.reading() as work:
        now = {ask.post: ask.volunteer for ask in work.callup_asks.of_callup(call.id) if ask.state == "held"}
        for post in (mine.post, theirs.post):
            bound = [duty for duty in work.duties.of_subject(DutyKind.POST, post) if duty.state.value == "planned"]
            assert [duty.volunteer for duty in bound] == [now[post]]
    assert now == {mine.post: theirs.volunteer, theirs.post: mine.volunteer}


def test_a_closed_call_takes_no_answers_and_sends_no_waves(database: Database, region: Region) -> None:
    """What still waited to be sent is withdrawn; closing twice is closing once."""
    mustered(database, "little", person(1), person(2))
    call = opened(database, region, Need(1))
    Caller(region).wave(database, call.id, OPENED)
    closed = callup.close(database.writing(), "little", call.id, at=SOON)
    assert callup.close(database.writing(), "little", call.id, at=SOON + timedelta(hours=1)) == closed
    assert notices(database, region, Purpose.CALL_UP) == {NoticeState.WITHDRAWN: 2}
    with pytest.raises(ConflictError):
        say(database, region, call, ("1", Answer.ACCEPT))
    assert Caller(region).wave(database, call.id, SOON) is None


def test_what_is_not_there_is_not_found(database: Database, region: Region) -> None:
    """A call of another region, and an ask of another call."""
    call, other = opened(database, region), opened(database, region)
    with pytest.raises(NotFoundError):
        callup.close(database.writing(), "elsewhere", call.id, at=SOON)
    with pytest.raises(NotFoundError):
        callup_answers.answer(database.writing(), region, other.id, [("0" * 24, Answer.ACCEPT)], at=SOON)


def test_the_worker_sends_each_wave_once(database: Database, region: Region) -> None:
    """Two workers over one job: one wave; its follower is due after the pause that the policy sets."""
    mustered(database, "little", *map(person, range(1, 5)))
    call = opened(database, region, Need(1))
    kinds = {callup_wave.JOB: callup_wave.job_kind(lambda _: region, Rosters())}
    workers = [Worker(database, kinds, ["little"]) for _ in range(2)]
    assert [worker.step(OPENED) for worker in workers] == [True, False]
    with database.reading() as work:
        assert work.callups.get(call.id, "little").wave == 1
    assert Caller(region).wave(database, call.id, OPENED, number=0) is None


def test_a_station_opened_live_is_asked_for_by_the_next_wave_and_a_closed_one_takes_nobody(
    database: Database, region: Region
) -> None:
    """The worker that sent waves before follows; a yes to the closed one is refused, the rest of its batch is taken."""
    mustered(database, "little", *map(person, range(1, 7)))
    now_of = followed.by_id(lambda _: region, database)
    kind = callup_wave.job_kind(now_of, Rosters())

    def send_first(call: Callup) -> None:
        told = {"callup": call.id, "wave": 0}
        kind.before(database, Job("j", "little", callup_wave.JOB, "k", told, OPENED, 1, "h"), OPENED)

    before = opened(database, region, sites=("S1", "O1"))
    send_first(before)
    centre = Principal("c", Role.CENTRE, "little")
    new = Site("N1", "新站", SiteKind.STATION, *mustering.lonlat(11, 2), None, "西岸街道")
    live_sites.add(database.writing(), region, new, who=centre, at=OPENED)
    both = opened(database, now_of("little"), sites=("N1", "S1"), starts_at=STARTS + timedelta(days=1))
    live_sites.close(database.writing(), now_of("little"), "S1", version=1, who=centre, at=OPENED)
    send_first(both)
    with database.reading() as work:
        site_of = {post.id: post.site for call in (before, both) for post in work.callups.posts(call.id)}
    assert {site_of[ask.post] for ask in asks(database, both).values()} == {"N1"}
    one_each = {site_of[ask.post]: number for number, ask in asks(database, before).items()}
    told = say(database, now_of("little"), before, *[(one_each[site], Answer.ACCEPT) for site in ("S1", "O1")])
    assert [(each.state, each.refused) for each in told] == [(None, "the station is closed"), (AskState.HELD, "")]


def test_a_played_call_fills_its_posts_and_breaks_no_promise(region: Region, tmp_path: Path) -> None:
    """Seeded people who say yes, no or nothing, drop out, stay away: all filled, nobody asked in vain or too often."""
    database = Database(f"sqlite:///{tmp_path / 'play.db'}")
    mustered(database, "little", *map(person, range(1, 81)))
    needs = (Need(2),)
    call = opened(database, region, *needs, sites=("S1", "O1"), hours=12, shift_hours=3, policy=CallPolicy())
    played = Player(database, region, call, Temper(drops=0.2, stays_away=0.2, swaps=0.4), seed=9).play()
    database.close()
    assert (played.places, played.sent_after_full, played.clashes) == (16, 0, 0)
    assert (played.passed_over, played.unbound) == (0, 0)
    assert min(played.withdrawn, played.no_shows, played.swapped) > 0
    assert played.filled >= 0.99 * played.places
    assert played.sent <= played.asked
    assert 0 < played.most_sent_a_day <= call.policy.asks_a_day
    assert played.most_shifts <= 2 * played.median_shifts
    assert played.waves > 1
