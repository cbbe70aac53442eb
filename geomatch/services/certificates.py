"""Use case: a certificate of somebody's hours as a PDF, and whether a file is one that the district signed."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from geomatch.drawing import certificate as drawing
from geomatch.drawing.report import pdf
from geomatch.errors import InputError
from geomatch.services import hours as hour_service
from geomatch.services import signing
from geomatch.volunteering import certificates
from geomatch.volunteering.certificates import Statement
from geomatch.volunteering.hours import GRADES

if TYPE_CHECKING:
    from datetime import datetime

    from geomatch.files.region_file import RegionSpec
    from geomatch.services.signing import Signer
    from geomatch.store.unit_of_work import UnitOfWork
    from geomatch.volunteering.roles import Scope


def state(work: UnitOfWork, spec: RegionSpec, volunteer_id: str, scope: Scope, *, at: datetime) -> Statement:
    """Say what somebody's hours come to now; NotFoundError where the volunteer is not there to be seen."""
    with work:
        volunteer = work.people.get(volunteer_id, scope)
        entries = work.hours.of_volunteer(spec.id, volunteer.id)
        objected = work.claims.objected(spec.id)
        number, head = work.hours.head(spec.id)
    zone = ZoneInfo(spec.timezone)
    total = hour_service.summed(volunteer.id, entries, objected, at=at)
    counted = hour_service.counting(entries, objected, at=at)
    days = sorted(entry.start.astimezone(zone).date().isoformat() for entry in counted)
    grades: Counter[str] = Counter()
    for entry in counted:
        grades[GRADES[entry.evidence]] += entry.minutes
    return Statement(
        region=spec.id, region_name=spec.name, volunteer=volunteer.id, name=volunteer.name, minutes=total.minutes,
        stars=total.stars, services=len(counted), first=days[0] if days else "", last=days[-1] if days else "",
        grades=", ".join(f"{grade} {minutes}" for grade, minutes in sorted(grades.items())), number=number, hash=head,
        issued=at.astimezone(zone).date().isoformat(), synthetic=spec.synthetic,
    )  # fmt: skip


def make(statement: Statement, signer: Signer, *, at: datetime) -> bytes:
    """Lay a statement out as a PDF and sign all of it.

    Raises:
        InputError: there are no hours that count.
        MissingPartError: Pango or a font with Chinese letters is missing.
    """
    if not statement.services:
        raise InputError.of("volunteer", "has no hours that count yet", value=statement.volunteer)
    document = drawing.document(statement, certificates.fingerprint(signer.public))
    drawn = pdf.render(document, number=statement.serial, made=at)
    return certificates.sealed(drawn, statement, signer.public, signer.sign)


def check(data: bytes, public: bytes, where: str) -> Statement:
    """Give what a certificate says, if this key signed it as it is.

    Raises:
        InputError: it is no certificate, was signed by another key, or was changed.
    """
    statement, named, signature, signed = certificates.opened(data, where)
    if named != public:
        told = f"was signed by another key ({certificates.fingerprint(named)}), which is not this district's"
        raise InputError.of(where, told)
    if not signing.is_signed(public, signature, signed):
        raise InputError.of(where, "was changed after it was signed; trust nothing in it")
    return statement
