"""The tree centre > office > station: broken ones are refused, odd ones flagged."""

from __future__ import annotations

import pytest

from geomatch.planning.site_tree import check
from geomatch.planning.sites import Site, SiteKind


def site(site_id: str, kind: str, parent: str | None = None, unit: str | None = None) -> Site:
    """Make a site somewhere."""
    return Site(site_id, f"{site_id}号", SiteKind(kind), 116.3, 39.9, parent=parent, unit=unit)


RIGHT = (
    site("C1", "centre"),
    site("O1", "office", "C1"),
    site("O2", "office", "C1"),
    site("S1", "station", "O1"),
    site("B1", "base", "S1"),
    site("B2", "landscape"),
)
UNITS = {"C1": "甲街道", "O1": "甲街道", "O2": "乙镇", "S1": "甲街道", "B1": "甲街道", "B2": "甲街道"}


def test_a_right_tree_passes() -> None:
    """Nothing is found where nothing is wrong, with and without townships."""
    for units in (UNITS, {}):
        found = check(RIGHT, units)
        assert (found.faults, found.warnings) == ((), ())


@pytest.mark.parametrize(
    ("added", "reason"),
    [
        (site("S2", "station", "O9"), "no site of this region"),
        (site("S2", "station", "o1"), "did you mean O1?"),
        (site("S2", "station", "C1"), "office may stand above it, not the centre"),
        (site("S2", "station", "S1"), "office may stand above it, not the station"),
        (site("O3", "office", "O1"), "centre may stand above it"),
        (site("C2", "centre", "C1"), "nothing may stand above it"),
        (site("B3", "base", "B1"), "not the base"),
        (site("S2", "station", "S2"), "in a ring"),
    ],
)
def test_a_broken_branch_is_a_fault(added: Site, reason: str) -> None:
    """Orphans, wrong kinds of parents and sites above themselves are refused, by id and name."""
    faults = check((*RIGHT, added), {}).faults
    assert any(reason in fault.reason and added.id in fault.reason for fault in faults)
    assert all(fault.column == "parent" for fault in faults)


def test_a_ring_is_listed_once_with_its_members() -> None:
    """Three stations that stand above each other are one ring, however it is entered."""
    ring = (
        site("S5", "station", "S6"),
        site("S6", "station", "S7"),
        site("S7", "station", "S5"),
        site("S8", "station", "S5"),
    )
    rings = [fault for fault in check((*RIGHT, *ring), {}).faults if "ring" in fault.reason]
    assert [fault.value for fault in rings] == ["S5 > S6 > S7 > S5"]


def test_a_site_may_state_its_township_by_id_or_name() -> None:
    """Both are right; neither is flagged."""
    sites = (*RIGHT, site("S2", "station", "O1", "110108001"), site("S3", "station", "O1", "甲街道"))
    found = check(sites, UNITS | {"S2": "甲街道", "S3": "甲街道"}, {"110108001": "甲街道"})
    assert found.warnings == ()


def test_a_station_outside_its_offices_township_is_flagged_not_refused() -> None:
    """The fault list stays empty; the warning names both townships."""
    found = check((*RIGHT, site("S2", "station", "O2")), UNITS | {"S2": "甲街道"})
    assert found.faults == ()
    (warning,) = found.warnings
    assert "lies in 甲街道, its office O2号 in 乙镇" in warning.reason


@pytest.mark.parametrize(
    ("added", "unit", "reason"),
    [
        (site("S2", "station"), "甲街道", "has no office above it"),
        (site("S2", "station", "O1", "乙镇"), "甲街道", "lies in 甲街道, not where it says"),
        (site("S2", "station", "O1"), None, "lies in no township"),
    ],
)
def test_what_only_looks_odd_is_flagged(added: Site, unit: str | None, reason: str) -> None:
    """Missing parents, wrong townships and places outside of all are said."""
    found = check((*RIGHT, added), UNITS | {"S2": unit})
    assert found.faults == ()
    assert [reason in warning.reason for warning in found.warnings] == [True]
