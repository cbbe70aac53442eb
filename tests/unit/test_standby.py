"""Answers to a call-up: a place to each while there is one, then a queue that is true, whoever drops out or changes."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geomatch.errors import ConflictError
from geomatch.volunteering import callups, standby
from geomatch.volunteering.callups import Answer, AskState, CallPolicy, Need, Post
from geomatch.volunteering.people import Certificate, Volunteer
from geomatch.volunteering.standby import Ask, Minors

DAY = datetime(2026, 11, 30, tzinfo=UTC)
BEFORE, DURING, AFTER = DAY, DAY + timedelta(hours=9), DAY + timedelta(hours=30)
POLICY = CallPolicy(rest=timedelta(hours=8), most_shifts=2)
ACCEPT, DECLINE, WITHDRAW, NO_SHOW = Answer


def post(name: str, first_hour: int, people: int = 1, **need: object) -> Post:
    """A post of four hours."""
    starts_at = DAY + timedelta(hours=first_hour)
    return Post(name, "S1", None, starts_at, starts_at + timedelta(hours=4), Need(people, **need))


POSTS = {each.id: each for each in (post("early", 8, 2), post("late", 12), post("night", 20), post("next", 32))}


class Call:
    """Some asks, and what answers make of them."""

    def __init__(self, *asks: tuple[str, str]) -> None:
        self.posts = dict(POSTS)
        self.asks = {f"{who}@{at}": Ask(f"{who}@{at}", at, who, AskState.ASKED) for who, at in asks}
        self.promoted: list[str] = []
        self.minors = ""
        self.closed: tuple[str, ...] = ()

    def take(self, *given_: tuple[str, Answer], at: datetime = BEFORE, elsewhere: dict | None = None) -> dict[int, str]:
        """Take answers, told of no post that nobody holds, stands by for or says more than no of; gives refusals."""
        bound = {ask.post for ask in self.asks.values() if ask.state in {AskState.HELD, AskState.STANDBY}}
        told = bound | {self.asks[ask].post for ask, said in given_ if said is not Answer.DECLINE}
        young = [ask for ask in self.asks.values() if ask.volunteer in self.minors]
        held = Counter(ask.post for ask in young if ask.state is AskState.HELD)
        settled = standby.settle(
            given_, posts={name: self.posts[name] for name in told}, asks=self.asks.values(), elsewhere=elsewhere or {},
            next_ticket=1 + max((ask.ticket or 0 for ask in self.asks.values()), default=0), policy=POLICY, at=at,
            closed=self.closed, minors=Minors(frozenset(ask.id for ask in young), held),
        )  # fmt: skip
        self.asks |= {ask.id: ask for ask in settled.asks}
        self.posts |= {name: replace(self.posts[name], held=held) for name, held in settled.posts.items()}
        self.promoted += settled.promoted
        return dict(settled.refused)

    def states(self) -> dict[str, str]:
        """Where every ask stands."""
        return {name: ask.state.value for name, ask in self.asks.items()}

    def places(self, at: str) -> dict[str, int | None]:
        """As which everybody stands by for a post."""
        mine = [ask for ask in self.asks.values() if ask.post == at]
        tickets = [ask.ticket for ask in mine if ask.ticket is not None]
        return {ask.volunteer: standby.place_in_queue(ask, tickets) for ask in mine if ask.ticket is not None}


def test_places_go_to_the_first_and_the_rest_stand_by_in_their_order() -> None:
    """Two places, five who say yes: two hold them, three stand by as first, second and third."""
    call = Call(*[(who, "early") for who in "abcde"])
    call.take(*[(f"{who}@early", ACCEPT) for who in "badec"])
    assert [who for who in "abcde" if call.asks[f"{who}@early"].state is AskState.HELD] == ["a", "b"]
    assert call.places("early") == {"d": 1, "e": 2, "c": 3}
    assert call.take(("d@early", ACCEPT)) == {}
    assert call.places("early") == {"d": 1, "e": 2, "c": 3}


def test_the_last_place_without_an_adult_is_none_for_a_minor() -> None:
    """The second minor of two stands by, and goes on to though an adult drops out; an adult has the place at once."""
    call = Call(*[(who, "early") for who in "abcd"])
    call.minors = "abd"
    call.take(("a@early", ACCEPT), ("b@early", ACCEPT))
    assert call.states() == {"a@early": "held", "b@early": "standby", "c@early": "asked", "d@early": "asked"}
    call.take(("c@early", ACCEPT), ("d@early", ACCEPT))
    assert call.states()["c@early"] == "held"
    call.take(("c@early", WITHDRAW))
    assert call.states() == {"a@early": "held", "b@early": "standby", "c@early": "withdrawn", "d@early": "standby"}
    call.take(("a@early", WITHDRAW))
    assert call.states()["b@early"] == "held"
    assert Minors(frozenset("b"), {"early": 1}).has_room(POSTS["early"], instead_of="b")
    assert not Minors(frozenset("b"), {"early": 1}).has_room(POSTS["early"], instead_of="c")


@pytest.mark.parametrize(("said", "at"), [(WITHDRAW, BEFORE), (NO_SHOW, DURING)])
def test_the_first_who_stands_by_moves_up(said: Answer, at: datetime) -> None:
    """When somebody drops out, or did not come; the others move up by one in the queue."""
    call = Call(*[(who, "late") for who in "abc"])
    call.take(*[(f"{who}@late", ACCEPT) for who in "abc"])
    assert call.take(("a@late", said), at=at if said is WITHDRAW else DAY + timedelta(hours=13)) == {}
    assert call.states()["b@late"] == "held"
    assert call.promoted == ["b@late"]
    assert call.places("late") == {"c": 1}
    assert call.posts["late"].held == 1


def test_at_a_station_that_is_closed_nobody_gets_a_place_and_whoever_has_one_may_leave() -> None:
    """Who stands by stays there, a yes is refused with its reason, and a yes elsewhere is taken."""
    call = Call(*[(who, "late") for who in "abc"], ("c", "next"))
    call.take(("a@late", ACCEPT), ("b@late", ACCEPT))
    call.closed = ("late",)
    refused = call.take(("a@late", Answer.WITHDRAW), ("c@late", ACCEPT), ("c@next", ACCEPT))
    assert refused == {1: "the station is closed"}
    assert call.states() == {"a@late": "withdrawn", "b@late": "standby", "c@late": "asked", "c@next": "held"}


def test_who_cannot_come_any_more_is_passed_over() -> None:
    """The first in the queue has promised something else by then."""
    call = Call(*[(who, "late") for who in "abc"])
    call.take(*[(f"{who}@late", ACCEPT) for who in "abc"])
    other = (DAY + timedelta(hours=13), DAY + timedelta(hours=14))
    call.take(("a@late", WITHDRAW), elsewhere={"b": [other]})
    assert (call.states()["b@late"], call.states()["c@late"]) == ("standby", "held")


def test_who_gets_a_place_leaves_the_queues_that_do_not_fit_beside_it() -> None:
    """So that nobody stands before others in a queue without being able to move up."""
    call = Call(("a", "late"), ("b", "late"), ("c", "late"), ("b", "early"))
    call.take(("a@late", ACCEPT), ("b@late", ACCEPT), ("c@late", ACCEPT))
    assert call.places("late") == {"b": 1, "c": 2}
    call.take(("b@early", ACCEPT))
    assert call.states()["b@late"] == "withdrawn"
    assert call.places("late") == {"c": 1}


def test_a_yes_that_leaves_no_rest_is_refused_with_its_reason() -> None:
    """Right after a shift, beside another duty, and one shift too many; others in the same batch are taken."""
    call = Call(("a", "early"), ("a", "late"), ("a", "night"), ("a", "next"), ("b", "late"))
    refused = call.take(("a@early", ACCEPT), ("a@late", ACCEPT), ("b@late", ACCEPT), ("a@night", ACCEPT))
    assert list(refused) == [1]
    assert call.states()["b@late"] == "held"
    assert list(call.take(("a@next", ACCEPT))) == [0]
    duty = (DAY + timedelta(hours=11), DAY + timedelta(hours=13))
    assert list(Call(("d", "early")).take(("d@early", ACCEPT), elsewhere={"d": [duty]})) == [0]


def test_nothing_is_taken_on_after_the_end_and_nobody_is_missed_before_the_start() -> None:
    """A yes after the shift, a no-show before it; and who drops out after it leaves a place that nobody needs."""
    call = Call(("a", "late"), ("b", "late"))
    call.take(("a@late", ACCEPT), ("b@late", ACCEPT))
    assert list(call.take(("a@late", NO_SHOW), at=BEFORE)) == [0]
    assert call.take(("a@late", WITHDRAW), at=AFTER) == {}
    assert call.states()["b@late"] == "standby"
    assert list(Call(("c", "late")).take(("c@late", ACCEPT), at=AFTER)) == [0]


@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from([*POSTS]), st.sampled_from([*Answer])), max_size=40))
@settings(max_examples=200)
def test_whatever_is_answered_places_are_never_overfilled_and_queues_stay_true(given_: list) -> None:
    """Held counts agree, nobody waits while there is room for them, tickets differ, and rest is kept."""
    call = Call(*[(str(who), at) for who in range(6) for at in POSTS])
    for who, at, said in given_:
        call.take((f"{who}@{at}", said), at=POSTS[at].starts_at + timedelta(hours=1))
        for name, each in call.posts.items():
            mine = [ask for ask in call.asks.values() if ask.post == name]
            assert sum(ask.state is AskState.HELD for ask in mine) == each.held <= each.need.people
            waiting = [ask for ask in mine if ask.state is AskState.STANDBY]
            assert all((ask.ticket is None) == (ask.state is not AskState.STANDBY) for ask in mine)
            assert len({ask.ticket for ask in waiting}) == len(waiting)
            assert not waiting or not each.missing
        for person in "012345":
            held = [
                call.posts[ask.post]
                for ask in call.asks.values()
                if ask.volunteer == person and ask.state is AskState.HELD
            ]
            assert len(held) <= POLICY.most_shifts
            ordered = sorted(held, key=lambda each: each.starts_at)
            assert all(b.starts_at - a.ends_at >= POLICY.rest for a, b in pairwise(ordered))


def changed(*, able: bool = True, held: list | None = None) -> tuple[Ask, Ask]:
    """Two change their places."""
    mine = Ask("a@early", "early", "a", AskState.HELD, swaps_with="b@night")
    theirs = Ask("b@night", "night", "b", AskState.HELD, swaps_with="a@early")
    both = frozenset({"early", "night"})
    return standby.swapped(
        mine, theirs, posts=POSTS, besides={"a": (held or [], ()), "b": ([], ())},
        able={"a": both if able else frozenset({"early"}), "b": both}, policy=POLICY,
    )  # fmt: skip


def test_two_change_places_where_both_may_have_the_other() -> None:
    """Not where one lacks the skill, or has no rest around the other's shift."""
    mine, theirs = changed()
    assert (mine.volunteer, theirs.volunteer) == ("b", "a")
    assert mine.swaps_with is theirs.swaps_with is None
    with pytest.raises(ConflictError):
        changed(able=False)
    with pytest.raises(ConflictError):
        changed(held=[(POSTS["late"].starts_at, POSTS["late"].ends_at)])


@pytest.mark.parametrize(
    ("spoilt", "need", "first_hour"),
    [
        ({"skills": ()}, {"skill": "急救"}, 8),
        ({"certificates": ()}, {"skill": "急救", "certified": True}, 8),
        ({"certificates": (Certificate("急救", "1", date(2026, 11, 29)),)}, {"skill": "急救", "certified": True}, 8),
        ({"insured_until": date(2026, 11, 29)}, {}, 8),
        ({"insured_until": None}, {}, 8),
        ({"born": date(2010, 1, 1)}, {}, 18),
        ({"born": date(2010, 1, 1)}, {"people": 1}, 8),
        ({"born": None}, {}, 18),
    ],
    ids=["skill", "no proof", "expired", "uninsured", "unknown", "by night", "alone", "age unknown"],
)
def test_each_bar_keeps_somebody_from_a_post(spoilt: dict, need: dict, first_hour: int) -> None:
    """Who meets everything may; with one thing missing they may not."""
    able = Volunteer(
        "v", None, "王", "1", skills=("急救",), certificates=(Certificate("急救", "1", date(2026, 11, 30)),),
        born=date(1990, 1, 1), insured_until=date(2026, 11, 30),
    )  # fmt: skip
    wanted = post("p", first_hour - 8, **{"people": 2, **need})
    assert callups.may_take(able, wanted, "Asia/Shanghai")
    assert not callups.may_take(replace(able, **spoilt), wanted, "Asia/Shanghai")
