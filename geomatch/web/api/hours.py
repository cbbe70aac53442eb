"""Hours of service over HTTP: check-in and check-out by a site's code, entries, sums and rules."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from geomatch.errors import MissingPartError
from geomatch.services import anchors as anchor_service
from geomatch.services import certificates as certificate_service
from geomatch.services import hours as hour_service
from geomatch.services import signing
from geomatch.services import visits as visit_service
from geomatch.volunteering import certificates, masking
from geomatch.volunteering.hours import GRADES
from geomatch.volunteering.roles import Role, Scope, scope_of
from geomatch.volunteering.service_time import HourRules
from geomatch.web.api import hour_shapes as shapes
from geomatch.web.api.account_shapes import Nothing
from geomatch.web.api.operation import Operation
from geomatch.web.guard import ANYBODY, SIGNED_IN

if TYPE_CHECKING:
    from geomatch.services.region import Region
    from geomatch.services.signing import Signer
    from geomatch.volunteering.hours import Entry
    from geomatch.volunteering.roles import Principal
    from geomatch.volunteering.service_time import Visit
    from geomatch.web.served import Served

    Json = dict[str, Any]

_SELF: frozenset[Role | None] = frozenset({Role.VOLUNTEER, Role.LEADER})
_LOOK: frozenset[Role | None] = _SELF | {Role.OFFICE, Role.CENTRE, Role.AUDITOR}


def show_code(served: Served, _region: Region, _asked: shapes.ShowCode, *, who: Principal) -> Json:
    """Give the code that the station's own site shows now; it changes every minute."""
    return asdict(visit_service.show(served.database.writing(), who, at=datetime.now(UTC)))


def check_in(served: Served, _region: Region, asked: shapes.CheckIn, *, who: Principal) -> Json:
    """Begin a visit to a site by its code; sent again it is the same visit. The way there is no service."""
    visit = visit_service.check_in(served.database.writing(), who, asked.site, asked.code, at=datetime.now(UTC))
    return _own_visit(served, who, visit)


def check_out(served: Served, _region: Region, asked: shapes.CheckOut, *, who: Principal) -> Json:
    """End one's visit by the code of the same site; the time in between is entered, rounded as the district does."""
    visit = visit_service.check_out(served.database.writing(), who, asked.code, at=datetime.now(UTC))
    return _own_visit(served, who, visit)


def visits(served: Served, _region: Region, asked: shapes.HoursQuestion, *, who: Principal) -> Json:
    """List visits: a station's own site, everybody else those of the volunteers of their area."""
    matched, page = visit_service.page(served.database.reading(), scope_of(who), limit=asked.limit, offset=asked.offset)
    told = [_visit(visit, name) for visit, name in page]
    return {"numberMatched": matched, "numberReturned": len(page), "visits": told}


def entries(served: Served, _region: Region, asked: shapes.HoursQuestion, *, who: Principal) -> Json:
    """List the entries of the volunteers of this account's area, the newest first."""
    matched, page = hour_service.page(served.database.reading(), scope_of(who), limit=asked.limit, offset=asked.offset)
    told = [told_entry(entry, name) for entry, name in page]
    return {"numberMatched": matched, "numberReturned": len(page), "entries": told}


def total(served: Served, _region: Region, _asked: Nothing, *, who: Principal) -> Json:
    """Sum one's own hours: what counts, what is still to count, and the stars."""
    return asdict(hour_service.total(served.database.reading(), who, at=datetime.now(UTC)))


def anchors(served: Served, region: Region, asked: shapes.HoursQuestion, *, who: Principal) -> Json:  # noqa: ARG001
    """List the heads of the chain as they were sent out daily, the newest first; keep them elsewhere as well."""
    matched, page = anchor_service.kept(
        served.database.reading(), region.spec.id, limit=asked.limit, offset=asked.offset
    )
    told = [asdict(each) for each in page]
    return {"numberMatched": matched, "numberReturned": len(page), "anchors": told}


def certificate(served: Served, region: Region, _asked: Nothing, *, who: Principal) -> bytes:
    """Give a certificate of one's own hours as a PDF, signed by the district, to be verified with no network."""
    now, own = datetime.now(UTC), Scope(who.region, volunteer=who.volunteer)
    told = certificate_service.state(served.database.reading(), region.spec, who.volunteer or "", own, at=now)
    return certificate_service.make(told, _signer(served, region), at=now)


def key(served: Served, region: Region, _asked: Nothing) -> Json:
    """Tell the public key that certificates of this district are signed by."""
    public = _signer(served, region).public
    return {"key": public.hex(), "fingerprint": certificates.fingerprint(public)}


def _signer(served: Served, region: Region) -> Signer:
    if served.keys_folder is None:
        raise MissingPartError("this service signs nothing: it has no folder of keys")
    return signing.signer(served.keys_folder, region.spec.id)


def rules(served: Served, region: Region, _asked: Nothing, *, who: Principal) -> Json:  # noqa: ARG001 - the gate asks who
    """Tell how the district rounds, and how long a back-office entry is public."""
    return asdict(hour_service.hour_rules(served.database.reading(), region.spec.id))


def set_rules(served: Served, region: Region, asked: shapes.HourRules, *, who: Principal) -> Json:  # noqa: ARG001
    """Set how the district rounds, from now on; entries that are there stay as they are."""
    given = HourRules(asked.rounding, asked.public_days)
    return asdict(hour_service.set_rules(served.database.writing(), region.spec.id, given))


def _own_visit(served: Served, who: Principal, visit: Visit) -> Json:
    return _visit(visit, hour_service.own_name(served.database.reading(), who))


def _visit(visit: Visit, name: str) -> Json:
    return {
        "id": visit.id, "site": visit.site, "volunteer": visit.volunteer, "name": masking.name(name),
        "came_at": visit.came_at, "left_at": visit.left_at, "state": visit.state.value, "minutes": visit.minutes,
        "number": visit.number,
    }  # fmt: skip


def told_entry(entry: Entry, name: str) -> Json:
    """Write an entry out, with the name masked."""
    return {
        "number": entry.number, "volunteer": entry.volunteer, "name": masking.name(name), "kind": entry.kind.value,
        "cause": entry.cause, "start": entry.start, "end": entry.end, "minutes": entry.minutes,
        "evidence": entry.evidence.value, "grade": GRADES[entry.evidence], "entered_at": entry.entered_at,
        "counts_from": entry.counts_from, "note": entry.note, "before": entry.before, "hash": entry.hash,
    }  # fmt: skip


_HOURS = "/regions/<region_id>/hours"

OPERATIONS = tuple(
    replace(operation, stored=True)
    for operation in (
        Operation(
            "hour_code", f"{_HOURS}/code", show_code, shapes.ShowCode, shapes.ShownCode,
            "The code that one's own site shows now", method="POST", allowed=frozenset({Role.STATION}),
        ),
        Operation(
            "hour_check_in", f"{_HOURS}/check-in", check_in, shapes.CheckIn, shapes.Visit,
            "Check in at a site by its code", method="POST", allowed=_SELF,
        ),
        Operation(
            "hour_check_out", f"{_HOURS}/check-out", check_out, shapes.CheckOut, shapes.Visit,
            "Check out by the code of the site", method="POST", allowed=_SELF,
        ),
        Operation(
            "hour_visits", f"{_HOURS}/visits", visits, shapes.HoursQuestion, shapes.Visits,
            "Who came to serve, and left", allowed=_LOOK | {Role.STATION},
        ),
        Operation(
            "hours", _HOURS, entries, shapes.HoursQuestion, shapes.HourEntries,
            "The entries of one's own area", allowed=_LOOK,
        ),
        Operation(
            "hour_total", f"{_HOURS}/total", total, Nothing, shapes.HourTotal,
            "What one's own hours come to, and the stars", allowed=_SELF,
        ),
        Operation(
            "hour_anchors", f"{_HOURS}/anchors", anchors, shapes.HoursQuestion, shapes.Anchors,
            "Heads of the chain as they were sent out", allowed=frozenset({Role.CENTRE, Role.AUDITOR}),
        ),
        Operation(
            "hour_certificate", f"{_HOURS}/certificate", certificate, Nothing, None,
            "A certificate of one's own hours as a signed PDF", media="application/pdf", allowed=_SELF,
            file_ending="pdf",
        ),
        Operation(
            "hour_key", f"{_HOURS}/key", key, Nothing, shapes.HourKey,
            "The public key that certificates are signed by", allowed=ANYBODY,
        ),
        Operation(
            "hour_rules", f"{_HOURS}/rules", rules, Nothing, shapes.RulesOfHours,
            "How the district counts hours", allowed=SIGNED_IN - {Role.PROGRAM},
        ),
        Operation(
            "hour_rules_set", f"{_HOURS}/rules", set_rules, shapes.HourRules, shapes.RulesOfHours,
            "Set how the district counts hours", method="PUT", allowed=frozenset({Role.CENTRE}),
        ),
    )
)  # fmt: skip
