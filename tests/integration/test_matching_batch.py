"""Many orders are put to volunteers at once: as well as trying every way would, and nobody is asked for two."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import TYPE_CHECKING

import pytest

from geomatch.cli import main
from geomatch.errors import InputError, NotFoundError
from geomatch.services import matching, matching_batch, rosters
from geomatch.services.region import Region, open_region
from geomatch.store.database import Database
from geomatch.volunteering import reasons
from geomatch.volunteering.dispatch import HandOver, OfferState, Wait
from geomatch.volunteering.matching import Bar
from geomatch.volunteering.notices import NoticeState
from geomatch.volunteering.order_sheet import Need, Order, Way
from geomatch.volunteering.orders import OrderState
from geomatch.volunteering.people import PlaceKind, UsualPlace
from geomatch.volunteering.roles import Scope
from tests.order_rows import NOW, order, put, sheet, volunteer
from tests.regions import lonlat

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from geomatch.volunteering.people import Volunteer

ALL = Scope("little")
LATE = (NOW + timedelta(days=400)).date()


@pytest.fixture(scope="module")
def region(little_region: Path) -> Region:
    """The town of two banks and one bridge."""
    return open_region(little_region)


def helper(number: int, block: float, **changed: object) -> Volunteer:
    """A volunteer who lives so many blocks of 100 m from the west edge, and may come."""
    plain = volunteer(number, insured_until=LATE, places=(UsualPlace(PlaceKind.HOME, *lonlat(block, 5.0)),))
    return replace(plain, id=f"v{number:023d}", **changed)


def ask(block: float, **changed: object) -> Order:
    """An order so many blocks from the west edge, checked, for the matcher."""
    lon, lat = lonlat(block, 5.0)
    return order(sheet=sheet(lon=lon, lat=lat, way=Way.MATCHER, **changed))


def there(database: Database, people: Sequence[Volunteer], *orders: Order) -> None:
    """Write volunteers and orders."""
    put(database, *orders)
    with database.writing() as work:
        work.people.add("little", people, NOW)
        work.commit()


def dispatch(database: Database, region: Region, *named: str, **changed: object) -> matching_batch.Batch:
    """Put orders to volunteers as the centre; all that wait where none is named."""
    told = {"scope": ALL, "rosters": rosters.Rosters(), "orders": named or None, **changed}
    return matching_batch.dispatch(database, region=region, by="office", at=NOW, **told)


def best_by_trying(database: Database, given: Sequence[Order]) -> tuple[int, float]:
    """Try every way over what the records say of each order's candidates: how many are served, at which cost."""
    scores = []
    for each in given:
        record = matching.told(database.reading(), each.id, ALL)[0].record
        rows, score_s = record.ranked()
        scores.append(dict(zip([record.among.volunteer[row] for row in rows], score_s.tolist(), strict=True)))
    names = sorted(set().union(*scores))
    best = (0, 0.0)
    for way in product(range(-1, len(given)), repeat=len(names)):
        got = [(at, name) for name, at in zip(names, way, strict=True) if at >= 0]
        full = all(way.count(at) <= each.sheet.people_needed for at, each in enumerate(given))
        if full and all(name in scores[at] for at, name in got):
            best = min(best, (-len(got), sum(scores[at][name] for at, name in got)))
    return -best[0], best[1]


def test_a_batch_is_as_good_as_the_best_of_all_ways(database: Database, region: Region) -> None:
    """One by one the first order would take the only one who is near the second; each is told, kept and replays."""
    orders = [ask(10.0), ask(8.0, people_needed=2), ask(12.0)]
    there(database, [helper(at, block) for at, block in ((1, 9.0), (2, 8.0), (3, 13.0), (4, 10.0), (5, 15.0))], *orders)
    done = dispatch(database, region)
    asked = [who for part in done.parts for who in part.asked]
    assert len({*asked}) == len(asked) == 4
    cost = 0.0
    for part in done.parts:
        (told,) = matching.told(database.reading(), part.order, ALL)
        assert (told.kept.batch, told.kept.wanted, told.is_as_then) == (done.id, part.wanted, True)
        assert [each.volunteer for each in told.choice.chosen] == list(part.asked)
        cost += sum(each.score_s for each in told.choice.chosen)
        assert (part.state, part.step) == (OrderState.OFFERED, Wait(NOW + timedelta(minutes=10)))
    assert (len(asked), pytest.approx(cost)) == best_by_trying(database, orders)
    with database.reading() as work:
        _, notices = work.outbox.page("little", asked, NoticeState, limit=9, offset=0)
        assert sorted(each.notice.volunteer for each in notices) == sorted(asked)
        assert work.jobs.is_due(NOW + timedelta(minutes=11), kinds=["dispatch"], regions=["little"])
    again = dispatch(database, region)
    assert again.parts == ()
    named = dispatch(database, region, *[each.id for each in orders])
    assert [(part.asked, type(part.step)) for part in named.parts] == [((), Wait)] * 3


def test_where_too_few_may_come_as_many_orders_as_can_be_are_served(database: Database, region: Region) -> None:
    """The one with the skill goes where only that one may; the order that stays is told why, and stays checked."""
    plain, skilled = ask(10.0), ask(11.0, need=Need(("急救",)))
    impossible = ask(10.0, need=Need(("量血压",), ("量血压",)))
    people = [helper(1, 10.0, skills=("陪伴老人", "急救")), helper(2, 17.0), helper(3, 10.5, skills=("量血压",))]
    there(database, people, plain, skilled, impossible)
    found = {part.order: part for part in dispatch(database, region).parts}
    assert found[skilled.id].asked == (helper(1, 0).id,)
    assert found[plain.id].asked == (helper(2, 0).id,)
    nobody = found[impossible.id]
    assert (nobody.asked, nobody.state, type(nobody.step)) == ((), OrderState.CHECKED, HandOver)
    assert nobody.choice is not None
    assert nobody.choice.nearest_miss is not None
    assert nobody.choice.nearest_miss.bars == (Bar.CERTIFICATE,)
    assert reasons.why_missing(nobody.choice, "en").endswith("but: no certificate valid on the day")


def test_who_was_given_to_another_order_is_the_reason_told(database: Database, region: Region) -> None:
    """Two orders, one volunteer: one is served, and of the other it is said that the batch had nobody left."""
    there(database, [helper(1, 10.0)], ask(10.0), ask(10.0))
    served, left = sorted(dispatch(database, region).parts, key=lambda part: -len(part.asked))
    assert (len(served.asked), len(left.asked), left.wanted) == (1, 0, 1)
    assert left.choice is not None
    assert reasons.why_missing(left.choice).startswith("可来的 1 人")
    assert matching.told(database.reading(), left.order, ALL)[-1].is_as_then


def test_an_adult_is_with_every_minor_and_no_minor_alone(database: Database, region: Region) -> None:
    """Of two places one may be a minor's; an order for one is none for minors, however near they are."""
    two, one = ask(10.0, people_needed=2), ask(10.0)
    young = [helper(at, 10.0, born=date(2010, 1, 1)) for at in (1, 2, 3)]
    there(database, [*young, helper(4, 16.0), helper(5, 17.0)], two, one)
    parts = {part.order: {int(who[1:]) for who in part.asked} for part in dispatch(database, region).parts}
    assert len(parts[two.id] & {1, 2, 3}) == 1
    assert len(parts[two.id] & {4, 5}) == 1
    assert parts[one.id] < {4, 5}
    assert len(parts[one.id]) == 1


class Meanwhile(rosters.Rosters):
    """Does something once, after the volunteers were looked at."""

    def __init__(self, do: Callable[[], None]) -> None:
        super().__init__()
        self._left = [do]

    def prior(self, *given: object):
        """The region's prior, after that."""
        while self._left:
            self._left.pop()()
        return super().prior(*given)


def test_who_changes_meanwhile_is_planned_anew_and_nothing_is_lost(database: Database, region: Region) -> None:
    """Between plan and pen one of the chosen goes off duty, and one order is cancelled: the next best, and a reason."""
    first, second, over = ask(10.0), ask(14.0), ask(11.0)
    there(database, [helper(1, 10.0), helper(2, 9.0), helper(3, 14.0), helper(4, 11.0)], first, second, over)

    def turn() -> None:
        with database.writing() as work:
            work.people.set_duty(helper(1, 0).id, NOW, on_duty=False)
            work.orders.change(work.orders.get(over.id, ALL), NOW, state=OrderState.CANCELLED.value)
            work.commit()

    parts = {part.order: part for part in dispatch(database, region, rosters=Meanwhile(turn)).parts}
    assert parts[first.id].asked in {(helper(2, 0).id,), (helper(4, 0).id,)}
    assert parts[second.id].asked == (helper(3, 0).id,)
    assert (parts[over.id].state, parts[over.id].asked) == (None, ())
    assert "cancelled" in parts[over.id].why
    with database.reading() as work:
        for part in parts.values():
            kept = work.offers.of_order(part.order)
            assert [(each.offer.volunteer, each.offer.state) for each in kept] == [
                (who, OfferState.OFFERED) for who in part.asked
            ]


def test_what_is_named_must_be_there_and_not_too_much(database: Database, region: Region) -> None:
    """An order of another township is none of one's own; and then nothing is done for the others either."""
    mine = ask(10.0)
    there(database, [helper(1, 10.0)], mine)
    with pytest.raises(NotFoundError):
        dispatch(database, region, mine.id, "f" * 24)
    with pytest.raises(NotFoundError):
        dispatch(database, region, mine.id, scope=Scope("little", unit="B"))
    with pytest.raises(InputError, match="at most"):
        dispatch(database, region, *map(str, range(matching_batch.MOST_ORDERS + 1)))
    assert dispatch(database, region, scope=Scope("little", unit="B")).parts == ()
    with database.reading() as work:
        assert work.offers.of_order(mine.id) == ()
    assert dispatch(database, region, scope=Scope("little", unit="A")).parts[0].asked == (helper(1, 0).id,)


def test_more_orders_than_are_taken_at_once_are_counted(
    database: Database, region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next to begin are taken; those by other ways and those that began are not waiting for the matcher."""
    soon, later = ask(10.0), ask(10.0)
    later = replace(later, sheet=replace(later.sheet, starts_at=soon.sheet.starts_at + timedelta(minutes=5)))
    began = replace(ask(10.0), sheet=replace(soon.sheet, starts_at=NOW - timedelta(minutes=5)))
    there(database, [], later, soon, began, replace(ask(10.0), sheet=replace(soon.sheet, way=Way.PERSON)))
    monkeypatch.setattr(matching_batch, "MOST_ORDERS", 1)
    done = dispatch(database, region)
    assert ([part.order for part in done.parts], done.left) == ([soon.id], 1)


def test_a_declined_place_goes_on_as_the_policy_says(database: Database, region: Region) -> None:
    """A batch asks one for each place; from there on the order is dispatched like any other, and nobody asked twice."""
    given = ask(10.0)
    there(database, [helper(at, 9.0 + at) for at in range(1, 6)], given)
    (part,) = dispatch(database, region).parts
    with database.writing() as work:
        work.offers.answer(given.id, part.asked[0], OfferState.DECLINED, NOW)
        work.commit()
    more = matching.advance(database, rosters.Rosters(), region, given.id, ALL, by="office", at=NOW)
    assert len(more.asked) == 3
    assert not {*part.asked} & {*more.asked}


def test_the_command_line_tells_of_each_order(
    little_region: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whom it was put to, or why nobody; an order that is not there is a fault and no traceback."""
    monkeypatch.setenv("GEOMATCH_DATABASE_URL", f"sqlite:///{tmp_path}/batch.db")
    database, days = Database(f"sqlite:///{tmp_path}/batch.db"), timedelta(days=30_000)
    given, alone = ask(10.0), ask(10.0, need=Need(("急救",)))
    given, alone = (
        replace(each, sheet=replace(each.sheet, starts_at=NOW + days, ends_at=NOW + days + timedelta(hours=1)))
        for each in (given, alone)
    )
    there(database, [helper(1, 10.0, insured_until=date.max)], given, alone)
    database.close()
    assert main(["orders", "dispatch-batch", str(little_region)]) == 0
    told = capsys.readouterr().out
    assert f"{given.id}  1/1  {helper(1, 0).id}\n" in told
    assert f"{alone.id}  0/1" in told
    assert "没有所需技能" in told
    assert "2 orders, 1 volunteers asked; 0 orders left" in told
    assert main(["orders", "dispatch-batch", str(little_region), "x" * 24]) == 1
    assert "there is no order" in capsys.readouterr().err
