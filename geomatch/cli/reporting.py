"""Commands that hand a region on: everything as one file for another program, and a report for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geomatch.cli import words
from geomatch.cli.asking import kinds_of, limit_of
from geomatch.cli.making import opened

if TYPE_CHECKING:
    import argparse


def export(options: argparse.Namespace) -> None:
    """Write townships, gaps, circles, sites and homes."""
    from geomatch.services import export as export_room  # noqa: PLC0415 - each command opens only its own rooms

    limit = limit_of(options)
    region = opened(options.region, options.output)
    written = export_room.write_all(region, options.output, limit, kinds_of(options), target=options.target)
    told = ", ".join(f"{layer.name} {len(layer.features):,}" for layer in written)
    print(f"{options.output}: {told}; {words.limit_of(limit)}")


def report(options: argparse.Namespace) -> None:
    """Write a report."""
    from geomatch.files import siting_file  # noqa: PLC0415 - as above
    from geomatch.reporting.language import Language  # noqa: PLC0415 - as above
    from geomatch.services.report import out  # noqa: PLC0415 - as above
    from geomatch.services.report.findings import Asked  # noqa: PLC0415 - as above
    from geomatch.services.report.gather import gather  # noqa: PLC0415 - as above

    limit = limit_of(options)
    asked = Asked(
        profile=options.profile,
        minutes=options.minutes,
        metres=options.metres,
        kinds=kinds_of(options),
        target=options.target,
        language=Language(options.lang),
        siting=None if options.siting is None else siting_file.read_siting(options.siting),
    )
    region = opened(options.region, options.output)
    made = gather(region, asked)
    out.write(made, options.output)
    print(f"{options.output}: {made.headline['share'].text}; {made.number}; {words.limit_of(limit)}")
