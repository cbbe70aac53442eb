"""Points and the points shop over HTTP: what may be asked and what is answered."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - pydantic reads annotations at run time
from typing import Annotated

from pydantic import AfterValidator, Field

from geomatch.volunteering.points import TransactionKind  # noqa: TC001 - as above
from geomatch.volunteering.shop import (
    CODE_FIGURES,
    MOST_AT_ONCE,
    MOST_PRICE,
    MOST_STOCK,
    RedemptionState,
)
from geomatch.web.api.answers import Answer
from geomatch.web.api.questions import Given
from geomatch.web.api.texts import one_line

Words = Annotated[str, Field(min_length=1, max_length=300), AfterValidator(one_line)]
Id = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(one_line)]


class ShopQuestion(Given):
    """Which page."""

    limit: int = Field(100, ge=1, le=1000)
    offset: int = Field(0, ge=0, le=10_000_000)


class GoodsQuestion(Given):
    """Which goods."""

    all: bool = Field(default=False, description="Also those that are no longer offered.")
    limit: int = Field(100, ge=1, le=1000)
    offset: int = Field(0, ge=0, le=10_000_000)


class PointRules(Given):
    """What a district sets for its points."""

    per_hour: int = Field(ge=0, le=1000, description="Points for an hour that counts.")
    last_days: int | None = Field(None, ge=30, le=3660, description="How long points last; for ever where absent.")


class GoodsDraft(Given):
    """New goods."""

    site: Id = Field(description="Where they are handed out; a station's own.")
    name: Annotated[str, Field(min_length=1, max_length=100), AfterValidator(one_line)]
    price: int = Field(ge=1, le=MOST_PRICE, description="Points for one.")
    stock: int = Field(ge=0, le=MOST_STOCK)


class Restock(Given):
    """How many more, or less where it is negative."""

    change: int = Field(ge=-MOST_STOCK, le=MOST_STOCK)


class GoodsSwitch(Given):
    """Whether goods are offered."""

    is_open: bool


class RedemptionDraft(Given):
    """What one wants for one's points."""

    goods: Id
    count: int = Field(1, ge=1, le=MOST_AT_ONCE)


class RedemptionCode(Given):
    """What is shown at the desk."""

    code: Annotated[str, Field(pattern=rf"^[0-9]{{{CODE_FIGURES}}}$")]


class Undoing(Given):
    """Why it is cancelled or comes back."""

    why: Words


class RulesOfPoints(Answer):
    """What a district set for its points."""

    per_hour: int
    last_days: int | None


class PointMove(Answer):
    """A transaction, as it changed one's points."""

    id: str
    kind: TransactionKind
    points: int = Field(description="That came to the wallet, or left it where negative.")
    held: int = Field(description="That came to what is put by, or left it where negative.")
    cause: str
    at: datetime
    why: str


class Purse(Answer):
    """What one has."""

    volunteer: str
    points: int
    held: int = Field(description="Put by for goods that are ordered.")
    owed: int = Field(description="Of hours that were taken back after the points were spent.")
    transactions: list[PointMove] = Field(description="The newest first.")


class Goods(Answer):
    """Something that the shop gives for points."""

    id: str
    site: str
    name: str
    price: int
    stock: int
    is_open: bool


class GoodsList(Answer):
    """One page of goods by name."""

    numberMatched: int  # noqa: N815 - as OGC API Features spells it
    numberReturned: int  # noqa: N815 - as above
    goods: list[Goods]


class Redemption(Answer):
    """Goods that somebody ordered for points."""

    id: str
    volunteer: str
    goods: str
    site: str
    count: int
    points: int
    code: str | None = Field(description="What is shown at the desk; told to whoever ordered only.")
    state: RedemptionState
    made_at: datetime
    ends_at: datetime
    ended_at: datetime | None
    why: str


class Redemptions(Answer):
    """One page of what is ordered, the newest first."""

    numberMatched: int  # noqa: N815 - as OGC API Features spells it
    numberReturned: int  # noqa: N815 - as above
    redemptions: list[Redemption]
