"""Commands that answer questions on a built region: nearest, lookup, circles, coverage, gaps, map."""

from __future__ import annotations

import json
from itertools import chain
from typing import TYPE_CHECKING, Any

from geomatch.cli import words
from geomatch.cli.doctoring import note_contradiction
from geomatch.cli.making import opened
from geomatch.errors import InputError, OutsideRegionError
from geomatch.geo import coordinates
from geomatch.geo.coordinates import CoordSys
from geomatch.network.profiles import limit_for
from geomatch.planning.sites import SiteKind

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator
    from pathlib import Path

    from geomatch.network.profiles import Limit
    from geomatch.planning.coverage import CoverageTable
    from geomatch.planning.nearest import Hit, LookupAnswer, NearestAnswer
    from geomatch.services.region import Region
    from geomatch.services.standards import Kept


def nearest(options: argparse.Namespace) -> None:
    """Print the sites nearest to a point."""
    from geomatch.services import nearest as nearest_room  # noqa: PLC0415 - each command opens only its own rooms

    limit, system = limit_of(options), CoordSys(options.coordsys)
    lon, lat = _point(options.lon, options.lat, system)
    region = opened(options.region)
    if not region.covers(lon, lat):
        spec = region.spec
        raise OutsideRegionError(
            f"the point {options.lon:g}, {options.lat:g} lies outside region {spec.id!r} ({spec.name})"
        )
    answer = nearest_room.nearest(region, lon, lat, limit=limit, k=options.k, kinds=kinds_of(options))
    if options.json:
        print(json.dumps(_collection(answer, system, (options.lon, options.lat)), ensure_ascii=False))
    else:
        print("\n".join(words.nearest(answer)))


def lookup(options: argparse.Namespace) -> None:
    """Add the nearest sites to every row of a table."""
    from geomatch.files import point_table, sheet_out  # noqa: PLC0415 - as above
    from geomatch.services import nearest as nearest_room  # noqa: PLC0415 - as above

    limit = limit_of(options)
    table = point_table.read_points(options.points, CoordSys(options.coordsys))
    region = opened(options.region, options.output)
    note_contradiction(options.points, CoordSys(options.coordsys), region)
    answer = nearest_room.lookup(region, table.lon, table.lat, limit=limit, k=options.k, kinds=kinds_of(options))
    columns = [*table.columns, *point_table.ADDED_COLUMNS]
    for rank in range(2, options.k + 1):
        columns += [f"{name}_{rank}" for name in _RANKED_COLUMNS]
    rows = (
        (*cells, *_looked_up(answer, row, 0), *_legs(answer, row), *chain.from_iterable(
            _looked_up(answer, row, rank) for rank in range(1, options.k)
        ))
        for row, cells in enumerate(table.rows)
    )  # fmt: skip
    sheet_out.write_csv(options.output, columns, rows, mark=not table.plain_utf8)
    print(f"{options.output}: {len(table.rows):,} points; {words.limit_of(limit)}")


_RANKED_COLUMNS = ("site_id", "site_name", "kind", "walk_m", "walk_s", "within")


def _looked_up(answer: LookupAnswer, row: int, rank: int) -> tuple[str | float | bool | None, ...]:
    found, walk_m = int(answer.site[row, rank]), float(answer.walk_m[row, rank])
    if found < 0:
        return ("", "", "", None, None, False)
    site, walk_s = answer.sites[found], walk_m / answer.speed_mps
    within = walk_m <= answer.limit.limit_m
    return (site.id, site.name, site.kind.value, round(walk_m, 2), round(walk_s, 1), within)


def _legs(answer: LookupAnswer, row: int) -> tuple[float, str]:
    access_m = float(answer.access_m[row])
    if answer.on_network[row]:
        note = "" if answer.site[row, 0] >= 0 else "no site can be walked to"
    elif access_m < float("inf"):
        note = "not on the network: the nearest street is too far"
    else:
        note = "not on the network: no street within 2 km"
    return round(access_m, 2), note


def circles(options: argparse.Namespace) -> None:
    """Write one polygon a site."""
    from geomatch.services import export, layers  # noqa: PLC0415 - as above

    limit = limit_of(options)
    region = opened(options.region, options.output)
    drawn = layers.circles(region, limit, kinds_of(options))
    export.write_one(region, drawn, options.output, limit)
    print(f"{options.output}: {len(drawn.features):,} circles; {words.limit_of(limit)}")


def coverage(options: argparse.Namespace) -> None:
    """Print or write the coverage table."""
    from geomatch.services import coverage as coverage_room  # noqa: PLC0415 - as above

    limit = limit_of(options)
    region = opened(options.region, options.output)
    table = coverage_room.coverage(region, limit, kinds_of(options))
    held = None if options.target is None else _held_against(table, options.target)
    if options.json:
        print(json.dumps(_table(region, table, held), ensure_ascii=False, indent=1))
    elif options.output is None:
        print("\n".join(words.coverage(table, held)))
        for line in _if_rural(region, table):
            print(line)
    if options.output is not None:
        _write_table(options.output, region, table, held)


def _if_rural(region: Region, table: CoverageTable) -> Iterator[str]:
    """Say what the standard is worth in a rural region, with the minutes of everybody; else nothing."""
    from geomatch.services import minutes as minutes_room  # noqa: PLC0415 - as above
    from geomatch.services import setting as setting_room  # noqa: PLC0415 - as above

    caveat, profile = setting_room.ground(region).caveat, table.limit.profile
    if caveat is not None:
        yield from words.rural(caveat, minutes_room.minutes(region, profile, table.kinds).total, profile)


def _held_against(table: CoverageTable, percent: float) -> Kept:
    from geomatch.services import standards as standards_room  # noqa: PLC0415 - as above

    return standards_room.kept(table, percent)


def gaps(options: argparse.Namespace) -> None:
    """Write the uncovered areas by rank."""
    from geomatch.services import export, layers  # noqa: PLC0415 - as above

    limit = limit_of(options)
    region = opened(options.region, options.output)
    found = layers.gaps(region, limit, kinds_of(options), min_people=options.min_people)
    export.write_one(region, found, options.output, limit)
    people = sum(feature.properties["people"] for feature in found.features)
    print(f"{options.output}: {len(found.features):,} gaps, {people:,} people; {words.limit_of(limit)}")


def page(options: argparse.Namespace) -> None:
    """Write one self-contained page with the map."""
    from geomatch.services import page_map  # noqa: PLC0415 - as above

    limit = limit_of(options)
    region = opened(options.region, options.output)
    page_map.write_map(region, options.output, layer=options.layer, limit=limit, kinds=kinds_of(options))
    print(f"{options.output}: {options.layer}; {words.limit_of(limit)}")


def limit_of(options: argparse.Namespace) -> Limit:
    """Give the limit that was asked for."""
    return limit_for(options.profile, minutes=options.minutes, metres=options.metres)


def kinds_of(options: argparse.Namespace) -> tuple[SiteKind, ...]:
    """Give the kinds that were asked for, each once."""
    return tuple(SiteKind(kind) for kind in dict.fromkeys(options.kind))


def _point(lon: float, lat: float, system: CoordSys) -> tuple[float, float]:
    """Give a point as WGS-84; refuses what is no place on the globe, and a pair that looks swapped."""
    if coordinates.looks_swapped(lon, lat):
        reason = "look swapped: give the longitude first, in China the larger of the two"
        raise InputError.of("LON LAT", reason, value=f"{lon:g} {lat:g}")
    for name, degrees, most in (("LON", lon, 180.0), ("LAT", lat, 90.0)):
        if not -most <= degrees <= most:
            raise InputError.of(name, f"must be degrees from -{most:g} to {most:g}", value=degrees)
    turned_lon, turned_lat = coordinates.to_wgs84(lon, lat, system)
    return float(turned_lon), float(turned_lat)


def _collection(answer: NearestAnswer, system: CoordSys, given: tuple[float, float]) -> dict[str, Any]:
    query, limit = answer.query, answer.query.limit
    asked = {"lon": given[0], "lat": given[1], "access_m": _rounded(query.access_m), "on_network": query.on_network}
    question = {
        "profile": limit.profile,
        "limit_m": limit.limit_m,
        "limit_s": limit.limit_s,
        "standard": limit.standard,
    }
    features = [_hit(hit, system) for hit in answer.hits]
    return {"type": "FeatureCollection", "query": asked | question, "features": features}


def _hit(hit: Hit, system: CoordSys) -> dict[str, Any]:
    lon, lat = coordinates.from_wgs84(hit.site.lon, hit.site.lat, system)
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [round(float(lon), 7), round(float(lat), 7)]},
        "properties": {
            "id": hit.site.id,
            "name": hit.site.name,
            "kind": hit.site.kind.value,
            "rank": hit.rank,
            "walk_m": _rounded(hit.walk_m),
            "walk_s": _rounded(hit.walk_s),
            "straight_m": _rounded(hit.straight_m),
            "within": hit.within,
        },
    }


def _rounded(figure: float | None) -> float | None:
    return None if figure is None else round(figure, 2)


def stated(region: Region, limit: Limit) -> dict[str, Any]:
    """Give what every file of answers says of itself."""
    return {
        "region": region.spec.id,
        "standard": limit.standard,
        "profile": limit.profile,
        "limit_m": limit.limit_m,
        "limit_s": limit.limit_s,
    }


def _table(region: Region, table: CoverageTable, held: Kept | None) -> dict[str, Any]:
    columns, rows = _figures(table, held)
    units = [dict(zip(columns, row, strict=True)) for row in rows]
    total = {name: figure for name, figure in units.pop().items() if name not in {"id", "name"}}
    return _said(region, table.limit, held) | {"total": total, "units": units}


def _said(region: Region, limit: Limit, held: Kept | None) -> dict[str, Any]:
    from geomatch.services import setting as setting_room  # noqa: PLC0415 - as above

    target = {} if held is None else {"target": held.percent}
    caveat = setting_room.ground(region).caveat
    warned = {} if caveat is None else {"caveat": caveat}
    return stated(region, limit) | target | {"synthetic": region.spec.synthetic} | warned


def _figures(table: CoverageTable, held: Kept | None) -> tuple[list[str], list[list[Any]]]:
    """Give the columns of a coverage table and its rows, the total last; with a target two columns more."""
    from geomatch.planning.coverage import FIGURES  # noqa: PLC0415 - as above

    rows = [[row.id, row.name, *(getattr(row, figure) for figure in FIGURES)] for row in (*table.units, table.total)]
    if held is None:
        return ["id", "name", *FIGURES], rows
    verdicts = (*held.units, held.total)
    judged = [[*row, verdict.passes, verdict.shortfall] for row, verdict in zip(rows, verdicts, strict=True)]
    return ["id", "name", *FIGURES, "passes", "shortfall"], judged


def _write_table(path: Path, region: Region, table: CoverageTable, held: Kept | None) -> None:
    from geomatch.files import atomic, sheet_out  # noqa: PLC0415 - as above
    from geomatch.services.layers import made_at  # noqa: PLC0415 - as above

    if path.suffix.lower() == ".json":
        with atomic.write_beside(path) as beside:
            told = json.dumps(_table(region, table, held), ensure_ascii=False, indent=1)
            beside.write_text(told, encoding="utf-8")
        return
    said = _said(region, table.limit, held)
    columns, figures = _figures(table, held)
    figures[-1][1] = "合计 total"
    rows = [[*row, *said.values()] for row in figures]
    columns += said
    if path.suffix.lower() == ".csv":
        sheet_out.write_csv(path, columns, rows)
    else:
        shares = dict.fromkeys(("share", "straight_line_share", "backup_share"), "0.0%")
        people = dict.fromkeys(("population", "covered", "off_network", "shortfall"), "#,##0")
        metres = dict.fromkeys(("median_walk_m", "p90_walk_m", "worst_decile_walk_m"), "#,##0")
        formats = shares | people | metres | {"gini": "0.000"}
        sheet = sheet_out.Sheet("coverage", columns, rows, formats)
        sheet_out.write_xlsx(path, [sheet], made=made_at(region))
