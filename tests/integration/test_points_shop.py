"""The points shop: earned once, never below zero, never oversold, undone on both sides, whoever buys at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from geomatch.cli import main
from geomatch.errors import ConflictError, NotAllowedError, NotFoundError, TooManyError
from geomatch.services import hours as hour_service
from geomatch.services import objections as objection_service
from geomatch.services import point_check
from geomatch.services import points as point_service
from geomatch.services import shop as shop_service
from geomatch.services.hours import Service
from geomatch.services.job_kinds import KINDS
from geomatch.services.jobs import Worker
from geomatch.store.database import Database
from geomatch.volunteering.hours import Evidence
from geomatch.volunteering.points import PointsError
from geomatch.volunteering.roles import Principal, Role
from geomatch.volunteering.shop import RESERVED_FOR, PointRules, RedemptionState
from geomatch.volunteering.site_codes import MOST_FAILURES
from geomatch.web.app import SERVED
from tests.serving import region_of
from tests.serving_people import account, add_volunteers, signed_in, volunteer

if TYPE_CHECKING:
    from pathlib import Path

    from geomatch.volunteering.shop import Goods, Redemption

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
ONE, TWO = volunteer(1), volunteer(2)
BUYERS = [Principal(f"a{each.id}", Role.VOLUNTEER, "little", volunteer=each.id) for each in (ONE, TWO)]
DESK = Principal("desk", Role.STATION, "little", unit="甲", site="S1")
CENTRE = Principal("centre", Role.CENTRE, "little")
DAYS_BACK = 80


def earn(database: Database, day: int, who: str = ONE.id, hours: int = 10, at: datetime = NOW) -> int:
    """Some hours of a day of their own, which count at once; gives the number of the entry."""
    start = NOW - timedelta(days=day)
    served = Service(
        "little", who, f"order:{day}", start, start + timedelta(hours=hours), Evidence.BOTH, "a7", "a8"
    )  # fmt: skip
    with database.writing() as work:
        entry = hour_service.enter(work, served, at=at)
        work.commit()
    assert entry is not None
    return entry.number


def shelf(database: Database, *, price: int = 30, stock: int = 5) -> Goods:
    """Goods at the desk's site."""
    return shop_service.add_goods(database.writing(), DESK, "S1", "大米", price=price, stock=stock, at=NOW)


def purse(database: Database, who: Principal = BUYERS[0]) -> tuple[int, int, int]:
    """What somebody has: free, held and owed."""
    told = point_service.purse(database.reading(), who, limit=100, offset=0)
    return told.points, told.held, told.owed


def buy(database: Database, goods: Goods, count: int = 1, who: Principal = BUYERS[0], at: datetime = NOW) -> Redemption:
    """Order some."""
    return shop_service.order(database.writing(), who, goods.id, count, at=at)


def assert_books_hold(database: Database) -> None:
    """Nothing is below zero, everything sums up, and as many goods are out as are ordered."""
    assert point_check.check(database.reading(), "little").faults == ()


class Shop(RuleBasedStateMachine):
    """Two volunteers, two kinds of goods, and whatever can happen; a plain model keeps count beside."""

    database: Database

    @initialize()
    def open(self) -> None:
        """Begin in a region that nothing happened in."""
        with self.database._begun(writes=True) as connection:
            for table in ("point_legs", "point_transactions", "point_balances", "goods", "redemptions",
                          "hour_entries", "hour_heads"):  # fmt: skip
                connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608 - our own names
            connection.commit()
        self.goods = [shelf(self.database, price=30, stock=3), shelf(self.database, price=70, stock=2)]
        self.stock = {each.id: each.stock for each in self.goods}
        self.free, self.held = [0, 0], [0, 0]
        self.debts: list[dict[int, int]] = [{}, {}]
        self.orders: list[Redemption] = []
        self.served: list[tuple[int, int, int]] = []
        self.day = 0

    def _settle(self, who: int) -> None:
        for number, worth in sorted(self.debts[who].items()):
            if worth <= self.free[who]:
                self.free[who] -= worth
                del self.debts[who][number]

    @precondition(lambda self: self.day < DAYS_BACK)
    @rule(who=st.integers(0, 1), hours=st.integers(1, 12))
    def serve(self, who: int, hours: int) -> None:
        """Hours that count earn ten points each."""
        self.day += 1
        number = earn(self.database, self.day, BUYERS[who].volunteer or "", hours)
        self.served.append((number, who, hours * 10))
        self.free[who] += hours * 10
        self._settle(who)

    @precondition(lambda self: self.served)
    @rule(draw=st.data())
    def take_hours_back(self, draw: st.DataObject) -> None:
        """Points go with the hours, now or when they are there."""
        number, who, worth = self.served.pop(draw.draw(st.integers(0, len(self.served) - 1)))
        objection_service.reverse(self.database.writing(), CENTRE, number, "误录", at=NOW)
        self.debts[who][number] = worth
        self._settle(who)

    @rule(who=st.integers(0, 1), kind=st.integers(0, 1), count=st.integers(1, 3))
    def order(self, who: int, kind: int, count: int) -> None:
        """Points and goods that are there are put by; else nothing happens."""
        goods = self.goods[kind]
        self._settle(who)
        may = not self.debts[who] and self.free[who] >= goods.price * count and self.stock[goods.id] >= count
        if not may:
            with pytest.raises((PointsError, ConflictError)):
                buy(self.database, goods, count, BUYERS[who])
            return
        self.orders.append(buy(self.database, goods, count, BUYERS[who]))
        self.free[who] -= goods.price * count
        self.held[who] += goods.price * count
        self.stock[goods.id] -= count

    @precondition(lambda self: self.orders)
    @rule(draw=st.data())
    def hand_out(self, draw: st.DataObject) -> None:
        """Once."""
        at = draw.draw(st.integers(0, len(self.orders) - 1))
        each = self.orders[at]
        if each.state is not RedemptionState.RESERVED:
            with pytest.raises(ConflictError):
                shop_service.redeem(self.database.writing(), DESK, each.code, at=NOW)
            return
        self.orders[at] = shop_service.redeem(self.database.writing(), DESK, each.code, at=NOW)
        self.held[each.volunteer == TWO.id] -= each.points

    @precondition(lambda self: self.orders)
    @rule(draw=st.data())
    def undo(self, draw: st.DataObject) -> None:
        """Both sides are where they were, once."""
        each = self.orders.pop(draw.draw(st.integers(0, len(self.orders) - 1)))
        who = each.volunteer == TWO.id
        shop_service.undo(self.database.writing(), DESK, each.id, "不要了", at=NOW)
        self.held[who] -= each.points if each.state is RedemptionState.RESERVED else 0
        self.free[who] += each.points
        self.stock[each.goods] += each.count
        with pytest.raises(ConflictError):
            shop_service.undo(self.database.writing(), DESK, each.id, "再来", at=NOW)

    @invariant()
    def everything_is_as_counted(self) -> None:
        """Balances are the sums of their legs, and what the model says; stock likewise."""
        if not hasattr(self, "goods"):
            return
        assert_books_hold(self.database)
        for who in (0, 1):
            told = purse(self.database, BUYERS[who])
            assert told[:2] == (self.free[who], self.held[who])
            assert told[2] == sum(self.debts[who].values())
        _, shelves = shop_service.goods(self.database.reading(), "little", only_open=True, limit=9, offset=0)
        assert {each.id: each.stock for each in shelves} == self.stock


def test_whatever_happens_in_the_shop_the_books_hold(database: Database) -> None:
    """Random serving, ordering, handing out, undoing and taking hours back, beside a model."""
    add_volunteers(database, "little", ONE, TWO)
    machine = type("ShopOn", (Shop,), {"database": database})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=5, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


def test_of_a_hundred_who_buy_at_once_as_many_get_some_as_there_are(database: Database) -> None:
    """Seven on the shelf; each has points for one; whoever gets none keeps the points."""
    people = [volunteer(number) for number in range(1, 101)]
    add_volunteers(database, "little", *people)
    for each in people:
        earn(database, 1, each.id, 4)
    goods = shelf(database, price=40, stock=7)
    start = threading.Barrier(100)

    def run(buyer: int) -> bool:
        start.wait()
        return _got_one(database, goods, people[buyer].id)

    with ThreadPoolExecutor(100) as pool:
        assert list(pool.map(run, range(100))).count(True) == 7
    checked = point_check.check(database.reading(), "little")
    assert checked.faults == ()
    assert (checked.issued, checked.held, checked.free) == (4000, 280, 3720)


def _got_one(database: Database, goods: Goods, of: str) -> bool:
    who = Principal(f"a{of}", Role.VOLUNTEER, "little", volunteer=of)
    try:
        _patiently(database, lambda: buy(database, goods, who=who))
    except ConflictError:
        return False
    return True


def _patiently(database: Database, do: object) -> object:
    """Try again for as long as others are in the way, as whoever is told 503 would."""
    from geomatch.errors import BusyError

    for _ in range(50):
        try:
            return database.retrying(do)  # type: ignore[arg-type]
        except BusyError:
            continue
    raise AssertionError


def test_one_wallet_is_not_spent_twice_at_once(database: Database) -> None:
    """Points for three, asked for by twenty requests of the same volunteer."""
    add_volunteers(database, "little", ONE)
    earn(database, 1, hours=9)
    goods = shelf(database, stock=100)
    start = threading.Barrier(20)

    def ask(_: int) -> bool:
        start.wait()
        try:
            _patiently(database, lambda: buy(database, goods))
        except PointsError:
            return False
        return True

    with ThreadPoolExecutor(20) as pool:
        assert list(pool.map(ask, range(20))).count(True) == 3
    assert purse(database) == (0, 90, 0)
    assert_books_hold(database)


def test_an_order_is_handed_out_once_however_many_desks_try(database: Database) -> None:
    """And an order that is handed out while it is cancelled is one of the two."""
    add_volunteers(database, "little", ONE)
    earn(database, 1)
    made = buy(database, shelf(database))
    start = threading.Barrier(8)

    def act(number: int) -> bool:
        start.wait()
        try:
            if number % 2:
                _patiently(database, lambda: shop_service.redeem(database.writing(), DESK, made.code, at=NOW))
            else:
                _patiently(
                    database, lambda: shop_service.undo(database.writing(), BUYERS[0], made.id, "不要了", at=NOW)
                )
        except (ConflictError, NotAllowedError):
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(act, range(8))).count(True) == 1
    assert_books_hold(database)


def test_hours_that_wait_in_public_earn_when_they_count_and_once(database: Database) -> None:
    """By the worker, however often it comes round; an objection holds the points back as well."""
    add_volunteers(database, "little", ONE)
    start = NOW - timedelta(days=1)
    served = Service(
        "little", ONE.id, "claim:1", start, start + timedelta(hours=2), Evidence.OFFICE, "a7", "a8"
    )  # fmt: skip
    with database.writing() as work:
        hour_service.enter(work, served, at=NOW, counts_from=NOW + timedelta(days=7))
        work.commit()
    objection = objection_service.object_to(database.writing(), DESK, 1, "没见过", at=NOW)
    for days, worth in ((6, 0), (8, 0)):
        _round(database, NOW + timedelta(days=days))
        assert purse(database) == (worth, 0, 0)
    objection_service.decide(database.writing(), CENTRE, objection.id, upholds=False, why="核实", at=NOW)
    for _ in range(2):
        _round(database, NOW + timedelta(days=8))
        assert purse(database) == (20, 0, 0)


def _round(database: Database, at: datetime) -> None:
    """What the worker's job does at a moment."""
    with database.writing() as work:
        point_service.catch_up(work, "little", at=at)
        shop_service.lapse(work, "little", at=at)
        point_service.expire(work, "little", at=at)
        work.commit()


def test_what_is_not_fetched_lapses_and_old_points_expire(database: Database) -> None:
    """Goods and points come free after two weeks; the oldest points are spent first, the rest lapses once."""
    add_volunteers(database, "little", ONE)
    point_service.set_rules(database.writing(), "little", PointRules(10, 30))
    earn(database, 1, at=NOW)
    later = NOW + RESERVED_FOR
    earn(database, 2, hours=5, at=later)
    goods = shelf(database)
    buy(database, goods)
    _round(database, later - timedelta(seconds=1))
    assert purse(database) == (120, 30, 0)
    _round(database, later)
    assert purse(database) == (150, 0, 0)
    made = buy(database, goods, at=later)
    shop_service.redeem(database.writing(), DESK, made.code, at=later)
    for _ in range(2):
        _round(database, NOW + timedelta(days=31))
        assert purse(database) == (50, 0, 0)
    checked = point_check.check(database.reading(), "little")
    assert (checked.issued, checked.expired, checked.redeemed, checked.faults) == (150, 70, 30, ())


def test_points_of_hours_that_were_taken_back_are_owed_until_earned_again(database: Database) -> None:
    """Nothing is ordered meanwhile, nothing goes below zero, and new hours pay first."""
    add_volunteers(database, "little", ONE)
    number = earn(database, 1)
    goods = shelf(database)
    made = buy(database, goods, 3)
    shop_service.redeem(database.writing(), DESK, made.code, at=NOW)
    objection_service.reverse(database.writing(), CENTRE, number, "买来的", at=NOW)
    assert purse(database) == (10, 0, 100)
    with pytest.raises(PointsError, match="100 are owed"):
        buy(database, goods)
    earn(database, 2, hours=12)
    assert purse(database) == (30, 0, 0)
    assert_books_hold(database)


def test_each_desk_sees_and_hands_out_its_own(database: Database) -> None:
    """Another site knows no code, may not restock, and five wrong codes lock the desk."""
    add_volunteers(database, "little", ONE, TWO)
    earn(database, 1)
    goods = shelf(database)
    made = buy(database, goods)
    elsewhere = account(database, "little", "desk of S2", Role.STATION, site="S2")
    with pytest.raises(NotFoundError):
        shop_service.restock(database.writing(), elsewhere, goods.id, 5, at=NOW)
    with pytest.raises(NotAllowedError):
        shop_service.add_goods(database.writing(), elsewhere, "S1", "油", price=1, stock=1, at=NOW)
    for who in (elsewhere, BUYERS[1]):
        with pytest.raises(NotFoundError):
            shop_service.undo(database.writing(), who, made.id, "不是我的", at=NOW)
        assert shop_service.redemptions(database.reading(), who, limit=9, offset=0) == (0, ())
    for _ in range(MOST_FAILURES):
        with pytest.raises(NotFoundError):
            shop_service.redeem(database.writing(), elsewhere, made.code, at=NOW)
    with pytest.raises(TooManyError):
        shop_service.redeem(database.writing(), elsewhere, made.code, at=NOW)
    assert shop_service.redeem(database.writing(), DESK, made.code, at=NOW).state is RedemptionState.REDEEMED
    with pytest.raises(NotAllowedError, match="take it back to the desk"):
        shop_service.undo(database.writing(), BUYERS[0], made.id, "坏了", at=NOW)
    shop_service.restock(database.writing(), DESK, goods.id, -4, at=NOW)
    with pytest.raises(ConflictError, match="not as many"):
        shop_service.restock(database.writing(), DESK, goods.id, -1, at=NOW)
    shop_service.set_open(database.writing(), DESK, goods.id, is_open=False, at=NOW)
    assert_books_hold(database)


def test_it_all_goes_over_http_and_the_office_checks_the_books(
    tmp_path: Path, little_region: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On the shelf, ordered once by key, handed out by the code that the buyer sees; a spoilt balance shows."""
    url, region = f"sqlite:///{tmp_path / 'shop.db'}", region_of(little_region).spec.id
    database = Database(url)
    add_volunteers(database, region, ONE)
    account(database, region, "desk", Role.STATION, site="S1")
    account(database, region, "helper", Role.VOLUNTEER, volunteer=ONE.id)
    with database.writing() as work:
        start = NOW - timedelta(days=1)
        served = Service(region, ONE.id, "order:1", start, start + timedelta(hours=5), Evidence.BOTH, "a7", "a8")
        hour_service.enter(work, served, at=NOW)
        work.commit()
    desk, helper = (signed_in(little_region, url, name) for name in ("desk", "helper"))
    at = f"/api/v1/regions/{region}"
    goods = desk.post(f"{at}/goods", json={"site": "S1", "name": "食用油", "price": 20, "stock": 2}).get_json()
    key = {"Idempotency-Key": "one"}
    made = [helper.post(f"{at}/redemptions", json={"goods": goods["id"]}, headers=key).get_json() for _ in range(2)]
    assert made[0] == made[1]
    assert helper.get(f"{at}/points").get_json()["points"] == 30
    assert helper.post(f"{at}/redemptions", json={"goods": goods["id"], "count": 2}).status_code == 422
    assert desk.get(f"{at}/redemptions").get_json()["redemptions"][0]["code"] is None
    handed = desk.post(f"{at}/redemptions/redeem", json={"code": made[0]["code"]})
    assert handed.get_json()["state"] == "redeemed"
    assert desk.post(f"{at}/redemptions/redeem", json={"code": made[0]["code"]}).status_code == 409
    desk.application.extensions[SERVED].database.close()
    monkeypatch.setenv("GEOMATCH_DATABASE_URL", url)
    assert main(["points", "check", str(little_region)]) == 0
    assert "issued 已发 50" in capsys.readouterr().out
    with database._begun(writes=True) as connection:
        connection.exec_driver_sql("UPDATE point_balances SET balance = balance + 5 WHERE account LIKE 'wallet:%'")
        connection.commit()
    database.close()
    assert main(["points", "check", str(little_region)]) == 1
    assert "the legs sum to 30, kept are 35" in capsys.readouterr().err


def test_the_worker_comes_round_by_itself(database: Database) -> None:
    """The kind of job is in the table, and does what the rounds above do."""
    add_volunteers(database, "little", ONE)
    worker = Worker(database, {"points": KINDS["points"]}, ["little"])
    worker.begin(datetime.now(UTC))
    start = NOW - timedelta(days=1)
    with database.writing() as work:
        served = Service("little", ONE.id, "claim:1", start, start + timedelta(hours=1), Evidence.OFFICE, "a", "b")
        hour_service.enter(work, replace(served, note="x"), at=NOW, counts_from=NOW + timedelta(seconds=1))
        work.commit()
    while worker.step(datetime.now(UTC)):
        pass
    assert purse(database) == (10, 0, 0)
