"""Hours that two people vouch for: nobody alone, in public first, objections heard, and taken back by an entry."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from geomatch.errors import ConflictError, InputError, NotAllowedError, NotFoundError
from geomatch.services import claims as claim_service
from geomatch.services import hours as hour_service
from geomatch.services import objections as objection_service
from geomatch.services.claims import Said
from geomatch.volunteering import hours
from geomatch.volunteering.hours import EntryKind, Evidence
from geomatch.volunteering.notices import NoticeState
from geomatch.volunteering.roles import Principal, Role, scope_of
from geomatch.volunteering.service_time import ClaimState, ObjectionState
from geomatch.web.app import SERVED
from tests.serving import region_of
from tests.serving_people import account, add_volunteers, signed_in, volunteer

if TYPE_CHECKING:
    from pathlib import Path

    from geomatch.store.database import Database
    from geomatch.volunteering.service_time import Claim

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
LATER = NOW + timedelta(days=7)
ONE, TWO = volunteer(1), volunteer(2, unit="乙", team=None)
SELF = Principal("helper", Role.VOLUNTEER, "little", volunteer=ONE.id)
CLERK = Principal("clerk", Role.OFFICE, "little", unit="甲")
SECOND = Principal("second", Role.OFFICE, "little", unit="甲")
STRANGER = Principal("stranger", Role.OFFICE, "little", unit="乙")
CENTRE = Principal("centre", Role.CENTRE, "little")
STATION = Principal("station", Role.STATION, "little", unit="甲", site="S1")
RESIDENT = Principal("resident", Role.RESIDENT, "little")


def said(site: str | None, **changes: object) -> Said:
    """Two hours of yesterday."""
    start = NOW - timedelta(days=1)
    return replace(Said(ONE.id, site, start, start + timedelta(hours=2), "读报，联系 13812345678"), **changes)


def claimed(database: Database, who: Principal, what: Said) -> Claim:
    """Say it now."""
    return claim_service.claim(database.writing(), who, what, at=NOW)


def agree(database: Database, who: Principal, claim: Claim, *, agrees: bool = True) -> Claim:
    """Decide it now."""
    return claim_service.decide(database.writing(), who, claim.id, agrees=agrees, why="在场", at=NOW)


def entered(database: Database) -> int:
    """Two hours of the back office, agreed to, in public; gives the number."""
    add_volunteers(database, "little", ONE, TWO)
    number = agree(database, SECOND, claimed(database, CLERK, said(None))).number
    assert number is not None
    return number


def counted(database: Database, at: datetime) -> tuple[int, int]:
    """Minutes that count and that wait, of the first volunteer."""
    told = hour_service.total(database.reading(), SELF, at=at)
    return told.minutes, told.waiting


def test_a_volunteers_word_counts_when_the_site_agrees(database: Database) -> None:
    """At once, as grade B, with the site's account as witness; a phone number in the words is masked."""
    add_volunteers(database, "little", ONE)
    claim = claimed(database, SELF, said("S1"))
    assert (claim.state, claim.evidence, counted(database, NOW)) == (ClaimState.WAITING, Evidence.BOTH, (0, 0))
    assert "13812345678" not in claim.note
    done = agree(database, STATION, claim)
    assert (done.state, done.number, counted(database, NOW)) == (ClaimState.AGREED, 1, (120, 0))
    with database.reading() as work:
        (entry,) = work.hours.chain("little")
    assert (entry.witness, entry.entered_by, hours.GRADES[entry.evidence]) == ("station", "helper", "B")
    with pytest.raises(ConflictError, match="agreed already"):
        agree(database, STATION, claim)


def test_the_back_office_needs_two_and_is_public_before_it_counts(database: Database) -> None:
    """Seven days, listed for everybody; it counts from the first moment after."""
    entered(database)
    assert counted(database, LATER - timedelta(seconds=1)) == (0, 120)
    assert counted(database, LATER) == (120, 0)
    matched, page = objection_service.public(database.reading(), "little", at=NOW, limit=10, offset=0)
    assert (matched, page[0][0].number, page[0][1]) == (1, 1, ONE.name)
    assert objection_service.public(database.reading(), "little", at=LATER, limit=10, offset=0) == (0, ())
    with database.reading() as work:
        _, told = work.outbox.page("little", [ONE.id], [NoticeState.WAITING], limit=10, offset=0)
    assert [posted.notice.cause_id for posted in told] == ["1"]


@pytest.mark.parametrize(
    ("site", "who", "told"),
    [
        (None, CLERK, "this account made the claim"),
        (None, replace(SECOND, volunteer=ONE.id), "the volunteer's own"),
        ("S1", replace(STATION, volunteer=ONE.id), "the volunteer's own"),
        ("S1", SECOND, "the site where the service was"),
        (None, replace(STATION, site=None, role=Role.LEADER, team="T1"), "an office or the centre"),
    ],
    ids=["first", "volunteer", "site-volunteer", "office-for-site", "leader"],
)
def test_nobody_alone_makes_hours(database: Database, site: str | None, who: Principal, told: str) -> None:
    """Not the first, not the volunteer, not whoever is not of the other side; and nothing is entered."""
    add_volunteers(database, "little", ONE)
    claim = claimed(database, CLERK if site is None else SELF, said(site))
    with pytest.raises(NotAllowedError, match=told):
        agree(database, who, claim)
    assert counted(database, LATER) == (0, 0)


def test_another_area_neither_enters_nor_agrees(database: Database) -> None:
    """A volunteer, a claim, an objection and an entry of another township are not there for an office."""
    number = entered(database)
    claim = claimed(database, CLERK, said(None, start=NOW - timedelta(hours=3), end=NOW))
    objection = objection_service.object_to(database.writing(), RESIDENT, number, "没见过他", at=NOW)
    with pytest.raises(NotFoundError):
        claimed(database, STRANGER, said(None))
    with pytest.raises(NotFoundError):
        agree(database, STRANGER, claim)
    with pytest.raises(NotFoundError):
        agree(database, replace(STATION, site="S2"), claim)
    with pytest.raises(NotFoundError):
        objection_service.decide(database.writing(), STRANGER, objection.id, upholds=True, why="是", at=NOW)
    with pytest.raises(NotFoundError):
        objection_service.reverse(database.writing(), STRANGER, number, "不在我处", at=NOW)
    assert claim_service.page(database.reading(), scope_of(STRANGER), None, limit=9, offset=0) == (0, ())
    assert objection_service.objections(database.reading(), scope_of(STRANGER), None, limit=9, offset=0) == (0, ())
    assert claim_service.page(database.reading(), scope_of(CLERK), ClaimState.WAITING, limit=9, offset=0)[0] == 1
    assert claim_service.page(database.reading(), scope_of(STATION), None, limit=9, offset=0)[0] == 0


@pytest.mark.parametrize(
    ("hours_ago", "lasts", "told"),
    [(1, 2, "future"), (24, 13, "at most 12 hours"), (24, -1, "after the start"), (24 * 91, 1, "90 days ago")],
)
def test_what_cannot_have_been_is_refused(database: Database, hours_ago: int, lasts: int, told: str) -> None:
    """In the future, too long, backwards, too long ago."""
    add_volunteers(database, "little", ONE)
    start = NOW - timedelta(hours=hours_ago)
    with pytest.raises(InputError, match=told):
        claimed(database, SELF, said("S1", start=start, end=start + timedelta(hours=lasts)))


def test_what_was_refused_is_no_entry(database: Database) -> None:
    """And can't be agreed to later."""
    add_volunteers(database, "little", ONE)
    claim = agree(database, SECOND, claimed(database, CLERK, said(None)), agrees=False)
    assert (claim.state, claim.number) == (ClaimState.REFUSED, None)
    with pytest.raises(ConflictError, match="refused already"):
        agree(database, SECOND, claim)


def test_an_objection_stops_the_count_until_somebody_else_decides(database: Database) -> None:
    """Neither who objects nor the two who made it; dismissed, it counts again."""
    number = entered(database)
    objection = objection_service.object_to(database.writing(), RESIDENT, number, "没见过他", at=NOW)
    with pytest.raises(ConflictError, match="already"):
        objection_service.object_to(database.writing(), RESIDENT, number, "真没见过", at=NOW)
    assert counted(database, LATER) == (0, 120)
    for who in (CLERK, SECOND, replace(CENTRE, account="resident")):
        with pytest.raises(NotAllowedError, match="somebody else has to decide"):
            objection_service.decide(database.writing(), who, objection.id, upholds=False, why="核实", at=LATER)
    decided = objection_service.decide(database.writing(), CENTRE, objection.id, upholds=False, why="核实", at=LATER)
    assert (decided.state, counted(database, LATER)) == (ObjectionState.DISMISSED, (120, 0))
    with pytest.raises(ConflictError, match="dismissed already"):
        objection_service.decide(database.writing(), CENTRE, objection.id, upholds=True, why="再想", at=LATER)
    with pytest.raises(NotFoundError, match="in public"):
        objection_service.object_to(database.writing(), SELF, number, "太晚", at=LATER)


def test_an_objection_that_is_upheld_takes_the_entry_back(database: Database) -> None:
    """By another entry; the chain holds, nothing was written over, the time is free for what is true."""
    number = entered(database)
    objections = [
        objection_service.object_to(database.writing(), who, number, "没见过他", at=NOW) for who in (RESIDENT, STATION)
    ]
    objection_service.decide(database.writing(), CENTRE, objections[0].id, upholds=True, why="属实", at=NOW)
    with database.reading() as work:
        first, second = work.hours.chain("little")
    assert hours.verify([first, second]) == ()
    assert (second.kind, second.cause, second.minutes) == (EntryKind.REVERSAL, "hours:1", -first.minutes)
    assert counted(database, LATER) == (0, 0)
    states = objection_service.objections(database.reading(), scope_of(CENTRE), None, limit=9, offset=0)[1]
    assert {each.state for each in states} == {ObjectionState.UPHELD}
    assert objection_service.public(database.reading(), "little", at=NOW, limit=9, offset=0)[0] == 0
    agree(database, SECOND, claimed(database, CLERK, said(None)))
    assert counted(database, LATER) == (120, 0)


def test_a_service_is_taken_back_once_and_not_by_the_volunteer(database: Database) -> None:
    """With its reason; and a reversal is not reversed."""
    add_volunteers(database, "little", ONE)
    number = agree(database, STATION, claimed(database, SELF, said("S1"))).number
    assert number == 1
    with pytest.raises(NotAllowedError, match="the volunteer's own"):
        objection_service.reverse(database.writing(), replace(CLERK, volunteer=ONE.id), 1, "误录", at=NOW)
    made = objection_service.reverse(database.writing(), CLERK, 1, "误录", at=NOW)
    assert (made.note, counted(database, NOW)) == ("误录", (0, 0))
    with pytest.raises(ConflictError):
        objection_service.reverse(database.writing(), CLERK, 1, "误录", at=NOW)
    with pytest.raises(NotFoundError):
        objection_service.reverse(database.writing(), CLERK, 2, "误录", at=NOW)


def test_it_all_goes_over_http(database: Database, database_url: str, little_region: Path) -> None:
    """Drafted, agreed to by a second, public and masked for whoever is not signed in, objected to, taken back."""
    region = region_of(little_region).spec.id
    add_volunteers(database, region, ONE)
    for name, role, area in (
        ("clerk", Role.OFFICE, {"unit": "甲"}), ("second", Role.OFFICE, {"unit": "甲"}),
        ("centre", Role.CENTRE, {}), ("resident", Role.RESIDENT, {}),
    ):  # fmt: skip
        account(database, region, name, role, **area)
    clerk, second, centre, resident = (
        signed_in(little_region, database_url, name) for name in ("clerk", "second", "centre", "resident")
    )
    at, start = f"/api/v1/regions/{region}/hours", datetime.now(UTC) - timedelta(hours=5)
    body = {
        "volunteer": ONE.id, "start": start.isoformat(), "end": (start + timedelta(hours=2)).isoformat(),
        "note": "义诊",
    }  # fmt: skip
    assert clerk.post(f"{at}/drafts", json=body | {"end": "2026-11-25T09:00"}).status_code == 422
    made = clerk.post(f"{at}/drafts", json=body)
    assert made.status_code == 201
    answer = f"{at}/claims/{made.get_json()['id']}/answer"
    assert clerk.post(answer, json={"agrees": True, "why": "是"}).status_code == 403
    assert second.post(answer, json={"agrees": True, "why": "核过签到表"}).get_json()["number"] == 1
    open_to_all = clerk.application.test_client().get(f"{at}/public").get_json()
    assert [(row["name"], row["minutes"]) for row in open_to_all["entries"]] == [("王*", 120)]
    assert ONE.id not in str(open_to_all)
    objected = resident.post(f"{at}/objections", json={"number": 1, "words": "没来过"})
    assert objected.status_code == 201
    settled = centre.post(
        f"{at}/objections/{objected.get_json()['id']}/answer", json={"upholds": True, "why": "监控未见"}
    )
    assert settled.get_json()["state"] == "upheld"
    assert centre.post(f"{at}/reversals", json={"number": 1, "why": "再冲"}).status_code == 409
    assert [row["kind"] for row in centre.get(at).get_json()["entries"]] == ["reversal", "service"]
    clerk.application.extensions[SERVED].database.close()
