"""Who may help: arrays of everybody give what looking at each person gives; and a roster that follows is the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geomatch.errors import InputError
from geomatch.volunteering import may, people, roster
from geomatch.volunteering.matching import Bar
from geomatch.volunteering.may import Duties, Task
from geomatch.volunteering.order_sheet import Need
from geomatch.volunteering.people import Certificate, PlaceKind, UsualPlace, Volunteer

ZONE = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 11, 30)
SKILLS = ("急救", "宣讲", "护理")
BARS = tuple(Bar)

days = st.none() | st.integers(-3, 3).map(lambda step: DAY + timedelta(days=step))
births = st.none() | st.builds(
    lambda years, step: (DAY - timedelta(days=step)).replace(year=DAY.year - years),
    st.sampled_from([13, 14, 17, 18, 40]),
    st.integers(-2, 2),
)
weeks = st.sampled_from([(), tuple(range(168)), tuple(range(8, 20)), (9, 10, 11)])
places = st.lists(st.builds(UsualPlace, st.just(PlaceKind.HOME), st.floats(116, 117), st.floats(39, 40)), max_size=2)
persons = st.builds(
    Volunteer,
    id=st.just(""),
    number=st.none(),
    name=st.just("王某"),
    phone=st.just("10000000000"),
    skills=st.lists(st.sampled_from(SKILLS), max_size=3).map(tuple),
    certificates=st.lists(st.builds(Certificate, st.sampled_from(SKILLS), expires=days), max_size=2).map(tuple),
    hours=weeks,
    on_duty=st.booleans(),
    places=places.map(tuple),
    languages=st.lists(st.sampled_from(["zh", "en", "yue"]), max_size=2).map(tuple),
    born=births,
    insured_until=days,
    trained=st.integers(0, 4),
    guardian_agreed=st.booleans(),
)
crowds = st.lists(persons, max_size=12).map(
    lambda crowd: [replace(each, id=f"v{at:02}") for at, each in enumerate(crowd)]
)
tasks = st.builds(
    lambda start, length, people, skills, certified, languages, grown: Task(
        datetime(2026, 11, 30, tzinfo=ZONE) + timedelta(minutes=start),
        datetime(2026, 11, 30, tzinfo=ZONE) + timedelta(minutes=start + length),
        people,
        Need(tuple(sorted(skills)), tuple(sorted(certified)), tuple(sorted(languages)), grown),
    ),
    st.integers(0, 1439),
    st.integers(1, 300),
    st.integers(1, 3),
    st.sets(st.sampled_from(SKILLS), max_size=2),
    st.sets(st.sampled_from(SKILLS), max_size=1),
    st.sets(st.sampled_from(["zh", "en", "yue"]), max_size=2),
    st.booleans(),
)


def bars_of(each: Volunteer, task: Task) -> set[Bar]:
    """What keeps one person from an order, asked of that person alone."""
    last = (task.ends_at - timedelta(microseconds=1)).date()
    age = None if each.born is None else people.age_on(each.born, task.starts_at.date())
    is_minor = age is None or age < people.MINOR_UNTIL
    is_night = people.touches_night(task.starts_at, task.ends_at)
    kept = {
        Bar.OFF_DUTY: not each.on_duty,
        Bar.SKILL: not set(task.need.skills) <= set(each.skills),
        Bar.CERTIFICATE: any(
            not any(held.skill == skill and held.is_valid_on(last) for held in each.certificates)
            for skill in task.need.certified
        ),
        Bar.LANGUAGE: not set(task.need.languages) <= set(each.languages),
        Bar.AGE: (age is not None and age < people.CHILD_UNTIL and not each.guardian_agreed)
        or (is_minor and (is_night or task.people == 1 or task.need.adults_only)),
        Bar.INSURANCE: each.insured_until is None or each.insured_until < last,
        Bar.WINDOW: not set(people.week_hours(task.starts_at, task.ends_at)) <= set(each.hours),
    }
    return {bar for bar, keeps in kept.items() if keeps}


def named(row: np.ndarray) -> set[Bar]:
    """The bars of one row."""
    return {bar for bar, keeps in zip(BARS, row.tolist(), strict=True) if keeps}


@given(crowds, tasks)
@settings(max_examples=300, deadline=None)
def test_everybody_at_once_is_everybody_one_by_one(crowd: list[Volunteer], task: Task) -> None:
    """Random people and orders, on both sides of every birthday, expiry and hour."""
    listed = roster.build(crowd)
    rows = np.arange(len(crowd))
    found = may.standing(listed, rows, task)
    assert [named(row) for row in found] == [bars_of(each, task) for each in crowd]
    back = may.standing(listed, rows[::-1], task)
    assert (back == found[::-1]).all()


@given(crowds, st.data())
@settings(max_examples=150, deadline=None)
def test_a_roster_that_follows_changes_is_one_made_anew(crowd: list[Volunteer], data: st.DataObject) -> None:
    """Some changed, some new, some gone: the same answers and places as from the people as they are now."""
    changed = [replace(data.draw(persons), id=each.id) for each in crowd if data.draw(st.booleans())]
    new = [replace(each, id=f"n{at}") for at, each in enumerate(data.draw(st.lists(persons, max_size=3)))]
    gone = {each.id for each in crowd if data.draw(st.booleans())} - {each.id for each in changed}
    followed = roster.put(roster.build(crowd), [*changed, *new], gone=gone)
    now = {each.id: each for each in [*crowd, *changed, *new] if each.id not in gone}
    afresh = roster.build(now[identity] for identity in followed.ids)
    assert set(followed.ids) == set(now)
    task = data.draw(tasks)
    everyone = np.arange(len(followed))
    assert (may.standing(followed, everyone, task) == may.standing(afresh, everyone, task)).all()
    assert (may.is_minor(followed, everyone, task) == may.is_minor(afresh, everyone, task)).all()
    assert (followed.row, followed.trained.tolist()) == (afresh.row, afresh.trained.tolist())
    assert sorted(zip(followed.place_row, followed.place_lon, followed.place_lat, strict=True)) == sorted(
        zip(afresh.place_row, afresh.place_lon, afresh.place_lat, strict=True)
    )


@given(
    tasks,
    st.lists(st.tuples(st.integers(0, 3), st.integers(-200, 400), st.integers(1, 200), st.integers(0, 90)), max_size=6),
)
def test_a_duty_clashes_where_one_cannot_get_from_one_to_the_other(
    task: Task, given_duties: list[tuple[int, int, int, int]]
) -> None:
    """Minutes from the window's start, length and walk: there must be time for the walk before or after."""
    long_min = (task.ends_at - task.starts_at).total_seconds() / 60
    clash = [False] * 4
    for row, start, length, walk in given_duties:
        in_time = start + length + walk <= 0 or start - walk >= long_min
        clash[row] |= not in_time
    columns = np.array(given_duties, np.float64).reshape(-1, 4).T
    duties = Duties(columns[0].astype(int), columns[1] * 60, (columns[1] + columns[2]) * 60, columns[3] * 60)
    assert may.clashing(4, task, duties).tolist() == clash


def test_among_people_who_come_together_one_is_an_adult() -> None:
    """By day one minor less than people; at night none."""
    by_day = Task(datetime(2026, 11, 30, 9, tzinfo=ZONE), datetime(2026, 11, 30, 11, tzinfo=ZONE), 3)
    assert by_day.most_minors == 2
    assert replace(by_day, people=1).most_minors == 0
    assert replace(by_day, need=Need(adults_only=True)).most_minors == 0
    assert replace(by_day, ends_at=datetime(2026, 11, 30, 21, 1, tzinfo=ZONE)).most_minors == 0


def test_who_was_born_on_the_last_day_of_february_is_a_minor_until_the_first_of_march() -> None:
    """As `people.age_on` has it."""
    leapling = Volunteer("v", None, "王某", "1", born=date(2008, 2, 29))
    listed = roster.build([leapling])
    assert listed.minor_until.tolist() == [date(2026, 3, 1).toordinal()]
    assert roster.build([replace(leapling, born=date(9990, 1, 1))]).minor_until.tolist() == [roster.FOR_EVER]


@pytest.mark.parametrize("wrong", [{"people": 0}, {"ends_at": datetime(2026, 11, 30, 9, tzinfo=ZONE)}])
def test_an_order_that_makes_no_sense_is_refused(wrong: dict) -> None:
    """For nobody, or for no time."""
    begins = datetime(2026, 11, 30, 9, tzinfo=ZONE)
    with pytest.raises(InputError, match="must"):
        Task(**({"starts_at": begins, "ends_at": begins + timedelta(hours=1)} | wrong))


def test_no_volunteers_are_a_roster() -> None:
    """An empty region asks nobody."""
    listed = roster.build([])
    task = Task(datetime(2026, 11, 30, 9, tzinfo=ZONE), datetime(2026, 11, 30, 10, tzinfo=ZONE), 1, Need(("急救",)))
    assert may.standing(listed, np.arange(0), task).shape == (0, len(BARS))
    assert len(roster.put(listed, [])) == 0
