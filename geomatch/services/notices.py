"""Use case: who reads notices sees theirs and says what they want; an office sees what became of its area's."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from geomatch.errors import InputError
from geomatch.sending.addresses import MAILBOX
from geomatch.volunteering import categories
from geomatch.volunteering.notices import NoticeState, checked_rules
from geomatch.volunteering.roles import STAFF, Role, scope_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from geomatch.store.unit_of_work import UnitOfWork
    from geomatch.volunteering.channels import Delivery, Wishes
    from geomatch.volunteering.notices import NoticeRules, Posted, Purpose
    from geomatch.volunteering.roles import Principal

OVERSEERS = STAFF | {Role.AUDITOR, Role.LEADER}
"""They see what became of their area's notices, without what these say."""


@dataclass(frozen=True, slots=True)
class Told:
    """A notice, with the ways that it went."""

    posted: Posted
    ways: tuple[Delivery, ...]
    channels: dict[str, str]


def mine(
    work: UnitOfWork, who: Principal, states: Sequence[NoticeState], *, limit: int, offset: int
) -> tuple[int, tuple[Posted, ...]]:
    """Count and list the notices to whoever asks, the newest first; all states where none is named."""
    with work:
        return work.outbox.page(
            who.region, readers_of(who), states or tuple(NoticeState), limit=limit, offset=offset
        )  # fmt: skip


def of_area(
    work: UnitOfWork, who: Principal, states: Sequence[NoticeState], *, limit: int, offset: int
) -> tuple[int, tuple[Posted, ...]]:
    """Count and list the notices to readers of an overseer's area, without what they say."""
    with work:
        count, found = work.outbox.area_page(
            scope_of(who), states or tuple(NoticeState), limit=limit, offset=offset
        )  # fmt: skip
    return count, tuple(_without_body(posted) for posted in found)


def told(work: UnitOfWork, who: Principal, notice_id: str) -> Told:
    """Find one notice and say which ways it went.

    Raises:
        NotFoundError: there is none that this account may see.
    """
    with work:
        if who.role in OVERSEERS:
            posted = work.outbox.get_in(notice_id, scope_of(who))
            if not readers_of(who) & {posted.notice.volunteer, posted.notice.account}:
                posted = _without_body(posted)
        else:
            posted = work.outbox.get(notice_id, who.region, readers_of(who))
        names = {channel.id: channel.name for channel in work.channels.all(who.region)}
        return Told(posted, work.deliveries.of(notice_id), names)


def counts(work: UnitOfWork, region: str) -> dict[tuple[Purpose, NoticeState], int]:
    """Count the notices of a region by what they are for and where they stand."""
    with work:
        return work.outbox.counts(region)


def wishes(work: UnitOfWork, who: Principal) -> Wishes:
    """Give what somebody asked for."""
    with work:
        return work.readers.wishes(who.region, _main_reader(who))


def set_wishes(work: UnitOfWork, who: Principal, given: Wishes, *, at: datetime) -> Wishes:
    """Note what somebody asks for; what they no longer want and was not sent yet ends at once.

    Raises:
        InputError: no mailbox, or no category.
    """
    if given.mail is not None and not MAILBOX.fullmatch(given.mail):
        raise InputError.of("mail", "is not a mailbox, such as wang@example.cn", value=given.mail)
    about = tuple(dict.fromkeys(categories.check_category(each, "interests") for each in given.interests))
    with work:
        work.outbox.hold(who.region)
        for reader in sorted(readers_of(who)):
            for purpose in work.readers.wishes(who.region, reader).opted_out - given.opted_out:
                work.readers.opt_in(who.region, reader, purpose)
            for purpose in sorted(given.opted_out):
                work.readers.opt_out(who.region, reader, purpose, at)
            work.outbox.end_for(who.region, reader, given.opted_out)
            work.readers.set_mail(who.region, reader, given.mail, at)
            work.readers.set_interests(who.region, reader, about, at)
        work.commit()
    return replace(given, interests=tuple(sorted(about)))


def rules(work: UnitOfWork, region: str) -> NoticeRules:
    """Give the quiet hours and the cap of a region."""
    with work:
        return work.outbox.rules(region)


def set_rules(work: UnitOfWork, region: str, given: NoticeRules) -> NoticeRules:
    """Set them; InputError where the cap or the time zone is none."""
    checked = checked_rules(given)
    with work:
        work.outbox.put_rules(region, checked)
        work.commit()
    return checked


def readers_of(who: Principal) -> frozenset[str]:
    """Give the ids by which notices reach whoever asks: the account's, and that of the volunteer that it is."""
    return frozenset(filter(None, (who.account, who.volunteer)))


def _main_reader(who: Principal) -> str:
    return who.volunteer or who.account


def _without_body(posted: Posted) -> Posted:
    """Leave out what it says: it may hold an address that only its reader was promised."""
    return replace(posted, notice=replace(posted.notice, body="…"))
