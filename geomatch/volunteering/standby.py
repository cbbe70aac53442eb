"""What answers to a call-up come to: who holds a place, who stands by as which, who moves up, who changes with whom.

Answers are taken one after the other, in the order in which they came; frozen results out.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from geomatch.errors import ConflictError
from geomatch.volunteering import callups
from geomatch.volunteering.callups import Answer, AskState

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime
    from typing import TypeAlias

    from geomatch.volunteering.callups import CallPolicy, Post

    Shift: TypeAlias = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Ask:
    """Somebody who was asked for a post.

    Attributes:
        id: ours.
        post: its id.
        volunteer: id.
        state: where it stands.
        ticket: who stands by has one; the lowest moves up first. None for everybody else.
        swaps_with: the ask whose place this one would like to have, or None.
    """

    id: str
    post: str
    volunteer: str
    state: AskState
    ticket: int | None = None
    swaps_with: str | None = None


@dataclass(frozen=True)
class Settled:
    """What some answers came to.

    Attributes:
        asks: those that changed, as they stand now.
        posts: how many places of each post that changed are taken now.
        promoted: ids of asks that moved up from standing by.
        refused: why an answer was not taken, by its place in the sequence.
    """

    asks: tuple[Ask, ...]
    posts: Mapping[str, int]
    promoted: tuple[str, ...]
    refused: Mapping[int, str]


@dataclass(frozen=True)
class Minors:
    """Who may only be where an adult is as well: at a post at most one fewer than it needs people.

    Attributes:
        asks: ids of the asks of minors.
        held: by post, how many of them hold a place.
    """

    asks: frozenset[str]
    held: Mapping[str, int]

    def has_room(self, post: Post, *, instead_of: str) -> bool:
        """Tell whether a minor may have a post in place of an ask that holds it."""
        others = self.held.get(post.id, 0) - (instead_of in self.asks)
        return others < post.need.people - 1


NO_MINORS = Minors(frozenset(), {})


def settle(
    given: Sequence[tuple[str, Answer]],
    *,
    posts: Mapping[str, Post],
    asks: Iterable[Ask],
    elsewhere: Mapping[str, Sequence[Shift]],
    next_ticket: int,
    came: Collection[str] = (),
    closed: Collection[str] = (),
    policy: CallPolicy,
    at: datetime,
    minors: Minors = NO_MINORS,
) -> Settled:
    """Take answers, one after the other.

    Args:
        given: ids of asks and what was said of each.
        posts: all that the asks are of; those of asks that are only declined may be left out.
        asks: those that are answered; whatever else those who say yes hold or stand by for; and who stands by for their
            posts, with what those hold.
        elsewhere: by volunteer, what they promised outside this call.
        next_ticket: above every ticket of these posts.
        came: ids of asks whose people checked in.
        closed: ids of posts whose station is closed, which nobody gets a place of.
        policy: of the call.
        at: now.
        minors: those among everybody who was asked for these posts.
    """
    desk = _Desk(
        posts, {ask.id: ask for ask in asks}, elsewhere, next_ticket, policy, at, minors, came, closed
    )  # fmt: skip
    before = dict(desk.asks)
    refused = {}
    for place, (ask, answer) in enumerate(given):
        try:
            desk.take(ask, answer)
        except ConflictError as error:
            refused[place] = str(error)
    changed = tuple(ask for ask in desk.asks.values() if ask is not before[ask.id] and ask != before[ask.id])
    held = {post: count for post, count in desk.held.items() if count != posts[post].held}
    return Settled(changed, held, tuple(desk.promoted), refused)


@dataclass
class _Desk:
    """Where the answers are taken; what it keeps by ask and by post is written on."""

    posts: Mapping[str, Post]
    asks: dict[str, Ask]
    elsewhere: Mapping[str, Sequence[Shift]]
    next_ticket: int
    policy: CallPolicy
    at: datetime
    minors: Minors
    came: Collection[str]
    closed: Collection[str]
    promoted: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.held = {post.id: post.held for post in self.posts.values()}
        self.young = dict(self.minors.held)
        self.of_person: dict[str, list[str]] = {}
        self.of_post: dict[str, list[str]] = {}
        for ask in self.asks.values():
            self.of_person.setdefault(ask.volunteer, []).append(ask.id)
            self.of_post.setdefault(ask.post, []).append(ask.id)

    def take(self, identity: str, answer: Answer) -> None:
        ask = self.asks[identity]
        then = callups.after(ask.state, answer, has_room=answer is Answer.ACCEPT and self._has_room(ask))
        if then is ask.state:
            return
        if answer is not Answer.DECLINE:
            self._check(ask, answer)
        self._set(ask, then)
        if ask.state is AskState.HELD:
            self._move_up(ask.post)

    def _check(self, ask: Ask, answer: Answer) -> None:
        post = self.posts[ask.post]
        if answer is Answer.ACCEPT and post.ends_at <= self.at:
            raise ConflictError("the shift is over")
        if answer is Answer.ACCEPT and ask.post in self.closed:
            raise ConflictError("the station is closed")
        if answer is Answer.NO_SHOW and post.starts_at > self.at:
            raise ConflictError("the shift has not begun; who does not come can withdraw")
        if answer is Answer.NO_SHOW and ask.id in self.came:
            raise ConflictError("they came: they checked in at the station by its code")
        if answer is Answer.ACCEPT and not self._fits(ask):
            raise ConflictError("another shift or duty of yours is too near to this shift, or you hold enough of them")

    def _set(self, ask: Ask, state: AskState) -> None:
        ticket = None
        if state is AskState.STANDBY:
            ticket, self.next_ticket = self.next_ticket, self.next_ticket + 1
        self.asks[ask.id] = Ask(ask.id, ask.post, ask.volunteer, state, ticket)
        gained = (state is AskState.HELD) - (ask.state is AskState.HELD)
        if gained:
            self.held[ask.post] += gained
            if ask.id in self.minors.asks:
                self.young[ask.post] = self.young.get(ask.post, 0) + gained
        if state is AskState.HELD:
            self._leave_queues(ask.volunteer)

    def _leave_queues(self, volunteer: str) -> None:
        """Who holds a shift leaves every queue for a place that would not fit beside it."""
        for identity in self.of_person[volunteer]:
            other = self.asks[identity]
            if other.state is AskState.STANDBY and not self._fits(other):
                self._set(other, AskState.WITHDRAWN)

    def _move_up(self, post: str) -> None:
        """Give the place that fell free to the first who stands by and can still come."""
        if self.posts[post].ends_at <= self.at or post in self.closed:
            return
        waiting = [self.asks[each] for each in self.of_post[post] if self.asks[each].state is AskState.STANDBY]
        for ask in sorted(waiting, key=lambda each: each.ticket or 0):
            if self._has_room(ask) and self._fits(ask):
                self._set(ask, AskState.HELD)
                self.promoted.append(ask.id)
                return

    def _has_room(self, ask: Ask) -> bool:
        """Tell whether a place is free; the last one that no adult has is none for a minor."""
        post = self.posts[ask.post]
        is_for_adults = self.young.get(post.id, 0) >= post.need.people - 1
        return self.held[post.id] < post.need.people and not (is_for_adults and ask.id in self.minors.asks)

    def _fits(self, ask: Ask) -> bool:
        held = [
            self._shift(other)
            for each in self.of_person[ask.volunteer]
            if (other := self.asks[each]).state is AskState.HELD and other.id != ask.id
        ]
        return may_hold(self._shift(ask), held, self.elsewhere.get(ask.volunteer, ()), self.policy)

    def _shift(self, ask: Ask) -> Shift:
        post = self.posts[ask.post]
        return post.starts_at, post.ends_at


def may_hold(shift: Shift, held: Sequence[Shift], elsewhere: Sequence[Shift], policy: CallPolicy) -> bool:
    """Tell whether somebody may hold a shift beside those of this call and what was promised elsewhere."""
    starts_at, ends_at = shift
    if any(starts_at < ended and ends_at > started for started, ended in elsewhere):
        return False
    return callups.fits(starts_at, ends_at, held, rest=policy.rest, most_shifts=policy.most_shifts)


def place_in_queue(ask: Ask, tickets: Iterable[int]) -> int | None:
    """Say as which somebody stands by, 1 for the next to move up; None for who does not stand by."""
    return None if ask.ticket is None else 1 + sum(ticket < ask.ticket for ticket in tickets)


def swapped(
    mine: Ask,
    theirs: Ask,
    *,
    posts: Mapping[str, Post],
    besides: Mapping[str, tuple[Sequence[Shift], Sequence[Shift]]],
    able: Mapping[str, frozenset[str]],
    policy: CallPolicy,
) -> tuple[Ask, Ask]:
    """Change the places of two who both want it.

    Args:
        mine: one.
        theirs: the other.
        posts: both posts.
        besides: by volunteer, what they hold in this call beside the place they give away, and promised elsewhere.
        able: by volunteer, ids of the posts among the two whose need they meet.
        policy: of the call.

    Raises:
        ConflictError: one holds no place, or may not have the other's.
    """
    if mine.state is not AskState.HELD or theirs.state is not AskState.HELD:
        raise ConflictError("only two who both have a place can change")
    for who, gets in ((mine.volunteer, theirs.post), (theirs.volunteer, mine.post)):
        shift = posts[gets].starts_at, posts[gets].ends_at
        if gets not in able[who] or not may_hold(shift, *besides[who], policy):
            raise ConflictError("one of the two may not have the other's place: skill, age, rest or another shift")
    return (
        replace(mine, volunteer=theirs.volunteer, swaps_with=None),
        replace(theirs, volunteer=mine.volunteer, swaps_with=None),
    )
