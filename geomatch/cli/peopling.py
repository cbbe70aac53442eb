"""Commands for teams, volunteers and their hosts: in from an office's files, out again, and invented ones."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from geomatch.cli.accounting import database, identity_keys
from geomatch.cli.making import opened
from geomatch.errors import InputError
from geomatch.files import region_file

if TYPE_CHECKING:
    import argparse

    from geomatch.services.privacy import Asked
    from geomatch.store.database import Database


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
    """Import what is given, each file whole or not at all: first what the others name."""
    given = [name for name in _IN if getattr(options, name) is not None]
    if not given:
        raise InputError.of(", ".join(f"--{name}" for name in _IN), "give at least one of them")
    region, store = region_file.load_spec(options.region).id, database()
    for name in given:
        print(f"{getattr(options, name)}: {_IN[name](options, region, store)}")


def _categories_in(options: argparse.Namespace, region: str, store: Database) -> str:
    from geomatch.files import organisation_table  # noqa: PLC0415 - as above
    from geomatch.services import organisations as organisation_room  # noqa: PLC0415 - as above

    given = organisation_table.read_categories(options.categories)
    return f"{organisation_room.put_categories(store.writing(), region, given):,} categories"


def _skills_in(options: argparse.Namespace, region: str, store: Database) -> str:
    from geomatch.files import organisation_table  # noqa: PLC0415 - as above
    from geomatch.services import organisations as organisation_room  # noqa: PLC0415 - as above

    known = organisation_room.taxonomy(store.reading(), region)
    given = organisation_table.read_skills(options.skills, known)
    return f"{organisation_room.put_skills(store.writing(), region, given):,} skills"


def _organisations_in(options: argparse.Namespace, region: str, store: Database) -> str:
    from geomatch.files import organisation_table  # noqa: PLC0415 - as above
    from geomatch.services import organisations as organisation_room  # noqa: PLC0415 - as above

    sites = {site.id for site in opened(options.region).sites}
    given = organisation_table.read_organisations(options.organisations, sites)
    return f"{organisation_room.import_organisations(store.writing(), region, given):,} organisations"


def _teams_in(options: argparse.Namespace, region: str, store: Database) -> str:
    from geomatch.files import people_table  # noqa: PLC0415 - as above
    from geomatch.services import organisations as organisation_room  # noqa: PLC0415 - as above
    from geomatch.services import people as people_room  # noqa: PLC0415 - as above

    known = organisation_room.taxonomy(store.reading(), region)
    given = people_table.read_teams(options.teams, known)
    return f"{people_room.import_teams(store.writing(), region, given):,} teams"


def _volunteers_in(options: argparse.Namespace, region: str, store: Database) -> str:
    from geomatch.files import people_table  # noqa: PLC0415 - as above
    from geomatch.geo.coordinates import CoordSys  # noqa: PLC0415 - as above
    from geomatch.services import people as people_room  # noqa: PLC0415 - as above

    listed = people_table.read_volunteers(options.volunteers, CoordSys(options.coordsys))
    keys = identity_keys()
    done = people_room.import_volunteers(store.writing(), region, listed, at=datetime.now(UTC), keys=keys)
    return f"{done.added:,} volunteers added, {done.changed:,} changed"


_IN = {
    "categories": _categories_in,
    "skills": _skills_in,
    "organisations": _organisations_in,
    "teams": _teams_in,
    "volunteers": _volunteers_in,
}
"""What can be imported, in the order in which each may name what stands before it."""


def give_out(options: argparse.Namespace) -> None:
    """Export a list in full, as a file that can be imported again."""
    from geomatch.services import organisations as organisation_room  # noqa: PLC0415 - as above
    from geomatch.services import people as people_room  # noqa: PLC0415 - as above

    region = region_file.load_spec(options.region).id
    ways = {
        "volunteers": people_room.export_volunteers,
        "teams": people_room.export_teams,
        "organisations": organisation_room.export_organisations,
        "skills": organisation_room.export_skills,
        "categories": organisation_room.export_categories,
    }
    count = ways[options.what](database().reading(), region, options.output, made=datetime.now(UTC))
    print(f"{options.output}: {count:,} {options.what}")
    if options.what == "volunteers":
        print("names and phones are in full: keep it safe 含个人信息，请妥善保管")


def duplicates(options: argparse.Namespace) -> None:
    """Write who may be one person, masked."""
    from geomatch.services import people as people_room  # noqa: PLC0415 - as above

    region = region_file.load_spec(options.region).id
    count = people_room.export_duplicates(database().reading(), region, options.output, made=datetime.now(UTC))
    print(f"{options.output}: {count:,} groups who may be one person")


def about(options: argparse.Namespace) -> None:
    """Write everything that is held of a person, who asked for it, as a zip of JSON."""
    from geomatch.services import privacy as privacy_room  # noqa: PLC0415 - as above

    region, asked = region_file.load_spec(options.region).id, _person(options)
    told = privacy_room.export(
        database().writing(), region, asked, identity_keys(), path=options.output, by=_OFFICE, at=datetime.now(UTC)
    )
    print(f"{options.output}: {told:,} rows; keep it safe 含个人信息，请妥善保管")


def forget(options: argparse.Namespace) -> None:
    """Forget a person, who asked for it."""
    from geomatch.services import privacy as privacy_room  # noqa: PLC0415 - as above

    region, asked = region_file.load_spec(options.region).id, _person(options)
    rows = privacy_room.forget(database().writing(), region, asked, identity_keys(), by=_OFFICE, at=datetime.now(UTC))
    for table, figure in rows.items():
        print(f"{table:20s}{figure:>8,}")
    print("forgotten; ledgers stand on the ids that stay 已注销，台账保留编号")


_OFFICE = "command line"


def _person(options: argparse.Namespace) -> Asked:
    from geomatch.services.privacy import Asked  # noqa: PLC0415 - as above

    if (options.name is None) is not (options.phone is None):
        raise InputError.of("--name, --phone", "go together")
    if not any((options.volunteer, options.account, options.name)):
        raise InputError.of("--volunteer, --account, --name", "name somebody")
    return Asked(options.volunteer, options.account, None, options.name, options.phone)


def count(options: argparse.Namespace) -> None:
    """Count teams and volunteers."""
    from geomatch.services import people as people_room  # noqa: PLC0415 - as above

    region = region_file.load_spec(options.region).id
    for name, figure in people_room.counts(database().reading(), region).items():
        print(f"{name:14s}{figure:>10,}")
