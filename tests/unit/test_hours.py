"""A chain of hours shows every change; rounding and stars are as the district says."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomatch.errors import InputError
from geomatch.volunteering import hours
from geomatch.volunteering.hours import Anchor, Entry, EntryKind, Evidence

START = datetime(2026, 11, 25, 9, tzinfo=UTC)


def entry(number: int, **changes: object) -> Entry:
    """A service of an hour, not linked yet."""
    plain = Entry(
        region="haidian", number=number, volunteer=f"v{number % 3}", kind=EntryKind.SERVICE, cause=f"order:o{number}",
        start=START, end=START + timedelta(hours=1), minutes=60, evidence=Evidence.BOTH, witness="a9",
        entered_by="a1", entered_at=START + timedelta(hours=number), counts_from=START + timedelta(hours=number),
        note="", before="", hash="",
    )  # fmt: skip
    return replace(plain, **changes)


def chain(length: int) -> list[Entry]:
    """Some linked entries."""
    made: list[Entry] = []
    for number in range(1, length + 1):
        made.append(hours.link(entry(number), made[-1].hash if made else hours.GENESIS))
    return made


def anchor_of(entry: Entry) -> Anchor:
    """What was printed when this was the head."""
    return Anchor(entry.region, entry.number, entry.hash, entry.entered_at)


def test_a_whole_chain_has_no_faults() -> None:
    """With anchors at its first, its middle and its last entry, and with none."""
    made = chain(9)
    assert hours.verify(made, [anchor_of(made[at]) for at in (0, 4, 8)]) == ()
    assert hours.verify([]) == ()


def test_the_same_instant_in_another_zone_is_the_same_entry() -> None:
    """A database may give back UTC where Shanghai was written."""
    zone = timezone(timedelta(hours=8))
    made = chain(1)[0]
    assert hours.verify([replace(made, start=made.start.astimezone(zone), end=made.end.astimezone(zone))]) == ()


OTHERS = {
    "region": "ledu", "number": 99, "volunteer": "v7", "kind": EntryKind.REVERSAL, "cause": "order:bought",
    "start": START - timedelta(hours=4), "end": START + timedelta(hours=5), "minutes": 300, "evidence": Evidence.CODE,
    "witness": "a8", "entered_by": "a2", "entered_at": START, "counts_from": START - timedelta(days=9), "note": "x",
    "before": "f" * 64, "hash": "e" * 64,
}  # fmt: skip


@pytest.mark.parametrize("name", [field.name for field in fields(Entry)])
@pytest.mark.parametrize("at", [0, 3, 5])
def test_any_field_that_is_changed_shows(name: str, at: int) -> None:
    """In the first, a middle and the last entry."""
    made = chain(6)
    made[at] = replace(made[at], **{name: OTHERS[name]})
    assert hours.verify(made)


@given(st.integers(0, 7), st.integers(0, 7))
def test_what_is_dropped_or_moved_shows(first: int, second: int) -> None:
    """All but the last may be dropped for the chain itself to tell; two that change places always show."""
    made = chain(8)
    dropped = made[:first] + made[first + 1 :]
    assert bool(hours.verify(dropped)) is (first < 7)
    assert hours.verify(dropped, [anchor_of(made[-1])])
    moved = [*made]
    moved[first], moved[second] = moved[second], moved[first]
    assert bool(hours.verify(moved)) is (first != second)


def test_a_chain_written_anew_does_not_come_through_its_anchor() -> None:
    """Its owner can make a chain that holds in itself, and cannot take back what was printed."""
    made = chain(6)
    anew: list[Entry] = []
    for old in made:
        changed = replace(old, minutes=600) if old.number == 2 else old
        anew.append(hours.link(changed, anew[-1].hash if anew else hours.GENESIS))
    assert hours.verify(anew) == ()
    faults = hours.verify(anew, [anchor_of(made[0]), anchor_of(made[4])])
    assert [fault.row for fault in faults] == [5]
    assert "anchor" in faults[0].reason


@pytest.mark.parametrize(
    ("minutes", "counted"), [(1, 0), (15, 0), (16, 30), (45, 30), (46, 60), (60, 60), (75, 60), (76, 90), (150, 150)]
)
def test_minutes_are_rounded_as_usual(minutes: int, counted: int) -> None:
    """Up to 15 nothing, up to 45 half an hour, then the hour; whole hours whole."""
    assert hours.USUAL_ROUNDING.counted(START, START + timedelta(minutes=minutes)) == counted


@given(st.integers(1, 3000), st.integers(1, 3000))
def test_more_service_never_counts_less(first: int, second: int) -> None:
    """And exact rounding counts every minute."""
    shorter, longer = sorted((first, second))
    usual = [hours.USUAL_ROUNDING.counted(START, START + timedelta(minutes=m)) for m in (shorter, longer)]
    assert usual == sorted(usual)
    assert hours.EXACT.counted(START, START + timedelta(minutes=first)) == first


@pytest.mark.parametrize(
    "steps", [(), ((15, 0),), ((45, 30), (15, 0), (60, 60)), ((15, 30), (60, 0)), ((15, 0), (60, 90))]
)
def test_a_rule_that_makes_no_sense_is_refused(steps: tuple[tuple[int, int], ...]) -> None:
    """Bounds rise to 60, and what counts does not fall."""
    with pytest.raises(InputError, match="rounding"):
        hours.Rounding(steps)


def test_a_service_ends_after_it_starts() -> None:
    """Neither nothing nor backwards."""
    with pytest.raises(InputError, match="after the start"):
        hours.EXACT.counted(START, START)


@pytest.mark.parametrize(
    ("served", "stars"), [(0, 0), (99.9, 0), (100, 1), (300, 2), (999, 3), (1000, 4), (1500, 5), (9000, 5)]
)
def test_stars_are_those_of_the_hours(served: float, stars: int) -> None:
    """At 100, 300, 600, 1000 and 1500 hours."""
    assert hours.stars(int(served * 60)) == stars
