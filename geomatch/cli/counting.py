"""Commands for statistics: four measures kept apart, the rows of each, and figures that were published."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from geomatch.cli.accounting import database
from geomatch.files import region_file
from geomatch.volunteering.roles import Principal, Role

if TYPE_CHECKING:
    import argparse


def show(options: argparse.Namespace) -> None:
    """Print the four measures of a period, whole and split, with what each means."""
    from geomatch.services import statistics as room  # noqa: PLC0415 - each command opens only its own rooms
    from geomatch.volunteering.statistics import DEFINITIONS, By, Measure  # noqa: PLC0415 - as above

    spec = region_file.load_spec(options.region)
    by = None if options.by is None else By(options.by)
    told = room.table(
        database().reading(), _centre(spec.id), options.first, options.last, by=by, timezone=spec.timezone,
        at=datetime.now(UTC),
    )  # fmt: skip
    print(f"{spec.id}, {options.first} to {options.last} ({spec.timezone})")
    for measure, means in DEFINITIONS.items():
        print(f"{measure.value} {means.zh}: {means.means_zh} {means.means_en}")
    lines = [("total 合计", told.total), *((part.name or "- (none 无)", part.figures) for part in told.parts)]
    print("".join(f"{measure.value:>16s}" for measure in Measure))
    for name, figures in lines:
        print("".join(f"{figures.of(measure):>16,}" for measure in Measure) + f"  {name}")
    if told.total.uncounted:
        print(f"{told.total.uncounted:,} events have no audience noted 场次未登记受众")


def rows(options: argparse.Namespace) -> None:
    """Print the rows that a figure is the sum of."""
    from geomatch.services import statistics as room  # noqa: PLC0415 - as above
    from geomatch.volunteering.statistics import By, Measure  # noqa: PLC0415 - as above

    spec = region_file.load_spec(options.region)
    found = room.rows(
        database().reading(), _centre(spec.id), Measure(options.measure), options.first, options.last,
        by=None if options.by is None else By(options.by), part=options.part, timezone=spec.timezone,
        at=datetime.now(UTC),
    )  # fmt: skip
    for row in found:
        print(f"{row.adds:>10,}  {row.id}  {row.title}  {row.note}")
    print(f"{sum(row.adds for row in found):>10,}  {options.measure}")


def take_in(options: argparse.Namespace) -> None:
    """Write down the published figures of a file; all of them or none."""
    from geomatch.files import figure_table  # noqa: PLC0415 - as above
    from geomatch.services import statistics as room  # noqa: PLC0415 - as above

    region, drafts = region_file.load_spec(options.region).id, figure_table.read_figures(options.file)
    fresh, stand = room.publish(
        database().writing(), _centre(region), drafts, where=str(options.file), at=datetime.now(UTC)
    )
    print(f"{options.file}: {fresh:,} figures are new, {len(stand) - fresh:,} stood there already")


def published(options: argparse.Namespace) -> None:
    """List the published figures, the latest first."""
    from geomatch.services import statistics as room  # noqa: PLC0415 - as above
    from geomatch.volunteering.statistics import BOUND_NAMES, DEFINITIONS  # noqa: PLC0415 - as above

    region = region_file.load_spec(options.region).id
    _, found = room.published(database().reading(), _centre(region), limit=100_000, offset=0)
    for each in found:
        period = f"{each.first or '?'}..{each.last or '?'}"
        scope = ", ".join(filter(None, (each.unit, each.team, each.category))) or region
        means = DEFINITIONS[each.measure].zh
        value = f"{BOUND_NAMES[each.bound][0]}{each.value:,}"
        print(f"{each.published_on}  {means}  {value}  “{each.as_written}”  {scope}  {period}  {each.source}")


def day(text: str) -> date:
    """Read 2026-11-25."""
    return date.fromisoformat(text)


def _centre(region: str) -> Principal:
    return Principal("command line", Role.CENTRE, region)
