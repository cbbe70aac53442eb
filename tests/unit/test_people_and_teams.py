"""Volunteers' ages, weeks and coarse places; teams as a tree; categories."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomatch.errors import InputError
from geomatch.volunteering import categories, people, teams
from geomatch.volunteering.people import Certificate
from geomatch.volunteering.teams import Team, TeamLevel

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2010, 6, 1), date(2026, 5, 31), 15),
        (date(2010, 6, 1), date(2026, 6, 1), 16),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
    ],
)
def test_age_is_in_full_years(born: date, day: date, age: int) -> None:
    """The birthday counts; one of 29 February comes on 1 March."""
    assert people.age_on(born, day) == age


@given(st.integers(0, 60 * 24 * 20), st.integers(1, 60 * 24 * 9))
def test_hours_of_a_window_are_those_that_hold_a_minute_of_it(start_min: int, length_min: int) -> None:
    """Against looking at every minute."""
    start = MONDAY + timedelta(minutes=start_min)
    minutes = (start + timedelta(minutes=step) for step in range(length_min))
    wanted = {when.weekday() * 24 + when.hour for when in minutes}
    assert set(people.week_hours(start, start + timedelta(minutes=length_min))) == wanted


def test_a_window_that_does_not_end_after_it_starts_is_refused() -> None:
    """Neither an empty one nor one turned round."""
    with pytest.raises(InputError, match="must end after"):
        people.week_hours(MONDAY, MONDAY)


@given(st.sets(st.integers(0, people.WEEK_HOURS - 1)))
def test_a_week_mask_holds_its_hours(hours: set[int]) -> None:
    """Each hour is one bit of three words."""
    words = [int(word) for word in people.week_mask(hours)]
    assert {hour for hour in range(192) if words[hour // 64] >> (hour % 64) & 1} == hours


@pytest.mark.parametrize(("hour", "minutes", "night"), [(20, 60, False), (20, 61, True), (7, 30, False), (6, 59, True)])
def test_night_is_from_nine_to_seven(hour: int, minutes: int, night: bool) -> None:  # noqa: FBT001 - a column
    """A window that ends at 21:00 sharp is not in the night."""
    start = MONDAY + timedelta(hours=hour)
    assert people.touches_night(start, start + timedelta(minutes=minutes)) is night


@given(st.floats(73, 135), st.floats(18, 54))
def test_a_coarse_place_is_near_and_the_same_for_its_whole_cell(lon: float, lat: float) -> None:
    """At most half a cell away, and coarse already."""
    once = people.coarse(lon, lat)
    assert abs(once[0] - lon) <= people.COARSE_DEGREES / 2 + 1e-6
    assert abs(once[1] - lat) <= people.COARSE_DEGREES / 2 + 1e-6
    assert people.coarse(*once) == once


def test_a_certificate_is_valid_on_its_last_day() -> None:
    """And not after; one without an end always is."""
    last = date(2026, 11, 25)
    assert Certificate("nursing", expires=last).is_valid_on(last)
    assert not Certificate("nursing", expires=last).is_valid_on(last + timedelta(days=1))
    assert Certificate("nursing").is_valid_on(last)


def team(identity: str, level: TeamLevel, parent: str | None = None) -> Team:
    """A team of the arts."""
    return Team(identity, identity, level, "arts", parent)


def test_a_whole_tree_has_no_faults() -> None:
    """Corps over team over group."""
    tree = [team("c", TeamLevel.CORPS), team("t", TeamLevel.TEAM, "c"), team("g", TeamLevel.GROUP, "t")]
    assert teams.tree_faults(tree, "teams.csv") == ()
    assert teams.below("c", {each.id: each.parent for each in tree}) == {"c", "t", "g"}
    assert teams.below("g", {each.id: each.parent for each in tree}) == {"g"}


@pytest.mark.parametrize(
    ("rows", "column", "told"),
    [
        ([team("c", TeamLevel.CORPS), team("c", TeamLevel.CORPS)], "id", "another team"),
        ([team("t", TeamLevel.TEAM, "nowhere")], "parent", "no team"),
        ([team("c", TeamLevel.CORPS), team("g", TeamLevel.GROUP, "c")], "parent", "team may stand above a group"),
        ([team("c", TeamLevel.CORPS, "d"), team("d", TeamLevel.CORPS)], "parent", "nothing may stand above"),
        ([team("a", TeamLevel.TEAM, "b"), team("b", TeamLevel.TEAM, "a")], "parent", "corps may stand above a team"),
    ],
)
def test_what_breaks_the_tree_is_named(rows: list[Team], column: str, told: str) -> None:
    """With its row, its column and what would be right."""
    faults = teams.tree_faults(rows, "teams.csv")
    assert faults[0].column == column
    assert told in faults[0].reason
    assert faults[0].row is not None


@pytest.mark.parametrize(
    ("said", "stored"), [("law", "law"), ("法律法规", "law"), (" 文艺 ", "arts"), ("x-tea-house", "x-tea-house")]
)
def test_a_category_is_known_by_value_name_or_mark(said: str, stored: str) -> None:
    """The eight, and a district's own."""
    assert categories.check_category(said, "category") == stored


@pytest.mark.parametrize("said", ["", "tea", "x-", "X-Tea", "x-" + "a" * 60])
def test_another_category_is_refused_with_the_list(said: str) -> None:
    """The message lists the eight."""
    with pytest.raises(InputError, match="理论政策宣讲"):
        categories.check_category(said, "category")
