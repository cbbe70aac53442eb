"""Commands that hand a region on: everything as one file for another program."""

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
