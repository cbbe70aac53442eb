"""Commands for hours and points: anchors of the chain, holding it against them, sums, and the books of the shop."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from geomatch.cli.accounting import database
from geomatch.errors import InputError
from geomatch.files import region_file

if TYPE_CHECKING:
    import argparse


def anchor(options: argparse.Namespace) -> None:
    """Print the head of the chain on one line, and write it to a file where one is named."""
    from geomatch.files import atomic  # noqa: PLC0415 - each command opens only its own rooms
    from geomatch.services import anchors  # noqa: PLC0415 - as above

    region = region_file.load_spec(options.region).id
    line = anchors.as_text(anchors.anchor(database().reading(), region, at=datetime.now(UTC)))
    if options.output is not None:
        with atomic.write_beside(options.output) as path:
            path.write_text(line + "\n", encoding="utf-8")
    print(line)


def verify(options: argparse.Namespace) -> None:
    """Hold the chain against its anchors; every place where it does not hold is a fault, and the exit is 1."""
    from geomatch.files import anchor_file  # noqa: PLC0415 - as above
    from geomatch.services import anchors  # noqa: PLC0415 - as above

    region = region_file.load_spec(options.region).id
    given = [each for path in options.anchor for each in anchor_file.read_anchors(path)]
    done = anchors.verify(database().reading(), region, given, at=datetime.now(UTC))
    if done.faults:
        raise InputError(done.faults)
    print(f"{region}: {done.entries:,} entries hold 时长链完好; {len(given):,} anchors given, {done.anchors:,} in all")
    if not given:
        print("no anchor from outside was given: whoever owns the database could have written it all anew 未用外部锚点")


def totals(options: argparse.Namespace) -> None:
    """Write everybody's hours and stars, with masked names."""
    from geomatch.files import sheet_out  # noqa: PLC0415 - as above
    from geomatch.services import anchors  # noqa: PLC0415 - as above
    from geomatch.volunteering import masking  # noqa: PLC0415 - as above

    region = region_file.load_spec(options.region).id
    rows = anchors.totals(database().reading(), region, at=datetime.now(UTC))
    columns = ("volunteer", "name", "hours", "waiting_hours", "stars")
    sheet_out.write_csv(
        options.output,
        columns,
        (
            (each.volunteer, masking.name(name), each.minutes / 60, each.waiting / 60, each.stars)
            for name, each in rows
        ),
    )  # fmt: skip
    print(f"{options.output}: {len(rows):,} volunteers")


def check_points(options: argparse.Namespace) -> None:
    """Hold the books of the points shop against themselves; every place where they do not agree is a fault."""
    from geomatch.services import point_check  # noqa: PLC0415 - as above

    region = region_file.load_spec(options.region).id
    done = point_check.check(database().reading(), region)
    if done.faults:
        raise InputError(done.faults)
    print(f"{region}: {done.transactions:,} transactions balance 账目相符; issued 已发 {done.issued:,} =")
    print(f"  free 可用 {done.free:,} + held 冻结 {done.held:,} + redeemed 已兑 {done.redeemed:,} + ", end="")
    print(f"expired 过期 {done.expired:,}")
