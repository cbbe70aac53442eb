"""Statistics over HTTP: what may be asked and what is answered."""

from __future__ import annotations

from datetime import date  # noqa: TC003 - pydantic reads annotations at run time
from typing import Annotated

from pydantic import AfterValidator, Field

from geomatch.volunteering.statistics import Bound, By, Measure  # noqa: TC001 - as above
from geomatch.web.api.account_shapes import Area, Name  # noqa: TC001 - as above
from geomatch.web.api.answers import Answer
from geomatch.web.api.questions import Given
from geomatch.web.api.texts import one_line

Short = Annotated[str, Field(max_length=60)]


class StatisticsQuestion(Given):
    """Figures of which days, and split by what."""

    first: date = Field(description="First day that counts, such as 2026-01-01.")
    last: date = Field(description="Last day that counts.")
    by: By | None = Field(None, description="tree counts for each team all that stand below it as well.")


class RowsQuestion(StatisticsQuestion):
    """Which figure is to be opened to its rows."""

    measure: Measure
    part: Annotated[str, Field(max_length=200)] = Field("", description="Which line of the table; the rest if empty.")
    limit: int = Field(100, ge=1, le=1000)
    offset: int = Field(0, ge=0, le=10_000_000)


class MeasureTold(Answer):
    """What a measure means."""

    measure: Measure
    zh: str
    en: str
    means_zh: str
    means_en: str
    adds_up: bool = Field(description="Whether the parts sum to the whole.")


class FigureTold(Answer):
    """One figure, and where its rows are."""

    value: int
    rows: str


class FiguresTold(Answer):
    """The four measures, kept apart."""

    events: FigureTold
    participations: FigureTold
    audience: FigureTold
    people: FigureTold
    uncounted: int = Field(description="Events with no audience noted.")


class PartTold(Answer):
    """A line of the table; id is empty for what belongs to none."""

    id: str
    name: str
    figures: FiguresTold


class ScopeTold(Answer):
    """The area that is counted."""

    region: str
    unit: str | None
    site: str | None
    team: str | None


class PeriodTold(Answer):
    """The days that count, both in it."""

    first: date
    last: date
    timezone: str


class StatisticsTold(Answer):
    """Figures of an area and a period, with what they mean."""

    scope: ScopeTold
    period: PeriodTold
    definitions: list[MeasureTold]
    total: FiguresTold
    by: By | None
    parts: list[PartTold]


class RowTold(Answer):
    """One of the rows that a figure is the sum of."""

    id: str
    title: str
    adds: int
    note: str


class RowsTold(Answer):
    """One page of the rows of a figure."""

    measure: Measure
    value: int
    numberMatched: int  # noqa: N815 - as OGC API Features spells it
    numberReturned: int  # noqa: N815 - as above
    rows: list[RowTold]


class PublishedDraft(Given):
    """A figure that was published."""

    figure: Annotated[str, Field(min_length=1, max_length=60), AfterValidator(one_line)] = Field(
        description="As it stood there: 120场, 2.3万人次, 2万多人次."
    )
    measure: Short = Field("", description="Which of the four; needed where the figure does not say it.")
    published_on: date
    source: Name
    unit: Area | None = None
    team: Area | None = None
    category: Short | None = None
    first: date | None = None
    last: date | None = None


class PublishedTold(Answer):
    """A figure as it was published."""

    id: str
    measure: Measure
    value: int
    bound: Bound
    is_approximate: bool
    as_written: str
    unit: str | None
    team: str | None
    category: str | None
    first: date | None
    last: date | None
    published_on: date
    source: str


class PublishedPage(Answer):
    """One page of published figures, the latest first; those of two days both stay."""

    numberMatched: int  # noqa: N815 - as OGC API Features spells it
    numberReturned: int  # noqa: N815 - as above
    figures: list[PublishedTold]


class PublishedQuestion(Given):
    """Which published figures."""

    limit: int = Field(100, ge=1, le=1000)
    offset: int = Field(0, ge=0, le=1_000_000)
