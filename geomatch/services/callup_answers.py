"""Use case: answers to a great call-up; no place is taken twice, and the queue of those who stand by is always true."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from geomatch.errors import ConflictError, NotFoundError
from geomatch.services import callup_wave, callup_words
from geomatch.volunteering import callups, standby
from geomatch.volunteering.callups import Answer, AskState
from geomatch.volunteering.duties import Duty, DutyKind, DutyState
from geomatch.volunteering.people import MINOR_UNTIL
from geomatch.volunteering.roles import Scope
from geomatch.volunteering.standby import Minors

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from geomatch.services.region import Region
    from geomatch.store.unit_of_work import UnitOfWork
    from geomatch.volunteering.callups import Callup, Post
    from geomatch.volunteering.standby import Ask, Settled, Shift

_LONG_YEAR_DAYS = 366
_DROPS = frozenset({Answer.WITHDRAW, Answer.NO_SHOW})
_BOUND = frozenset({AskState.HELD, AskState.STANDBY})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an answer came to.

    Attributes:
        ask: id.
        state: where it stands now; None where the answer was refused.
        place: as which one stands by, 1 for the next to move up; None for who does not.
        refused: why not, or empty.
    """

    ask: str
    state: AskState | None
    place: int | None = None
    refused: str = ""


def answer(
    work: UnitOfWork, region: Region, callup_id: str, given: Sequence[tuple[str, Answer]], *, at: datetime
) -> tuple[Outcome, ...]:
    """Take answers to a call's asks, one after the other, all in one transaction.

    A place goes to who says yes while there is one; who says yes later stands by. Whoever stands by first moves up when
    a place falls free, and is told. The moment a post is full its notices that are still waiting are withdrawn; the
    moment one is short again and nobody stands by, the next wave is due. A station that is closed by now takes nobody.

    Raises:
        NotFoundError: there is no such call, or an ask that is none of its.
        ConflictError: the call is closed.
    """
    with work:
        drops = any(said in _DROPS for _, said in given)
        callup = work.callups.get(callup_id, region.spec.id, locked=drops)
        if callup.closed_at is not None:
            raise ConflictError("the call-up is closed")
        desk = _gathered(work, callup, given)
        settled = standby.settle(
            given, posts=desk.posts, asks=desk.asks.values(), elsewhere=desk.elsewhere,
            next_ticket=desk.next_ticket, came=desk.came, closed=_closed(region, desk.posts),
            policy=callup.policy, at=at,
            minors=_minors(work, desk.posts, region.spec.timezone) if desk.hopeful else standby.NO_MINORS,
        )  # fmt: skip
        work.callup_asks.write(settled.asks, at)
        work.callups.set_held(settled.posts)
        _bind(work, region, desk, settled.asks, at=at)
        _tell(work, region, callup, desk=desk, settled=settled, at=at)
        work.commit()
    return _outcomes(given, settled, desk)


@dataclass(frozen=True)
class _Desk:
    """What answers are settled by, as it stands under their locks.

    Attributes:
        posts: those that answers take or leave a place of, and whatever else their people hold or stand by for.
        asks: by id, those answered, what else those who may get a place hold or stand by for, and who stands by.
        hopeful: volunteers who may get a place: those who say yes, and who stands by where somebody drops out.
        elsewhere: by volunteer, what those promised outside this call in these shifts.
        next_ticket: above every ticket of the posts.
        came: ids of asks whose people checked in at the station, of those who are said to have stayed away.
    """

    posts: dict[str, Post]
    asks: dict[str, Ask]
    hopeful: Collection[str]
    elsewhere: dict[str, list[Shift]]
    next_ticket: int
    came: frozenset[str]


def _gathered(work: UnitOfWork, callup: Callup, given: Sequence[tuple[str, Answer]]) -> _Desk:
    """Lock posts, then people; then read what those hold who may get a place.

    Who declines neither takes a place nor leaves one: nothing is read or locked for it but themselves.
    """
    named = {ask for ask, _ in given}
    before = work.callup_asks.named(named, callup.id)
    if named - before.keys():
        raise NotFoundError(f"there is no ask {min(named - before.keys())!r} of this call-up")
    posts = work.callups.lock_posts({before[ask].post for ask, said in given if said is not Answer.DECLINE})
    queue = work.callup_asks.standing_by(posts)
    short = {before[ask].post for ask, said in given if said in _DROPS}
    next_ones = {ask.volunteer for ask in queue if ask.post in short}
    if work.callup_asks.lock_people({ask.volunteer for ask in before.values()} | next_ones):
        before = work.callup_asks.named(named, callup.id)
    hopeful = {before[ask].volunteer for ask, said in given if said is Answer.ACCEPT} | next_ones
    asks = {ask.id: ask for ask in (*queue, *work.callup_asks.bound(callup.id, hopeful))} | before
    posts |= work.callups.named_posts({ask.post for ask in asks.values() if ask.state in _BOUND} - posts.keys())
    next_ticket = 1 + max((ask.ticket or 0 for ask in queue), default=0)
    begun = work.duties.came(DutyKind.POST, {before[ask].post for ask, said in given if said is Answer.NO_SHOW})
    came = frozenset(ask.id for ask in asks.values() if (ask.post, ask.volunteer) in begun)
    return _Desk(posts, asks, hopeful, _elsewhere(work, hopeful, posts), next_ticket, came)


def _closed(region: Region, posts: Mapping[str, Post]) -> frozenset[str]:
    """Name the posts whose station is there no more."""
    return frozenset(post.id for post in posts.values() if not region.has_site(post.site))


def _minors(work: UnitOfWork, posts: Mapping[str, Post], timezone: str) -> Minors:
    """Find the minors who were asked for posts of several people; a post of one is for none of them anyhow."""
    shared = [post.id for post in posts.values() if post.need.people > 1]
    if not shared:
        return standby.NO_MINORS
    first = min(posts[post].starts_at for post in shared).date()
    since = date.fromordinal(first.toordinal() - MINOR_UNTIL * _LONG_YEAR_DAYS)
    young = [
        ask for ask, born in work.callup_asks.young(shared, since) if callups.is_minor(born, posts[ask.post], timezone)
    ]
    held = Counter(ask.post for ask in young if ask.state is AskState.HELD)
    return Minors(frozenset(ask.id for ask in young), held)


def _elsewhere(work: UnitOfWork, people: Collection[str], posts: Mapping[str, Post]) -> dict[str, list[Shift]]:
    """Give what people promised besides, at the time of these posts; the posts' own duties are not among it."""
    if not people:
        return {}
    first = min(post.starts_at for post in posts.values())
    last = max(post.ends_at for post in posts.values())
    found: dict[str, list[Shift]] = {}
    for duty in work.duties.around(people, first, last):
        if duty.kind is not DutyKind.POST or duty.subject not in posts:
            found.setdefault(duty.volunteer, []).append((duty.starts_at, duty.ends_at))
    return found


def _bind(work: UnitOfWork, region: Region, desk: _Desk, changed: Sequence[Ask], *, at: datetime) -> None:
    """Write a duty for everybody who has a place now and had none, and let go who had one and has none."""
    fresh = []
    for ask in changed:
        before = desk.asks[ask.id]
        stays = before.state is ask.state and before.volunteer == ask.volunteer
        if before.state is AskState.HELD and not stays:
            work.duties.set_state(DutyKind.POST, ask.post, before.volunteer, DutyState.RELEASED, at)
        if ask.state is AskState.HELD and not stays:
            post = desk.posts[ask.post]
            site = region.sites[region.site_row(post.site)]
            when = post.starts_at, post.ends_at
            fresh.append(Duty(ask.volunteer, region.spec.id, DutyKind.POST, post.id, *when, site.lon, site.lat))
    work.duties.add_all(fresh, at)


def _tell(
    work: UnitOfWork, region: Region, callup: Callup, *, desk: _Desk, settled: Settled, at: datetime
) -> None:  # fmt: skip
    """Withdraw the notices of posts that are full now, tell who moved up, and call again where places are free."""
    now = {ask.id: ask for ask in settled.asks}
    full = [post for post, held in settled.posts.items() if held >= desk.posts[post].need.people]
    work.outbox.withdraw(callup.region, callup_words.CAUSE, *full, told="the post is full")
    promoted = [now[ask] for ask in settled.promoted if now[ask].state is AskState.HELD]
    if promoted:
        work.outbox.put(*callup_words.promotions(region, callup, desk.posts, promoted, at))
    if any(held < desk.posts[post].held for post, held in settled.posts.items()):
        callup_wave.put_wave(work, callup, at)


def _outcomes(given: Sequence[tuple[str, Answer]], settled: Settled, desk: _Desk) -> tuple[Outcome, ...]:
    asks = desk.asks | {ask.id: ask for ask in settled.asks}
    tickets: dict[str, list[int]] = {}
    for ask in asks.values():
        if ask.ticket is not None:
            tickets.setdefault(ask.post, []).append(ask.ticket)
    return tuple(
        Outcome(ask, None, refused=settled.refused[place])
        if place in settled.refused
        else Outcome(ask, asks[ask].state, standby.place_in_queue(asks[ask], tickets.get(asks[ask].post, ())))
        for place, (ask, _) in enumerate(given)
    )


def want_swap(work: UnitOfWork, region: Region, callup_id: str, mine: str, theirs: str, *, at: datetime) -> bool:
    """Say that one would like another's place; once both say so of each other they change. Gives whether they did.

    Raises:
        NotFoundError: there is no such call, or an ask that is none of its.
        ConflictError: the call or a station is closed, one of the two holds no place, or may not have the other's.
    """
    with work:
        callup = work.callups.get(callup_id, region.spec.id)
        if callup.closed_at is not None:
            raise ConflictError("the call-up is closed")
        desk = _gathered(work, callup, [(mine, Answer.ACCEPT), (theirs, Answer.ACCEPT)])
        one, other = desk.asks[mine], desk.asks[theirs]
        if {one.post, other.post} & _closed(region, desk.posts):
            raise ConflictError("the station is closed")
        agreed = other.swaps_with == mine
        changed = (
            _swapped(work, region, callup, desk=desk, one=one, other=other)
            if agreed
            else (replace(one, swaps_with=theirs),)
        )
        if AskState.HELD not in {one.state, other.state} or one.state is not other.state:
            raise ConflictError("only two who both have a place can change")
        work.callup_asks.write(changed, at)
        if agreed:
            work.callup_asks.hand_over(changed)
        _bind(work, region, desk, changed, at=at)
        work.commit()
    return agreed


def _swapped(
    work: UnitOfWork, region: Region, callup: Callup, *, desk: _Desk, one: Ask, other: Ask
) -> tuple[Ask, ...]:  # fmt: skip
    people = {who: work.people.get(who, Scope(callup.region)) for who in (one.volunteer, other.volunteer)}
    posts = {ask.post: desk.posts[ask.post] for ask in (one, other)}
    held = [ask for ask in desk.asks.values() if ask.state is AskState.HELD and ask.id not in {one.id, other.id}]
    besides = {
        who: (
            [(desk.posts[ask.post].starts_at, desk.posts[ask.post].ends_at) for ask in held if ask.volunteer == who],
            (),
        )
        for who in people
    }
    zone, able = region.spec.timezone, {}
    minors = _minors(work, posts, zone)
    for comes, goes in ((one, other), (other, one)):
        who, post = people[comes.volunteer], posts[goes.post]
        is_minor = callups.is_minor(who.born, post, zone)
        may = callups.may_take(who, post, zone) and (not is_minor or minors.has_room(post, instead_of=goes.id))
        able[comes.volunteer] = frozenset({post.id} if may else ())
    if work.callup_asks.is_known(one.post, other.volunteer) or work.callup_asks.is_known(other.post, one.volunteer):
        raise ConflictError("one of the two was asked for the other's post before, and said no or nothing")
    return standby.swapped(one, other, posts=posts, besides=besides, able=able, policy=callup.policy)
