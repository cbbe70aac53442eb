"""Use case: say which coordinate system a file of points is really in, and whether that is the one it declares."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from geomatch.errors import Fault, InputError
from geomatch.files import given_points
from geomatch.geo.coordinates import CoordSys
from geomatch.planning.doctor.diagnosis import Diagnosis, Verdict, diagnose
from geomatch.planning.doctor.judgement import SURE
from geomatch.planning.doctor.naming import name_townships

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from geomatch.planning.doctor.judgement import Judgement
    from geomatch.planning.doctor.measured import Surroundings

_DIGITS = {"shift_m": 0, "quarter_m": 1, "on_carriageway": 3, "in_township": 3, "in_region": 3}
_NOTED = 0.5


@dataclass(frozen=True)
class Examined:
    """A file and what is known of its points.

    Attributes:
        path: the file.
        rows: how many points it has.
        sexagesimal: how many of them are written in degrees and minutes.
        column: the column that names townships, or None.
        diagnosis: the judgement.
    """

    path: Path
    rows: int
    sexagesimal: int
    column: str | None
    diagnosis: Diagnosis


def examine(path: Path, around: Surroundings) -> Examined:
    """Judge a CSV, XLSX or GeoJSON file with lon and lat by a region's streets and townships.

    Raises:
        InputError: every row that holds no degrees; the file is no table.
    """
    given = given_points.read_given(path)
    column, unit = name_townships(given.columns, len(given.lon), around.units)
    diagnosis = diagnose(given.lon, given.lat, unit, around)
    if given.off_globe and diagnosis.packed is None:
        raise InputError(given.off_globe)
    return Examined(path, len(given.lon), given.sexagesimal, column, diagnosis)


def contradiction(examined: Examined, declared: CoordSys) -> Fault | None:
    """Say where a file contradicts the system that it is declared to be in; None where it does not, or nobody knows."""
    found, where = examined.diagnosis, str(examined.path)
    if found.packed is not None:
        reason = f"looks like degrees and minutes written as one number ({found.packed}); write decimal degrees"
        return Fault(where, reason)
    same = CoordSys.WGS84 if declared is CoordSys.CGCS2000 else declared
    if found.verdict in {Verdict.UNSURE, Verdict.SWAPPED} or not found.shifted or found.verdict.value == same.value:
        return None
    why = "; ".join(_figures(examined))
    reason = f"is declared {declared}, but its points are in {found.verdict} (confidence {found.confidence:.3f}): {why}"
    return Fault(where, reason)


def members(examined: Examined) -> dict[str, Any]:
    """Give the answer in the contract's form: verdict, confidence, evidence."""
    found = examined.diagnosis
    evidence: dict[str, Any] = {
        "rows": examined.rows,
        "judged": found.judged,
        "here": found.here,
        "swapped": found.swapped,
        "elsewhere": found.elsewhere,
        "written": written(examined),
        "system": found.system,
        "shifted": found.shifted,
        "townships": {"column": examined.column, "rows": found.named},
    }
    if found.judgement is not None:
        judged = found.judgement
        evidence |= {
            "probability": {name: round(share, 6) for name, share in probabilities(judged).items()},
            "streets": {"points": judged.streets.points, "temper": round(judged.streets.temper, 2)},
            "systems": {
                system: {
                    name: None if value is None else round(value, _DIGITS[name])
                    for name, value in asdict(figures).items()
                }
                for system, figures in found.figures.items()
            },
        }
    evidence["reasons"] = list(reasons(examined))
    return {"verdict": found.verdict, "confidence": round(found.confidence, 6), "evidence": evidence}


def written(examined: Examined) -> str:
    """Name how the file writes degrees."""
    if examined.diagnosis.packed is not None:
        return examined.diagnosis.packed.value
    if examined.sexagesimal:
        return "degrees-minutes-seconds" if examined.sexagesimal == examined.rows else "mixed"
    return "decimal degrees"


def probabilities(judged: Judgement) -> dict[str, float]:
    """Give the probability of every explanation by name; they add up to 1."""
    return {
        **{system.value: share for system, share in judged.systems.items()},
        "another_shift": judged.another_shift,
        "mixed": judged.mixed,
        "townships_shifted": judged.townships_shifted,
    }


def reasons(examined: Examined) -> Iterator[str]:
    """Say what speaks for the verdict, and what is odd, one sentence each."""
    found, rows = examined.diagnosis, examined.rows
    if found.packed is not None:
        yield f"degrees and minutes are written as one number ({found.packed}); write decimal degrees"
    elif examined.sexagesimal:
        yield f"{examined.sexagesimal:,} of {rows:,} rows are written in degrees, minutes and seconds, and were read so"
    if found.swapped:
        yield f"{found.swapped:,} of {rows:,} rows lie in the region only with longitude and latitude exchanged"
    if found.elsewhere:
        yield f"{found.elsewhere:,} of {rows:,} rows lie more than 5 km outside the region, whichever way round"
    if found.system is not None and not found.shifted:
        yield "maps shift nothing here: WGS-84, CGCS2000, GCJ-02 and BD-09 are one and the same place"
    yield from _figures(examined)
    if found.judgement is not None and found.confidence < SURE:
        yield from _doubts(found.judgement)


def _figures(examined: Examined) -> Iterator[str]:
    """Give the figures of every system, the likeliest first."""
    found = examined.diagnosis
    if found.judgement is None:
        return
    chance = found.judgement.systems
    told = [(system, found.figures[system]) for system in sorted(chance, key=lambda one: -chance[one])]
    near = [
        f"{figures.quarter_m:.0f} m as {system} ({figures.on_carriageway:.0%} on the carriageway)"
        for system, figures in told
        if figures.quarter_m is not None and figures.on_carriageway is not None
    ]
    if near:
        yield f"the quarter nearest a street lies within {', '.join(near)}"
    named = [f"{one.in_township:.1%} as {system}" for system, one in told if one.in_township is not None]
    if named:
        yield f"of {found.named:,} rows, {', '.join(named)} stand in the township that column {examined.column} names"
    inside = [f"{one.in_region:.1%} as {system}" for system, one in told if one.in_region is not None]
    if inside:
        yield f"of {found.judged - found.named:,} rows that name no township, {', '.join(inside)} stand in the region"


def _doubts(judged: Judgement) -> Iterator[str]:
    told = {
        "a shift that no system makes explains the points as well, or they follow no streets": judged.another_shift,
        "some rows seem to be in one system and some in another": judged.mixed,
        "streets and townships point to different systems: is the township file right?": judged.townships_shifted,
    }
    likeliest = max(told, key=lambda reason: told[reason])
    if told[likeliest] > judged.systems[judged.likeliest] or told[likeliest] > _NOTED:
        yield likeliest
    else:
        share = judged.systems[judged.likeliest]
        yield f"{judged.likeliest} is the likeliest, but {share:.0%} is too little to go by: more points would tell"
