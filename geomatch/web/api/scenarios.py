"""Saved scenarios over HTTP: save, list, open, change, delete, take away as a file."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pydantic import ValidationError

from geomatch.errors import InputError, StoreError
from geomatch.geo.coordinates import CoordSys
from geomatch.planning.saved import Build, Draft, Reckoning
from geomatch.services import scenarios as scenario_service
from geomatch.web import problems
from geomatch.web.api import places, stating
from geomatch.web.api import scenario_shapes as shapes
from geomatch.web.api import whatif as whatif_api
from geomatch.web.api.replies import Reply, as_file
from geomatch.web.api.whatif import WhatIfQuestion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geomatch.planning.saved import Scenario
    from geomatch.services.region import Region
    from geomatch.web.api.scenario_shapes import ScenarioDraft, ScenarioEnd, ScenarioQuestion, ScenariosQuestion
    from geomatch.web.problems import Loc
    from geomatch.web.served import Served

    Json = dict[str, Any]
    Faults = list[tuple[Loc, str]]


def save(served: Served, region: Region, asked: ScenarioDraft) -> Reply:
    """Save a what-if under a name; a name that the region has already is refused."""
    draft = _draft(region, asked)
    scenario = scenario_service.save(served.database.writing(), draft, at=datetime.now(UTC))
    reply = _whole(region, scenario, asked.question.coordsys)
    return replace(reply, headers=(*reply.headers, ("Location", f"/api/v1/scenarios/{scenario.id}")))


def listed(served: Served, region: Region, asked: ScenariosQuestion) -> Json:
    """List the scenarios of a region, the one changed last first."""
    matched, page = scenario_service.listed(
        served.database.reading(), region.spec.id, limit=asked.limit, offset=asked.offset
    )
    return {
        "region": region.spec.id,
        "synthetic": region.spec.synthetic,
        "numberMatched": matched,
        "numberReturned": len(page),
        "scenarios": [_row(region, scenario, question_of(scenario)) for scenario in page],
    }


def opened(served: Served, scenario_id: str, asked: ScenarioQuestion) -> Reply:
    """Open a scenario; where its region was built again since, it is reckoned anew and both figures are given."""
    scenario = scenario_service.found(served.database.reading(), scenario_id)
    return _whole(served.named(scenario.draft.region), scenario, asked.coordsys)


def change(served: Served, scenario_id: str, asked: ScenarioDraft, *, version: int | None) -> Reply:
    """Write a scenario over as a whole, unless somebody else changed it since the version that If-Match names."""
    before = scenario_service.found(served.database.reading(), scenario_id)
    region = served.named(before.draft.region)
    draft, at = _draft(region, asked), datetime.now(UTC)
    scenario = scenario_service.change(served.database.writing(), scenario_id, draft, version=version, at=at)
    return _whole(region, scenario, asked.question.coordsys)


def remove(served: Served, scenario_id: str, _asked: ScenarioEnd, *, version: int | None) -> Reply:
    """Delete a scenario for good."""
    scenario_service.remove(served.database.writing(), scenario_id, version=version)
    return Reply(None)


def file(served: Served, scenario_id: str, _asked: ScenarioEnd) -> Reply:
    """Give a scenario as a file that can be saved again."""
    draft = scenario_service.found(served.database.reading(), scenario_id).draft
    told = {"name": draft.name, "note": draft.note, "question": draft.question}
    return Reply(told, (as_file(f"{draft.name}.json"),))


def question_of(scenario: Scenario) -> WhatIfQuestion:
    """Read the question of a scenario; StoreError where somebody changed it by hand into none."""
    try:
        return WhatIfQuestion.model_validate(scenario.draft.question)
    except ValidationError as error:
        raise StoreError(f"the database holds a scenario that cannot be read: {scenario.id}") from error


def reckoned(region: Region, asked: WhatIfQuestion) -> Reckoning:
    """Count a what-if and keep its headline.

    Raises:
        InputError: the changes do not fit the region; faults name their place below the question.
    """
    found = whatif_api.reckon(region, asked)
    told = whatif_api.stated(region, asked, found)
    return Reckoning(_build(region), told["hash"], found.before.total, found.after.total)


def _draft(region: Region, asked: ScenarioDraft) -> Draft:
    """Make the draft of a request, with its figures."""
    question = asked.question.model_copy(update=dict.fromkeys(whatif_api.HOW_TO_ANSWER, False))
    if question.minutes is None and question.metres is None:  # what is kept means the same when the default changes
        question = question.model_copy(update={"minutes": question.limit.limit_s / 60})
    try:
        figures = reckoned(region, question)
    except InputError as error:
        raise InputError(replace(fault, where=f"question.{fault.where}") for fault in error.faults) from error
    kept = question.model_dump(mode="json", by_alias=True, exclude_none=True, exclude=set(whatif_api.HOW_TO_ANSWER))
    return Draft(region.spec.id, asked.name, asked.note, kept, figures)


def is_rebuilt(region: Region, scenario: Scenario) -> bool:
    """Tell whether the region was built again since a scenario was saved."""
    return _build(region) != scenario.draft.reckoning.build


def _build(region: Region) -> Build:
    name = region.build_folder.name
    return Build(f"{name}+{region.edition}" if region.edition else name, region.built_at)


def _whole(region: Region, scenario: Scenario, coordsys: CoordSys) -> Reply:
    asked = question_of(scenario)
    now, faults = _now(region, scenario, asked)
    told = {
        **_row(region, scenario, asked),
        "question": question_in(scenario, coordsys),
        "now": now and _figures(now),
        "faults": [{"loc": list(loc), "msg": msg} for loc, msg in faults],
    }
    return Reply(told, (("ETag", f'"{scenario.version}"'),))


def question_in(scenario: Scenario, coordsys: CoordSys) -> Json:
    """Give the question of a scenario with its places in a system; in its own, exactly as it was sent."""
    question = scenario.draft.question
    own = CoordSys(question["coordsys"])
    if coordsys == own:
        return dict(question)

    def turned(spot: Sequence[float]) -> list[float]:
        return list(places.outward([places.inward(spot[0], spot[1], own)], coordsys)[0])

    def site(given: Json) -> Json:
        lon, lat = turned((given["lon"], given["lat"]))
        return given | {"lon": lon, "lat": lat}

    return {
        **question,
        "coordsys": coordsys.value,
        "add": [site(given) for given in question["add"]],
        "move": [site(given) for given in question["move"]],
        "links": [link | {end: turned(link[end]) for end in ("from", "to")} for link in question["links"]],
    }


def _now(region: Region, scenario: Scenario, asked: WhatIfQuestion) -> tuple[Reckoning | None, Faults]:
    """Give the figures on the build that is served, or why there are none."""
    if not is_rebuilt(region, scenario):
        return scenario.draft.reckoning, []
    try:
        return reckoned(region, asked), []
    except InputError as error:
        return None, problems.by_name(error, "question")


def _row(region: Region, scenario: Scenario, asked: WhatIfQuestion) -> Json:
    draft = scenario.draft
    return {
        "id": scenario.id,
        "region": draft.region,
        "synthetic": region.spec.synthetic,
        "name": draft.name,
        "note": draft.note,
        "page": f"/map/{quote(draft.region, safe='')}/whatif?scenario={scenario.id}",
        "counts": {name: len(getattr(asked, name)) for name in shapes.ChangeCounts.model_fields},
        **stating.limit(asked.limit),
        "kind": asked.kind,
        "open_at": None if asked.open_at is None else asked.open_at.isoformat(),
        "created_at": scenario.created_at,
        "updated_at": scenario.updated_at,
        "version": scenario.version,
        "rebuilt": is_rebuilt(region, scenario),
        "saved": _figures(draft.reckoning),
    }


def _figures(reckoning: Reckoning) -> Json:
    return {
        "built_at": reckoning.build.built_at,
        "hash": reckoning.hash,
        "before": stating.figures(reckoning.before),
        "after": stating.figures(reckoning.after),
        "delta": whatif_api.delta(reckoning.before, reckoning.after),
    }
