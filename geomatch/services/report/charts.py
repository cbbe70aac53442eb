"""Charts of a report, each of the rows of one of its tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geomatch.planning.standards import BANDS
from geomatch.planning.week import DAYS, HOURS
from geomatch.reporting.pictures import Bars, Curve, HeatMap, Lorenz

if TYPE_CHECKING:
    from geomatch.services.report.telling import Telling


def profiles(telling: Telling) -> Bars:
    """Show the share of every profile, with the target."""
    bars = _bars(telling, "profiles", "profile", telling.tables["profiles"].ids)
    mark = (telling.found.asked.target / 100, telling.say("target_line", target=telling.target))
    return Bars("profiles", telling.say("g_profiles"), telling.say("g_profiles"), bars, mark=mark)


def minutes(telling: Telling) -> Bars:
    """Show how many minutes people walk."""
    bars = _bars(telling, "minutes", "band", BANDS)
    return Bars("minutes", telling.say("g_minutes"), telling.say("g_minutes"), bars, colours="minutes")


def lorenz(telling: Telling) -> Lorenz:
    """Show the Lorenz curve."""
    say_ = telling.say
    return Lorenz(
        key="lorenz",
        title=say_("g_lorenz"),
        alt=say_("g_lorenz"),
        points=telling.found.fairness.lorenz,
        across=say_("across_people"),
        up=say_("up_metres"),
        even=say_("even"),
        note=telling.sentence("p_lorenz", tone="note"),
    )


def week(telling: Telling) -> HeatMap:
    """Show the share with an open site within reach, hour by hour."""
    table = telling.tables["week"]
    place = table.place("share")
    shares = tuple(tuple(_share(table.row(f"{day}-{hour}")[place]) for hour in range(HOURS)) for day in range(DAYS))
    days = tuple(telling.say(f"day_{day}") for day in range(DAYS))
    legend = (telling.say("g_week_low"), telling.say("g_week_high"))
    return HeatMap("week", telling.say("g_week"), telling.say("g_week"), days, shares, legend)


def curve(telling: Telling) -> Curve:
    """Show the share by the number of chosen places, and the bound where it is one of people."""
    siting, table = telling.found.asked.siting, telling.tables["siting"]
    place = table.place("share")
    shares = [_share(row[place]) for row in table.rows]
    before = telling.found.coverage.total.share or 0.0
    points = tuple(enumerate([before, *shares]))
    bound = None
    if siting is not None and siting.measure == "people" and siting.bound is not None and siting.population:
        share = min(siting.bound / siting.population, 1.0)
        bound = (share, telling.say("bound_line", share=f"{share:.1%}"))
    words = telling.say
    return Curve("curve", words("g_curve"), words("g_curve"), points, words("across_count"), words("k_share"), bound)


def _bars(telling: Telling, table: str, label: str, ids: tuple[str, ...]) -> tuple[tuple[str, float | None, str], ...]:
    found = telling.tables[table]
    label_at, share_at = found.place(label), found.place("share")
    bars = []
    for row_id in ids:
        row, told = found.row(row_id), telling.at(table, row_id, "share")
        words = str(row[label_at]) if label != "band" else _band(telling, row_id)
        bars.append((words, None if row[share_at] is None else _share(row[share_at]), told.text))
    return tuple(bars)


def _band(telling: Telling, band: str) -> str:
    return telling.say("unreachable") if band == BANDS[-1] else telling.say("minutes_band", band=band)


def _share(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
