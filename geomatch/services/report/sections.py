"""Sections of a report in their order, with what is said in each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geomatch.planning.week import HOURS
from geomatch.reporting.document import Printed
from geomatch.services.report import charts, maps
from geomatch.services.report.method import caveats, method, sources
from geomatch.services.report.place_tables import objective
from geomatch.services.report.summary import siting_finding, summary

if TYPE_CHECKING:
    from geomatch.reporting.document import Block, Section
    from geomatch.services.report.telling import Telling

_FIRST_CHOSEN = 30
_EVENING, _SATURDAY = 18, 5


def sections(telling: Telling) -> tuple[Section, ...]:
    """Give the sections; those that have nothing to say are left out."""
    told = [summary(telling), telling.section("coverage", maps.coverage(telling.found), new_page=True)]
    told += [_units(telling), _gaps(telling)]
    if telling.found.coverage.total.population:
        told += [_fairness(telling), _profiles(telling), _week(telling), _tiers(telling)]
    if telling.found.asked.siting is not None:
        told.append(_siting(telling))
    return (*told, method(telling), sources(telling), caveats(telling))


def _units(telling: Telling) -> Section:
    if not telling.stated:
        return telling.section("units", telling.sentence("p_no_units", tone="note"), Printed("units", first=0))
    note = telling.sentence("p_units", tone="note", target=telling.target)
    return telling.section("units", Printed("units", note=note), maps.shares(telling.found), new_page=True)


def _gaps(telling: Telling) -> Section:
    gaps = telling.found.gaps
    if not gaps:
        inhabited = telling.found.coverage.total.population > 0
        return telling.section("gaps", telling.sentence("f_no_gaps" if inhabited else "f_nobody"))
    first, note = maps.NUMBERED_GAPS, None
    if len(gaps) > first:
        rest = telling.found.coverage.total.population - telling.found.coverage.total.covered
        rest -= sum(told.gap.people for told in gaps[:first])
        note = telling.sentence(
            "p_gaps_rest", tone="note", first=str(first), rest=f"{len(gaps) - first:,}", people=f"{rest:,}"
        )
    return telling.section(
        "gaps",
        telling.sentence("p_gaps"),
        maps.gaps(telling.found),
        Printed("by_cause"),
        Printed("gaps", first=first, note=note),
        new_page=True,
    )


def _fairness(telling: Telling) -> Section:
    whole = telling.whole
    told = telling.sentence(
        "p_fair_gini", gini=whole("gini"), worst=whole("worst"), median=whole("median"), times=whole("times")
    )
    return telling.section("fairness", told, telling.sentence("p_fairness", tone="note"), charts.lorenz(telling),
        charts.minutes(telling), new_page=True)  # fmt: skip


def _profiles(telling: Telling) -> Section:
    metres = telling.found.asked.metres
    if metres is None:
        told = telling.sentence("p_profiles", minutes=telling.minutes)
    else:
        told = telling.sentence("p_profiles_metres", metres=f"{metres:,.10g}")
    return telling.section("profiles", told, Printed("profiles"), charts.profiles(telling))


def _week(telling: Telling) -> Section:
    week = telling.found.week
    if week.unknown == week.sites:
        return telling.section("week", telling.sentence("p_week_unknown"))
    told = telling.sentence(
        "p_week", timezone=week.timezone, sites=f"{week.sites:,}", unknown=f"{week.unknown:,}"
    )  # fmt: skip
    return telling.section("week", told, charts.week(telling), _best_hours(telling))


def _best_hours(telling: Telling) -> Block:
    """Name the best hour, the best of the weekend, and the best of the evenings."""
    table = telling.tables["week"]
    covered = table.place("covered")

    def best(hours: list[tuple[int, int]]) -> tuple[int, int]:
        return max(hours, key=lambda at: (int(table.row(f"{at[0]}-{at[1]}")[covered] or 0), -at[0], -at[1]))

    every = [(day, hour) for day in range(7) for hour in range(HOURS)]
    top = best(every)
    weekend = best([at for at in every if at[0] >= _SATURDAY])
    evening = best([at for at in every if at[1] >= _EVENING])
    return telling.sentence(
        "p_week_best", best_day=telling.say(f"day_{top[0]}"), best_hour=str(top[1]),
        best=telling.at("week", f"{top[0]}-{top[1]}", "share"),
        weekend=telling.at("week", f"{weekend[0]}-{weekend[1]}", "share"), evening_hour=str(_EVENING),
        evening=telling.at("week", f"{evening[0]}-{evening[1]}", "share"),
    )  # fmt: skip


def _tiers(telling: Telling) -> Section:
    told = telling.sentence("p_tiers", target=telling.target)
    return telling.section("tiers", told, Printed("tiers"), Printed("bands"))


def _siting(telling: Telling) -> Section:
    siting = telling.found.asked.siting
    chosen = len(siting.chosen) if siting else 0
    note = None
    if chosen > _FIRST_CHOSEN:
        note = telling.sentence(
            "p_siting_rest", tone="note", first=str(_FIRST_CHOSEN), rest=f"{chosen - _FIRST_CHOSEN:,}"
        )
    blocks: list[Block] = [siting_finding(telling)]
    if siting is not None:
        blocks.append(
            telling.sentence(
                "p_siting",
                tone="note",
                objective=objective(siting, telling.language),
                candidates=f"{siting.candidates:,}",
            )
        )
    blocks += [maps.siting(telling.found), charts.curve(telling), Printed("siting", _FIRST_CHOSEN, note)]
    return telling.section("siting", *blocks, Printed("proof"), new_page=True)
