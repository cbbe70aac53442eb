"""Ledu's sites: one centre, an office a township, 59 village stations, and stops of what comes by on certain days.

A stop is an outpost with a time window as its hours: the science van stays for an hour and a half, teachers for an
afternoon. They call on villages that have no station, those up the slopes before others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from makers import plane, sites
from makers.sites import Site

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from makers.valley import Valley
    from makers.villages import Village

STATIONS_IN_SEAT, STATIONS_ELSEWHERE = 5, 3
STATION_HOURS = ("Mo-Fr 09:00-17:00", "Mo-Fr 08:30-12:00,14:30-17:30", "Mo-Su 09:00-17:00", "Mo,We,Fr 09:00-16:00")
VAN_DAYS = ("Tu", "We", "Th", "Fr", "Sa")
VAN_WINDOWS = ("08:30-10:00", "10:30-12:00", "13:30-15:00", "15:30-17:00")
LESSONS = ("We 14:00-17:00", "Sa 09:00-11:30", "Sa 14:00-17:00", "Su 09:00-11:30")
LESSON_STOPS = 16


def found(made: Valley) -> list[Site]:
    """Place every site."""
    shapes = shapely.STRtree([one.shape for one in made.towns])
    places = np.vstack([_meeting_place(place) for place in made.villages])
    town_of = shapes.nearest(shapely.points(places))
    seat = made.towns[0]
    centre = Site(
        "C0001", "乐都区新时代文明实践中心", "centre",
        sites.nearest_of(made.homes.xy[made.homes.town == 0], made.square), "", seat.name,
        "Mo-Su 08:30-18:00", sites.SERVICES,
    )  # fmt: skip
    offices, stations, left = [], [], []
    for n, town in enumerate(made.towns):
        mine = [place for place, at in zip(made.villages, town_of, strict=True) if at == n]
        offices.append(_office(n, made))
        with_station = _with_station(mine, town.name, STATIONS_ELSEWHERE if n else STATIONS_IN_SEAT)
        stations += [_station(place, town.name, offices[n].id) for place in with_station]
        left += [(place, n) for place in mine if place not in with_station]
    stations = [_numbered(site, f"S{number:04d}") for number, site in enumerate(stations, 1)]
    return [centre, *offices, *stations, *_stops(left, offices)]


def _office(n: int, made: Valley) -> Site:
    town = made.towns[n]
    rng = plane.chance("ledu", "office", town.name)
    mine = made.homes.xy[made.homes.town == n]
    return Site(
        f"O{n + 1:04d}", f"{town.name}新时代文明实践所", "office", sites.nearest_of(mine, town.centre),
        "C0001", town.name, str(rng.choice(sites.OFFICE_HOURS)), sites.offered(rng, 5),
    )  # fmt: skip


def _with_station(mine: list[Village], town: str, count: int) -> list[Village]:
    """Choose the villages that have a station: at the road five times as likely as up the slope."""
    pull = np.array([0.2 if place.above else 1.0 for place in mine])
    chosen = plane.chance("ledu", "stations", town).choice(len(mine), count, replace=False, p=pull / pull.sum())
    return [mine[n] for n in np.sort(chosen)]


def _station(place: Village, town: str, parent: str) -> Site:
    rng = plane.chance("ledu", "station", place.name)
    hours = str(rng.choice(STATION_HOURS))
    name = f"{place.name}新时代文明实践站"
    return Site("", name, "station", _meeting_place(place), parent, town, hours, sites.offered(rng, 2))


def _meeting_place(place: Village) -> NDArray[np.float64]:
    return np.asarray(place.houses[0])


def _numbered(site: Site, number: str) -> Site:
    return Site(number, site.name, site.kind, site.xy, site.parent, site.unit, site.hours, site.services)


def _stops(left: list[tuple[Village, int]], offices: list[Site]) -> list[Site]:
    """Send the science van and the teachers to villages without a station; no two calls of the van at one time."""
    rng = plane.chance("ledu", "stops")
    pull = np.array([3.0 if place.above else 1.0 for place, _ in left])
    windows = [f"{day} {window}" for day in VAN_DAYS for window in VAN_WINDOWS]
    count = len(windows) + LESSON_STOPS
    chosen = rng.choice(len(left), count, replace=False, p=pull / pull.sum())
    stops = []
    for number, n in enumerate(chosen, 1):
        place, town = left[int(n)]
        van = number <= len(windows)
        name = f"科普大篷车·{place.name}停靠点" if van else f"送教下乡·{place.name}教学点"
        hours = windows[number - 1] if van else str(rng.choice(LESSONS))
        services = ("科普技能",) if van else ("助学支教",)
        office = offices[town]
        stops.append(
            Site(f"P{number:04d}", name, "outpost", _meeting_place(place), office.id, office.unit, hours, services)
        )
    return stops
