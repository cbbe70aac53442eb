"""Use case: offices announce activities, people sign up and come; nobody is seated who has no seat."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from geomatch.errors import ChangedError, ConflictError, InputError, NotAllowedError, NotFoundError
from geomatch.store import ids
from geomatch.volunteering import activities as rules
from geomatch.volunteering.activities import Activity, Counts, SignUp, SignUpState
from geomatch.volunteering.categories import check_category
from geomatch.volunteering.notices import Notice, Purpose
from geomatch.volunteering.roles import Role, scope_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from geomatch.store.unit_of_work import UnitOfWork
    from geomatch.volunteering.roles import Principal

ORGANISERS = frozenset({Role.CENTRE, Role.OFFICE, Role.STATION, Role.LEADER})
GUESTS = frozenset({Role.RESIDENT, Role.VOLUNTEER, Role.LEADER})


@dataclass(frozen=True, slots=True)
class Draft:
    """What an organiser says of an activity.

    Attributes:
        title, category, place, words: as in Activity.
        lon, lat: WGS-84 degrees.
        starts_at, ends_at, signup_until: when; signing up ends with the start where it is not given.
        seats: how many.
        unit, site, team: whose it is; an organiser's own area stands in their place.
    """

    title: str
    category: str
    place: str
    lon: float
    lat: float
    starts_at: datetime
    ends_at: datetime
    seats: int
    signup_until: datetime | None = None
    words: str = ""
    unit: str | None = None
    site: str | None = None
    team: str | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """An activity, how full it is, and the place of whoever asks.

    Attributes:
        activity: it.
        counts: how full.
        mine: the asker's place, or None.
        ahead: how many wait before the asker, who waits; else None.
    """

    activity: Activity
    counts: Counts
    mine: SignUp | None = None
    ahead: int | None = None


def add(work: UnitOfWork, who: Principal, draft: Draft, *, at: datetime) -> Shown:
    """Announce an activity of one's own area; InputError where its times make no sense."""
    blank = Activity(
        ids.fresh(), who.region, "", "", "", 0.0, 0.0, draft.starts_at, draft.ends_at, draft.ends_at, 0, "",
        who.account, at, secrets.token_urlsafe(24),
    )  # fmt: skip
    with work:
        made = _drafted(work, draft, who, blank)
        work.activities.add(made)
        work.commit()
    return Shown(made, Counts())


def change(
    work: UnitOfWork, who: Principal, activity_id: str, draft: Draft, *, version: int | None, at: datetime
) -> Shown:
    """Write an activity over; who waits moves up where there are more seats, and is told.

    Raises:
        NotFoundError, NotAllowedError: it is not there, or not of this organiser's area.
        ChangedError: somebody else changed it since it was read.
        ConflictError: more are seated than seats would be left, or it was cancelled.
    """
    with work:
        before = _own(work, who, activity_id)
        if version not in {None, before.version}:
            raise ChangedError(f"the activity is at version {before.version} by now; read it again")
        if before.is_cancelled:
            raise ConflictError("the activity was cancelled")
        after = replace(_drafted(work, draft, who, before), version=before.version + 1)
        seated = work.activities.counts([activity_id])[activity_id].seated
        if after.seats < seated:
            raise ConflictError(f"{seated} people are seated already; there can't be fewer seats")
        work.activities.put(after)
        _move_up(work, after, after.seats - seated, at)
        counts = work.activities.counts([activity_id])[activity_id]
        work.commit()
    return Shown(after, counts)


def cancel(work: UnitOfWork, who: Principal, activity_id: str, why: str, *, at: datetime) -> Shown:
    """Say that an activity does not take place, and tell everybody who signed up; again it stays cancelled."""
    with work:
        before = _own(work, who, activity_id)
        after = replace(before, is_cancelled=True, version=before.version + 1)
        if not before.is_cancelled:
            work.activities.put(after)
            meant = work.activities.sign_ups(activity_id, (SignUpState.SEATED, SignUpState.WAITING))
            body = f"活动取消：{after.title}。{why}"
            work.outbox.put(*[_notice(after, each, f"cancelled:{each.account}", body, at) for each in meant])
        counts = work.activities.counts([activity_id])[activity_id]
        work.commit()
    return Shown(before if before.is_cancelled else after, counts)


def listed(
    work: UnitOfWork,
    region: str,
    *,
    since: datetime,
    categories: Sequence[str] = (),
    unit: str | None = None,
    limit: int,
    offset: int,
) -> tuple[int, tuple[Shown, ...]]:
    """Count and list the activities of a region that end after a moment, the earliest first."""
    wanted = [check_category(each, "category") for each in categories]
    with work:
        count, found = work.activities.page(
            region, since=since, categories=wanted, unit=unit, limit=limit, offset=offset
        )
        counts = work.activities.counts([each.id for each in found])
    return count, tuple(Shown(each, counts[each.id]) for each in found)


def found(work: UnitOfWork, who: Principal, activity_id: str) -> Shown:
    """Find an activity, and the place of whoever asks; NotFoundError where there is none."""
    with work:
        return shown_to(work, who, work.activities.get(activity_id, who.region))


def sign_up(work: UnitOfWork, who: Principal, activity_id: str, *, at: datetime) -> Shown:
    """Take a seat, or the next place on the waiting list; who has one already keeps it.

    Raises:
        NotFoundError: there is no such activity.
        ConflictError: it was cancelled, or the time to sign up is over.
    """
    with work:
        activity = work.activities.get(activity_id, who.region, lock=True)
        mine = work.activities.sign_up_of(activity_id, who.account)
        if mine is None or mine.state is SignUpState.LEFT:
            _check_open(activity, at)
            seated = work.activities.counts([activity_id])[activity_id].seated
            state = SignUpState.SEATED if seated < activity.seats else SignUpState.WAITING
            number = work.activities.next_number(activity_id)
            named = ids.fresh() if mine is None else mine.id
            work.activities.write(SignUp(named, activity_id, who.account, who.volunteer, number, state, at))
        shown = shown_to(work, who, activity)
        work.commit()
    return shown


def leave(work: UnitOfWork, who: Principal, activity_id: str, *, at: datetime) -> Shown:
    """Give one's place up; the first who waits moves up and is told.

    Raises:
        NotFoundError: there is no such activity, or whoever asks has no place.
        ConflictError: one has come already, or the time to leave is over.
    """
    with work:
        activity = work.activities.get(activity_id, who.region, lock=True)
        mine = work.activities.sign_up_of(activity_id, who.account)
        if mine is None:
            raise NotFoundError("this account has no place at this activity")
        if mine.state is not SignUpState.LEFT:
            if mine.checked_in_at is not None:
                raise ConflictError("you have checked in already")
            _check_open(activity, at)
            work.activities.write(replace(mine, state=SignUpState.LEFT))
            if mine.state is SignUpState.SEATED:
                _move_up(work, activity, 1, at)
        shown = shown_to(work, who, activity)
        work.commit()
    return shown


def sign_ups(
    work: UnitOfWork, who: Principal, activity_id: str, *, limit: int, offset: int
) -> tuple[Counts, tuple[tuple[SignUp, str], ...]]:
    """Give how full one's own activity is, and who has a place, with each one's name in full."""
    with work:
        _own(work, who, activity_id)
        places = work.activities.sign_ups(activity_id, tuple(SignUpState), limit=limit, offset=offset)
        names = work.readers.names(who.region, [each.account for each in places])
        counts = work.activities.counts([activity_id])[activity_id]
    return counts, tuple((each, names.get(each.account, "")) for each in places)


def code(work: UnitOfWork, who: Principal, activity_id: str, *, at: datetime) -> str:
    """Give the code that is to be shown at the door now."""
    with work:
        return rules.code_at(_own(work, who, activity_id).secret, at)


def check_in(work: UnitOfWork, who: Principal, activity_id: str, given: str, *, at: datetime) -> Shown:
    """Come through the door by its code; again the first time stands.

    Raises:
        NotFoundError: there is no such activity, or whoever asks has no place.
        InputError: the code is not the one at the door.
        ConflictError: it is not the time, or one is not seated.
    """
    with work:
        activity, mine = at_the_door(work, who, activity_id, given, at)
        _come(work, activity, mine, "code", at)
        shown = shown_to(work, who, activity)
        work.commit()
    return shown


def at_the_door(
    work: UnitOfWork, who: Principal, activity_id: str, given: str, at: datetime
) -> tuple[Activity, SignUp]:  # fmt: skip
    """Lock an activity, and find the place of who gives the code at its door."""
    activity = work.activities.get(activity_id, who.region, lock=True)
    mine = work.activities.sign_up_of(activity_id, who.account)
    if mine is None:
        raise NotFoundError("this account has no place at this activity")
    if not rules.is_code(given, activity.secret, at):
        raise InputError.of("code", "is not the one at the door now; it is another every minute")
    return activity, mine


def check_in_at_desk(work: UnitOfWork, who: Principal, activity_id: str, sign_up_id: str, *, at: datetime) -> SignUp:
    """Note at the desk that somebody came; never of oneself.

    Raises:
        NotFoundError, NotAllowedError: it is not there, or not of this organiser's area.
        ConflictError: it is not the time, or they are not seated.
    """
    with work:
        activity = _own(work, who, activity_id)
        place = work.activities.sign_up(sign_up_id, activity_id)
        if place.account == who.account:
            raise NotAllowedError("somebody else must note that you came; or use the code at the door")
        came = _come(work, activity, place, who.account, at)
        work.commit()
    return came


def set_audience(work: UnitOfWork, who: Principal, activity_id: str, people: int | None, *, at: datetime) -> Shown:
    """Note how many were reached by one's own activity, once it has begun; None for not counted.

    Raises:
        NotFoundError, NotAllowedError: it is not there, or not of this organiser's area.
        ConflictError: it has not begun, or was cancelled.
    """
    with work:
        before = _own(work, who, activity_id)
        if before.is_cancelled or at < before.starts_at:
            raise ConflictError("an audience is counted when the activity has begun")
        after = replace(before, audience=people, version=before.version + 1)
        work.activities.put(after)
        shown = shown_to(work, who, after)
        work.commit()
    return shown


def is_in_area(who: Principal, activity: Activity) -> bool:
    """Tell whether an activity is in the area of an account."""
    return scope_of(who).holds(
        region=activity.region, unit=activity.unit, site=activity.site, team=activity.team
    )  # fmt: skip


def _own(work: UnitOfWork, who: Principal, activity_id: str) -> Activity:
    """Lock an activity of an organiser's own area."""
    activity = work.activities.get(activity_id, who.region, lock=True)
    if not is_in_area(who, activity):
        raise NotAllowedError("this activity is another organiser's")
    return activity


def _drafted(work: UnitOfWork, draft: Draft, who: Principal, before: Activity) -> Activity:
    """Write a draft into an activity; an organiser's own area stands in place of what it says."""
    unit = who.unit if who.role is Role.OFFICE else draft.unit
    site = who.site if who.role is Role.STATION else draft.site
    team = who.team if who.role is Role.LEADER else draft.team
    if team is not None:
        held = {each.id: each for each in work.people.teams(who.region)}.get(team)
        if held is None:
            raise InputError.of("team", "no team has this id", value=team)
        unit = unit or held.unit
    return rules.check(
        replace(
            before, title=draft.title, category=check_category(draft.category, "category"), place=draft.place,
            lon=draft.lon, lat=draft.lat, starts_at=draft.starts_at, ends_at=draft.ends_at,
            signup_until=draft.signup_until or draft.starts_at, seats=draft.seats, words=draft.words, unit=unit,
            site=site, team=team,
        )
    )  # fmt: skip


def _check_open(activity: Activity, at: datetime) -> None:
    if activity.is_cancelled:
        raise ConflictError("the activity was cancelled")
    if at > activity.signup_until:
        raise ConflictError("the time to sign up and to leave is over")


def _come(work: UnitOfWork, activity: Activity, place: SignUp, by: str, at: datetime) -> SignUp:
    if place.checked_in_at is not None:
        return place
    if not rules.is_at_the_door(activity, at):
        raise ConflictError("one checks in from an hour before the start to two hours after the end")
    if place.state is not SignUpState.SEATED:
        raise ConflictError("only who is seated can check in")
    came = replace(place, checked_in_at=at, checked_by=by)
    work.activities.write(came)
    return came


def _move_up(work: UnitOfWork, activity: Activity, seats: int, at: datetime) -> None:
    """Seat those who wait longest, and tell them."""
    if seats <= 0:
        return
    for each in work.activities.sign_ups(activity.id, (SignUpState.WAITING,), limit=seats):
        work.activities.write(replace(each, state=SignUpState.SEATED))
        body = f"候补成功：您已获得“{activity.title}”的名额，{activity.place}。"
        work.outbox.put(_notice(activity, each, f"seat:{each.id}:{each.number}", body, at))


def _notice(activity: Activity, place: SignUp, what: str, body: str, at: datetime) -> Notice:
    return Notice(
        activity.region, f"activity:{activity.id}:{what}", Purpose.RESULT, "activity", activity.id, "您报名了这项活动",
        "you signed up for this activity", body, at, account=place.account, expires_at=activity.ends_at,
    )  # fmt: skip


def shown_to(work: UnitOfWork, who: Principal, activity: Activity) -> Shown:
    """Give an activity as it stands, with the place of whoever asks."""
    counts = work.activities.counts([activity.id])[activity.id]
    mine = work.activities.sign_up_of(activity.id, who.account)
    waits = mine is not None and mine.state is SignUpState.WAITING
    return Shown(activity, counts, mine, work.activities.ahead_of(mine) if mine is not None and waits else None)
