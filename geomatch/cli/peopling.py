"""Commands for teams and volunteers: in from an office's files, out again, and invented ones to try with."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from geomatch.cli.accounting import database
from geomatch.cli.making import opened
from geomatch.errors import InputError
from geomatch.files import region_file

if TYPE_CHECKING:
    import argparse


def sample(options: argparse.Namespace) -> None:
    """Write invented teams and volunteers of a bundled region."""
    from geomatch.services import sample_people  # noqa: PLC0415 - each command opens only its own rooms

    region = opened(options.region)
    try:
        options.folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError.of(str(options.folder), f"cannot be written: {error.strerror}") from error
    teams, volunteers = sample_people.write_people(region, options.folder)
    print(f"{options.folder}: {teams:,} teams, {volunteers:,} volunteers; 示范数据 synthetic, all invented")


def take_in(options: argparse.Namespace) -> None:
    """Import teams, or volunteers, or both; all rows of a file or none."""
    from geomatch.files import people_table  # noqa: PLC0415 - as above
    from geomatch.geo.coordinates import CoordSys  # noqa: PLC0415 - as above
    from geomatch.services import people as people_room  # noqa: PLC0415 - as above

    if options.teams is None and options.volunteers is None:
        raise InputError.of("--teams, --volunteers", "give at least one of the two")
    region, store = region_file.load_spec(options.region).id, database()
    if options.teams is not None:
        count = people_room.import_teams(store.writing(), region, people_table.read_teams(options.teams))
        print(f"{options.teams}: {count:,} teams")
    if options.volunteers is not None:
        listed = people_table.read_volunteers(options.volunteers, CoordSys(options.coordsys))
        done = people_room.import_volunteers(store.writing(), region, listed, at=datetime.now(UTC))
        print(f"{options.volunteers}: {done.added:,} volunteers added, {done.changed:,} changed")


def give_out(options: argparse.Namespace) -> None:
    """Export every volunteer in full, as a file that can be imported again."""
    from geomatch.services import people as people_room  # noqa: PLC0415 - as above

    region = region_file.load_spec(options.region).id
    count = people_room.export_volunteers(database().reading(), region, options.output)
    print(f"{options.output}: {count:,} volunteers, with names and phones in full: keep it safe 含个人信息，请妥善保管")


def count(options: argparse.Namespace) -> None:
    """Count teams and volunteers."""
    from geomatch.services import people as people_room  # noqa: PLC0415 - as above

    region = region_file.load_spec(options.region).id
    for name, figure in people_room.counts(database().reading(), region).items():
        print(f"{name:14s}{figure:>10,}")
