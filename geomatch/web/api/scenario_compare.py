"""Two saved scenarios side by side, or one beside the region as it is: a table, and a map of what differs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from geomatch.errors import InputError
from geomatch.planning.sites import SiteKind  # noqa: TC001 - pydantic reads annotations at run time
from geomatch.services import scenario_compare as compare_service
from geomatch.services import scenarios as scenario_service
from geomatch.services.scenario_compare import Question
from geomatch.services.whatif import Changes
from geomatch.web.api import places, questions, scenarios, stating
from geomatch.web.api import whatif as whatif_api
from geomatch.web.api.answers import (
    Answer,
    Collected,
    CoverageFigures,
    CoverageUnit,
    Feature,
    Limited,
    MultiPolygon,
)
from geomatch.web.api.scenario_shapes import ID_PATTERN
from geomatch.web.api.whatif import Delta, MovedSite, NewLink, NewSite  # noqa: TC001 - as above

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geomatch.geo.coordinates import CoordSys
    from geomatch.planning.coverage import CoverageRow
    from geomatch.planning.patches import Patch
    from geomatch.planning.saved import Scenario
    from geomatch.services.region import Region
    from geomatch.web.api.whatif import WhatIfQuestion
    from geomatch.web.served import Served

    Json = dict[str, Any]

NOW = "now"


class CompareQuestion(questions.Question):
    """What one scenario wins over another, or over the region as it is."""

    a: str = Field(pattern=f"^{ID_PATTERN}$", description="Id of a saved scenario.")
    b: str = Field(
        pattern=f"^({ID_PATTERN}|{NOW})$", description="Id of another, or now: the region with nothing changed."
    )


class Compared(Answer):
    """One of the two."""

    id: str | None = Field(description="Null for the region as it is.")
    name: str | None
    rebuilt: bool = Field(description="Whether the region was built again since it was saved.")
    same_question: bool = Field(description="False where it was saved with another limit, profile, kinds or hour.")
    total: CoverageFigures


class ComparedUnit(Answer):
    """A township with both."""

    id: str | None
    name: str | None
    a: CoverageUnit
    b: CoverageUnit
    delta: Delta


class Differing(Answer):
    """Changes that only one of the two makes."""

    add: list[NewSite]
    close: list[str]
    move: list[MovedSite]
    links: list[NewLink]
    open: list[str]


class Comparison(Limited):
    """Both counted by the question of a, on the build that is served; differences are a less b."""

    region: str
    synthetic: bool
    kind: list[SiteKind] = Field(description="The kinds that count; all where empty.")
    open_at: str | None
    coordsys: str
    a: Compared
    b: Compared
    delta: Delta
    won: int = Field(description="People within the limit with a and not with b.")
    lost: int = Field(description="People within the limit with b and not with a.")
    units: list[ComparedUnit] = Field(description="Every township.")
    only_a: Differing
    only_b: Differing


class Ground(Answer):
    """Ground on which the two differ, around homes that do."""

    change: Literal["won", "lost"]
    rank: int = Field(description="1 for the most people, of those won and of those lost.")
    people: int = Field(description="Counted by each home's own walk, never from the polygon.")
    unit: str | None


class CompareMap(Collected):
    """Where a wins people over b, and where it loses them."""

    won: int
    lost: int
    features: list[Feature[MultiPolygon, Ground]]


@dataclass(frozen=True)
class _Pair:
    """What is compared: a's question holds for both."""

    region: Region
    a: Scenario
    b: Scenario | None
    question: Question

    @property
    def changes(self) -> tuple[Changes, Changes]:
        """Those of a and of b."""
        of_a, of_b = (
            Changes() if scenario is None else whatif_api.changes_of(scenarios.question_of(scenario))
            for scenario in (self.a, self.b)
        )
        return of_a, of_b


def compare(served: Served, asked: CompareQuestion) -> Json:
    """Compare two scenarios township by township; the question of a holds for both."""
    pair = _pair(served, asked)
    found = compare_service.compare(pair.region, *pair.changes, pair.question)
    people = pair.region.homes.population
    open_at = pair.question.open_at
    return {
        **stating.stated(pair.region, pair.question.limit, pair.question.kinds),
        "open_at": None if open_at is None else open_at.isoformat(),
        "coordsys": asked.coordsys,
        "a": _side(pair, pair.a, found.a.after.total),
        "b": _side(pair, pair.b, found.b.after.total),
        "delta": whatif_api.delta(found.b.after.total, found.a.after.total),
        "won": int(people[found.won].sum()),
        "lost": int(people[found.lost].sum()),
        "units": [_unit(*rows) for rows in zip(found.a.after.units, found.b.after.units, strict=True)],
        **_differing(pair, asked.coordsys),
    }


def compare_map(served: Served, asked: CompareQuestion) -> Json:
    """Draw the ground that a wins over b and that it loses, around the homes that are won and lost."""
    pair = _pair(served, asked)
    grounds = dict(zip(("won", "lost"), compare_service.ground(pair.region, *pair.changes, pair.question), strict=True))
    features = [
        _ground(change, rank, patch, asked.coordsys)
        for change, patches in grounds.items()
        for rank, patch in enumerate(patches, 1)
    ]
    people = {change: sum(patch.people for patch in patches) for change, patches in grounds.items()}
    return stating.collection(pair.region, features, None, **people)


def _pair(served: Served, asked: CompareQuestion) -> _Pair:
    """Open both.

    Raises:
        NotFoundError: one is not there.
        InputError: they are of different regions.
    """
    a = scenario_service.found(served.database.reading(), asked.a)
    b = None if asked.b == NOW else scenario_service.found(served.database.reading(), asked.b)
    ours = a.draft.region
    if b is not None and b.draft.region != ours:
        raise InputError.of("b", f"is of region {b.draft.region!r} and a of {ours!r}; only one region can be compared")
    return _Pair(served.named(ours), a, b, _question(scenarios.question_of(a)))


def _question(asked: WhatIfQuestion) -> Question:
    return Question(asked.limit, tuple(asked.kind), asked.open_at)


def _side(pair: _Pair, scenario: Scenario | None, total: CoverageRow) -> Json:
    return {
        "id": scenario and scenario.id,
        "name": scenario and scenario.draft.name,
        "rebuilt": scenario is not None and scenarios.is_rebuilt(pair.region, scenario),
        "same_question": scenario is None or _question(scenarios.question_of(scenario)) == pair.question,
        "total": stating.figures(total),
    }


def _unit(of_a: CoverageRow, of_b: CoverageRow) -> Json:
    named = {"id": of_a.id, "name": of_a.name}
    rows = {"a": named | stating.figures(of_a), "b": named | stating.figures(of_b)}
    return named | rows | {"delta": whatif_api.delta(of_b, of_a)}


def _differing(pair: _Pair, coordsys: CoordSys) -> Json:
    """List the changes that only one of the two makes."""
    of_a, of_b = (
        {} if scenario is None else scenarios.question_in(scenario, coordsys) for scenario in (pair.a, pair.b)
    )
    told: Json = {"only_a": {}, "only_b": {}}
    for name in Differing.model_fields:
        told["only_a"][name] = _without(of_a.get(name, ()), of_b.get(name, ()))
        told["only_b"][name] = _without(of_b.get(name, ()), of_a.get(name, ()))
    return told


def _without(mine: Sequence[Any], theirs: Sequence[Any]) -> list[Any]:
    there = {_mark(change) for change in theirs}
    return [change for change in mine if _mark(change) not in there]


def _mark(change: Any) -> str:
    """Name a change by all that it says, places to the centimetre: two systems turned into one differ by less."""

    def rounded(value: Any) -> Any:
        if isinstance(value, float):
            return round(value, 7)
        return [rounded(part) for part in value] if isinstance(value, list) else value

    given = change if isinstance(change, dict) else {"id": change}
    return repr(sorted((name, rounded(value)) for name, value in given.items()))


def _ground(change: str, rank: int, patch: Patch, coordsys: CoordSys) -> Json:
    return {
        "type": "Feature",
        "geometry": places.multipolygon(places.rings_of(patch.geometry), coordsys),
        "properties": {"change": change, "rank": rank, "people": patch.people, "unit": patch.unit},
    }
