"""Personal data over HTTP: what may be asked and what is answered."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - pydantic reads annotations at run time
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, SecretStr, model_validator

from geomatch.volunteering.consent import Purpose  # noqa: TC001 - as above
from geomatch.volunteering.retention import LEAST_DAYS, MOST_DAYS
from geomatch.web.api.answers import Answer
from geomatch.web.api.questions import Given
from geomatch.web.api.scenario_shapes import ID_PATTERN
from geomatch.web.api.texts import one_line

Id = Annotated[str, Field(pattern=f"^{ID_PATTERN}$")]
Line = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(one_line)]
Phone = Annotated[str, Field(pattern=r"^\+?[0-9]{7,15}$")]
Document = Annotated[SecretStr, Field(min_length=5, max_length=40)]
Days = Annotated[int, Field(ge=LEAST_DAYS, le=MOST_DAYS)]


class Purposed(Answer):
    """What data is used for, in the words that are in force."""

    purpose: Purpose
    version: str
    name: str
    name_en: str
    text: str
    text_en: str
    is_sensitive: bool = Field(description="Needs an agreement of its own.")


class KeptFor(Answer):
    """How long a kind of data is kept."""

    kind: str
    what: str
    what_en: str
    days: int


class Purposes(Answer):
    """What data is used for, and how long it is kept."""

    purposes: list[Purposed]
    kept_for: list[KeptFor]


class RetentionDraft(Given):
    """How many days each kind of data is kept; one that is left out for as long as usual."""

    order_contacts: Days | None = None
    words: Days | None = None
    notices: Days | None = None
    looks: Days | None = None
    withdrawn_consents: Days | None = None
    closed_accounts: Days | None = None


class ConsentsQuestion(Given):
    """Whose agreements."""

    volunteer: Id | None = Field(None, description="For a desk: a volunteer of its area. Absent: oneself.")


class ConsentDraft(Given):
    """That somebody agrees to one purpose."""

    purpose: Purpose
    version: str = Field(min_length=1, max_length=20, description="Of the text that was shown.")
    volunteer: Id | None = Field(None, description="For a desk that holds it on paper. Absent: oneself.")
    by_guardian: bool = Field(default=False, description="A guardian agrees; needed under fourteen.")


class Consent(Answer):
    """That somebody agreed."""

    id: str
    subject: str
    purpose: Purpose
    version: str
    by_guardian: bool
    account: str = Field(description="Who recorded it.")
    at: datetime
    withdrawn_at: datetime | None


class Consents(Answer):
    """What somebody agreed to, the earliest first."""

    consents: list[Consent]


class HolderDraft(Given):
    """Who holds an account; only keys of it are kept."""

    name: Line
    phone: Phone
    document: Document | None = Field(None, description="An identity number.")


class PersonQuestion(Given):
    """Whose data: by an id, an identity number, or name and phone."""

    volunteer: Id | None = None
    account: Id | None = None
    document: Document | None = None
    name: Line | None = None
    phone: Phone | None = None

    @model_validator(mode="after")
    def _names_somebody(self) -> Self:
        if (self.name is None) is not (self.phone is None):
            raise ValueError("name and phone go together")
        if not any((self.volunteer, self.account, self.document, self.name)):
            raise ValueError("name somebody: by volunteer, account, document, or name and phone")
        return self


class Sure(Given):
    """That one means it."""

    sure: bool = Field(description="true; there is no way back.")


class PersonFound(Answer):
    """What stands for one person; nothing of the identity is shown."""

    volunteers: list[str]
    accounts: list[str]


class PersonData(Answer):
    """Everything that is held of a person."""

    made_at: datetime
    region: str
    purposes: list[dict[str, str]]
    kept_for: list[dict[str, Any]]
    tables: dict[str, list[dict[str, Any]]]


class Forgotten(Answer):
    """How many rows of which table were blanked or went."""

    rows: dict[str, int]
