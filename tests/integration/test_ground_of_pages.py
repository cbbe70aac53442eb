"""What the planner's maps load beside the API: exclusive areas, and which sites are open when."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from geomatch.planning import opening, week
from tests.serving import Asking

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def api(little_region: Path) -> Asking:
    """The app of the little region."""
    return Asking(little_region)


def test_areas_have_the_figures_of_the_api(api: Asking) -> None:
    """The same sites and people as /areas, for the kinds that count."""
    for query in ({}, {"kind": ["station", "outpost"]}, {"profile": "elder", "minutes": "10"}):
        drawn = api.answer("/map/little/areas.geojson", **query)
        told = api.answer("areas", **query)
        assert [(one["properties"]["site"], one["properties"]["population"]) for one in drawn["features"]] == [
            (one["properties"]["site"], one["properties"]["population"]) for one in told["features"]
        ]


def test_each_hour_says_which_sites_are_open(api: Asking) -> None:
    """168 letters a set of hours, in agreement with what the rules say of each hour and site."""
    told = api.answer("/map/little/opening.json")
    assert told["sites"].keys() == {site.id for site in api.region.sites}
    monday = datetime.combine(week.ORDINARY_MONDAY, datetime.min.time())
    letters = {True: "1", False: "0", None: "2"}
    for site in api.region.sites:
        states = told["patterns"][told["sites"][site.id]]
        expected = [
            opening.is_open(site.hours, monday + timedelta(hours=hour), timezone=api.region.spec.timezone)
            for hour in range(168)
        ]
        assert states == "".join(letters[is_open] for is_open in expected)


@pytest.mark.parametrize("query", [{"kind": "tent"}, {"minutes": "x"}, {"profile": "bird"}])
def test_what_makes_no_sense_is_refused(api: Asking, query: dict[str, str]) -> None:
    """A kind, time or profile that there is not is 422 with its name, never a 500."""
    response = api.client.get("/map/little/areas.geojson", query_string=query, headers={"Accept": "application/json"})
    api.problem(response, 422)
