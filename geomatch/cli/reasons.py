"""The command that tells why gaps are there and what would win their people: causes."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from geomatch.cli import words
from geomatch.cli.asking import kinds_of, limit_of, stated
from geomatch.cli.making import opened
from geomatch.errors import InputError
from geomatch.geo.coordinates import CoordSys

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from geomatch.planning.causes.found import GapCauses
    from geomatch.services.region import Region

_COLUMNS = (
    "rank", "unit", "gap_people", "what", "kind", "people", "people_here", "told", "site", "obstacle", "lon", "lat",
    "to_lon", "to_lat", "length_m", "whatif",
)  # fmt: skip


def causes(options: argparse.Namespace) -> None:
    """Print or write the causes and remedies of every gap."""
    from geomatch.files import candidate_table  # noqa: PLC0415 - each command opens only its own rooms
    from geomatch.services import causes as causes_room  # noqa: PLC0415 - as above

    limit, system, open_at = limit_of(options), CoordSys(options.coordsys), _time(options.open_at)
    shops = () if options.candidates is None else candidate_table.read_candidates(options.candidates, system)
    region = opened(options.region, options.output)
    found = causes_room.causes(
        region, limit, kinds=kinds_of(options), min_people=options.min_people, open_at=open_at, candidates=shops
    )[: options.limit]
    if options.output is None:
        print("\n".join(_told(region, found, options)))
    else:
        _write(options, region, found)
        print(f"{options.output}: {len(found):,} gaps; {words.limit_of(limit)}")


def _time(text: str | None) -> datetime | None:
    try:
        return None if text is None else datetime.fromisoformat(text)
    except ValueError:
        raise InputError.of("--open-at", "must be a time such as 2026-11-24T12:30", value=text) from None


def _told(region: Region, found: Sequence[GapCauses], options: argparse.Namespace) -> Iterator[str]:
    """Tell each gap in a few lines: people, why, and what would win how many of them."""
    from geomatch.services import cause_words  # noqa: PLC0415 - as above

    limit, names = limit_of(options), {site.id: site.name for site in region.sites}
    yield words.limit_of(limit)
    for told in found:
        yield f"{told.gap.rank}. {told.gap.unit or region.spec.name}: {told.gap.people:,}"
        for cause in told.causes:
            yield f"   {cause.people:>9,}  {cause_words.cause(cause, limit, names, options.lang)}"
        for remedy in told.remedies:
            yield f"   {f'+{remedy.people_won:,}':>9}  {cause_words.remedy(remedy, options.lang)}"


def _write(options: argparse.Namespace, region: Region, found: Sequence[GapCauses]) -> None:
    from geomatch.files import atomic, sheet_out  # noqa: PLC0415 - as above
    from geomatch.services import cause_answer, layers  # noqa: PLC0415 - as above

    limit, kinds, open_at, system = limit_of(options), kinds_of(options), _time(options.open_at), options.coordsys
    said = stated(region, limit) | {"open_at": options.open_at, "synthetic": region.spec.synthetic}
    gaps = cause_answer.members(region, found, limit, kinds, open_at, system=CoordSys(system))
    ending = options.output.suffix.lower()
    if ending == ".json":
        told = said | {"kind": list(kinds), "coordsys": system, "gaps": gaps}
        with atomic.write_beside(options.output) as beside:
            beside.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
        return
    columns = [*_COLUMNS, *said]
    rows = [[*row, *said.values()] for row in _rows(region, found, gaps, options)]
    if ending == ".csv":
        sheet_out.write_csv(options.output, columns, rows)
    else:
        formats = dict.fromkeys(("gap_people", "people", "people_here", "length_m"), "#,##0")
        sheet = sheet_out.Sheet("causes", columns, rows, formats)
        sheet_out.write_xlsx(options.output, [sheet], made=layers.made_at(region))


def _rows(
    region: Region, found: Sequence[GapCauses], gaps: Sequence[dict[str, Any]], options: argparse.Namespace
) -> Iterator[list[Any]]:
    """Give a row for every cause and every remedy of every gap."""
    from geomatch.services import cause_words  # noqa: PLC0415 - as above

    limit, names = limit_of(options), {site.id: site.name for site in region.sites}
    for told, written in zip(found, gaps, strict=True):
        gap = [told.gap.rank, told.gap.unit, told.gap.people]
        for cause in told.causes:
            between = "" if cause.obstacle is None else cause_words.obstacle(cause.obstacle, options.lang)
            text = cause_words.cause(cause, limit, names, options.lang)
            row = ["cause", cause.kind.value, cause.people, cause.people, text, cause.site, between]
            yield [*gap, *row, *[None] * 6]
        for remedy, body in zip(told.remedies, written["remedies"], strict=True):
            between = ", ".join(cause_words.obstacle(one, options.lang) for one in remedy.crosses)
            places = [degree for spot in body["spots"] for degree in spot]
            site = None if remedy.site is None else remedy.site.id
            text = cause_words.remedy(remedy, options.lang)
            row = ["remedy", remedy.kind.value, remedy.people_won, remedy.people_here, text, site, between]
            whatif = json.dumps(body["body"], ensure_ascii=False)
            yield [*gap, *row, *places, *[None] * (4 - len(places)), remedy.length_m, whatif]
