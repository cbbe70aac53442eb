"""Statistics over HTTP: four measures kept apart, each opened to its rows; and figures that were published."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from geomatch.services import statistics as service
from geomatch.volunteering.roles import Role
from geomatch.volunteering.statistics import DEFINITIONS, Bound, Draft, Measure
from geomatch.web.api import statistics_shapes as shapes
from geomatch.web.api.operation import Operation

if TYPE_CHECKING:
    from geomatch.services.region import Region
    from geomatch.volunteering.roles import Principal
    from geomatch.volunteering.statistics import By, Figures, Published
    from geomatch.web.served import Served

    Json = dict[str, Any]

_LOOK: frozenset[Role | None] = frozenset({
    Role.CENTRE, Role.OFFICE, Role.STATION, Role.LEADER, Role.AUDITOR, Role.PROGRAM
})  # fmt: skip
_WRITE: frozenset[Role | None] = frozenset({Role.CENTRE, Role.OFFICE})


def statistics(served: Served, region: Region, asked: shapes.StatisticsQuestion, *, who: Principal) -> Json:
    """Count what took place in one's own area, whole and split; every figure names where its rows are."""
    told = service.table(
        served.database.reading(), who, asked.first, asked.last, by=asked.by, timezone=region.spec.timezone,
        at=datetime.now(UTC),
    )  # fmt: skip
    scope = told.scope
    return {
        "scope": {"region": scope.region, "unit": scope.unit, "site": scope.site, "team": scope.team},
        "period": asdict(told.period),
        "definitions": [asdict(means) | {"measure": measure} for measure, means in DEFINITIONS.items()],
        "total": _figures(region, asked, told.total, None, ""),
        "by": told.by,
        "parts": [
            {"id": part.id, "name": part.name, "figures": _figures(region, asked, part.figures, asked.by, part.id)}
            for part in told.parts
        ],
    }


def rows(served: Served, region: Region, asked: shapes.RowsQuestion, *, who: Principal) -> Json:
    """Open one figure to the rows that it is the sum of; people are masked."""
    found = service.rows(
        served.database.reading(), who, asked.measure, asked.first, asked.last, by=asked.by, part=asked.part,
        timezone=region.spec.timezone, at=datetime.now(UTC),
    )  # fmt: skip
    page = found[asked.offset : asked.offset + asked.limit]
    return {
        "measure": asked.measure, "value": sum(row.adds for row in found), "numberMatched": len(found),
        "numberReturned": len(page), "rows": [asdict(row) for row in page],
    }  # fmt: skip


def publish(served: Served, _region: Region, asked: shapes.PublishedDraft, *, who: Principal) -> Json:
    """Write a published figure down; one that does not say which measure it is is asked about."""
    draft = Draft(**asked.model_dump())
    _, (there,) = service.publish(served.database.writing(), who, [draft], where="body", at=datetime.now(UTC))
    return _published(there)


def published(served: Served, _region: Region, asked: shapes.PublishedQuestion, *, who: Principal) -> Json:
    """List the figures that were published of one's own area, the latest first."""
    matched, page = service.published(served.database.reading(), who, limit=asked.limit, offset=asked.offset)
    return {"numberMatched": matched, "numberReturned": len(page), "figures": [_published(each) for each in page]}


def _figures(region: Region, asked: shapes.StatisticsQuestion, own: Figures, by: By | None, part: str) -> Json:
    named: Json = {"first": asked.first.isoformat(), "last": asked.last.isoformat()}
    if by is not None:
        named |= {"by": by.value, "part": part}
    at = f"/api/v1/regions/{region.spec.id}/statistics/rows"
    return {
        measure.value: {"value": own.of(measure), "rows": f"{at}?{urlencode(named | {'measure': measure.value})}"}
        for measure in Measure
    } | {"uncounted": own.uncounted}


def _published(each: Published) -> Json:
    told = asdict(each)
    del told["region"], told["account"]
    return told | {"is_approximate": each.bound is not Bound.EXACT}


_AT = "/regions/<region_id>/statistics"

OPERATIONS = tuple(
    replace(operation, stored=True)
    for operation in (
        Operation(
            "statistics", _AT, statistics, shapes.StatisticsQuestion, shapes.StatisticsTold,
            "Events, participations, audience and distinct people, kept apart", allowed=_LOOK, scope="statistics:read",
        ),
        Operation(
            "statistics_rows", f"{_AT}/rows", rows, shapes.RowsQuestion, shapes.RowsTold,
            "The rows that a figure is the sum of", allowed=_LOOK, scope="statistics:read",
        ),
        Operation(
            "published_add", f"{_AT}/published", publish, shapes.PublishedDraft, shapes.PublishedTold,
            "Write a published figure down", method="POST", status=201, allowed=_WRITE, keyed=True,
        ),
        Operation(
            "published", f"{_AT}/published", published, shapes.PublishedQuestion, shapes.PublishedPage,
            "The figures that were published", allowed=_LOOK, scope="statistics:read",
        ),
    )
)  # fmt: skip
