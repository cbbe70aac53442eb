"""Tables of standards: tiers by clause, variations around the headline, the week."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geomatch.planning.week import DAYS, HOURS
from geomatch.reporting.document import Column, Counted, Ratio, Summed, Table
from geomatch.reporting.language import Kind
from geomatch.reporting.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geomatch.planning.standards import Preset
    from geomatch.reporting.language import Language
    from geomatch.services.report.findings import Findings
    from geomatch.services.sensitivity import Outcome
    from geomatch.services.standards import Kept

ASKED = "asked"
"""The id of the tier that was asked for."""


def standard_tables(found: Findings) -> Iterator[Table]:
    """Give tiers, their townships, variations and the hours of the week."""
    yield _tier_units(found)
    yield _tiers(found)
    yield _bands(found)
    yield _week(found)


def _kept(found: Findings) -> list[tuple[str, Preset | None, Kept]]:
    """Give the asked limit and every preset, each once: a preset that was asked for stands as the asked one."""
    asked, presets = found.standards.asked, list(found.standards.presets)
    same = next((preset for preset, kept in presets if kept.limit == asked.limit), None)
    others = [(preset.id, preset, kept) for preset, kept in presets if preset is not same]
    return [(ASKED, same, asked), *others]


def _tiers(found: Findings) -> Table:
    language = found.asked.language
    mine = (("tier", "tier"),)
    columns = (
        Column("tier", say("k_id", language), printed=False),
        Column("standard", say("k_standard", language)),
        Column("clause", say("k_clause", language)),
        Column("minutes", say("k_minutes", language), Kind.MINUTES),
        Column("limit_m", say("k_limit_m", language), Kind.COUNT),
        Column(
            "population", say("k_population", language), Kind.PEOPLE, "population",
            Summed("tier_units", "population", mine), printed=False,
        ),
        Column("covered", say("k_covered", language), Kind.PEOPLE, "covered", Summed("tier_units", "covered", mine)),
        Column("share", say("k_share", language), Kind.SHARE, "share", Ratio("covered", "population"), bar=True),
        Column("passed", say("k_passed", language), Kind.COUNT, "passed", Counted("tier_units", mine, "passes")),
        Column("units", say("k_unit", language), Kind.COUNT, "count", Counted("tier_units", mine), printed=False),
        Column("shortfall", say("k_shortfall", language), Kind.PEOPLE, "shortfall"),
        Column(
            "units_shortfall", say("k_units_shortfall", language), Kind.PEOPLE, "shortfall",
            Summed("tier_units", "shortfall", mine),
        ),
    )  # fmt: skip
    kept = _kept(found)
    rows = tuple(
        (
            name, _standard(found, preset, each), _clause(preset, language), round(each.limit.limit_s / 60, 1),
            each.limit.limit_m, each.total.population, each.total.covered, each.total.share, each.units_passed,
            len(each.units), each.total.shortfall, each.units_shortfall,
        )
        for name, preset, each in kept
    )  # fmt: skip
    return Table("tiers", say("t_tiers", language), columns, tuple(name for name, *_ in kept), rows)


def _standard(found: Findings, preset: Preset | None, kept: Kept) -> str:
    if preset is not None:
        return preset.standard
    language = found.asked.language
    named = say("custom", language) if kept.limit.standard == "custom" else kept.limit.standard
    return f"{named} · {say(f'profile_{kept.limit.profile}', language)}"


def _clause(preset: Preset | None, language: Language) -> str | None:
    if preset is None or preset.clause is None:
        return None
    return preset.clause.replace("table", say("table_word", language))


def _tier_units(found: Findings) -> Table:
    language = found.asked.language
    columns = (
        Column("tier", say("k_standard", language)),
        Column("id", say("k_id", language)),
        Column("unit", say("k_unit", language)),
        Column("population", say("k_population", language), Kind.PEOPLE, "population", adds=True),
        Column("covered", say("k_covered", language), Kind.PEOPLE, "covered", adds=True),
        Column("share", say("k_share", language), Kind.SHARE, "share", Ratio("covered", "population")),
        Column("passes", say("k_passes", language), Kind.FLAG, "passes"),
        Column("shortfall", say("k_shortfall", language), Kind.PEOPLE, "shortfall", adds=True),
    )
    told = [(name, verdict) for name, _, kept in _kept(found) for verdict in kept.units]
    rows = tuple(
        (name, unit.id, unit.name, unit.population, unit.covered, unit.share, unit.passes, unit.shortfall)
        for name, unit in told
    )
    ids = tuple(f"{name}:{unit.id}" for name, unit in told)
    return Table("tier_units", say("t_tier_units", language), columns, ids, rows)


def _bands(found: Findings) -> Table:
    """Give the headline and every variation of it; ids are base, speed-low, speed-high, and so on."""
    language, sensitivity = found.asked.language, found.sensitivity
    columns = (
        Column("varied", say("k_varied", language)),
        Column("speed", say("k_speed_factor", language), Kind.FACTOR),
        Column("leg", say("k_leg_factor", language), Kind.FACTOR),
        Column("limit_m", say("k_limit_m", language), Kind.COUNT),
        Column("population", say("k_population", language), Kind.PEOPLE, printed=False),
        Column("covered", say("k_band_covered", language), Kind.PEOPLE, "band"),
        Column("share", say("k_share", language), Kind.SHARE, "band", Ratio("covered", "population"), bar=True),
    )
    told = [("base", say("base_case", language), sensitivity.headline)]
    for band in sensitivity.bands:
        for end, outcome in (("low", band.low), ("high", band.high)):
            told.append((f"{band.varied}-{end}", _varied(found, band.varied, outcome), outcome))
    rows = tuple(
        (words, one.speed_factor, one.access_factor, one.limit_m, sensitivity.population, one.covered, one.share)
        for _, words, one in told
    )
    return Table("bands", say("t_bands", language), columns, tuple(name for name, *_ in told), rows)


def _varied(found: Findings, varied: str, outcome: Outcome) -> str:
    factor = outcome.access_factor if varied == "access" else outcome.speed_factor
    return say(f"varied_{varied}", found.asked.language, factor=f"{factor:g}", leg=f"{outcome.access_factor:g}")


def _week(found: Findings) -> Table:
    """Give a row an hour, of id day-hour."""
    language, told = found.asked.language, found.week
    columns = (
        Column("day", say("k_day", language)),
        Column("hour", say("k_hour", language), Kind.COUNT),
        Column("population", say("k_population", language), Kind.PEOPLE),
        Column("covered", say("k_open_covered", language), Kind.PEOPLE, "week"),
        Column("share", say("k_share", language), Kind.SHARE, "week", Ratio("covered", "population")),
        Column("at_most", say("k_at_most", language), Kind.PEOPLE, "week"),
    )
    places = [(day, hour) for day in range(DAYS) for hour in range(HOURS)]
    rows = []
    for day, hour in places:
        covered, at_most = int(told.week.covered[day, hour]), int(told.week.at_most[day, hour])
        share = covered / told.population if told.population else None
        rows.append((say(f"day_{day}", language), hour, told.population, covered, share, at_most))
    ids = tuple(f"{day}-{hour}" for day, hour in places)
    return Table("week", say("t_week", language), columns, ids, tuple(rows))
