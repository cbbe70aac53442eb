"""Statistics: figures as people write them, the measure that must be named, and parts that sum to the whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomatch.errors import InputError
from geomatch.volunteering.statistics import (
    BOUND_NAMES,
    DEFINITIONS,
    Bound,
    By,
    Event,
    Measure,
    Said,
    counted,
    measured,
    rolled_up,
    said,
    split,
)


@pytest.mark.parametrize(
    ("text", "value", "bound", "measure"),
    [
        ("120场", 120, Bound.EXACT, Measure.EVENTS),
        ("1,234 场次", 1234, Bound.EXACT, Measure.EVENTS),
        ("2万多人次", 20_000, Bound.AT_LEAST, None),
        ("２万余人次", 20_000, Bound.AT_LEAST, None),
        ("两万多参与人次", 20_000, Bound.AT_LEAST, Measure.PARTICIPATIONS),
        ("十余万受众人次", 100_000, Bound.AT_LEAST, Measure.AUDIENCE),
        ("2.3万人次", 23_000, Bound.EXACT, None),
        ("4.35万", 43_500, Bound.EXACT, None),
        ("约3000人", 3000, Bound.ABOUT, None),
        ("近二十万人次", 200_000, Bound.ALMOST, None),
        ("超过100场", 100, Bound.AT_LEAST, Measure.EVENTS),
        ("500人以上", 500, Bound.AT_LEAST, None),
        ("3000人左右", 3000, Bound.ABOUT, None),
        ("一百二十去重人数", 120, Bound.EXACT, Measure.PEOPLE),
        ("1.2亿", 120_000_000, Bound.EXACT, None),
        ("0场", 0, Bound.EXACT, Measure.EVENTS),
    ],
)
def test_a_figure_is_read_as_it_is_meant(text: str, value: int, bound: Bound, measure: Measure | None) -> None:
    """The number, how it is meant, and the measure where it names one; many-odd is at least so many."""
    found = said(text)
    assert (found.value, found.bound, found.measure) == (value, bound, measure)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "很多人次",
        "多万",
        "1,23场",
        "1.23456场",
        "2.5场",
        "-3场",
        "3e5",
        "3场4",
        "9" * 12,
        "NaN",
        "inf",
        "不到3万",
        "1.2.3万",
    ],
)
def test_what_is_no_figure_is_refused(text: str) -> None:
    """With what one looks like; nothing is guessed."""
    with pytest.raises(InputError, match="figure"):
        said(text)


@pytest.mark.parametrize(
    ("text", "named", "choices"),
    [
        ("2万多人次", "", {"participations", "audience"}),
        ("2万多人次", "人次", {"participations", "audience"}),
        ("20000", "人次", {"participations", "audience"}),
        ("3000人", "", {"participations", "audience", "people"}),
        ("500次", "", set(Measure)),
        ("500", "", set(Measure)),
    ],
)
def test_a_figure_that_names_no_measure_is_asked_about(text: str, named: str, choices: set[str]) -> None:
    """With those that it could be, and no others."""
    with pytest.raises(InputError, match="say which") as raised:
        measured(said(text), named)
    told = raised.value.faults[0].reason.partition("say which:")[2]
    assert {measure.value for measure in Measure if f"{measure.value} " in told} == choices
    assert all(DEFINITIONS[Measure(each)].zh in told for each in choices)


@pytest.mark.parametrize(
    ("text", "named", "measure"),
    [
        ("2万多人次", "受众人次", Measure.AUDIENCE),
        ("2万多人次", "participations", Measure.PARTICIPATIONS),
        ("120场", "", Measure.EVENTS),
        ("120场", "场次", Measure.EVENTS),
        ("3000人", "people", Measure.PEOPLE),
        ("3000", "去重人数", Measure.PEOPLE),
    ],
)
def test_a_measure_is_named_beside_the_figure_or_in_it(text: str, named: str, measure: Measure) -> None:
    """In Chinese or by its value."""
    assert measured(said(text), named) is measure


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("120场", "受众人次"),
        ("2万人次", "去重人数"),
        ("2万人次", "events"),
        ("120场", "人次"),
        ("300人", "场次"),
        ("3", "visits"),
    ],
)
def test_a_figure_and_a_measure_that_disagree_are_refused(text: str, named: str) -> None:
    """人次 is never said of people or of events."""
    with pytest.raises(InputError):
        measured(said(text), named)


@given(st.integers(1, 9999), st.sampled_from(["", "多", "余", "+"]), st.sampled_from(["人次", "场", "人", ""]))
def test_ten_thousands_are_read_whatever_stands_behind(number: int, odd: str, word: str) -> None:
    """So many times ten thousand, at least where it says so."""
    assert said(f"{number}万{odd}{word}") == Said(
        number * 10_000, Bound.AT_LEAST if odd else Bound.EXACT, Measure.EVENTS if word == "场" else None, word
    )


TREE = {"corps": None, "a": "corps", "b": "corps", "a1": "a", "a2": "a", "b1": "b"}
events_of = st.lists(
    st.builds(
        Event,
        activity=st.just("x"),
        title=st.just("t"),
        unit=st.sampled_from(["", "甲", "乙"]),
        team=st.sampled_from(["", *TREE]),
        category=st.sampled_from(["law", "arts"]),
        audience=st.none() | st.integers(0, 500),
        people=st.lists(st.sampled_from("abcdefg"), unique=True).map(tuple),
    ),
    max_size=12,
)


@given(events=events_of, by=st.sampled_from([By.TEAM, By.UNIT, By.CATEGORY]))
def test_the_parts_sum_to_the_whole_but_for_people(events: list[Event], by: By) -> None:
    """Three measures add up; people are counted truly, so that their parts can only sum to as many or more."""
    total, parts = counted(events), split(events, by)
    for measure, means in DEFINITIONS.items():
        summed = sum(part.of(measure) for part in parts.values())
        assert summed == total.of(measure) if means.adds_up else summed >= total.of(measure)
    assert sum(part.uncounted for part in parts.values()) == total.uncounted
    assert total.people == len({person for event in events for person in event.people})


@given(events=events_of)
def test_a_team_counts_its_own_and_those_of_the_teams_below(events: list[Event]) -> None:
    """At every level of the tree; people again truly."""
    own, tree = split(events, By.TEAM), rolled_up(events, TREE)
    for team, figures in tree.items():
        children = [each for each, parent in TREE.items() if parent == team and each in tree]
        for measure, means in DEFINITIONS.items():
            if means.adds_up:
                below = sum(tree[child].of(measure) for child in children)
                assert figures.of(measure) == below + (own[team].of(measure) if team in own else 0)
    if any(event.team for event in events):
        assert tree["corps"].people == len({each for event in events if event.team for each in event.people})


def test_every_word_is_there() -> None:
    """A definition for each measure, and a word for each way in which a figure is meant."""
    assert set(DEFINITIONS) == set(Measure)
    assert set(BOUND_NAMES) == set(Bound)
