"""Commands that hold a region against the standards and tell what hangs on each site: standards."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from geomatch.cli import words
from geomatch.cli.asking import kinds_of, limit_of
from geomatch.cli.making import opened
from geomatch.planning.standards import BANDS

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from geomatch.services.standards import Setting, Standards


def standards(options: argparse.Namespace) -> None:
    """Print or write how far every tier of every standard is kept."""
    from geomatch.services import standards as standards_room  # noqa: PLC0415 - each command opens only its own rooms

    limit = limit_of(options)
    region = opened(options.region, options.output)
    found = standards_room.standards(region, limit, target_percent=options.target, kinds=kinds_of(options))
    if options.output is None:
        print("\n".join(words.standards(found)))
    else:
        said = {"region": region.spec.id, "target": found.asked.percent, "synthetic": region.spec.synthetic}
        _write_standards(options.output, found, said)


def _write_standards(path: Path, found: Standards, said: dict[str, Any]) -> None:
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
        sheet_out.write_xlsx(path, columns, rows, sheet="standards", formats=formats)


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
