"""What may be typed: every command, its arguments and their help."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import geomatch
from geomatch.geo.coordinates import CoordSys
from geomatch.network.profiles import PROFILES
from geomatch.planning.sites import SiteKind

if TYPE_CHECKING:
    from collections.abc import Callable

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - argparse names no public type
    Run = Callable[[argparse.Namespace], None]


def parser(asked: str | None = None) -> argparse.ArgumentParser:
    """Make the parser of commands; each sets `run`.

    Args:
        asked: the word that was typed first. Where it is a command, only those of its group are made, for the others
            would open rooms that nobody asked for.
    """
    top = argparse.ArgumentParser(
        prog="geomatch",
        description="Walking-street coverage, gaps and nearest help for neighbourhood service networks.",
    )
    top.add_argument("--version", action="version", version=f"geomatch {geomatch.__version__}")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    groups = _groups()
    for add in [add for add, names in groups.items() if asked in names] or groups:
        add(commands)
    return top


def _groups() -> dict[Callable[[Commands], None], tuple[str, ...]]:
    """Name what adds each group of commands, and them, in the order of the help."""
    return {
        _add_making: ("sample", "build", "serve", "network"),
        _add_working: ("worker",),
        _add_asking: ("nearest", "lookup", "circles", "coverage", "gaps"),
        _add_causes: ("causes",),
        _add_judging: ("standards", "criticality", "areas"),
        _add_doctoring: ("doctor",),
        _add_choosing: ("siting",),
        _add_map: ("map",),
        _add_reporting: ("export", "report"),
        _add_accounting: ("account",),
        _add_peopling: ("people",),
        _add_simulating: ("simulate",),
        _add_calling: ("callup",),
        _add_ordering: ("orders",),
        _add_noticing: ("notices",),
        _add_crediting: ("hours", "points"),
        _add_keeping: ("backup", "restore"),
        _add_counting: ("statistics",),
    }


def _add_making(commands: Commands) -> None:
    from geomatch.cli import making  # noqa: PLC0415 - each command opens only its own rooms

    sample = commands.add_parser("sample", help="write a bundled region's sources to a new folder")
    sample.add_argument("name", metavar="NAME", help="haidian, ledu or chaozhou")
    sample.add_argument("folder", metavar="DIR", type=Path)
    sample.set_defaults(run=making.sample)

    build = commands.add_parser("build", help="import, check and index a region into REGION/build/")
    build.add_argument("region", metavar="REGION", type=Path, help="folder with a region.toml")
    build.add_argument("--json", action="store_true", help="print the report as JSON")
    build.set_defaults(run=making.build)

    serve = commands.add_parser("serve", help="serve regions over HTTP; builds first what is absent or out of date")
    serve.add_argument("regions", metavar="REGION", type=Path, nargs="+")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    serve.add_argument("--port", type=_whole(1, 65535), default=8000, help="port to listen on (%(default)s)")
    serve.add_argument("--workers", type=_whole(1, 64), default=2, help="processes that answer (%(default)s)")
    serve.set_defaults(run=making.serve)

    network = _region_command(
        commands, "network", "the graph as it is used, as CSV, to check any figure", making.network
    )
    network.add_argument("-o", "--output", metavar="DIR", type=Path, required=True)


def _add_working(commands: Commands) -> None:
    from geomatch.cli import working  # noqa: PLC0415 - as above

    worker = commands.add_parser("worker", help="do what is due in the database; beside geomatch serve")
    worker.add_argument("regions", metavar="REGION", type=Path, nargs="*", help="as served; else GEOMATCH_REGIONS")
    worker.add_argument("--once", action="store_true", help="end when nothing is due")
    worker.set_defaults(run=working.work)


def _add_asking(commands: Commands) -> None:
    from geomatch.cli import asking  # noqa: PLC0415 - as above

    nearest = _region_command(commands, "nearest", "the sites nearest to a point by walking", asking.nearest)
    nearest.add_argument("lon", metavar="LON", type=float)
    nearest.add_argument("lat", metavar="LAT", type=float)
    nearest.add_argument("--json", action="store_true", help="print GeoJSON as the web service gives it")
    _add_count(nearest)
    _add_question(nearest, coordsys="coordinate system of the point and of the answer")

    lookup = _region_command(commands, "lookup", "add the nearest sites to every row of a table", asking.lookup)
    lookup.add_argument("points", metavar="IN.csv", type=Path, help="table with lon and lat: .csv .xlsx .geojson")
    lookup.add_argument("-o", "--output", metavar="OUT.csv", type=_file(".csv"), required=True)
    _add_count(lookup)
    _add_question(lookup, coordsys="coordinate system of the table")

    circles = _region_command(commands, "circles", "one walking circle a site", asking.circles)
    circles.add_argument("-o", "--output", metavar="OUT", type=_file(*_MAPS), required=True)
    _add_question(circles)

    coverage = _region_command(commands, "coverage", "the people within reach, unit by unit", asking.coverage)
    coverage.add_argument("-o", "--output", metavar="OUT", type=_file(".json", ".csv", ".xlsx"))
    coverage.add_argument("--json", action="store_true", help="print the table as JSON")
    coverage.add_argument(
        "--target", type=float, metavar="P", help="per cent to be covered: pass or fail, people short"
    )
    _add_question(coverage)

    gaps = _region_command(commands, "gaps", "uncovered areas where people live, most people first", asking.gaps)
    gaps.add_argument("-o", "--output", metavar="OUT", type=_file(*_MAPS), required=True)
    gaps.add_argument("--min-people", type=_whole(0, 10**9), default=0, metavar="N", help="leave out smaller gaps")
    _add_question(gaps)


def _add_causes(commands: Commands) -> None:
    from geomatch.cli import reasons  # noqa: PLC0415 - as above

    causes = _region_command(commands, "causes", "why each gap is there, and what would win its people", reasons.causes)
    causes.add_argument("-o", "--output", metavar="OUT", type=_file(".json", ".csv", ".xlsx"))
    causes.add_argument("--limit", type=_whole(1, 10_000), metavar="N", help="only the N gaps with most people")
    causes.add_argument("--min-people", type=_whole(0, 10**9), default=0, metavar="N", help="leave out smaller gaps")
    causes.add_argument("--open-at", metavar="TIME", help="only sites open then count, e.g. 2026-11-24T12:30")
    causes.add_argument("--candidates", metavar="FILE", type=Path, help="shops that could open: .csv .xlsx .geojson")
    causes.add_argument("--lang", choices=("zh", "en"), default="zh", help="language of the sentences (%(default)s)")
    _add_question(causes, coordsys="coordinate system of the candidates and of the answer")


def _add_judging(commands: Commands) -> None:
    from geomatch.cli import judging  # noqa: PLC0415 - as above

    standards = _region_command(commands, "standards", "every tier of every standard, unit by unit", judging.standards)
    standards.add_argument("-o", "--output", metavar="OUT", type=_file(".json", ".csv", ".xlsx"))
    _add_target(standards)
    _add_question(standards)

    criticality = _region_command(commands, "criticality", "who loses cover if a site closes", judging.criticality)
    criticality.add_argument("-o", "--output", metavar="OUT", type=_file(".csv", ".xlsx"), required=True)
    _add_question(criticality)

    areas = _region_command(commands, "areas", "the ground to which each site is the nearest", judging.areas)
    areas.add_argument("-o", "--output", metavar="OUT", type=_file(*_MAPS), required=True)
    _add_question(areas)


def _add_doctoring(commands: Commands) -> None:
    from geomatch.cli import doctoring  # noqa: PLC0415 - as above

    says = "which coordinate system a file of points is really in"
    doctor = commands.add_parser("doctor", help=says, description=f"{says[0].upper()}{says[1:]}.")
    doctor.add_argument("file", metavar="FILE", type=Path, help="table with lon and lat: .csv .xlsx .geojson")
    doctor.add_argument("--region", metavar="REGION", type=Path, required=True, help="folder of a built region")
    doctor.add_argument("--json", action="store_true", help="print verdict, confidence and evidence as JSON")
    doctor.set_defaults(run=doctoring.doctor)


def _add_choosing(commands: Commands) -> None:
    from geomatch.cli import choosing  # noqa: PLC0415 - as above

    siting = _region_command(
        commands, "siting", "which candidates to open, and how near that is to the best", choosing.siting
    )
    siting.add_argument(
        "candidates", metavar="CANDIDATES", type=Path, nargs="?", help="id, lon, lat, name?, cost?: .csv .xlsx .geojson"
    )
    siting.add_argument("-p", type=_whole(1, 5000), metavar="N", help="how many sites")
    siting.add_argument("--budget", type=float, metavar="SUM", help="what they may cost together, instead of -p")
    siting.add_argument(
        "--objective", choices=_OBJECTIVES, default="mclp", metavar="O", help=f"{', '.join(_OBJECTIVES)} (%(default)s)"
    )
    siting.add_argument("--target", type=float, metavar="P", help="per cent of all people to be covered; with lscp")
    siting.add_argument(
        "--floor", type=float, default=0.0, metavar="P", help="per cent of every unit's people, before any average"
    )
    siting.add_argument("--capacity", type=_whole(1, 10**9), metavar="N", help="people a site serves; with capacitated")
    siting.add_argument("--grid", type=float, metavar="D", help="also try street junctions, one every D metres")
    siting.add_argument("-o", "--output", metavar="OUT.json", type=_file(".json"))
    _add_question(siting, coordsys="coordinate system of the candidates and of the answer")


_OBJECTIVES = ("mclp", "lscp", "p_median", "p_center", "capacitated", "backup", "p_dispersion")


def _add_map(commands: Commands) -> None:
    from geomatch.cli import asking  # noqa: PLC0415 - as above

    page = _region_command(commands, "map", "one page with the map, which opens from disk offline", asking.page)
    page.add_argument("-o", "--output", metavar="OUT.html", type=_file(".html", ".htm"), required=True)
    page.add_argument("--layer", choices=("coverage", "gaps"), default="coverage", help="what to show (%(default)s)")
    _add_question(page)


def _add_reporting(commands: Commands) -> None:
    from geomatch.cli import reporting  # noqa: PLC0415 - as above

    export = _region_command(
        commands, "export", "townships, gaps, circles, sites and homes in one file", reporting.export
    )
    export.add_argument(
        "-o", "--output", metavar="OUT", type=_file(*_EVERYTHING), required=True, help=" ".join(_EVERYTHING)
    )
    _add_target(export)
    _add_question(export)

    report = _region_command(commands, "report", "a report to hand on, every figure with its source", reporting.report)
    report.add_argument("-o", "--output", metavar="OUT", type=_file(*_REPORTS), required=True, help=" ".join(_REPORTS))
    report.add_argument("--siting", metavar="SITING.json", type=Path, help="an answer of `geomatch siting` to show")
    report.add_argument("--lang", choices=("zh", "en"), default="zh", help="language of the report (%(default)s)")
    _add_target(report)
    _add_question(report)


_REPORTS = (".pdf", ".html", ".xlsx")
_MAPS = (".geojson", ".gpkg", ".shp.zip")
_EVERYTHING = (".gpkg", ".shp.zip", ".geojson.zip", ".csv.zip", ".xlsx")


def _add_accounting(commands: Commands) -> None:
    from geomatch.cli import accounting  # noqa: PLC0415 - as above
    from geomatch.volunteering.roles import Role  # noqa: PLC0415 - as above

    account = commands.add_parser("account", help="open, list and close accounts of a region")
    deeds = account.add_subparsers(title="deeds", metavar="DEED", required=True)
    add = _region_command(deeds, "add", "open an account; the password is asked for", accounting.add)
    add.add_argument("name", metavar="NAME", help="what is typed to sign in")
    add.add_argument("--role", choices=[role.value for role in Role], required=True)
    for area, kind in (
        ("unit", "an office"),
        ("site", "a station"),
        ("team", "a leader"),
        ("volunteer", "a volunteer"),
    ):
        add.add_argument(f"--{area}", metavar=area.upper(), help=f"{area} of {kind}")
    _region_command(deeds, "list", "the accounts of a region, by name", accounting.listed)
    close = _region_command(deeds, "close", "let nobody sign in by an account any more", accounting.close)
    close.add_argument("account", metavar="ID", help="as list shows it")


def _add_simulating(commands: Commands) -> None:
    from geomatch.cli import simulating  # noqa: PLC0415 - as above

    simulate = _region_command(
        commands, "simulate", "matching as it is set, played beside always asking the closest", simulating.simulate
    )
    simulate.add_argument("--days", type=int, default=30, help="how many, 30 where it is not said")
    simulate.add_argument("--orders-a-day", type=int, default=80, help="of days that are made up")
    simulate.add_argument("--township", metavar="NAME", help="orders and volunteers of one township only")
    simulate.add_argument("--recorded", action="store_true", help="the orders of the last days, from the database")
    simulate.add_argument("--json", action="store_true")


def _add_peopling(commands: Commands) -> None:
    from geomatch.cli import peopling  # noqa: PLC0415 - as above

    people = commands.add_parser("people", help="teams and volunteers of a region: import, export, count, samples")
    deeds = people.add_subparsers(title="deeds", metavar="DEED", required=True)
    take_in = _region_command(
        deeds, "import", "take teams, volunteers and more in; all rows of a file or none", peopling.take_in
    )
    take_in.add_argument("--categories", metavar="FILE", type=Path, help="the district's own: code, name, name_en?")
    take_in.add_argument("--skills", metavar="FILE", type=Path, help="code, name, category, needs_certificate?")
    take_in.add_argument("--organisations", metavar="FILE", type=Path, help="id, name, kind, unit?, sites?")
    take_in.add_argument("--teams", metavar="FILE", type=Path, help="id, name, level, category, parent?, ...")
    take_in.add_argument("--volunteers", metavar="FILE", type=Path, help="name, phone, lon, lat, number?, team?, ...")
    _add_coordsys(take_in, "coordinate system of the volunteers' places")
    give_out = _region_command(deeds, "export", "a list in full, to be imported again", peopling.give_out)
    what = ("volunteers", "teams", "organisations", "skills", "categories")
    give_out.add_argument("--what", choices=what, default="volunteers", help="which list (%(default)s)")
    give_out.add_argument("-o", "--output", metavar="OUT.csv|xlsx", type=_file(".csv", ".xlsx"), required=True)
    doubles = _region_command(deeds, "duplicates", "volunteers who may be one person, masked", peopling.duplicates)
    doubles.add_argument("-o", "--output", metavar="OUT.csv|xlsx", type=_file(".csv", ".xlsx"), required=True)
    about = _region_command(deeds, "about", "everything that is held of a person, as a zip of JSON", peopling.about)
    about.add_argument("-o", "--output", metavar="OUT.zip", type=_file(".zip"), required=True)
    forget = _region_command(deeds, "forget", "forget a person who asked for it; there is no way back", peopling.forget)
    for command in (about, forget):
        command.add_argument("--volunteer", metavar="ID", help="id of a volunteer")
        command.add_argument("--account", metavar="ID", help="id of an account")
        command.add_argument("--name", metavar="NAME", help="as the person says it; with --phone")
        command.add_argument("--phone", metavar="NUMBER", help="as the person says it; with --name")
    _region_command(deeds, "count", "how many teams and volunteers there are", peopling.count)
    sample = _region_command(deeds, "sample", "invented teams and volunteers of a bundled region", peopling.sample)
    sample.add_argument("folder", metavar="DIR", type=Path)


def _add_noticing(commands: Commands) -> None:
    from geomatch.cli import noticing  # noqa: PLC0415 - as above
    from geomatch.volunteering.channels import ChannelKind  # noqa: PLC0415 - as above
    from geomatch.volunteering.notices import MOST_A_DAY, Purpose  # noqa: PLC0415 - as above

    notices = commands.add_parser("notices", help="ways out, quiet hours and caps, what became of notices, pushes")
    deeds = notices.add_subparsers(title="deeds", metavar="DEED", required=True)
    _region_command(deeds, "channels", "the ways out of a region, and what went by each", noticing.channels)
    add = _region_command(deeds, "channel-add", "open a way out; its address is asked for", noticing.channel_add)
    add.add_argument("name", metavar="NAME")
    add.add_argument("--kind", choices=[kind.value for kind in ChannelKind], required=True)
    add.add_argument(
        "--purpose", action="append", choices=[each.value for each in Purpose], required=True, help="may be repeated"
    )
    add.add_argument("--unit", metavar="UNIT", help="readers of this township only")
    add.add_argument("--team", metavar="TEAM", help="readers of this team only")
    close = _region_command(deeds, "channel-close", "close a way out at once", noticing.channel_close)
    close.add_argument("channel", metavar="ID", help="as channels shows it")
    rules = _region_command(deeds, "rules", "show or set quiet hours and the cap a day", noticing.rules)
    rules.add_argument("--quiet", type=noticing.hours, metavar="HH:MM-HH:MM", help="alike for never")
    rules.add_argument("--most-a-day", type=_whole(0, MOST_A_DAY), metavar="N", help="a volunteer and day")
    _region_command(deeds, "count", "notices by what they are for and where they stand", noticing.count)
    push = _region_command(deeds, "push", "tell the volunteers of an area something", noticing.push)
    push.add_argument("--body", metavar="TEXT", help="what they are told")
    push.add_argument("--unit", metavar="UNIT", help="of this township")
    push.add_argument("--skill", action="append", default=[], metavar="SKILL", help="at least one; may be repeated")
    push.add_argument("--interest", action="append", default=[], metavar="CATEGORY", help="at least one; repeatable")
    push.add_argument("--site", metavar="ID", help="within --minutes' walk of this site")
    push.add_argument("--minutes", type=float, default=15.0, metavar="M", help="(%(default)g)")
    push.add_argument("--dry-run", action="store_true", help="only say how many that would be")


def _add_crediting(commands: Commands) -> None:
    from geomatch.cli import certifying, crediting  # noqa: PLC0415 - as above

    hours = commands.add_parser("hours", help="hours of service: anchors of the chain, its verification, sums")
    deeds = hours.add_subparsers(title="deeds", metavar="DEED", required=True)
    anchor = _region_command(deeds, "anchor", "the head of the chain, to be kept elsewhere", crediting.anchor)
    anchor.add_argument("-o", "--output", metavar="OUT.json", type=_file(".json", ".txt"))
    verify = _region_command(deeds, "verify", "find any change of the chain; exit 1 if any", crediting.verify)
    verify.add_argument(
        "--anchor", metavar="FILE", type=Path, action="append", default=[], help="what was sent out; may be repeated"
    )
    totals = _region_command(deeds, "totals", "everybody's hours and stars, names masked", crediting.totals)
    totals.add_argument("-o", "--output", metavar="OUT.csv", type=_file(".csv"), required=True)
    _region_command(deeds, "key", "the public key that certificates are signed by", certifying.key)
    paper = _region_command(deeds, "certificate", "a signed PDF of somebody's hours", certifying.certificate)
    paper.add_argument("volunteer", metavar="VOLUNTEER", help="id")
    paper.add_argument("-o", "--output", metavar="OUT.pdf", type=_file(".pdf"), required=True)
    check = deeds.add_parser("check", help="whether a certificate is as the district signed it; needs no network")
    check.add_argument("file", metavar="FILE.pdf", type=Path)
    check.add_argument("--key", metavar="KEY", required=True, help="the district's public key, or a file with it")
    check.set_defaults(run=certifying.check)
    points = commands.add_parser("points", help="the points shop: its books held against themselves")
    books = points.add_subparsers(title="deeds", metavar="DEED", required=True)
    _region_command(books, "check", "sum all transactions anew; exit 1 where anything differs", crediting.check_points)


def _add_keeping(commands: Commands) -> None:
    from geomatch.cli import keeping  # noqa: PLC0415 - as above

    backup = commands.add_parser("backup", help="copy the whole database into a file, while it is used")
    backup.add_argument("file", metavar="FILE", type=Path, help="a zip; one from SQLite can be restored on PostgreSQL")
    backup.set_defaults(run=keeping.backup)

    restore = commands.add_parser("restore", help="put a backup in the place of everything the database holds")
    restore.add_argument("file", metavar="FILE", type=Path, help="what geomatch backup wrote, on either database")
    restore.add_argument("--yes", action="store_true", help="lose what the database holds now")
    restore.set_defaults(run=keeping.restore)


def _add_counting(commands: Commands) -> None:
    from geomatch.cli import counting  # noqa: PLC0415 - as above
    from geomatch.volunteering.statistics import By, Measure  # noqa: PLC0415 - as above

    statistics = commands.add_parser("statistics", help="four measures of activities, their rows, published figures")
    deeds = statistics.add_subparsers(title="deeds", metavar="DEED", required=True)
    show = _region_command(deeds, "show", "events, participations, audience and distinct people", counting.show)
    rows = _region_command(deeds, "rows", "the rows that a figure is the sum of", counting.rows)
    rows.add_argument("measure", choices=[measure.value for measure in Measure])
    for command in (show, rows):
        command.add_argument("--first", type=counting.day, required=True, metavar="DAY", help="first day that counts")
        command.add_argument("--last", type=counting.day, required=True, metavar="DAY", help="last day that counts")
        command.add_argument("--by", choices=[by.value for by in By], help="what the table is split by")
    rows.add_argument(
        "--part", default="", metavar="ID", help="which line of the table; what belongs to none if absent"
    )
    take_in = _region_command(
        deeds, "import", "write published figures down; one that names no measure is asked about", counting.take_in
    )
    take_in.add_argument("file", metavar="FILE", type=Path, help="figure, published_on, source, measure?, unit?, ...")
    _region_command(deeds, "published", "the figures that were published, the latest first", counting.published)


def _add_ordering(commands: Commands) -> None:
    from geomatch.cli import ordering  # noqa: PLC0415 - as above

    orders = commands.add_parser("orders", help="orders of a region: list, those at risk, export, import by phone")
    deeds = orders.add_subparsers(title="deeds", metavar="DEED", required=True)
    listed = _region_command(deeds, "list", "orders by state, masked, the newest first", ordering.listed)
    listed.add_argument(
        "--state", choices=ordering.ORDER_STATES, action="append", default=[], help="of this state; repeatable"
    )
    listed.add_argument("--limit", type=_whole(1, 100_000), default=100, metavar="N", help="how many (%(default)s)")
    _region_command(deeds, "at-risk", "orders that nobody moved in time, the longest first", ordering.at_risk)
    dispatch = _region_command(
        deeds, "dispatch-batch", "put many orders to volunteers at once, nobody for two", ordering.dispatch_batch
    )
    dispatch.add_argument(
        "orders", metavar="ORDER", nargs="*", help="ids; without any, those that are checked and wait for the matcher"
    )
    give_out = _region_command(deeds, "export", "every order as a table, masked", ordering.give_out)
    give_out.add_argument("-o", "--output", metavar="OUT.csv", type=_file(".csv"), required=True)
    take_in = _region_command(
        deeds, "import", "orders that were taken by phone; all rows of a file or none", ordering.take_in
    )
    take_in.add_argument("file", metavar="FILE", type=Path, help="category, words, lon, lat, address, name, phone, ...")
    _add_coordsys(take_in, "coordinate system of the places")


def _add_calling(commands: Commands) -> None:
    from geomatch.cli import calling  # noqa: PLC0415 - as above

    callup = commands.add_parser("callup", help="great call-ups of a region: open, list, show, close, simulate")
    deeds = callup.add_subparsers(title="deeds", metavar="DEED", required=True)
    _add_call(_region_command(deeds, "open", "open a call; the worker sends its waves", calling.open_call))
    _region_command(deeds, "list", "the calls, the newest first", calling.listed)
    show = _region_command(deeds, "show", "how far a call is, and the stations that are short of most", calling.show)
    show.add_argument("callup", metavar="ID", help="as list shows it")
    show.add_argument("--json", action="store_true", help="every station")
    close = _region_command(deeds, "close", "ask nobody any more; places stay as they are", calling.close)
    close.add_argument("callup", metavar="ID", help="as list shows it")
    simulate = _region_command(
        deeds, "simulate", "play a call over invented answers in a database of its own", calling.simulate
    )
    _add_call(simulate)
    simulate.add_argument("--seed", type=_whole(0, 1_000_000_000), default=20261129, help="of all chance")
    simulate.add_argument("--json", action="store_true")


def _add_call(command: argparse.ArgumentParser) -> None:
    command.add_argument("--name", default="大征召", help="what it is called (%(default)s)")
    command.add_argument("--words", default="值守", help="what it is about; every notice says it (%(default)s)")
    command.add_argument("--starts", metavar="TIME", required=True, help="first shift, such as '2026-12-01 08:00'")
    command.add_argument("--hours", type=_whole(1, 72), default=24, help="how long in all (%(default)s)")
    command.add_argument("--shift-hours", type=_whole(1, 72), default=4, help="how long a shift is (%(default)s)")
    command.add_argument(
        "--need", metavar="PEOPLE[:SKILL]", action="append", default=[], help="of every site; may be repeated"
    )
    command.add_argument("--needs", metavar="FILE", type=Path, help="people, skill?, certified?, sites?")
    command.add_argument(
        "--site", metavar="ID", action="append", default=[], help="these alone; all stations if absent"
    )
    command.add_argument("--urgent", action="store_true", help="its notices go out in quiet hours too")


def _region_command(commands: Commands, name: str, says: str, run: Run) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=says, description=f"{says[0].upper()}{says[1:]}.")
    command.add_argument("region", metavar="REGION", type=Path, help="folder of a built region")
    command.set_defaults(run=run)
    return command


def _add_count(command: argparse.ArgumentParser) -> None:
    command.add_argument("-k", type=_whole(1, 20), default=1, metavar="N", help="how many sites (%(default)s)")


def _add_target(command: argparse.ArgumentParser) -> None:
    command.add_argument("--target", type=float, default=85.0, metavar="P", help="per cent to be covered (%(default)g)")


def _add_question(command: argparse.ArgumentParser, *, coordsys: str | None = None) -> None:
    kinds = [kind.value for kind in SiteKind]
    command.add_argument("--kind", action="append", choices=kinds, default=[], help="only this kind; may be repeated")
    command.add_argument("--profile", choices=list(PROFILES), default="standard", help="who walks (%(default)s)")
    bound = command.add_mutually_exclusive_group()
    bound.add_argument("--minutes", type=float, metavar="M", help="limit in minutes (15)")
    bound.add_argument("--metres", type=float, metavar="D", help="limit in metres of walking")
    if coordsys is not None:
        _add_coordsys(command, coordsys)


def _add_coordsys(command: argparse.ArgumentParser, says: str) -> None:
    systems = [system.value for system in CoordSys]
    command.add_argument("--coordsys", choices=systems, default="wgs84", help=f"{says} (%(default)s)")


def _whole(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"must be a whole number from {least} to {most}, not {text!r}")
        return int(text)

    return read


def _file(*endings: str) -> Callable[[str], Path]:
    def read(text: str) -> Path:
        if not text.lower().endswith(endings):
            raise argparse.ArgumentTypeError(f"must end in {' or '.join(endings)}: {text!r}")
        return Path(text)

    return read
