"""Commands for notices: the ways out, the rules, what became of them, and a push to an area."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, time
from getpass import getpass
from typing import TYPE_CHECKING

from geomatch.cli.accounting import database
from geomatch.config import Settings
from geomatch.errors import InputError
from geomatch.files import region_file

if TYPE_CHECKING:
    import argparse


def channels(options: argparse.Namespace) -> None:
    """List the ways out of a region, one a line."""
    from geomatch.services import channels as room  # noqa: PLC0415 - each command opens only its own rooms

    for each in room.listed(database().reading(), region_file.load_spec(options.region).id):
        channel = each.channel
        counts = ", ".join(f"{count:,} {state.value}" for state, count in each.counts.items() if count) or "-"
        where = each.host or "closed 已停用"
        purposes = ",".join(sorted(channel.purposes))
        print(f"{channel.id}  {channel.kind.value}  {where}  {purposes}  {channel.name}  {counts}")


def channel_add(options: argparse.Namespace) -> None:
    """Open a way out; its address is asked for, or read from a pipe, since it may hold a key or a password."""
    from geomatch.services import channels as room  # noqa: PLC0415 - as above
    from geomatch.volunteering.channels import KIND_NAMES, ChannelKind  # noqa: PLC0415 - as above
    from geomatch.volunteering.notices import Purpose  # noqa: PLC0415 - as above

    region, kind = region_file.load_spec(options.region).id, ChannelKind(options.kind)
    address = getpass("address 地址: ") if sys.stdin.isatty() else sys.stdin.readline().strip()
    made = room.add(
        database().writing(), region, options.name, kind=kind, address=address,
        purposes=[Purpose(each) for each in options.purpose],
        notice_hosts=Settings.from_env().notice_hosts, at=datetime.now(UTC), unit=options.unit, team=options.team,
    )  # fmt: skip
    print(f"{made.id}: {kind.value} {KIND_NAMES[kind][0]}, {made.name}")
    if made.secret:
        print(f"secret, told this once 密钥只显示一次: {made.secret}")


def channel_close(options: argparse.Namespace) -> None:
    """Close a way out at once."""
    from geomatch.services import channels as room  # noqa: PLC0415 - as above

    room.close(database().writing(), options.channel, region=region_file.load_spec(options.region).id)
    print(f"{options.channel}: closed 已停用")


def rules(options: argparse.Namespace) -> None:
    """Show quiet hours and the cap a day, or set what is given."""
    from dataclasses import replace  # noqa: PLC0415 - as above

    from geomatch.services import notices as room  # noqa: PLC0415 - as above

    region, store = region_file.load_spec(options.region).id, database()
    set_now = room.rules(store.reading(), region)
    given = set_now
    if options.quiet is not None:
        given = replace(given, quiet_from=options.quiet[0], quiet_until=options.quiet[1])
    if options.most_a_day is not None:
        given = replace(given, most_a_day=options.most_a_day)
    if given != set_now:
        room.set_rules(store.writing(), region, given)
    quiet = f"{given.quiet_from:%H:%M}-{given.quiet_until:%H:%M}"
    print(f"quiet hours 免打扰 {quiet} {given.timezone}; at most 每日上限 {given.most_a_day} a volunteer and day")


def count(options: argparse.Namespace) -> None:
    """Count the notices of a region by what they are for and where they stand."""
    from geomatch.services import notices as room  # noqa: PLC0415 - as above
    from geomatch.volunteering.notices import PURPOSE_NAMES  # noqa: PLC0415 - as above

    found = room.counts(database().reading(), region_file.load_spec(options.region).id)
    for (purpose, state), figure in sorted(found.items()):
        print(f"{purpose.value:10s}{PURPOSE_NAMES[purpose][0]}  {state.value:10s}{figure:>10,}")


def push(options: argparse.Namespace) -> None:
    """Tell the volunteers of an area something, or with --dry-run only how many that would be."""
    from geomatch.cli.making import opened  # noqa: PLC0415 - as above
    from geomatch.services import pushing as room  # noqa: PLC0415 - as above
    from geomatch.volunteering.categories import check_category  # noqa: PLC0415 - as above
    from geomatch.volunteering.pushing import Audience  # noqa: PLC0415 - as above
    from geomatch.volunteering.roles import Principal, Role  # noqa: PLC0415 - as above

    region, store, now = opened(options.region), database(), datetime.now(UTC)
    circle = None
    if options.site is not None:
        circle = room.circle_of(
            region, site=options.site, lon=None, lat=None, minutes=options.minutes, profile="standard"
        )
    interests = tuple(check_category(each, "--interest") for each in options.interest)
    audience = Audience(options.unit, tuple(options.skill), interests, circle)
    who = Principal("command line", Role.CENTRE, region.spec.id)
    if options.dry_run:
        found = room.reached(store.reading(), region, who, audience, at=now)
        put = 0
    else:
        if not options.body:
            raise InputError.of("--body", "is what they are told; give it, or --dry-run")
        made, found = room.push(store.writing(), region, who, audience, options.body, at=now)
        put = made.put
    print(f"{len(found.volunteers):,} volunteers 志愿者, {found.full_today:,} of them full for today 今日已满")
    print(f"{found.opted_out:,} more opted out 已退订")
    print(f"{put:,} notices put in the outbox 已入发件箱; why 缘由: {found.why_zh}")


def hours(text: str) -> tuple[time, time]:
    """Read 21:00-07:30."""
    start, _, end = text.partition("-")
    return time.fromisoformat(start), time.fromisoformat(end)
