"""Commands that hold a region against the standards and tell what hangs on each site: standards, areas, criticality."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from geomatch.cli import words
from geomatch.cli.asking import kinds_of, limit_of, stated
from geomatch.cli.making import opened
from geomatch.planning.standards import BANDS

if TYPE_CHECKING:
    import argparse
    from datetime import datetime
    from pathlib import Path

    from geomatch.services.standards import Setting, Standards


def standards(options: argparse.Namespace) -> None:
    """Print or write how far every tier of every standard is kept."""
    from geomatch.services import layers  # noqa: PLC0415 - each command opens only its own rooms
    from geomatch.services import standards as standards_room  # noqa: PLC0415 - as above

    limit = limit_of(options)
    region = opened(options.region, options.output)
    found = standards_room.standards(region, limit, target_percent=options.target, kinds=kinds_of(options))
    if options.output is None:
        print("\n".join(words.standards(found)))
    else:
        said = {"region": region.spec.id, "target": found.asked.percent, "synthetic": region.spec.synthetic}
        _write_standards(options.output, found, said, made=layers.made_at(region))


def areas(options: argparse.Namespace) -> None:
    """Write the ground and the people to whom each site is the nearest."""
    from geomatch.services import export, layers  # noqa: PLC0415 - as above

    limit = limit_of(options)
    region = opened(options.region, options.output)
    drawn = layers.areas(region, limit, kinds_of(options))
    export.write_one(region, drawn, options.output, limit)
    print(f"{options.output}: {len(drawn.features):,} areas; {words.limit_of(limit)}")


def criticality(options: argparse.Namespace) -> None:
    """Write all sites, those first whose closing would leave most people without cover."""
    from geomatch.files import sheet_out  # noqa: PLC0415 - as above
    from geomatch.services import fairness as fairness_room  # noqa: PLC0415 - as above
    from geomatch.services import layers  # noqa: PLC0415 - as above

    limit = limit_of(options)
    region = opened(options.region, options.output)
    said = stated(region, limit) | {"synthetic": region.spec.synthetic}
    columns = ["rank", "id", "name", "kind", "lost", "lost_share", "nearest", *said]
    rows = [
        [
            row.rank,
            row.site.id,
            row.site.name,
            row.site.kind.value,
            row.lost,
            row.lost_share,
            row.nearest,
            *said.values(),
        ]
        for row in fairness_room.criticality(region, limit, kinds_of(options))
    ]
    if options.output.suffix.lower() == ".csv":
        sheet_out.write_csv(options.output, columns, rows)
    else:
        formats = {"lost": "#,##0", "nearest": "#,##0", "lost_share": "0.00%"}
        sheet = sheet_out.Sheet("criticality", columns, rows, formats)
        sheet_out.write_xlsx(options.output, [sheet], made=layers.made_at(region))
    print(f"{options.output}: {len(rows):,} sites; {words.limit_of(limit)}")


def _write_standards(path: Path, found: Standards, said: dict[str, Any], *, made: datetime) -> None:
    from geomatch.files import atomic, sheet_out  # noqa: PLC0415 - as above

    columns, rows = _tiers(found)
    columns += said
    rows = [[*row, *said.values()] for row in rows]
    if path.suffix.lower() == ".json":
        told = said | {"tiers": [dict(zip(columns, row[: -len(said)], strict=False)) for row in rows]}
        with atomic.write_beside(path) as beside:
            beside.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    elif path.suffix.lower() == ".csv":
        sheet_out.write_csv(path, columns, rows)
    else:
        people = dict.fromkeys(("population", "covered", "shortfall", *_MINUTES), "#,##0")
        formats = people | {"share": "0.0%", "people_per_km2": "#,##0"}
        sheet_out.write_xlsx(path, [sheet_out.Sheet("standards", columns, rows, formats)], made=made)


_MINUTES = tuple(f"minutes_{band}" for band in BANDS)
_TIER = ("tier", "standard", "clause", "profile", "limit_m", "limit_s")
_UNIT = ("id", "name", "population", "covered", "share", "passes", "shortfall", "people_per_km2", "rural")


def _tiers(found: Standards) -> tuple[list[str], list[list[Any]]]:
    """Give a row for every tier and unit, the total after its units; the asked limit first."""
    rows: list[list[Any]] = []
    settings = (*found.settings, found.total_setting)
    tiers = [(("asked", None), found.asked), *(((preset.id, preset.clause), kept) for preset, kept in found.presets)]
    for (name, clause), kept in tiers:
        limit = kept.limit
        tier = [name, limit.standard, clause, limit.profile, limit.limit_m, limit.limit_s]
        for verdict, setting in zip((*kept.units, kept.total), settings, strict=True):
            label = "合计 total" if verdict.id is None else verdict.name
            figures = [verdict.population, verdict.covered, verdict.share, verdict.passes, verdict.shortfall]
            rows.append([*tier, verdict.id, label, *figures, *_setting(setting, counted=name == "asked")])
    return [*_TIER, *_UNIT, *_MINUTES], rows


def _setting(setting: Setting, *, counted: bool) -> list[Any]:
    """Give density and minutes; minutes are by the asked profile, so only its rows have them."""
    return [setting.people_per_km2, setting.rural, *(setting.minutes if counted else [None] * len(BANDS))]
