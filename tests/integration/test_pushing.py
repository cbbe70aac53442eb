"""Pushes to an area: who is reached by true walks, who is not, and nobody twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomatch.errors import InputError, NotAllowedError, NotFoundError
from geomatch.network.profiles import limit_for
from geomatch.services import nearest, notices, pushing
from geomatch.store.push_rows import Near
from geomatch.volunteering.channels import Wishes
from geomatch.volunteering.notices import Notice, NoticeState, Purpose, Verdict
from geomatch.volunteering.people import PlaceKind, UsualPlace, Volunteer
from geomatch.volunteering.pushing import Audience, key_of, why
from geomatch.volunteering.roles import Principal, Role
from tests.regions import lonlat
from tests.serving import region_of

if TYPE_CHECKING:
    from pathlib import Path

    from geomatch.services.region import Region
    from geomatch.store.database import Database

NOW = datetime(2026, 11, 25, 4, tzinfo=UTC)
CENTRE = Principal("a1", Role.CENTRE, "little")
WEST = Principal("a2", Role.OFFICE, "little", unit="西岸街道")
PLACES = {
    # id, its street corners, township, skills
    "near": ([(13.6, 2.0)], "西岸街道", ["护理"]),
    "two homes": ([(0.0, 11.0), (13.6, 3.0)], "西岸街道", ["陪伴老人"]),
    "over the river": ([(16.4, 1.0)], "东岸街道", ["护理"]),
    "far": ([(28.0, 10.0)], "东岸街道", []),
    "nowhere": ([], "西岸街道", []),
}


@pytest.fixture
def region(little_region: Path) -> Region:
    """The little region."""
    return region_of(little_region)


@pytest.fixture
def people(database: Database) -> Database:
    """Five volunteers, on both banks."""
    everyone = [
        Volunteer(
            name, None, name, "13812345678", unit=unit, skills=tuple(skills),
            places=tuple(UsualPlace(PlaceKind.HOME, *lonlat(*at)) for at in places),
        )
        for name, (places, unit, skills) in PLACES.items()
    ]  # fmt: skip
    with database.writing() as work:
        work.people.add("little", everyone, NOW)
        work.commit()
    return database


def around(region: Region, minutes: float = 5.0, site: str = "S1") -> Audience:
    """Within so many minutes of a site."""
    circle = pushing.circle_of(region, site=site, lon=None, lat=None, minutes=minutes, profile="standard")
    return Audience(circle=circle)


def reached(people: Database, region: Region, audience: Audience, who: Principal = CENTRE) -> set[str]:
    """Who would be reached."""
    return set(pushing.reached(people.reading(), region, who, audience, at=NOW).volunteers)


def test_a_circle_holds_who_can_walk_there_from_any_usual_place(people: Database, region: Region) -> None:
    """Not who lives across the river, 280 m away as the crow flies and far by the bridge."""
    assert reached(people, region, around(region)) == {"near", "two homes"}
    assert reached(people, region, around(region, 60)) == set(PLACES) - {"nowhere"}


@given(minutes=st.floats(1, 60), site=st.sampled_from(["S1", "S2", "P1", "O1"]))
def test_the_circle_is_that_of_the_nearest_site_question(little_region: Path, minutes: float, site: str) -> None:
    """Whoever asks from a usual place for every site in reach is told of the site just when they are reached."""
    region = region_of(little_region)
    limit = limit_for("standard", minutes=minutes)
    near = [Near(name, tuple(lonlat(*at) for at in places)) for name, (places, _, _) in PLACES.items()]
    circle = around(region, minutes, site).circle
    assert circle is not None
    found = {each.volunteer for each in pushing._within(region, circle, near)}
    for each in near:
        sites = {
            hit.site.id
            for lon, lat in each.places
            for hit in nearest.nearest(region, lon, lat, limit=limit, only_within=True).hits
        }
        assert (site in sites) is (each.volunteer in found)


@pytest.mark.parametrize(
    ("audience", "who", "names"),
    [
        (Audience(unit="东岸街道"), CENTRE, {"over the river", "far"}),
        (Audience(skills=("护理",)), CENTRE, {"near", "over the river"}),
        (Audience(skills=("护理", "陪伴老人")), WEST, {"near", "two homes"}),
        (Audience(unit="西岸街道", skills=("护理",)), WEST, {"near"}),
        (Audience(interests=("law",)), CENTRE, {"far"}),
        (Audience(interests=("law",)), WEST, set()),
    ],
)
def test_all_that_is_given_must_hold_and_an_office_stays_in_its_township(
    people: Database, region: Region, audience: Audience, who: Principal, names: set[str]
) -> None:
    """By township, skill, and what somebody asked to hear about."""
    far = Principal("a9", Role.VOLUNTEER, "little", volunteer="far")
    notices.set_wishes(people.writing(), far, Wishes(interests=("法律法规",)), at=NOW)
    assert reached(people, region, audience, who) == names


def test_an_office_speaks_to_no_other_township(people: Database, region: Region) -> None:
    """Neither asks nor sends."""
    with pytest.raises(NotAllowedError, match="own township"):
        reached(people, region, Audience(unit="东岸街道"), WEST)
    with pytest.raises(NotAllowedError, match="own township"):
        pushing.push(people.writing(), region, WEST, Audience(unit="东岸街道"), "停水", at=NOW)


def push(people: Database, region: Region, audience: Audience, body: str = "今晚停水", at: datetime = NOW) -> int:
    """Send; gives how many new notices there are."""
    made, _ = pushing.push(people.writing(), region, CENTRE, audience, body, at=at)
    return made.put


def test_the_same_text_reaches_nobody_twice_on_one_day(people: Database, region: Region) -> None:
    """Sent again, or to another area that shares people; another text, or another day, is another notice."""
    assert push(people, region, around(region)) == 2
    assert push(people, region, around(region)) == 0
    assert push(people, region, Audience(skills=("护理",))) == 1
    assert push(people, region, around(region), "明日义诊") == 2
    assert push(people, region, around(region), at=NOW + timedelta(days=1)) == 2
    count, page = pushing.listed(people.reading(), CENTRE, limit=2, offset=0)
    assert (count, next(states for _, states in page)) == (5, {"waiting": 2})


def test_every_notice_says_why(people: Database, region: Region) -> None:
    """In both languages, by the ground that it was for; and it is of no use after a day."""
    push(people, region, around(region))
    with people.reading() as work:
        _, (first, _) = work.outbox.page("little", None, NoticeState, limit=10, offset=0)
    assert "步行不超过5分钟" in first.notice.why_zh
    assert "望河社区站" in first.notice.why_zh
    assert "within 5 minutes' walk" in first.notice.why_en
    assert first.notice.expires_at == NOW + timedelta(days=1)


def test_who_opted_out_is_not_reached_and_who_has_had_enough_is_told_of(people: Database, region: Region) -> None:
    """And opting out after the push ends what was not sent yet."""
    near = Principal("a9", Role.VOLUNTEER, "little", volunteer="near")
    push(people, region, around(region))
    notices.set_wishes(people.writing(), near, Wishes(frozenset({Purpose.PUSH})), at=NOW)
    with people.writing() as work:
        states = {each.notice.volunteer: each for each in work.outbox.page(
            "little", None, NoticeState, limit=10, offset=0)[1]}  # fmt: skip
        assert states["near"].state is NoticeState.OPTED_OUT
        for number in range(3):
            work.outbox.put(
                Notice(
                    "little", f"k{number}", Purpose.OFFER, "order", "o", "近", "near", "请", NOW, volunteer="two homes"
                )
            )
        for posted in work.outbox.due("little", NOW, limit=10):
            work.outbox.settle([posted.id], Verdict(), NoticeState.SHOWN, NOW)
        work.commit()
    found = pushing.reached(people.reading(), region, CENTRE, around(region), at=NOW)
    assert (found.volunteers, found.opted_out, found.full_today) == (("two homes",), 1, 1)
    notices.set_wishes(people.writing(), near, Wishes(), at=NOW)
    assert reached(people, region, around(region)) == {"near", "two homes"}


def test_a_push_to_too_many_is_refused(people: Database, region: Region, monkeypatch: pytest.MonkeyPatch) -> None:
    """With their number; nothing is sent."""
    monkeypatch.setattr(pushing, "MOST_PUSHED", 2)
    with pytest.raises(InputError, match="reaches 3 volunteers"):
        push(people, region, Audience(unit="西岸街道"))
    assert notices.counts(people.reading(), "little") == {}


def test_an_audience_of_everybody_and_a_circle_around_nothing_are_refused(region: Region) -> None:
    """Something must be given, and a site that is there."""
    with pytest.raises(InputError, match="at least one"):
        Audience()
    with pytest.raises(NotFoundError):
        around(region, site="S9")
    for place in ({"site": "S1", "lon": 116.3, "lat": 39.9}, {"site": None, "lon": 116.3, "lat": None}):
        with pytest.raises(InputError, match="give a site, or a point"):
            pushing.circle_of(region, **{"site": None, "lon": None, "lat": None} | place, minutes=5, profile="standard")


@given(st.text(min_size=1), st.text(min_size=1), st.dates(), st.dates())
def test_a_key_is_of_one_text_and_one_day(body: str, other: str, day: object, later: object) -> None:
    """And of one volunteer."""
    same = (body, day) == (other, later)
    assert (key_of(body, day, "v1") == key_of(other, later, "v1")) is same
    assert key_of(body, day, "v1") != key_of(body, day, "v2")


def test_why_names_all_that_was_given(region: Region) -> None:
    """Township, skills, interests, circle; a district's own category by its code."""
    audience = replace(around(region), unit="西岸街道", skills=("护理",), interests=("law", "x-tea"))
    zh, en = why(audience)
    assert all(word in zh for word in ("西岸街道", "护理", "法律法规", "x-tea", "望河社区站"))
    assert all(word in en for word in ("西岸街道", "护理", "Law", "x-tea", "5 minutes"))
