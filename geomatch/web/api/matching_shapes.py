"""Matching over HTTP: what may be asked and what is answered."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - pydantic reads annotations at run time
from typing import Annotated, Literal

from pydantic import Field

from geomatch.services import matching_batch
from geomatch.volunteering import matching_settings
from geomatch.volunteering.matching import Bar  # noqa: TC001 - as above
from geomatch.volunteering.orders import OrderState  # noqa: TC001 - as above
from geomatch.web.api.answers import Answer
from geomatch.web.api.questions import Given
from geomatch.web.api.scenario_shapes import ID_PATTERN

_DEFAULT = matching_settings.plain(matching_settings.MatchingSettings())
_Seconds = Annotated[float, Field(ge=0, le=86_400)]
Id = Annotated[str, Field(pattern=f"^{ID_PATTERN}$")]


def _meaning(name: str) -> str:
    return "; ".join(matching_settings.MEANINGS[name])


class Pair(Given):
    """Which volunteer of the order is meant; a volunteer speaks for itself and need not say."""

    volunteer: Id | None = None


class Settings(Given):
    """How the matcher chooses and asks. Weights are seconds of walking."""

    load_s: _Seconds = Field(_DEFAULT["load_s"], description=_meaning("load_s"))
    rest_s: _Seconds = Field(_DEFAULT["rest_s"], description=_meaning("rest_s"))
    rest_days: _Seconds = Field(_DEFAULT["rest_days"], description=_meaning("rest_days"))
    training_s: _Seconds = Field(_DEFAULT["training_s"], description=_meaning("training_s"))
    refusal_s: _Seconds = Field(_DEFAULT["refusal_s"], description=_meaning("refusal_s"))
    at_once: int = Field(_DEFAULT["at_once"], ge=1, le=matching_settings.MOST_AT_ONCE, description=_meaning("at_once"))
    reply_minutes: float = Field(
        _DEFAULT["reply_minutes"], ge=1, le=matching_settings.MOST_MINUTES, description=_meaning("reply_minutes")
    )
    limits_m: list[Annotated[float, Field(gt=0, le=matching_settings.LONGEST_M)]] = Field(
        _DEFAULT["limits_m"], min_length=1, max_length=matching_settings.MOST_PHASES, description=_meaning("limits_m")
    )
    most_offers: int = Field(
        _DEFAULT["most_offers"], ge=1, le=matching_settings.MOST_OFFERS, description=_meaning("most_offers")
    )
    give_up_minutes: float = Field(
        _DEFAULT["give_up_minutes"], ge=0, le=matching_settings.MOST_MINUTES, description=_meaning("give_up_minutes")
    )


class SettingsTold(Answer):
    """How the matcher chooses and asks in a region. Weights are seconds of walking."""

    load_s: float
    rest_s: float
    rest_days: float
    training_s: float
    refusal_s: float
    at_once: int
    reply_minutes: float
    limits_m: list[float]
    most_offers: int
    give_up_minutes: float
    meanings: dict[str, list[str]] = Field(description="What each figure means, Chinese and English.")


class Dispatched(Answer):
    """What was done with an order, and what comes next."""

    order: str
    state: OrderState
    asked: list[str] = Field(description="Ids of the volunteers to whom it was put now, the first choice first.")
    next: Literal["wait", "hand_over", "full"] = Field(
        description="wait: for answers until `until`; hand_over: a person decides; full: everybody has accepted."
    )
    until: datetime | None
    why: str


class BatchDraft(Given):
    """Which orders are put to volunteers together."""

    orders: Annotated[list[Id], Field(min_length=1, max_length=matching_batch.MOST_ORDERS)] | None = Field(
        None,
        description="Ids; where absent those that are checked and wait for the matcher, the next to begin first, "
        f"{matching_batch.MOST_ORDERS:,} at the most.",
    )


class Asked(Answer):
    """Somebody who may help: where it stands, and why. Parts are seconds of walking; the least sum is first."""

    volunteer: str
    rank: int
    score_s: float
    walk_s: float
    load_s: float
    rest_s: float
    training_s: float
    refusal_s: float
    why_zh: str
    why_en: str


class NotAsked(Answer):
    """Somebody who was not asked: barred, or further down."""

    volunteer: str
    walk_s: float
    rank: int | None = Field(description="Null for somebody who may not help with this order.")
    bars: list[Bar]
    why_zh: str
    why_en: str


class BatchPart(Answer):
    """What was done with one order of a batch."""

    order: str
    state: OrderState | None = Field(description="Null where nothing was done.")
    wanted: int = Field(description="How many helpers were looked for.")
    asked: list[str] = Field(description="Ids of the volunteers to whom it was put now.")
    next: Literal["wait", "hand_over", "full", "nothing"] = Field(
        description="As for a single order; nothing: it was left as it is, `why` says why."
    )
    until: datetime | None
    why: str
    missing_zh: str = Field(description="Where fewer were asked than wanted: what kept the others away.")
    missing_en: str
    nearest_miss: NotAsked | None = Field(description="Where nobody may help: who lacks the least.")


class Batched(Answer):
    """What was done with many orders."""

    batch: str
    left: int = Field(description="How many more wait for the matcher than were taken.")
    orders: list[BatchPart]


class Kept(Answer):
    """How many somebody, or something, keeps away."""

    bar: Bar
    count: int
    zh: str
    en: str


class Matching(Answer):
    """One choice for an order, made again from its record."""

    at: datetime
    by: str
    phase: int
    batch: str | None
    wanted: int
    limit_s: float
    eligible: int
    asked: list[str] = Field(description="Who was chosen then.")
    replays: bool = Field(description="Whether the record gives the same choice again.")
    chosen: list[Asked]
    next: Asked | None
    passed_over: list[NotAsked] = Field(description="Who is nearer than the last chosen and was not chosen.")
    kept_away: list[Kept]
    nearest_miss: NotAsked | None = Field(description="Where nobody may help: who lacks the least.")
    nobody_zh: str = Field(description="What kept everybody away; empty where some may help.")
    nobody_en: str


class Matchings(Answer):
    """Every choice for an order, the earliest first."""

    order: str
    matchings: list[Matching]
