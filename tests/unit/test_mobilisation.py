"""A wave asks whom plain lists would ask; over whole calls nobody is asked in vain, too often, or for two things."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geomatch.errors import ConflictError, InputError
from geomatch.volunteering import callups, mobilisation
from geomatch.volunteering.acceptance import Prior
from geomatch.volunteering.callups import Answer, AskState, CallPolicy
from geomatch.volunteering.mobilisation import Crowd, Posts, Walks
from geomatch.volunteering.people import touches_night, week_hours, week_mask

DAY = datetime(2026, 11, 30, tzinfo=UTC)
HOUR = 3600
POLICY = CallPolicy(limits_m=(1000.0,), rest=timedelta(hours=8))


@dataclass
class Town:
    """A little call: posts and people as plain lists, and what became of every ask."""

    sites: int
    posts: list[tuple[int, int, int, int, int]]  # site, first hour, hours, need or -1, people
    can: list[int]
    minor: list[bool]
    usual: list[list[int]]
    walk_m: list[list[float]]
    policy: CallPolicy = POLICY
    asks: list[dict] = field(default_factory=list)

    def window(self, post: int) -> tuple[int, int]:
        """Seconds at which a post's shift starts and ends."""
        _, first, hours, _, _ = self.posts[post]
        return first * HOUR, (first + hours) * HOUR

    def held(self, post: int) -> int:
        """Places of a post that are taken."""
        return sum(ask["post"] == post and ask["state"] is AskState.HELD for ask in self.asks)

    def shifts_of(self, person: int) -> list[tuple[int, int]]:
        """The shifts that somebody holds."""
        return [
            self.window(ask["post"])
            for ask in self.asks
            if ask["person"] == person and ask["state"] is AskState.HELD
        ]  # fmt: skip

    def kept_of(self, person: int) -> list[tuple[int, int]]:
        """Times that no shift of somebody's may touch."""
        rest = int(self.policy.rest.total_seconds())
        no = [
            self.window(ask["post"])
            for ask in self.asks
            if ask["person"] == person and ask["state"] in {AskState.DECLINED, AskState.SILENT}
        ]
        return [(start - rest, end + rest) for start, end in self.shifts_of(person)] + no

    def free(self) -> list[bool]:
        """Who may be asked now."""
        mine = [[ask for ask in self.asks if ask["person"] == person] for person in range(len(self.can))]
        return [
            len(given) < self.policy.asks_a_day
            and not any(ask["state"] is AskState.ASKED for ask in given)
            and len(self.shifts_of(person)) < self.policy.most_shifts
            for person, given in enumerate(mine)
        ]

    def arrays(self) -> tuple[Posts, Crowd, Walks]:
        """The same as the room takes it."""
        windows = [self.window(post) for post in range(len(self.posts))]
        at = [(DAY + timedelta(seconds=start), DAY + timedelta(seconds=end)) for start, end in windows]
        sites = [post[0] for post in self.posts]
        open_asks = [ask["post"] for ask in self.asks if ask["state"] is AskState.ASKED]
        posts = Posts(
            site_start=np.searchsorted(sites, np.arange(self.sites + 1)).astype(np.int64),
            starts_s=np.array([start for start, _ in windows], np.int64),
            ends_s=np.array([end for _, end in windows], np.int64),
            need=np.array([post[3] for post in self.posts], np.int64),
            is_night=np.array([touches_night(*shift) for shift in at], bool),
            is_alone=np.array([post[4] == 1 for post in self.posts], bool),
            week=np.array([week_mask(week_hours(*shift)) for shift in at], np.uint64).reshape(-1, 3),
            limit_m=np.full(len(self.posts), self.policy.limits_m[0]),
            missing=np.array([post[4] - self.held(n) for n, post in enumerate(self.posts)], np.int64),
            expected=np.bincount(open_asks, minlength=len(self.posts)) * 0.5,
        )
        people = range(len(self.can))
        kept = [self.kept_of(person) for person in people]
        seen = [[ask["post"] for ask in self.asks if ask["person"] == person] for person in people]
        crowd = Crowd(
            is_free=np.array(self.free(), bool),
            can=np.array(self.can, np.uint64),
            hours=np.array([week_mask(hours) for hours in self.usual], np.uint64).reshape(-1, 3),
            is_minor=np.array(self.minor, bool),
            chance=np.full(len(self.can), 0.5),
            called=np.array([len(posts) for posts in seen], np.int64),
            shifts=np.array([len(self.shifts_of(person)) for person in people], np.int64),
            kept_start=np.cumsum([0, *map(len, kept)]).astype(np.int64),
            kept_from_s=np.array([start for times in kept for start, _ in times], np.int64),
            kept_until_s=np.array([end for times in kept for _, end in times], np.int64),
            seen_start=np.cumsum([0, *map(len, seen)]).astype(np.int64),
            seen_post=np.array([post for posts in seen for post in posts], np.int64),
        )
        pairs = [
            (site, person, walk) for site, row in enumerate(self.walk_m) for person, walk in enumerate(row)
        ]  # fmt: skip
        columns = np.array(pairs, np.float64).reshape(-1, 3)
        walks = Walks(columns[:, 0].astype(np.int32), columns[:, 1].astype(np.int32), columns[:, 2])
        return posts, crowd, walks

    def wave(self) -> list[tuple[int, int]]:
        """Ask the next wave; gives whom for what."""
        posts, crowd, walks = self.arrays()
        found = mobilisation.choose(posts, crowd, walks, called_m=self.policy.called_m, shift_m=self.policy.shift_m)
        asked = list(zip(found.volunteer.tolist(), found.post.tolist(), strict=True))
        self.asks += [{"person": person, "post": post, "state": AskState.ASKED} for person, post in asked]
        return asked

    def answer(self, ask: dict, answer: Answer) -> None:
        """Answer an ask, and let who stands by move up."""
        post = ask["post"]
        has_room = self.held(post) < self.posts[post][4]
        was_held = ask["state"] is AskState.HELD
        ask["state"] = callups.after(ask["state"], answer, has_room=has_room)
        if was_held and ask["state"] is not AskState.HELD:
            queue = [each for each in self.asks if each["post"] == post and each["state"] is AskState.STANDBY]
            for first in queue:
                if self.fits(first["person"], post):
                    first["state"] = AskState.HELD
                    return

    def fits(self, person: int, post: int) -> bool:
        """Whether somebody may hold a post besides what they hold."""
        shift, *held = (
            (DAY + timedelta(seconds=start), DAY + timedelta(seconds=end))
            for start, end in [self.window(post), *self.shifts_of(person)]
        )
        return callups.fits(*shift, held, rest=self.policy.rest, most_shifts=self.policy.most_shifts)


def by_lists(town: Town) -> list[tuple[int, int]]:
    """Whom a wave should ask, by plain lists."""
    free = town.free()
    posts, crowd, _ = town.arrays()
    wanted = (posts.missing - posts.expected).tolist()
    pairs = sorted(
        (
            walk + town.policy.called_m * int(crowd.called[person]) + town.policy.shift_m * int(crowd.shifts[person]),
            site * len(town.can) + person, site, person,
        )
        for site, row in enumerate(town.walk_m) for person, walk in enumerate(row)
        if walk <= town.policy.limits_m[0]
    )  # fmt: skip
    asked = []
    for skilled, usual in ((True, True), (True, False), (False, True), (False, False)):
        for _, _, site, person in pairs:
            may = [
                post
                for post, (at, first, hours, need, people) in enumerate(town.posts)
                if free[person] and at == site and wanted[post] > 0 and (need >= 0) == skilled
                and (need < 0 or town.can[person] >> need & 1)
                and not (town.minor[person] and (people == 1 or touches_night(
                    DAY + timedelta(hours=first), DAY + timedelta(hours=first + hours))))
                and (not usual or set(week_hours(
                    DAY + timedelta(hours=first), DAY + timedelta(hours=first + hours))) <= set(town.usual[person]))
                and all(end <= first * HOUR or start >= (first + hours) * HOUR for start, end in town.kept_of(person))
                and not any(ask["person"] == person and ask["post"] == post for ask in town.asks)
            ]  # fmt: skip
            if may:
                best = max(may, key=lambda post: (wanted[post], -post))
                wanted[best] -= 0.5
                free[person] = False
                asked.append((person, best))
    return asked


@st.composite
def towns(draw: st.DrawFn) -> Town:
    """Up to three sites, six posts and eight people."""
    sites, people = draw(st.integers(1, 3)), draw(st.integers(0, 8))
    post = st.tuples(
        st.integers(0, sites - 1), st.integers(0, 20), st.integers(1, 6), st.integers(-1, 1), st.integers(1, 3)
    )  # fmt: skip
    evening = list(range(18, 24))
    return Town(
        sites,
        sorted(draw(st.lists(post, min_size=1, max_size=6))),
        draw(st.lists(st.integers(0, 3), min_size=people, max_size=people)),
        draw(st.lists(st.booleans(), min_size=people, max_size=people)),
        draw(st.lists(st.sampled_from([[], evening, list(range(24))]), min_size=people, max_size=people)),
        [draw(st.lists(st.integers(0, 1200).map(float), min_size=people, max_size=people)) for _ in range(sites)],
    )


answers = st.lists(st.tuples(st.integers(0, 30), st.sampled_from([*Answer, "silent"])), max_size=12)


@given(towns(), answers)
@settings(max_examples=60)
def test_every_wave_asks_whom_plain_lists_would_ask(town: Town, given_: list) -> None:
    """Wave after wave, with answers between them; every bar of a call at once."""
    for start in (0, 4, 8):
        wanted = by_lists(town)
        assert town.wave() == wanted
        play(town, given_[start : start + 4])


def play(town: Town, given_: list) -> None:
    """Give some answers that can be given."""
    for number, answer in given_:
        if not town.asks:
            return
        ask = town.asks[number % len(town.asks)]
        if answer == "silent":
            if ask["state"] is AskState.ASKED:
                ask["state"] = AskState.SILENT
            continue
        if answer is Answer.ACCEPT and not town.fits(ask["person"], ask["post"]):
            continue
        try:
            town.answer(ask, answer)
        except ConflictError:
            assert ask["state"] not in callups._FROM[answer]


@given(towns(), answers)
@settings(max_examples=60)
def test_what_a_call_never_does(town: Town, given_: list) -> None:
    """Ask for a full post, ask anybody too often, fill a post twice, or leave no rest between two shifts."""
    for start in range(0, 12, 3):
        full = {post for post in range(len(town.posts)) if town.held(post) >= town.posts[post][4]}
        asked = town.wave()
        assert not full & {post for _, post in asked}
        assert len({person for person, _ in asked}) == len(asked)
        play(town, given_[start : start + 3])
        for post, (_, _, _, need, people) in enumerate(town.posts):
            assert town.held(post) <= people
            assert all(
                need < 0 or town.can[ask["person"]] >> need & 1 for ask in town.asks if ask["post"] == post
            )  # fmt: skip
        for person in range(len(town.can)):
            mine = [ask for ask in town.asks if ask["person"] == person]
            assert len(mine) <= town.policy.asks_a_day
            assert len({ask["post"] for ask in mine}) == len(mine)
            shifts = sorted(town.shifts_of(person))
            assert len(shifts) <= town.policy.most_shifts
            rest = town.policy.rest.total_seconds()
            assert all(late[0] - early[1] >= rest for early, late in pairwise(shifts))
            if town.minor[person]:
                assert all(town.posts[ask["post"]][4] > 1 for ask in mine)


def small(**changes: object) -> Town:
    """One site, one shift by day for two, three adults at 100, 200 and 300 m."""
    town = Town(1, [(0, 9, 3, -1, 2)], [0] * 3, [False] * 3, [[]] * 3, [[100.0, 200.0, 300.0]])
    return replace(town, **changes)


def test_a_wave_is_as_large_as_the_chance_of_a_yes_asks_for() -> None:
    """Two places at one in two: all four would be asked; a third of them where little is known yet."""
    town = small(can=[0] * 6, minor=[False] * 6, usual=[[]] * 6, walk_m=[[100.0, 200, 300, 400, 500, 600]])
    posts, crowd, walks = town.arrays()
    asked = [
        mobilisation.choose(posts, crowd, walks, called_m=0, shift_m=0, share=share).volunteer.tolist()
        for share in (0.3, 1.0)
    ]
    assert asked == [[0, 1], [0, 1, 2, 3]]


def test_the_least_called_come_before_the_nearest() -> None:
    """One call more weighs 300 m: who lives at 100 m and was called comes after who lives at 300 m and was not."""
    town = small()
    posts, crowd, walks = town.arrays()
    called = replace(crowd, called=np.array([1, 0, 0]))
    found = mobilisation.choose(posts, called, walks, called_m=300.0, shift_m=0.0)
    assert found.volunteer.tolist() == [1, 2, 0]


def test_a_post_whose_surroundings_hold_too_few_says_so() -> None:
    """Three people at one in two are not four: it reaches further in the next wave."""
    posts, crowd, walks = small().arrays()
    assert mobilisation.choose(posts, crowd, walks, called_m=0, shift_m=0).is_short.tolist() == [True]
    enough = replace(posts, missing=np.array([1]))
    assert mobilisation.choose(enough, crowd, walks, called_m=0, shift_m=0).is_short.tolist() == [False]


@given(st.integers(0, 500), st.integers(0, 500))
def test_the_rate_follows_what_this_call_answers(first: int, second: int) -> None:
    """From the region's own rate without answers to the call's own with many, never beyond either."""
    asked, accepted = max(first, second), min(first, second)
    rate = mobilisation.rate_so_far(Prior(0.5, 4.0), asked, accepted).rate
    own = accepted / asked if asked else 0.5
    assert min(0.5, own) - 1e-12 <= rate <= max(0.5, own) + 1e-12


def test_shifts_cut_a_time_and_the_last_is_what_is_left() -> None:
    """24 hours by 4 are six; 10 by 4 are two and a half."""
    assert len(callups.shifts(DAY, hours=24, shift_hours=4)) == 6
    assert [end - start for start, end in callups.shifts(DAY, hours=10, shift_hours=4)] == [
        timedelta(hours=4), timedelta(hours=4), timedelta(hours=2)
    ]  # fmt: skip


@pytest.mark.parametrize(
    "make",
    [
        lambda: callups.shifts(DAY, hours=0, shift_hours=1),
        lambda: callups.shifts(DAY, hours=73, shift_hours=1),
        lambda: callups.shifts(DAY, hours=4, shift_hours=5),
        lambda: callups.Need(0),
        lambda: callups.Need(1, None, certified=True),
        lambda: CallPolicy(limits_m=(2000.0, 1000.0)),
        lambda: CallPolicy(first_share=0.0),
        lambda: CallPolicy(called_m=float("nan")),
        lambda: CallPolicy(wave_every=timedelta(0)),
    ],
    ids=["no hours", "too long", "long shifts", "nobody", "no skill", "limits fall", "no share", "nan", "no pause"],
)
def test_a_call_that_makes_no_sense_is_refused(make: object) -> None:
    """With a word about what is wrong."""
    with pytest.raises(InputError):
        make()


@pytest.mark.parametrize("answer", Answer)
@pytest.mark.parametrize("state", AskState)
@pytest.mark.parametrize("has_room", [True, False])
def test_an_answer_follows_or_is_refused_and_twice_is_once(
    state: AskState,
    answer: Answer,
    has_room: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    """Whatever may follow leads to a state in which the same answer changes nothing."""
    try:
        then = callups.after(state, answer, has_room=has_room)
    except ConflictError:
        assert state not in callups._FROM[answer]
        return
    assert callups.after(then, answer, has_room=not has_room) is then
