"""Use case: goods are ordered for points, handed out at the desk by a code, or come back; both sides or neither."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

from geomatch.errors import ConflictError, NotAllowedError, NotFoundError, TooManyError
from geomatch.services import points as point_service
from geomatch.store import ids
from geomatch.volunteering import masking
from geomatch.volunteering import points as books
from geomatch.volunteering.points import PointsError, TransactionKind
from geomatch.volunteering.roles import Role, Scope
from geomatch.volunteering.shop import CODE_FIGURES, RESERVED_FOR, UNDONE, Goods, Redemption, RedemptionState
from geomatch.volunteering.site_codes import LOCKED_FOR, MOST_FAILURES

if TYPE_CHECKING:
    from datetime import datetime

    from geomatch.store.unit_of_work import UnitOfWork
    from geomatch.volunteering.roles import Principal

_AT_ONCE, _MOST_CODES = 500, 20


def add_goods(work: UnitOfWork, who: Principal, site: str, name: str, *, price: int, stock: int, at: datetime) -> Goods:
    """Put new goods on the shelf of a site; NotAllowedError where it is not the station's own."""
    if who.site is not None and who.site != site:
        raise NotAllowedError(f"this account belongs to site {who.site!r}")
    made = Goods(ids.fresh(), who.region, site, name, price, stock, stock)
    with work:
        work.shop.add(made, at)
        work.commit()
    return made


def restock(work: UnitOfWork, who: Principal, goods_id: str, change: int, *, at: datetime) -> Goods:
    """Put more in, or take some out.

    Raises:
        NotFoundError: there are no such goods at the station's own site.
        ConflictError: there are not as many to take out.
    """
    with work:
        work.shop.get(goods_id, who.region, who.site)
        if not work.shop.restock(goods_id, change, at):
            raise ConflictError("there are not as many on the shelf")
        changed = work.shop.get(goods_id, who.region, who.site)
        work.commit()
    return changed


def set_open(work: UnitOfWork, who: Principal, goods_id: str, *, is_open: bool, at: datetime) -> Goods:
    """Offer goods or no longer; what is ordered is still handed out. NotFoundError as in `restock`."""
    with work:
        found = work.shop.get(goods_id, who.region, who.site)
        work.shop.set_open(goods_id, at, is_open=is_open)
        work.commit()
    return replace(found, is_open=is_open)


def goods(
    work: UnitOfWork, region: str, *, only_open: bool, limit: int, offset: int
) -> tuple[int, tuple[Goods, ...]]:  # fmt: skip
    """Count the goods of a region and list some, by name."""
    with work:
        return work.shop.goods(region, only_open=only_open, limit=limit, offset=offset)


def order(work: UnitOfWork, who: Principal, goods_id: str, count: int, *, at: datetime) -> Redemption:
    """Order goods for one's own points: the points are held and the goods put by, both or neither.

    Raises:
        NotFoundError: there are no such goods, or the account's volunteer is not there.
        PointsError: the points are not there, or some are owed.
        ConflictError: there are not as many goods.
    """
    with work:
        volunteer = work.people.get(who.volunteer or "", Scope(who.region, volunteer=who.volunteer)).id
        wanted = work.shop.get(goods_id, who.region, None)
        owed = point_service.settle(work, who.region, volunteer, at=at)
        if owed:
            raise PointsError.of("points", f"{owed:,} are owed for hours that were taken back; earn them first")
        made = Redemption(
            ids.fresh(), who.region, volunteer, wanted.id, wanted.site, count, wanted.price * count, "",
            RedemptionState.RESERVED, at, at + RESERVED_FOR,
        )  # fmt: skip
        legs = books.legs(TransactionKind.RESERVE, volunteer, made.points)
        point_service.book(work, who.region, TransactionKind.RESERVE, legs, cause=_cause(made), who=who.account, at=at)
        if not work.shop.take(wanted.id, count, at):
            raise ConflictError(f"there are not {count:,} of it any more")
        made = _with_code(work, made)
        work.commit()
    return made


def _with_code(work: UnitOfWork, made: Redemption) -> Redemption:
    for _ in range(_MOST_CODES):
        coded = replace(made, code=f"{secrets.randbelow(10**CODE_FIGURES):0{CODE_FIGURES}d}")
        if work.shop.order(coded):
            return coded
    raise ConflictError("no code was free; try again")


def redeem(work: UnitOfWork, who: Principal, code: str, *, at: datetime) -> Redemption:
    """Hand out at the desk what was ordered, by the code that is shown.

    Raises:
        NotFoundError: nothing is ordered at this site by that code.
        TooManyError: too many wrong codes.
        ConflictError: it was handed out already, or lapsed, or was cancelled.
    """
    with work:
        failed = work.visits.failures(who.account, at - LOCKED_FOR)
        if len(failed) >= MOST_FAILURES:
            wait = (failed[-MOST_FAILURES] + LOCKED_FOR - at).total_seconds()
            raise TooManyError("too many wrong codes; try again later", retry_after_s=max(1, round(wait)))
        found = work.shop.by_code(who.region, who.site or "", code)
        if found is None:
            work.visits.note_failure(who.account, at, forget_before=at - LOCKED_FOR)
            work.commit()
            raise NotFoundError("nothing is ordered at this site by that code")
        if found.state is not RedemptionState.RESERVED or found.ends_at <= at:
            raise ConflictError(f"it is {found.state.value} already, or was put by for too long")
        legs = books.legs(TransactionKind.REDEEM, found.volunteer, found.points)
        point_service.book(work, who.region, TransactionKind.REDEEM, legs, cause=_cause(found), who=who.account, at=at)
        done = replace(found, state=RedemptionState.REDEEMED, ended_at=at, ended_by=who.account)
        work.shop.end(done)
        work.commit()
    return done


def undo(work: UnitOfWork, who: Principal, redemption_id: str, why: str, *, at: datetime) -> Redemption:
    """Cancel what is ordered, or take back at the desk what was handed out; points and goods are where they were.

    Raises:
        NotFoundError: there is none of that id that is one's own, or at the station's own site.
        NotAllowedError: what was handed out is taken back at the desk only.
        ConflictError: it is undone already.
    """
    with work:
        found = work.shop.by_id(redemption_id, who.region)
        if found is None or not _may_see(who, found):
            raise NotFoundError(f"there is nothing ordered as {redemption_id!r} that this account may see")
        if found.state is RedemptionState.REDEEMED and who.role not in {Role.STATION, Role.CENTRE}:
            raise NotAllowedError("it was handed out; take it back to the desk")
        state = RedemptionState.RETURNED if found.state is RedemptionState.REDEEMED else RedemptionState.CANCELLED
        undone = _undo(work, found, state, who=who.account, why=masking.words(why), at=at)
        work.commit()
    return undone


def lapse(work: UnitOfWork, region: str, *, at: datetime) -> int:
    """Undo what was put by for too long, inside a unit of work that is open; gives how many."""
    done = 0
    for redemption_id in work.shop.overdue(region, at, limit=_AT_ONCE):
        found = work.shop.by_id(redemption_id, region)
        if found is not None and found.state is RedemptionState.RESERVED:
            _undo(work, found, RedemptionState.LAPSED, who=point_service.CLOCK, why="not fetched in time", at=at)
            done += 1
    return done


def _undo(
    work: UnitOfWork, found: Redemption, state: RedemptionState, *, who: str, why: str, at: datetime
) -> Redemption:  # fmt: skip
    if found.state in UNDONE:
        raise ConflictError(f"it is {found.state.value} already")
    kinds = (TransactionKind.REDEEM, TransactionKind.RESERVE)
    for kind in kinds if found.state is RedemptionState.REDEEMED else kinds[1:]:
        booked = work.points.of(found.region, kind, _cause(found))
        if booked is not None:
            point_service.reverse(work, found.region, booked, who=who, why=why, at=at)
    work.shop.put_back(found.goods, found.count, at)
    undone = replace(found, state=state, ended_at=at, ended_by=who, why=why)
    work.shop.end(undone)
    return undone


def redemptions(
    work: UnitOfWork, who: Principal, *, limit: int, offset: int
) -> tuple[int, tuple[Redemption, ...]]:  # fmt: skip
    """Count and list what is ordered, the newest first: one's own, at the station's site, or in the region."""
    volunteer = (who.volunteer or "") if who.role in {Role.VOLUNTEER, Role.LEADER} else None
    with work:
        return work.shop.redemptions(who.region, site=who.site, volunteer=volunteer, limit=limit, offset=offset)


def _may_see(who: Principal, found: Redemption) -> bool:
    if who.role is Role.CENTRE:
        return True
    return found.site == who.site if who.role is Role.STATION else found.volunteer == who.volunteer


def _cause(each: Redemption) -> str:
    return f"redemption:{each.id}"
