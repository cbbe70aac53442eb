"""Accounts and sessions over HTTP: what may be asked and what is answered."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - pydantic reads annotations at run time
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr

from geomatch.volunteering.accounts import MOST_SECRET, SCOPES, TOKEN_DAYS
from geomatch.volunteering.roles import Role  # noqa: TC001 - as above
from geomatch.web.api.answers import Answer
from geomatch.web.api.questions import Given
from geomatch.web.api.texts import no_nul, one_line

Name = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(one_line)]
Area = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(no_nul)]
Secret = Annotated[SecretStr, Field(min_length=1, max_length=MOST_SECRET)]


class SignIn(Given):
    """Who wants in."""

    name: Annotated[str, Field(min_length=1, max_length=100)]
    password: Secret


class Nothing(Given):
    """Nothing is asked but what the path says."""


class AccountDraft(Given):
    """An account to be opened."""

    name: Name = Field(description="What is typed to sign in; unique without regard to case, width and blanks.")
    role: Role
    password: Secret | None = Field(None, description="For everybody but programs.")
    unit: Area | None = Field(None, description="Township of an office.")
    site: Area | None = Field(None, description="Site of a station.")
    team: Area | None = Field(None, description="Team of a leader.")
    volunteer: Area | None = Field(None, description="The volunteer that a volunteer or a leader is.")


class AccountsQuestion(Given):
    """Which accounts a region has."""

    limit: int = Field(100, ge=1, le=1000)
    offset: int = Field(0, ge=0, le=1_000_000)


class NewSecret(Given):
    """Another password."""

    password: Secret


class OwnSecret(Given):
    """Another password of one's own."""

    old: Secret = Field(description="The one there is.")
    password: Secret


class TokenDraft(Given):
    """A token to be made."""

    name: Name = Field(description="What it is for.")
    scopes: list[str] = Field(min_length=1, max_length=len(SCOPES), description=f"Some of {', '.join(SCOPES)}.")
    days: int = Field(90, ge=1, le=TOKEN_DAYS, description="How long it lasts.")


class Account(Answer):
    """Somebody, or a program, that may sign in."""

    id: str
    region: str
    name: str
    role: Role
    unit: str | None
    site: str | None
    team: str | None
    volunteer: str | None
    is_open: bool
    created_at: datetime


class Accounts(Answer):
    """One page of the accounts of a region, by name."""

    numberMatched: int  # noqa: N815 - as OGC API Features spells it
    numberReturned: int  # noqa: N815 - as above
    accounts: list[Account]


class Session(Answer):
    """Who is signed in."""

    account: Account
    csrf: str = Field(description="Send it as X-CSRF-Token with everything that changes something.")


class Token(Answer):
    """A token, without the token itself."""

    id: str
    name: str
    scopes: list[str]
    created_at: datetime
    ends_at: datetime
    revoked_at: datetime | None


class Tokens(Answer):
    """The tokens of an account, the newest first."""

    tokens: list[Token]


class NewToken(Token):
    """A token that was just made; it is told this once."""

    token: str
