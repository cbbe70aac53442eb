"""One piece of work on the database: everything in it happens at its commit, or nothing does."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from geomatch.store import faults
from geomatch.store.account_rows import AccountRows
from geomatch.store.activity_rows import ActivityRows
from geomatch.store.anchor_rows import AnchorRows
from geomatch.store.callup_ask_rows import AskRows
from geomatch.store.callup_rows import CallupRows
from geomatch.store.change_rows import ChangeRows
from geomatch.store.channel_rows import ChannelRows
from geomatch.store.claim_rows import ClaimRows
from geomatch.store.delivery_rows import DeliveryRows
from geomatch.store.duty_rows import DutyRows
from geomatch.store.hour_rows import HourRows
from geomatch.store.identity_rows import IdentityRows
from geomatch.store.job_rows import JobRows
from geomatch.store.key_rows import KeyRows
from geomatch.store.look_rows import LookRows
from geomatch.store.matching_rows import MatchingRows
from geomatch.store.menu_rows import MenuRows
from geomatch.store.notice_rows import OutboxRows
from geomatch.store.offer_rows import OfferRows
from geomatch.store.order_rows import OrderRows
from geomatch.store.organisation_rows import OrganisationRows
from geomatch.store.people_rows import PeopleRows
from geomatch.store.point_rows import PointRows
from geomatch.store.privacy_rows import PrivacyRows
from geomatch.store.push_rows import PushRows
from geomatch.store.reader_rows import ReaderRows
from geomatch.store.review_rows import ReviewRows
from geomatch.store.scenario_rows import ScenarioRows
from geomatch.store.shop_rows import ShopRows
from geomatch.store.site_rows import SiteRows
from geomatch.store.statistic_rows import StatisticRows
from geomatch.store.visit_rows import VisitRows

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Self

    from sqlalchemy import Connection

    from geomatch.store.transaction import Part, Transaction


T = TypeVar("T")


def _rows(make: Callable[[Connection], T]) -> cached_property[T]:
    """Make the rows of some tables when they are first asked for: most units of work want few of them."""
    return cached_property(lambda work: make(work._transaction.connection))  # noqa: SLF001 - a part of the class below


def _changes(work: UnitOfWork) -> ChangeRows:
    return ChangeRows(work._transaction.connection, work._transaction.changes)  # noqa: SLF001 - as above


def _people(work: UnitOfWork) -> PeopleRows:
    return PeopleRows(work._transaction.connection, work.changes)  # noqa: SLF001 - as above


class UnitOfWork:
    """Used as `with work:`; whatever is not committed is taken back at the end. For one use.

    Attributes:
        scenarios: the saved scenarios, inside the `with`; so are all that follow.
        sites: the sites of the regions, as they are edited.
        accounts: who may sign in, and who is signed in.
        identities: who is the same person, by keyed hashes.
        people: teams and volunteers.
        privacy: who agreed to what, and everything that is held of a person.
        menu: services that districts added.
        orders: what residents ask for, and the moves that it made.
        offers: orders that were put to volunteers.
        duties: what volunteers promised.
        reviews: what residents said afterwards.
        matching: whom the matcher asked, and what a region set for it.
        looks: who saw an address and a phone number in full.
        organisations: who hosts teams and sites; own categories and skills.
        outbox: what people are to be told.
        channels: the ways out.
        deliveries: notices on their way by a channel.
        pushes: notices to an area.
        activities: what people come to, and who signed up.
        statistics: what is counted of it, and figures that were published.
        readers: what those who read notices want.
        jobs: work to be done later.
        changes: what those who keep rows in memory are told.
        keys: keys of requests, with their first answers.
        hours: the chain of hours.
        visits: who came to a site to serve, and left.
        claims: hours that wait for a second person, and objections.
        anchors: heads of the chain that were sent out.
        points: the books of the points shop.
        shop: its goods, and what is ordered there.
        callups: call-ups and their posts.
        callup_asks: who was asked for which post.
    """

    scenarios = _rows(ScenarioRows)
    sites = _rows(SiteRows)
    accounts = _rows(AccountRows)
    identities = _rows(IdentityRows)
    people = cached_property(_people)
    privacy = _rows(PrivacyRows)
    menu = _rows(MenuRows)
    orders = _rows(OrderRows)
    offers = _rows(OfferRows)
    duties = _rows(DutyRows)
    reviews = _rows(ReviewRows)
    matching = _rows(MatchingRows)
    looks = _rows(LookRows)
    organisations = _rows(OrganisationRows)
    outbox = _rows(OutboxRows)
    channels = _rows(ChannelRows)
    deliveries = _rows(DeliveryRows)
    pushes = _rows(PushRows)
    activities = _rows(ActivityRows)
    statistics = _rows(StatisticRows)
    readers = _rows(ReaderRows)
    jobs = _rows(JobRows)
    changes = cached_property(_changes)
    keys = _rows(KeyRows)
    hours = _rows(HourRows)
    visits = _rows(VisitRows)
    claims = _rows(ClaimRows)
    anchors = _rows(AnchorRows)
    points = _rows(PointRows)
    shop = _rows(ShopRows)
    callups = _rows(CallupRows)
    callup_asks = _rows(AskRows)

    def __init__(self, begin: Callable[[], Transaction | Part]) -> None:
        """Take how to begin; made by Database."""
        self._begin = begin

    def __enter__(self) -> Self:
        """Begin.

        Raises:
            StoreError: the database cannot be used.
        """
        with faults.told():
            self._transaction = self._begin()
        return self

    def commit(self) -> None:
        """Make everything so far last; StoreError where the database does not take it."""
        with faults.told():
            self._transaction.commit()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take back what was not committed."""
        with faults.told():
            self._transaction.close()
