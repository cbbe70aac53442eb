"""Hours in the store: one chain without gaps whoever writes at once, and visits by the code of a site."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from geomatch.errors import ConflictError, NotAllowedError, NotFoundError, TooManyError
from geomatch.services import hours as hour_service
from geomatch.services import visits as visit_service
from geomatch.services.hours import Service
from geomatch.volunteering import hours
from geomatch.volunteering.hours import Entry, EntryKind, Evidence
from geomatch.volunteering.roles import Principal, Role, scope_of
from geomatch.volunteering.service_time import MOST_SERVICE, HourRules, VisitState
from geomatch.volunteering.site_codes import LOCKED_FOR, MOST_FAILURES
from geomatch.web.app import SERVED
from tests.serving import region_of
from tests.serving_people import account, add_volunteers, signed_in, volunteer

if TYPE_CHECKING:
    from pathlib import Path

    from geomatch.store.database import Database

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
ONE, TWO = volunteer(1), volunteer(2, unit="乙", team=None)
SELF = Principal("a1", Role.VOLUNTEER, "little", volunteer=ONE.id)
STATION = Principal("a9", Role.STATION, "little", unit="甲", site="S1")


def service(number: int, who: str = ONE.id) -> Service:
    """An hour of service on a day of its own."""
    start = NOW - timedelta(days=number)
    end = start + timedelta(hours=1)
    return Service("little", who, f"order:{number}", start, end, Evidence.BOTH, "a7", "a8")


def enter(database: Database, given: Service, at: datetime = NOW) -> Entry | None:
    """Enter one in a unit of work of its own."""

    def do() -> Entry | None:
        with database.writing() as work:
            entry = hour_service.enter(work, given, at=at)
            work.commit()
        return entry

    return database.retrying(do)


def chain(database: Database) -> list[Entry]:
    """The whole chain as it is stored."""
    with database.reading() as work:
        return list(work.hours.chain("little"))


def code(database: Database, at: datetime, station: Principal = STATION) -> str:
    """What the site shows."""
    return visit_service.show(database.writing(), station, at=at).code


def test_entries_come_back_as_they_were_written_and_the_chain_holds(database: Database) -> None:
    """Number by number, with the hash of the one before; a region's chain is its own."""
    made = [enter(database, service(number)) for number in range(1, 6)]
    enter(database, replace(service(1), region="elsewhere"))
    stored = chain(database)
    assert stored == made
    assert [entry.number for entry in stored] == [1, 2, 3, 4, 5]
    assert hours.verify(stored) == ()
    with database.reading() as work:
        assert work.hours.head("little") == (5, stored[-1].hash)


def test_many_who_enter_at_once_make_one_chain_without_gaps(database: Database) -> None:
    """Four writers, five entries each; who was in the way of others tries again."""
    together = threading.Barrier(4)

    def write(writer: int) -> None:
        together.wait()
        for number in range(5):
            enter(database, service(writer * 5 + number, f"{writer:024d}"))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    stored = chain(database)
    assert [entry.number for entry in stored] == list(range(1, 21))
    assert hours.verify(stored) == ()
    assert len({(entry.volunteer, entry.cause) for entry in stored}) == 20


def test_the_same_service_is_entered_once(database: Database) -> None:
    """However many enter it at once, and whoever else served the same order has an entry as well."""
    together = threading.Barrier(6)

    def write(_: int) -> bool:
        together.wait()
        try:
            return enter(database, service(1)) is not None
        except ConflictError:
            return False

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(write, range(6))).count(True) == 1
    enter(database, service(1, TWO.id))
    assert [entry.number for entry in chain(database)] == [1, 2]


def test_nobody_serves_twice_at_the_same_time(database: Database) -> None:
    """Two orders within one hour are refused; what begins when the other ends is not."""
    first = service(1)
    enter(database, first)
    half = timedelta(minutes=30)
    with pytest.raises(ConflictError, match="entry 1"):
        enter(database, replace(first, cause="order:other", start=first.start + half, end=first.end + half))
    after = replace(first, cause="order:next", start=first.end, end=first.end + half)
    assert enter(database, after) is not None


@pytest.mark.parametrize(("rounding", "minutes"), [("usual", None), ("exact", 15)])
def test_the_district_says_how_minutes_are_rounded(database: Database, rounding: str, minutes: int | None) -> None:
    """A quarter of an hour is nothing by the usual rule, and no entry; exactly counted it is 15 minutes."""
    hour_service.set_rules(database.writing(), "little", HourRules(rounding, 7))
    assert hour_service.hour_rules(database.reading(), "little") == HourRules(rounding, 7)
    given = service(1)
    entry = enter(database, replace(given, end=given.start + timedelta(minutes=15)))
    assert (entry and entry.minutes) == minutes


def test_a_visit_by_the_code_is_entered_from_check_in_to_check_out(database: Database) -> None:
    """The time at the site and nothing else, with the site as witness, and grade A; sent again it is the same visit."""
    add_volunteers(database, "little", ONE)
    begun = visit_service.check_in(database.writing(), SELF, "S1", code(database, NOW), at=NOW)
    again = visit_service.check_in(database.writing(), SELF, "S1", code(database, NOW), at=NOW)
    assert begun == again
    later = NOW + timedelta(minutes=100)
    done = visit_service.check_out(database.writing(), SELF, code(database, later), at=later)
    assert (done.state, done.minutes, done.number) == (VisitState.DONE, 90, 1)
    (entry,) = chain(database)
    assert (entry.start, entry.end, entry.evidence, entry.witness) == (NOW, later, Evidence.CODE, "site:S1")
    with pytest.raises(NotFoundError, match="check in first"):
        visit_service.check_out(database.writing(), SELF, code(database, later), at=later)
    told = hour_service.total(database.reading(), SELF, at=later)
    assert (told.minutes, told.waiting, told.stars, told.next_star_hours) == (90, 0, 0, 100)


def test_a_code_of_another_time_or_site_opens_nothing(database: Database) -> None:
    """An old one, one of another site, and any of a site that never showed one."""
    add_volunteers(database, "little", ONE)
    old, other = code(database, NOW - timedelta(minutes=5)), code(database, NOW, replace(STATION, site="S2"))
    for site, given in (("S1", old), ("S1", other), ("S3", other)):
        with pytest.raises(NotAllowedError, match="not the one"):
            visit_service.check_in(database.writing(), SELF, site, given, at=NOW)
    assert chain(database) == []


def test_who_guesses_codes_has_to_wait_even_for_the_right_one(database: Database) -> None:
    """Five wrong ones lock the account for an hour, all that come at once counted; others go on."""
    add_volunteers(database, "little", ONE, TWO)
    who = account(database, "little", "guesser", Role.VOLUNTEER, volunteer=ONE.id)
    right = code(database, NOW)
    wrong = "000000" if right != "000000" else "000001"

    def guess(_: int) -> type[Exception]:
        try:
            database.retrying(lambda: visit_service.check_in(database.writing(), who, "S1", wrong, at=NOW))
        except (NotAllowedError, TooManyError) as error:
            return type(error)
        raise AssertionError

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(guess, range(12))).count(NotAllowedError) == MOST_FAILURES
    with pytest.raises(TooManyError) as told:
        visit_service.check_in(database.writing(), who, "S1", right, at=NOW)
    assert told.value.retry_after_s == LOCKED_FOR.total_seconds()
    other = Principal("a2", Role.VOLUNTEER, "little", volunteer=TWO.id)
    assert visit_service.check_in(database.writing(), other, "S1", right, at=NOW).state is VisitState.OPEN


def test_one_is_at_one_site_at_a_time_and_a_forgotten_visit_lapses(database: Database) -> None:
    """Check out first; after twelve hours nothing is counted, and one can begin anew."""
    add_volunteers(database, "little", ONE)
    visit_service.check_in(database.writing(), SELF, "S1", code(database, NOW), at=NOW)
    other = replace(STATION, site="S2")
    with pytest.raises(ConflictError, match="check out at site 'S1' first"):
        visit_service.check_in(database.writing(), SELF, "S2", code(database, NOW, other), at=NOW)
    late = NOW + MOST_SERVICE + timedelta(seconds=1)
    with pytest.raises(ConflictError, match="too long ago"):
        visit_service.check_out(database.writing(), SELF, code(database, late), at=late)
    visit_service.check_in(database.writing(), SELF, "S2", code(database, late, other), at=late)
    _, page = visit_service.page(database.reading(), scope_of(SELF), limit=10, offset=0)
    assert [(visit.site, visit.state) for visit, _ in page] == [("S2", VisitState.OPEN), ("S1", VisitState.LAPSED)]
    assert chain(database) == []


SEERS = [
    (Principal("x", Role.CENTRE, "little"), {1, 2}, {"S1", "S2"}),
    (Principal("x", Role.AUDITOR, "little"), {1, 2}, {"S1", "S2"}),
    (Principal("x", Role.OFFICE, "little", unit="甲"), {1}, {"S1"}),
    (Principal("x", Role.OFFICE, "little", unit="丙"), set(), set()),
    (Principal("x", Role.LEADER, "little", team="T1", volunteer=ONE.id), {1}, {"S1"}),
    (Principal("x", Role.VOLUNTEER, "little", volunteer=TWO.id), {2}, {"S2"}),
    (Principal("x", Role.STATION, "little", unit="甲", site="S2"), set(), {"S2"}),
    (Principal("x", Role.RESIDENT, "little"), set(), set()),
    (Principal("x", Role.CENTRE, "elsewhere"), set(), set()),
]


@pytest.mark.parametrize(("who", "numbers", "sites"), SEERS, ids=[f"{row}-{SEERS[row][0].role}" for row in range(9)])
def test_each_sees_the_hours_and_visits_of_its_area(
    database: Database, who: Principal, numbers: set[int], sites: set[str]
) -> None:
    """One visit and one entry of each of two volunteers of two townships, at two sites."""
    add_volunteers(database, "little", ONE, TWO)
    later = NOW + timedelta(hours=1)
    for each, site in ((ONE, "S1"), (TWO, "S2")):
        one, station = replace(SELF, account=each.id, volunteer=each.id), replace(STATION, site=site)
        visit_service.check_in(database.writing(), one, site, code(database, NOW, station), at=NOW)
        visit_service.check_out(database.writing(), one, code(database, later, station), at=later)
    matched, entries = hour_service.page(database.reading(), scope_of(who), limit=10, offset=0)
    assert ({entry.number for entry, _ in entries}, matched) == (numbers, len(numbers))
    matched, visits = visit_service.page(database.reading(), scope_of(who), limit=10, offset=0)
    assert ({visit.site for visit, _ in visits}, matched) == (sites, len(sites))


def test_hours_of_somebody_who_was_deleted_stay_in_the_sums_of_the_region(database: Database) -> None:
    """Without a name, for whoever sees the whole region; nobody else is told of them."""
    enter(database, service(1, "f" * 24))
    for who, seen in ((SEERS[0][0], 1), (SEERS[2][0], 0), (SEERS[5][0], 0)):
        matched, page = hour_service.page(database.reading(), scope_of(who), limit=10, offset=0)
        assert (matched, [name for _, name in page]) == (seen, [""] * seen)


def test_a_reversal_takes_its_service_out_of_the_sum(database: Database) -> None:
    """What was reversed is neither counted nor waits; what is still public waits."""
    first = enter(database, service(1))
    assert first is not None
    undone = replace(first, kind=EntryKind.REVERSAL, cause="hours:1", minutes=-first.minutes)
    waits = replace(first, number=2, counts_from=NOW + timedelta(days=7))
    told = hour_service.summed(ONE.id, [first, undone, waits], (), at=NOW)
    assert (told.minutes, told.waiting) == (0, 60)


def test_it_all_goes_over_http(database: Database, database_url: str, little_region: Path) -> None:
    """The station shows, the volunteer comes and goes, and sees its hours; masked, and each its own."""
    region = region_of(little_region).spec.id
    add_volunteers(database, region, ONE)
    account(database, region, "station", Role.STATION, site="S1")
    account(database, region, "helper", Role.VOLUNTEER, volunteer=ONE.id)
    station, helper = (signed_in(little_region, database_url, name) for name in ("station", "helper"))
    at = f"/api/v1/regions/{region}/hours"
    shown = station.post(f"{at}/code", json={}).get_json()
    assert helper.post(f"{at}/check-in", json={"site": "S1", "code": "12345"}).status_code == 422
    visit = helper.post(f"{at}/check-in", json={"site": "S1", "code": shown["code"]}).get_json()
    assert (visit["name"], visit["state"]) == ("王*", "open")
    shown = station.post(f"{at}/code", json={}).get_json()
    left = helper.post(f"{at}/check-out", json={"code": shown["code"]}).get_json()
    assert (left["state"], left["minutes"], left["number"]) == ("done", 0, None)
    assert station.get(f"{at}/visits").get_json()["numberMatched"] == 1
    assert helper.get(at).get_json() == {"numberMatched": 0, "numberReturned": 0, "entries": []}
    assert helper.get(f"{at}/total").get_json()["stars"] == 0
    assert helper.get(f"{at}/rules").get_json() == {"rounding": "usual", "public_days": 7}
    helper.application.extensions[SERVED].database.close()
