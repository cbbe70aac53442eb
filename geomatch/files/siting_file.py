"""A siting answer as `geomatch siting -o` and POST /siting give it, read back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from geomatch.errors import Fault, InputError
from geomatch.geo.coordinates import CoordSys, to_wgs84

if TYPE_CHECKING:
    from pathlib import Path

_MOST_BYTES = 50_000_000
_LON, _LAT = 180.0, 90.0


@dataclass(frozen=True, slots=True)
class ChosenPlace:
    """One chosen place, WGS-84, with the people that it adds in its turn."""

    id: str
    name: str
    lon: float
    lat: float
    people_added: int


@dataclass(frozen=True)
class SitingAnswer:
    """What a siting answered.

    Attributes:
        where: the file, as the user named it.
        region, profile, limit_m, kinds: its question.
        objective, candidates: what was wanted, and out of how many.
        population, covered_before, covered: people.
        chosen: in order of choice.
        measure: what value and bound are counted in: people, sites or m.
        value, bound, gap, method: the certificate; None where nothing was proven.
    """

    where: str
    region: str
    profile: str
    limit_m: float
    kinds: tuple[str, ...]
    objective: str
    candidates: int
    population: int
    covered_before: int
    covered: int
    chosen: tuple[ChosenPlace, ...]
    measure: str
    value: float | None
    bound: float | None
    gap: float | None
    method: str | None


def read_siting(path: Path) -> SitingAnswer:
    """Read a siting answer.

    Raises:
        InputError: the file cannot be read, is not JSON, or is not a siting answer; every member at fault is named.
    """
    told = _parsed(path)
    faults: list[Fault] = []
    reader = _Members(str(path), told, faults)
    certificate = reader.member("certificate", dict) or {}
    proof = _Members(f"{path}: certificate", certificate, faults)
    answer = SitingAnswer(
        where=str(path),
        region=reader.member("region", str) or "",
        profile=reader.member("profile", str) or "",
        limit_m=reader.number("limit_m") or 0.0,
        kinds=tuple(map(str, reader.member("kind", list) or ())),
        objective=reader.member("objective", str) or "",
        candidates=reader.member("candidates", int) or 0,
        population=reader.member("population", int) or 0,
        covered_before=reader.member("covered_before", int) or 0,
        covered=reader.member("covered", int) or 0,
        chosen=_chosen(reader, faults),
        measure=proof.member("measure", str) or "",
        value=proof.number("value", optional=True),
        bound=proof.number("bound", optional=True),
        gap=proof.number("gap", optional=True),
        method=certificate.get("method") if isinstance(certificate.get("method"), str) else None,
    )
    if faults:
        raise InputError(faults)
    return answer


def _parsed(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise InputError.of(str(path), "is too large for a siting answer")
        told = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError.of(str(path), f"cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise InputError.of(str(path), f"is not JSON: {error}") from error
    if not isinstance(told, dict) or "certificate" not in told or "chosen" not in told:
        raise InputError.of(str(path), "is not a siting answer; make one with: geomatch siting REGION ... -o FILE")
    return told


@dataclass(frozen=True)
class _Members:
    """Members of one object, each of the type that is asked for or a fault."""

    where: str
    told: dict[str, Any]
    faults: list[Fault]

    def member(self, name: str, kind: type) -> Any:
        """Give a member; None and a fault where it is absent or of another type."""
        value = self.told.get(name)
        if isinstance(value, kind) and not (kind is int and isinstance(value, bool)):
            return value
        self.faults.append(Fault(self.where, f"must be a {kind.__name__}", column=name, value=repr(value)[:80]))
        return None

    def number(self, name: str, *, optional: bool = False) -> float | None:
        """Give a finite number."""
        value = self.told.get(name)
        if value is None and optional:
            return None
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < float("inf"):
            return float(value)
        self.faults.append(Fault(self.where, "must be a number", column=name, value=repr(value)[:80]))
        return None


def _chosen(reader: _Members, faults: list[Fault]) -> tuple[ChosenPlace, ...]:
    try:
        system = CoordSys(reader.told.get("coordsys", CoordSys.WGS84))
    except ValueError:
        known = ", ".join(CoordSys)
        faults.append(Fault(reader.where, f"must be one of {known}", column="coordsys"))
        return ()
    places = []
    for number, given in enumerate(reader.member("chosen", list) or (), start=1):
        row = _Members(f"{reader.where}: chosen {number}", given if isinstance(given, dict) else {}, faults)
        lon, lat = row.number("lon"), row.number("lat")
        named, added = row.member("id", str), row.member("people_added", int)
        if lon is None or lat is None or named is None or added is None:
            continue
        if abs(lon) > _LON or abs(lat) > _LAT:
            faults.append(Fault(row.where, "is no place on the globe", value=f"{lon:g}, {lat:g}"))
            continue
        turned_lon, turned_lat = to_wgs84(lon, lat, system)
        places.append(ChosenPlace(named, str(given.get("name") or ""), float(turned_lon), float(turned_lat), added))
    return tuple(places)
