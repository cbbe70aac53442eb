"""Matching over HTTP: put an order to volunteers, tell why these and not the others, set what counts."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from geomatch.services import keeping_apart, matching_batch
from geomatch.services import matching as matching_service
from geomatch.volunteering import matching_settings, reasons
from geomatch.volunteering.dispatch import HandOver, Wait
from geomatch.volunteering.matching import BAR_NAMES, Miss
from geomatch.volunteering.roles import STAFF, Role, scope_of
from geomatch.web.api import matching_shapes as shapes
from geomatch.web.api.account_shapes import Nothing
from geomatch.web.api.operation import Operation

if TYPE_CHECKING:
    from geomatch.services.matching import Told
    from geomatch.services.matching_batch import Part
    from geomatch.services.region import Region
    from geomatch.volunteering.dispatch import Step
    from geomatch.volunteering.matching import Factors
    from geomatch.volunteering.roles import Principal
    from geomatch.web.served import Served

    Json = dict[str, Any]

_DISPATCH: frozenset[Role | None] = frozenset({*STAFF, Role.PROGRAM})
_LOOK: frozenset[Role | None] = _DISPATCH | {Role.AUDITOR}
_PAIR: frozenset[Role | None] = frozenset({*STAFF, Role.RESIDENT, Role.VOLUNTEER, Role.LEADER})


def dispatch(served: Served, region: Region, order_id: str, _asked: Nothing, *, who: Principal) -> Json:
    """Put an order to those whom the matcher chooses now; asked again, it goes on with what is still missing."""
    done = matching_service.advance(
        served.database, served.rosters, region, order_id, scope_of(who), by=who.account, at=datetime.now(UTC)
    )
    return {"order": done.order, "state": done.state, "asked": done.asked, **_next(done.step)}


def dispatch_batch(served: Served, region: Region, asked: shapes.BatchDraft, *, who: Principal) -> Json:
    """Put many orders to volunteers at once: the most places first, then the least cost, and nobody for two of them."""
    done = matching_batch.dispatch(
        served.database, served.rosters, region, scope_of(who), by=who.account, at=datetime.now(UTC),
        orders=asked.orders,
    )  # fmt: skip
    return {"batch": done.id, "left": done.left, "orders": [_part(each) for each in done.parts]}


def _part(part: Part) -> Json:
    told = {"order": part.order, "state": part.state, "wanted": part.wanted, "asked": part.asked}
    told |= {"next": "nothing", "until": None, "why": part.why} if part.step is None else _next(part.step)
    missing, nearest = ("", ""), None
    if part.choice is not None and len(part.asked) < part.wanted:
        missing = (reasons.why_missing(part.choice), reasons.why_missing(part.choice, "en"))
        nearest = part.choice.nearest_miss
    return told | {
        "missing_zh": missing[0], "missing_en": missing[1], "nearest_miss": nearest and _not_asked(nearest),
    }  # fmt: skip


def _next(step: Step) -> Json:
    if isinstance(step, Wait):
        return {"next": "wait", "until": step.at, "why": ""}
    if isinstance(step, HandOver):
        return {"next": "hand_over", "until": None, "why": step.why}
    return {"next": "full", "until": None, "why": ""}


def matchings(served: Served, _region: Region, order_id: str, _asked: Nothing, *, who: Principal) -> Json:
    """Tell why each volunteer was asked and nearer ones were not; where nobody could come, what was missing."""
    found = matching_service.told(served.database.reading(), order_id, scope_of(who))
    return {"order": order_id, "matchings": [_matching(each) for each in found]}


def _matching(told: Told) -> Json:
    kept, choice = told.kept, told.choice
    return {
        "at": kept.at, "by": kept.by, "phase": kept.phase, "batch": kept.batch, "wanted": kept.wanted,
        "limit_s": told.record.limit_s, "eligible": choice.eligible, "asked": kept.chosen,
        "replays": told.is_as_then, "chosen": [_asked_of(each) for each in choice.chosen],
        "next": choice.next and _asked_of(choice.next),
        "passed_over": [_not_asked(each) for each in choice.passed_over],
        "kept_away": [
            {"bar": bar, "count": count, "zh": BAR_NAMES[bar][0], "en": BAR_NAMES[bar][1]}
            for bar, count in choice.barred.items()
        ],
        "nearest_miss": choice.nearest_miss and _not_asked(choice.nearest_miss),
        "nobody_zh": reasons.why_nobody(choice), "nobody_en": reasons.why_nobody(choice, "en"),
    }  # fmt: skip


def _asked_of(factors: Factors) -> Json:
    told = asdict(factors)
    for part in ("load", "trained", "chance"):
        told.pop(part)
    return told | {"why_zh": reasons.why(factors), "why_en": reasons.why(factors, "en")}


def _not_asked(other: Factors | Miss) -> Json:
    rank, bars = (None, other.bars) if isinstance(other, Miss) else (other.rank, ())
    return {
        "volunteer": other.volunteer, "walk_s": other.walk_s, "rank": rank,
        "bars": bars, "why_zh": reasons.why_not(other),
        "why_en": reasons.why_not(other, "en"),
    }  # fmt: skip


def settings(served: Served, region: Region, _asked: Nothing, *, who: Principal) -> Json:  # noqa: ARG001 - all who may ask are told the same
    """Tell what counts how much in a region, and what each figure means."""
    return _settings(matching_service.settings(served.database.reading(), region.spec.id))


def put_settings(served: Served, region: Region, asked: shapes.Settings, *, who: Principal) -> Json:
    """Set what counts how much; it holds from the next choice on."""
    given = matching_settings.from_plain(asked.model_dump())
    matching_service.put_settings(
        served.database.writing(), region.spec.id, given, by=who.account, at=datetime.now(UTC)
    )
    return _settings(given)


def _settings(given: matching_settings.MatchingSettings) -> Json:
    meanings = {name: list(words) for name, words in matching_settings.MEANINGS.items()}
    return {**matching_settings.plain(given), "meanings": meanings}


def keep_apart(served: Served, _region: Region, order_id: str, asked: shapes.Pair, *, who: Principal) -> None:
    """Never bring the two of an order together again: who asked for it, and a volunteer to whom it was put."""
    keeping_apart.block(served.database.writing(), order_id, asked.volunteer, who, at=datetime.now(UTC))


def let_together(served: Served, _region: Region, order_id: str, asked: shapes.Pair, *, who: Principal) -> None:
    """Take that back, by whoever said it or by staff."""
    keeping_apart.unblock(served.database.writing(), order_id, asked.volunteer, who)


_ONE = "/regions/<region_id>/orders/<order_id>"
_SETTINGS = "/regions/<region_id>/matching-settings"
OPERATIONS = tuple(
    replace(operation, stored=True)
    for operation in (
        Operation(
            "order_dispatch", f"{_ONE}/dispatch", dispatch, Nothing, shapes.Dispatched,
            "Put an order to the volunteers whom the matcher chooses", method="POST", allowed=_DISPATCH,
            scope="orders:write",
        ),
        Operation(
            "orders_dispatch_batch", "/regions/<region_id>/orders/dispatch-batch", dispatch_batch, shapes.BatchDraft,
            shapes.Batched, "Put many orders to volunteers at once", method="POST",
            allowed=frozenset({Role.OFFICE, Role.CENTRE}),
        ),
        Operation(
            "order_matching", f"{_ONE}/matching", matchings, Nothing, shapes.Matchings,
            "Why these volunteers and not the others", allowed=_LOOK, scope="orders:read",
        ),
        Operation(
            "order_keep_apart", f"{_ONE}/apart", keep_apart, shapes.Pair, None,
            "Keep a resident and a volunteer apart from now on", method="PUT", status=204, allowed=_PAIR,
        ),
        Operation(
            "order_let_together", f"{_ONE}/apart", let_together, shapes.Pair, None,
            "Let a resident and a volunteer meet again", method="DELETE", status=204, allowed=_PAIR,
        ),
        Operation(
            "matching_settings", _SETTINGS, settings, Nothing, shapes.SettingsTold,
            "What counts how much in matching", allowed=_LOOK, scope="orders:read",
        ),
        Operation(
            "matching_settings_set", _SETTINGS, put_settings, shapes.Settings, shapes.SettingsTold,
            "Set what counts how much in matching", method="PUT", allowed=frozenset({Role.CENTRE}),
        ),
    )
)  # fmt: skip
