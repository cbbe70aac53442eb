"""Personal data over HTTP: purposes and consents, how long data is kept, everything about a person, and forgetting."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from geomatch.errors import InputError
from geomatch.services import privacy as privacy_service
from geomatch.services.privacy import Asked
from geomatch.volunteering.consent import STATEMENTS
from geomatch.volunteering.retention import MEANINGS, Kind
from geomatch.volunteering.roles import Role
from geomatch.web.api import account_shapes
from geomatch.web.api import privacy_shapes as shapes
from geomatch.web.api.operation import Operation
from geomatch.web.api.replies import Reply
from geomatch.web.guard import SIGNED_IN

if TYPE_CHECKING:
    from geomatch.services.region import Region
    from geomatch.volunteering.roles import Principal
    from geomatch.web.served import Served

    Json = dict[str, Any]

_CENTRE: frozenset[Role | None] = frozenset({Role.CENTRE})
_PEOPLE = SIGNED_IN - {Role.PROGRAM}
_OWNERS: frozenset[Role | None] = frozenset({Role.RESIDENT, Role.VOLUNTEER, Role.LEADER})
_AGREE = _OWNERS | {Role.CENTRE, Role.OFFICE}


def purposes(served: Served, region: Region, _asked: account_shapes.Nothing, *, who: Principal) -> Json:  # noqa: ARG001
    """Tell what personal data is used for, in the words that are in force, and how long it is kept."""
    return _told(privacy_service.days(served.database.reading(), region.spec.id))


def set_retention(served: Served, region: Region, asked: shapes.RetentionDraft, *, who: Principal) -> Json:  # noqa: ARG001
    """Set how many days each kind of data is kept; what is over is blanked by the next daily job."""
    given = {Kind(name): days for name, days in asked.model_dump(exclude_none=True).items()}
    return _told(privacy_service.set_days(served.database.writing(), region.spec.id, given))


def _told(days: dict[Kind, int]) -> Json:
    said = [
        {
            "purpose": purpose, "version": each.version, "name": each.name[0], "name_en": each.name[1],
            "text": each.text[0], "text_en": each.text[1], "is_sensitive": each.is_sensitive,
        }
        for purpose, each in STATEMENTS.items()
    ]  # fmt: skip
    kept = [
        {"kind": kind, "what": MEANINGS[kind][0], "what_en": MEANINGS[kind][1], "days": count}
        for kind, count in days.items()
    ]
    return {"purposes": said, "kept_for": kept}


def consents(served: Served, _region: Region, asked: shapes.ConsentsQuestion, *, who: Principal) -> Json:
    """List what somebody agreed to: oneself, or, at a desk, a volunteer of its area."""
    found = privacy_service.consents(served.database.reading(), who, volunteer=asked.volunteer)
    return {"consents": [asdict(each) for each in found]}


def agree(served: Served, _region: Region, asked: shapes.ConsentDraft, *, who: Principal) -> Json:
    """Record that somebody agrees to one purpose: oneself, or, at a desk, a volunteer of its area on paper."""
    given = privacy_service.agree(
        served.database.writing(), who, asked.purpose, asked.version, volunteer=asked.volunteer,
        by_guardian=asked.by_guardian, at=datetime.now(UTC),
    )  # fmt: skip
    return asdict(given)


def withdraw(
    served: Served, _region: Region, consent_id: str, _asked: account_shapes.Nothing, *, who: Principal
) -> Reply:
    """Take an agreement back; without service nobody is asked any more, without whereabouts the usual places go."""
    privacy_service.withdraw(served.database.writing(), who, consent_id, at=datetime.now(UTC))
    return Reply(None)


def hold(served: Served, region: Region, account_id: str, asked: shapes.HolderDraft, *, who: Principal) -> Reply:  # noqa: ARG001
    """Note who holds an account, by keys only, so that it is known as whoever a file of volunteers names so."""
    document = None if asked.document is None else asked.document.get_secret_value()
    privacy_service.hold(
        served.database.writing(), region.spec.id, account_id, served.keys, name=asked.name, phone=asked.phone,
        document=document,
    )  # fmt: skip
    return Reply(None)


def find(served: Served, region: Region, asked: shapes.PersonQuestion, *, who: Principal) -> Json:  # noqa: ARG001
    """Find which volunteers and accounts are one person; nothing of the identity is shown."""
    person = privacy_service.find(served.database.reading(), region.spec.id, _asked(asked), served.keys)
    return {"volunteers": person.volunteers, "accounts": person.accounts}


def data(served: Served, region: Region, asked: shapes.PersonQuestion, *, who: Principal) -> Json:
    """Give everything that is held of somebody who asked for it; the request is noted."""
    return _everything(served, region, _asked(asked), who)


def own_data(served: Served, region: Region, _asked: account_shapes.Nothing, *, who: Principal) -> Json:
    """Give everything that is held of oneself; the request is noted."""
    return _everything(served, region, Asked(account=who.account), who)


def _everything(served: Served, region: Region, asked: Asked, who: Principal) -> Json:
    work = served.database.writing()
    at = datetime.now(UTC)
    return privacy_service.everything(work, region.spec.id, asked, served.keys, by=who.account, at=at)


def forget(served: Served, region: Region, asked: shapes.PersonQuestion, *, who: Principal) -> Json:
    """Forget somebody who asked for it: ids stay, on which ledgers stand, and nothing that says whose they were."""
    return _forget(served, region, _asked(asked), who)


def forget_own(served: Served, region: Region, asked: shapes.Sure, *, who: Principal) -> Json:
    """Forget oneself: one is signed out, and the account is closed for good."""
    if not asked.sure:
        raise InputError.of("sure", "must be true; there is no way back")
    return _forget(served, region, Asked(account=who.account), who)


def _forget(served: Served, region: Region, asked: Asked, who: Principal) -> Json:
    work, at = served.database.writing(), datetime.now(UTC)
    return {"rows": privacy_service.forget(work, region.spec.id, asked, served.keys, by=who.account, at=at)}


def _asked(asked: shapes.PersonQuestion) -> Asked:
    document = None if asked.document is None else asked.document.get_secret_value()
    return Asked(asked.volunteer, asked.account, document, asked.name, asked.phone)


_AT = "/regions/<region_id>"

OPERATIONS = tuple(
    replace(operation, stored=True)
    for operation in (
        Operation(
            "purposes", f"{_AT}/purposes", purposes, account_shapes.Nothing, shapes.Purposes,
            "What personal data is used for, and how long it is kept", allowed=_PEOPLE,
        ),
        Operation(
            "retention_put", f"{_AT}/retention", set_retention, shapes.RetentionDraft, shapes.Purposes,
            "Set how long personal data is kept", method="PUT", allowed=_CENTRE,
        ),
        Operation(
            "consents", f"{_AT}/consents", consents, shapes.ConsentsQuestion, shapes.Consents,
            "What somebody agreed to", allowed=_AGREE,
        ),
        Operation(
            "consent_give", f"{_AT}/consents", agree, shapes.ConsentDraft, shapes.Consent,
            "Agree to one purpose", method="POST", status=201, allowed=_AGREE, keyed=True,
        ),
        Operation(
            "consent_withdraw", f"{_AT}/consents/<consent_id>", withdraw, account_shapes.Nothing, None,
            "Take an agreement back", method="DELETE", status=204, allowed=_AGREE,
        ),
        Operation(
            "account_holder", f"{_AT}/accounts/<account_id>/holder", hold, shapes.HolderDraft, None,
            "Note who holds an account, by keys only", method="PUT", status=204, allowed=_CENTRE,
        ),
        Operation(
            "person_find", f"{_AT}/persons/find", find, shapes.PersonQuestion, shapes.PersonFound,
            "Which volunteers and accounts are one person", method="POST", allowed=_CENTRE,
        ),
        Operation(
            "person_data", f"{_AT}/persons/data", data, shapes.PersonQuestion, shapes.PersonData,
            "Everything that is held of a person", method="POST", allowed=_CENTRE,
        ),
        Operation(
            "person_forget", f"{_AT}/persons/deletion", forget, shapes.PersonQuestion, shapes.Forgotten,
            "Forget a person", method="POST", allowed=_CENTRE,
        ),
        Operation(
            "own_data", f"{_AT}/own-data", own_data, account_shapes.Nothing, shapes.PersonData,
            "Everything that is held of oneself", allowed=_OWNERS,
        ),
        Operation(
            "own_forget", f"{_AT}/own-deletion", forget_own, shapes.Sure, shapes.Forgotten,
            "Forget oneself", method="POST", allowed=_OWNERS,
        ),
    )
)  # fmt: skip
