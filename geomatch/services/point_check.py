"""Use case: the books of the points shop are held against themselves: every leg is summed anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geomatch.errors import Fault
from geomatch.volunteering import points as books
from geomatch.volunteering.shop import UNDONE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from geomatch.store.unit_of_work import UnitOfWork
    from geomatch.volunteering.points import Transaction
    from geomatch.volunteering.shop import Goods

_SUMS = frozenset({books.ISSUED, books.REDEEMED, books.EXPIRED})


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of holding the books against themselves.

    Attributes:
        transactions: how many were read.
        issued, redeemed, expired, held, free: points in all; the first is the sum of the others.
        faults: every place where something does not hold; none where all is well.
    """

    transactions: int
    issued: int
    redeemed: int
    expired: int
    held: int
    free: int
    faults: tuple[Fault, ...]


def check(work: UnitOfWork, region: str) -> Checked:
    """Sum all legs anew and hold them against what is kept: balances, goods on stock, and what is ordered."""
    where = f"points of {region}"
    with work:
        made = work.points.everything(region)
        kept = work.points.kept_balances(region)
        goods = work.shop.all_goods(region)
        out = work.shop.counts_out(region, UNDONE)
    sums = books.balances(made)
    faults = (*_unbalanced(made, where), *_differing(sums, kept, where), *_missing(goods, out, where))
    wallets, holds = (
        sum(balance for account, balance in sums.items() if account.startswith(prefix))
        for prefix in (books.wallet(""), books.hold(""))
    )
    issued, redeemed, expired = (sums.get(name, 0) for name in (books.ISSUED, books.REDEEMED, books.EXPIRED))
    return Checked(len(made), -issued, redeemed, expired, holds, wallets, faults)


def _unbalanced(made: Sequence[Transaction], where: str) -> Iterator[Fault]:
    for each in made:
        if sum(leg.points for leg in each.legs) != 0:
            yield Fault(where, "does not sum to zero", value=each.id)


def _differing(sums: Mapping[str, int], kept: Mapping[str, int], where: str) -> Iterator[Fault]:
    for account in sorted((sums.keys() | kept.keys()) - _SUMS):
        summed, there = sums.get(account, 0), kept.get(account, 0)
        if summed < 0 or summed != there:
            yield Fault(where, f"the legs sum to {summed:,}, kept are {there:,}", value=account)


def _missing(goods: Sequence[Goods], out: Mapping[str, int], where: str) -> Iterator[Fault]:
    for each in goods:
        gone = out.get(each.id, 0)
        if each.stock < 0 or each.stock + gone != each.stocked:
            told = f"{each.stocked:,} were put in, {each.stock:,} are there, {gone:,} are out"
            yield Fault(where, told, value=each.id)
