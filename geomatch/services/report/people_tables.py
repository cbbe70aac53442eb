"""Tables of people: homes, townships, who walks, minutes, the spread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from geomatch.network.profiles import PROFILES, profile_named
from geomatch.planning import standards as standards_room
from geomatch.planning.standards import BANDS
from geomatch.reporting.document import Column, Minus, Ratio, Short, Summed, Table, Within
from geomatch.reporting.language import Kind
from geomatch.reporting.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from geomatch.planning.coverage import CoverageRow
    from geomatch.reporting.language import Cell
    from geomatch.services.report.findings import Findings

_OF_HOME = (("unit", "id"),)


def people_tables(found: Findings) -> Iterator[Table]:
    """Give homes, townships, profiles, minutes and the Lorenz curve."""
    yield _homes(found)
    yield _units(found)
    yield _profile_units(found)
    yield _profiles(found)
    yield _minutes(found)
    yield _lorenz(found)


def _homes(found: Findings) -> Table:
    """Give every home with its own walk, exact, and what follows from it."""
    region, people, language = found.region, found.people, found.asked.language
    homes, limit = region.homes, found.limit
    ids, names = (*region.townships.ids, ""), (*region.unit_names, "")  # -1 picks the last
    sites = [*(site.id for site in region.sites), None]
    nearest = region.home_walks(limit.profile, found.asked.kinds).site[:, 0].tolist()
    gap_of = np.zeros(len(homes), np.int64)
    for told in found.gaps:
        gap_of[told.gap.homes] = told.gap.rank
    bands = standards_room.band_of(people.walk_m, profile_named(limit.profile)).tolist()
    columns = (
        Column("id", say("k_id", language)),
        Column("unit", f"{say('k_unit', language)} {say('k_id', language)}"),
        Column("name", say("k_unit", language)),
        Column("people", say("k_people", language), Kind.PEOPLE, adds=True),
        Column("lon", say("k_lon", language), Kind.NUMBER),
        Column("lat", say("k_lat", language), Kind.NUMBER),
        Column("on_network", say("k_on_network", language), Kind.FLAG),
        Column("walk_m", say("k_walk", language), Kind.METRES),
        Column("site", say("k_site", language)),
        Column("second_m", say("k_second", language), Kind.METRES),
        Column("straight_m", say("k_straight_m", language), Kind.METRES),
        Column("covered", say("k_is_covered", language), Kind.FLAG, rule=Within("walk_m")),
        Column("backup", say("k_is_backup", language), Kind.FLAG, rule=Within("second_m")),
        Column("straight", say("k_is_straight", language), Kind.FLAG, rule=Within("straight_m")),
        Column("band", say("k_band", language)),
        Column("gap", say("k_gap", language), Kind.COUNT),
    )
    rows = zip(
        homes.id, (ids[row] for row in homes.unit.tolist()), (names[row] for row in homes.unit.tolist()),
        homes.population.tolist(), np.round(homes.lon, 7).tolist(), np.round(homes.lat, 7).tolist(),
        people.on_network.tolist(), _known(people.walk_m), (sites[row] for row in nearest), _known(people.second_m),
        _known(people.straight_m), (people.walk_m <= limit.limit_m).tolist(),
        (people.second_m <= limit.limit_m).tolist(), (people.straight_m <= limit.limit_m).tolist(),
        (BANDS[band] for band in bands), (rank or None for rank in gap_of.tolist()), strict=True,
    )  # fmt: skip
    return Table("homes", say("t_homes", language), columns, homes.id, tuple(rows))


def _known(metres: NDArray[np.float64]) -> list[float | None]:
    return [walk if np.isfinite(walk) else None for walk in metres.tolist()]


def _units(found: Findings) -> Table:
    """Give the townships, and the whole as their total."""
    language, region = found.asked.language, found.region

    def people(key: str, flag: str | None = None, *, printed: bool = True, term: str | None = None) -> Column:
        rule = Summed("homes", "people", _OF_HOME, flag)
        return Column(key, say(f"k_{key}", language), Kind.PEOPLE, term or key, rule, adds=True, printed=printed)

    def walk(key: str, kind: Kind = Kind.METRES, *, printed: bool = False) -> Column:
        return Column(key, say(f"k_{key}", language), kind, key, printed=printed)

    columns = (
        Column("id", say("k_id", language), printed=False),
        Column("unit", say("k_unit", language)),
        people("population"),
        people("covered", "covered"),
        Column("share", say("k_share", language), Kind.SHARE, "share", Ratio("covered", "population"), bar=True),
        Column("beyond", say("k_beyond", language), Kind.PEOPLE, "beyond", Minus("population", "covered"), adds=True),
        Column("passes", say("k_passes", language), Kind.FLAG, "passes"),
        Column("shortfall", say("k_shortfall", language), Kind.PEOPLE, "shortfall", Short("population", "covered")),
        people("backup", "backup", printed=False),
        Column(
            "backup_share", say("k_backup_share", language), Kind.SHARE, "backup_share", Ratio("backup", "population")
        ),
        people("straight", "straight", printed=False),
        Column("over_claim", say("k_over_claim", language), Kind.PEOPLE, "over_claim", Minus("straight", "covered")),
        walk("median", printed=True),
        walk("p90", printed=True),
        walk("worst"),
        walk("gini", Kind.NUMBER),
        walk("p90_p40", Kind.NUMBER),
        Column("times", say("k_times", language), Kind.NUMBER, "times", Ratio("worst", "median"), printed=False),
        Column("density", say("k_density", language), Kind.COUNT, "density", printed=False),
    )
    backup, straight = (_by_unit(found, flag) for flag in (found.people.second_m, found.people.straight_m))
    densities = found.standards.ground.unit_people_per_km2
    parts = zip(
        found.coverage.units,
        found.standards.asked.units,
        found.fairness.units,
        backup,
        straight,
        densities,
        strict=True,
    )
    rows = tuple(
        (row.id, row.name, *_unit_figures(row, verdict, fair, second, circle), density)
        for row, verdict, fair, second, circle, density in parts
    )
    whole = _unit_figures(
        found.coverage.total, found.standards.asked.total, found.fairness.total, sum(backup), sum(straight)
    )
    total = (None, say("total", language), *whole, found.standards.ground.people_per_km2)
    return Table("units", say("t_units", language), columns, region.townships.ids, rows, total)


def _unit_figures(row: CoverageRow, verdict: Any, fair: Any, backup: int, straight: int) -> tuple[Cell, ...]:
    return (
        row.population, row.covered, row.share, row.population - row.covered, verdict.passes, verdict.shortfall, backup,
        backup / row.population if row.population else None, straight, straight - row.covered, row.median_walk_m,
        row.p90_walk_m, row.worst_decile_walk_m, row.gini, fair.p90_p40,
        row.worst_decile_walk_m / row.median_walk_m if row.worst_decile_walk_m and row.median_walk_m else None,
    )  # fmt: skip


def _by_unit(found: Findings, walk_m: NDArray[np.float64]) -> list[int]:
    """Count the people of each unit whose metres are within the limit."""
    homes = found.region.homes
    mine = (walk_m <= found.limit.limit_m) & (homes.unit >= 0)
    counted = np.bincount(homes.unit[mine], weights=homes.population[mine], minlength=len(found.region.units))
    return [int(people) for people in counted.tolist()]


def _profile_units(found: Findings) -> Table:
    language = found.asked.language
    columns = (
        Column("profile", say("k_profile", language)),
        Column("id", say("k_id", language)),
        Column("unit", say("k_unit", language)),
        Column("population", say("k_population", language), Kind.PEOPLE, "population", adds=True),
        Column("covered", say("k_covered", language), Kind.PEOPLE, "covered", adds=True),
        Column("share", say("k_share", language), Kind.SHARE, "share", Ratio("covered", "population")),
    )
    tables = [(table.limit.profile, row) for table in found.profiles for row in table.units]
    rows = tuple(
        (say(f"profile_{profile}", language), row.id, row.name, row.population, row.covered, row.share)
        for profile, row in tables
    )
    ids = tuple(f"{profile}:{row.id}" for profile, row in tables)
    return Table("profile_units", say("t_profile_units", language), columns, ids, rows)


def _profiles(found: Findings) -> Table:
    language = found.asked.language
    here = (("profile", "profile"),)
    columns = (
        Column("profile", say("k_profile", language)),
        Column("speed", say("k_speed", language), Kind.FACTOR),
        Column("limit_m", say("k_limit_m", language), Kind.COUNT),
        Column("minutes", say("k_minutes", language), Kind.MINUTES),
        Column(
            "population", say("k_population", language), Kind.PEOPLE, "population",
            Summed("profile_units", "population", here), printed=False,
        ),
        Column("covered", say("k_covered", language), Kind.PEOPLE, "covered", Summed("profile_units", "covered", here)),
        Column("share", say("k_share", language), Kind.SHARE, "share", Ratio("covered", "population"), bar=True),
        Column("beyond", say("k_beyond", language), Kind.PEOPLE, "beyond", Minus("population", "covered")),
        Column("median", say("k_median", language), Kind.METRES, "median"),
        Column("p90", say("k_p90", language), Kind.METRES, "p90"),
    )  # fmt: skip
    rows = tuple(
        (
            say(f"profile_{table.limit.profile}", language), PROFILES[table.limit.profile].speed_mps,
            table.limit.limit_m, round(table.limit.limit_s / 60, 1), table.total.population, table.total.covered,
            table.total.share, table.total.population - table.total.covered, table.total.median_walk_m,
            table.total.p90_walk_m,
        )
        for table in found.profiles
    )  # fmt: skip
    ids = tuple(table.limit.profile for table in found.profiles)
    return Table("profiles", say("t_profiles", language), columns, ids, rows)


def _minutes(found: Findings) -> Table:
    language, spread = found.asked.language, found.minutes.total
    columns = (
        Column("band", say("k_band", language)),
        Column(
            "people", say("k_people", language), Kind.PEOPLE, "minutes", Summed("homes", "people", (("band", "band"),)),
            adds=True,
        ),
        Column("population", say("k_population", language), Kind.PEOPLE, printed=False),
        Column(
            "share", say("k_people_share", language), Kind.SHARE, "minutes", Ratio("people", "population"), bar=True
        ),
    )  # fmt: skip
    rows = tuple(
        (band, people, spread.population, people / spread.population if spread.population else None)
        for band, people in zip(BANDS, spread.bands, strict=True)
    )
    return Table("minutes", say("t_minutes", language), columns, BANDS, rows)


def _lorenz(found: Findings) -> Table:
    language = found.asked.language
    columns = (
        Column("people", say("k_people_share", language), Kind.SHARE, "lorenz"),
        Column("metres", say("k_metres_share", language), Kind.SHARE, "lorenz"),
    )
    ids = tuple(map(str, range(len(found.fairness.lorenz))))
    return Table("lorenz", say("t_lorenz", language), columns, ids, found.fairness.lorenz)
