"""Commands for orders: listed and exported masked, and those that were taken by phone brought in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from geomatch.cli.accounting import database
from geomatch.cli.making import opened
from geomatch.files import region_file
from geomatch.volunteering.deadlines import STEP_NAMES, Step
from geomatch.volunteering.orders import STATE_NAMES, OrderState
from geomatch.volunteering.roles import Principal, Role, Scope

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from geomatch.files.region_file import RegionSpec
    from geomatch.volunteering.order_sheet import Order

ORDER_STATES = tuple(state.value for state in OrderState)
_MOST = 100_000


def listed(options: argparse.Namespace) -> None:
    """List orders, one a line."""
    from geomatch.services import orders as order_service  # noqa: PLC0415 - each command opens only its own rooms

    spec = region_file.load_spec(options.region)
    states = [OrderState(state) for state in options.state] or list(OrderState)
    who = Principal("", Role.CENTRE, spec.id)
    count, page = order_service.page(database().reading(), who, states, limit=options.limit, offset=0)
    _print(page, spec)
    print(f"{len(page):,} of {count:,} orders")


def at_risk(options: argparse.Namespace) -> None:
    """List the orders that nobody moved in time."""
    from geomatch.services import orders as order_service  # noqa: PLC0415 - as above

    spec, now = region_file.load_spec(options.region), datetime.now(UTC)
    count, page = order_service.at_risk(database().reading(), Scope(spec.id), at=now, limit=_MOST, offset=0)
    _print(page, spec)
    print(f"{count:,} orders at risk 逾期未处理")


def give_out(options: argparse.Namespace) -> None:
    """Export every order, masked."""
    from geomatch.services import order_files  # noqa: PLC0415 - as above

    spec = region_file.load_spec(options.region)
    count = order_files.export_orders(database().reading(), spec.id, spec.timezone, options.output)
    print(f"{options.output}: {count:,} orders, names, phones and addresses masked 已脱敏")


def take_in(options: argparse.Namespace) -> None:
    """Import orders that were taken by phone; all rows of a file or none."""
    from geomatch.files import order_table  # noqa: PLC0415 - as above
    from geomatch.geo.coordinates import CoordSys  # noqa: PLC0415 - as above
    from geomatch.services import order_files  # noqa: PLC0415 - as above

    region = opened(options.region)
    phoned = order_table.read_orders(options.file, CoordSys(options.coordsys), region.spec.timezone)
    count = order_files.import_orders(database().writing(), region, phoned, at=datetime.now(UTC))
    print(f"{options.file}: {count:,} orders taken in, to be checked")


def dispatch_batch(options: argparse.Namespace) -> None:
    """Put many orders to volunteers at once; tells of each whom, or why nobody."""
    from geomatch.services import matching, matching_batch, rosters  # noqa: PLC0415 - as above
    from geomatch.volunteering import reasons  # noqa: PLC0415 - as above

    region = opened(options.region)
    done = matching_batch.dispatch(
        database(), rosters.Rosters(), region, Scope(region.spec.id), by=matching.MATCHER, at=datetime.now(UTC),
        orders=options.orders or None,
    )  # fmt: skip
    for part in done.parts:
        told = part.why
        if part.choice is not None and len(part.asked) < part.wanted:
            told = f"{reasons.why_missing(part.choice)} {reasons.why_missing(part.choice, 'en')}"
        print(f"{part.order}  {len(part.asked)}/{part.wanted}  {' '.join(part.asked)}  {told}".rstrip())
    asked = sum(len(part.asked) for part in done.parts)
    print(f"batch {done.id}: {len(done.parts):,} orders, {asked:,} volunteers asked; {done.left:,} orders left")


def _print(orders: Iterable[Order], spec: RegionSpec) -> None:
    here = ZoneInfo(spec.timezone)
    for order in orders:
        sheet, shown = order.sheet, order.sheet.contact.masked
        window = f"{sheet.starts_at.astimezone(here):%Y-%m-%d %H:%M}"
        step = f"  {STEP_NAMES[Step(order.step)][0]}" if order.step else ""
        places = f"{order.taken}/{sheet.people_needed}"
        print(
            f"{order.id}  {STATE_NAMES[order.state][0]}  {window}  {order.unit or '-'}  {places}"
            f"  {shown.name} {shown.phone}  {sheet.words}{step}"
        )
