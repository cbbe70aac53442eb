"""Saved scenarios over HTTP: what may be asked and what is answered."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - pydantic reads annotations at run time
from typing import Annotated

from pydantic import AfterValidator, Field

from geomatch.planning.sites import SiteKind  # noqa: TC001 - as above
from geomatch.web.api import questions
from geomatch.web.api.answers import Answer, CoverageFigures, Limited, ProblemError
from geomatch.web.api.texts import no_nul, one_line
from geomatch.web.api.whatif import Delta, WhatIfQuestion  # noqa: TC001 - as above

ID_PATTERN = "[0-9a-f]{24}"
MAX_NAME, MAX_NOTE, MAX_PAGE = 100, 2000, 1000


class ScenarioDraft(questions.Given):
    """What to save: a name, a note and a what-if."""

    name: Annotated[str, AfterValidator(one_line)] = Field(
        min_length=1,
        max_length=MAX_NAME,
        description="Unique in its region, without regard to case, width of letters and blanks.",
    )
    note: Annotated[str, AfterValidator(no_nul)] = Field("", max_length=MAX_NOTE)
    question: WhatIfQuestion = Field(description="The body of a what-if.")


class ScenariosQuestion(questions.Given):
    """Which scenarios a region has."""

    limit: int = Field(100, ge=1, le=MAX_PAGE, description="Most scenarios in one answer.")
    offset: int = Field(0, ge=0, le=1_000_000, description="Scenarios to skip.")


class ScenarioQuestion(questions.Question):
    """What a scenario is."""


class ScenarioEnd(questions.Given):
    """Nothing but which one."""


class Reckoned(Answer):
    """The headline of a scenario on one build of its region."""

    built_at: datetime = Field(description="When the build was made.")
    hash: str = Field(description="That of a what-if with the same question on that build.")
    before: CoverageFigures
    after: CoverageFigures
    delta: Delta


class ChangeCounts(Answer):
    """How many changes a scenario holds."""

    add: int
    close: int
    move: int
    links: int
    open: int


class ScenarioRow(Limited):
    """A scenario in a list."""

    id: str = Field(description="Not to be guessed: whoever has it can open the scenario.")
    region: str
    synthetic: bool
    name: str
    note: str
    page: str = Field(description="Address of its page on this service.")
    counts: ChangeCounts
    kind: list[SiteKind] = Field(description="The kinds that count; all where empty.")
    open_at: str | None = Field(description="The hour at which a site must be open to count; null where any hour does.")
    created_at: datetime
    updated_at: datetime
    version: int = Field(description="One more with every change; its ETag.")
    rebuilt: bool = Field(description="Whether the region was built again since the scenario was saved.")
    saved: Reckoned = Field(description="Its figures when it was saved.")


class Scenario(ScenarioRow):
    """A scenario, whole."""

    question: WhatIfQuestion = Field(description="Can be sent to a what-if as it is.")
    now: Reckoned | None = Field(description="Its figures on the build that is served; null where it no longer fits.")
    faults: list[ProblemError] = Field(description="Why it no longer fits, where it does not.")


class Scenarios(Answer):
    """The scenarios of a region, the one changed last first."""

    region: str
    synthetic: bool
    numberMatched: int  # noqa: N815 - as OGC API Features spells it
    numberReturned: int  # noqa: N815 - as above
    scenarios: list[ScenarioRow]


class ScenarioFile(Answer):
    """A scenario as a file, to be saved again here or elsewhere."""

    name: str
    note: str
    question: WhatIfQuestion
