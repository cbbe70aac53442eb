"""Hours that two people vouch for, over HTTP: claims, what is public, objections and reversals."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from geomatch.services import claims as claim_service
from geomatch.services import objections as objection_service
from geomatch.services.claims import Said
from geomatch.volunteering import masking
from geomatch.volunteering.roles import Role, scope_of
from geomatch.web.api import hour_claim_shapes as shapes
from geomatch.web.api import hour_shapes
from geomatch.web.api.hours import told_entry
from geomatch.web.api.operation import Operation
from geomatch.web.guard import ANYBODY, SIGNED_IN

if TYPE_CHECKING:
    from geomatch.services.region import Region
    from geomatch.volunteering.roles import Principal
    from geomatch.volunteering.service_time import Claim, Objection
    from geomatch.web.served import Served

    Json = dict[str, Any]

_SELF: frozenset[Role | None] = frozenset({Role.VOLUNTEER, Role.LEADER})
_BACK_OFFICE: frozenset[Role | None] = frozenset({Role.OFFICE, Role.CENTRE})


def claim(served: Served, _region: Region, asked: shapes.HourClaim, *, who: Principal) -> Json:
    """Say that one served at a site; it counts when the site agrees. The way there is no service."""
    said = Said(who.volunteer or "", asked.site, asked.start, asked.end, asked.note)
    return _claim(claim_service.claim(served.database.writing(), who, said, at=datetime.now(UTC)))


def draft(served: Served, _region: Region, asked: shapes.HourDraft, *, who: Principal) -> Json:
    """Enter hours for a volunteer of one's area; a second person has to agree, then it is public, then it counts."""
    said = Said(asked.volunteer, None, asked.start, asked.end, asked.note)
    return _claim(claim_service.claim(served.database.writing(), who, said, at=datetime.now(UTC)))


def claims(served: Served, _region: Region, asked: shapes.ClaimsQuestion, *, who: Principal) -> Json:
    """List claims: a station's own site, everybody else those of the volunteers of their area; oldest first."""
    matched, page = claim_service.page(
        served.database.reading(), scope_of(who), asked.state, limit=asked.limit, offset=asked.offset
    )
    told = [_claim(each, name) for each, name in page]
    return {"numberMatched": matched, "numberReturned": len(page), "claims": told}


def decide_claim(
    served: Served, _region: Region, claim_id: str, asked: shapes.ClaimAnswer, *, who: Principal
) -> Json:  # fmt: skip
    """Agree to a claim as the other side, or refuse it; nobody agrees to what they said themselves."""
    decided = claim_service.decide(
        served.database.writing(), who, claim_id, agrees=asked.agrees, why=asked.why, at=datetime.now(UTC)
    )
    return _claim(decided)


def public(served: Served, region: Region, asked: hour_shapes.HoursQuestion) -> Json:
    """List the back-office entries that are public and do not count yet, for everybody, masked."""
    matched, page = objection_service.public(
        served.database.reading(), region.spec.id, at=datetime.now(UTC), limit=asked.limit, offset=asked.offset
    )
    told = [
        {
            "number": entry.number, "name": masking.name(name), "start": entry.start, "end": entry.end,
            "minutes": entry.minutes, "note": entry.note, "entered_at": entry.entered_at,
            "counts_from": entry.counts_from,
        }
        for entry, name in page
    ]  # fmt: skip
    return {"numberMatched": matched, "numberReturned": len(page), "entries": told}


def object_to(served: Served, _region: Region, asked: shapes.HourObjection, *, who: Principal) -> Json:
    """Object to an entry that is public; until it is decided the entry does not count."""
    made = objection_service.object_to(served.database.writing(), who, asked.number, asked.words, at=datetime.now(UTC))
    return _objection(made)


def objections(served: Served, _region: Region, asked: shapes.ObjectionsQuestion, *, who: Principal) -> Json:
    """List the objections to entries of the volunteers of one's area, the oldest first."""
    matched, page = objection_service.objections(
        served.database.reading(), scope_of(who), asked.state, limit=asked.limit, offset=asked.offset
    )
    told = [_objection(each) for each in page]
    return {"numberMatched": matched, "numberReturned": len(page), "objections": told}


def decide_objection(
    served: Served, _region: Region, objection_id: str, asked: shapes.ObjectionAnswer, *, who: Principal
) -> Json:  # fmt: skip
    """Uphold an objection, which takes the entry back, or dismiss it; by somebody who has nothing to do with it."""
    decided = objection_service.decide(
        served.database.writing(), who, objection_id, upholds=asked.upholds, why=asked.why, at=datetime.now(UTC)
    )
    return _objection(decided)


def reverse(served: Served, _region: Region, asked: shapes.HourReversal, *, who: Principal) -> Json:
    """Take a service back by an entry of its own, with the reason; the volunteer is told."""
    made = objection_service.reverse(served.database.writing(), who, asked.number, asked.why, at=datetime.now(UTC))
    return told_entry(made, "")


def _claim(each: Claim, name: str = "") -> Json:
    return {
        "id": each.id, "volunteer": each.volunteer, "name": masking.name(name), "evidence": each.evidence.value,
        "site": each.site, "start": each.start, "end": each.end, "note": each.note, "made_at": each.made_at,
        "state": each.state.value, "decided_at": each.decided_at, "why": each.why, "number": each.number,
    }  # fmt: skip


def _objection(each: Objection) -> Json:
    return {
        "id": each.id, "number": each.number, "words": each.words, "made_at": each.made_at,
        "state": each.state.value, "decided_at": each.decided_at, "why": each.why,
    }  # fmt: skip


_HOURS = "/regions/<region_id>/hours"

OPERATIONS = tuple(
    replace(operation, stored=True)
    for operation in (
        Operation(
            "hour_claim", f"{_HOURS}/claims", claim, shapes.HourClaim, shapes.Claim,
            "Say that one served at a site", method="POST", status=201, allowed=_SELF, keyed=True,
        ),
        Operation(
            "hour_draft", f"{_HOURS}/drafts", draft, shapes.HourDraft, shapes.Claim,
            "Enter hours in the back office, for a second person to agree to", method="POST", status=201,
            allowed=_BACK_OFFICE, keyed=True,
        ),
        Operation(
            "hour_claims", f"{_HOURS}/claims", claims, shapes.ClaimsQuestion, shapes.Claims,
            "What waits for the other side, and what was decided",
            allowed=_SELF | _BACK_OFFICE | {Role.STATION, Role.AUDITOR},
        ),
        Operation(
            "hour_claim_answer", f"{_HOURS}/claims/<claim_id>/answer", decide_claim, shapes.ClaimAnswer, shapes.Claim,
            "Agree as the other side, or refuse", method="POST", allowed=_BACK_OFFICE | {Role.STATION},
        ),
        Operation(
            "hours_public", f"{_HOURS}/public", public, hour_shapes.HoursQuestion, shapes.PublicHours,
            "Back-office entries in public, before they count", allowed=ANYBODY,
        ),
        Operation(
            "hour_object", f"{_HOURS}/objections", object_to, shapes.HourObjection, shapes.Objection,
            "Object to an entry that is public", method="POST", status=201, allowed=SIGNED_IN - {Role.PROGRAM},
            keyed=True,
        ),
        Operation(
            "hour_objections", f"{_HOURS}/objections", objections, shapes.ObjectionsQuestion, shapes.Objections,
            "Objections to entries of one's area", allowed=_BACK_OFFICE | {Role.AUDITOR},
        ),
        Operation(
            "hour_objection_answer", f"{_HOURS}/objections/<objection_id>/answer", decide_objection,
            shapes.ObjectionAnswer, shapes.Objection, "Uphold or dismiss an objection", method="POST",
            allowed=_BACK_OFFICE,
        ),
        Operation(
            "hour_reverse", f"{_HOURS}/reversals", reverse, shapes.HourReversal, hour_shapes.HourEntry,
            "Take a service back by an entry of its own", method="POST", status=201, allowed=_BACK_OFFICE, keyed=True,
        ),
    )
)  # fmt: skip
