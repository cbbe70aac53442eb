"""Use case: orders that were taken by phone come in from an office's file, and orders go out as a table, masked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from geomatch.errors import Fault, InputError
from geomatch.files import order_table, sheet_out
from geomatch.services import orders as order_service
from geomatch.volunteering.orders import OrderState
from geomatch.volunteering.roles import Principal, Role, Scope

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from geomatch.files.order_table import Phoned
    from geomatch.services.region import Region
    from geomatch.store.unit_of_work import UnitOfWork
    from geomatch.volunteering.order_sheet import Order

BY = "import"
"""Who took the orders of a file, as their moves say."""
_AT_A_TIME = 1000


def import_orders(work: UnitOfWork, region: Region, phoned: Phoned, *, at: datetime) -> int:
    """Take the orders of a file in; all of them or none. Gives how many.

    Raises:
        InputError: with every row at fault, those among them that were placed already.
    """
    who = Principal(BY, Role.CENTRE, region.spec.id)
    faults, made = [], []
    with work:
        for sheet, row in zip(phoned.sheets, phoned.rows, strict=True):
            try:
                order = order_service.prepared(region, who, sheet, at)
            except InputError as error:
                faults += [replace(each, where=phoned.where, row=row, column=each.where) for each in error.faults]
                continue
            if work.orders.has_alike(order.region, order.sheet):
                faults.append(Fault(phoned.where, "was placed already: same phone, words and time", row=row))
                continue
            order_service.write(work, order, at)
            made.append(order)
        if faults:
            raise InputError(faults)
        work.commit()
    return len(made)


def export_orders(work: UnitOfWork, region: str, zone: str, path: Path) -> int:
    """Write every order of a region as a CSV, masked, the newest first; gives how many."""
    with work:
        count, _ = work.orders.page(Scope(region), tuple(OrderState), limit=1, offset=0)
        sheet_out.write_csv(path, order_table.ORDER_COLUMNS, order_table.order_rows(_all(work, region), zone))
    return count


def _all(work: UnitOfWork, region: str) -> Iterator[Order]:
    offset = 0
    while True:
        _, page = work.orders.page(Scope(region), tuple(OrderState), limit=_AT_A_TIME, offset=offset)
        yield from page
        if len(page) < _AT_A_TIME:
            return
        offset += _AT_A_TIME
