"""Accounts, sessions and tokens in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, func, insert, select, update

from geomatch.errors import ConflictError, NotFoundError
from geomatch.store import faults, new_rows
from geomatch.store.tables.accounts import accounts, failures, sessions, tokens
from geomatch.volunteering.accounts import Account, Token
from geomatch.volunteering.roles import Principal, Role

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from sqlalchemy import Connection, Row, Select

_OF_SESSION = (
    select(accounts)
    .join(sessions, sessions.c.account == accounts.c.id)
    .where(sessions.c.hash == bindparam("key"), sessions.c.ends_at > bindparam("now"), accounts.c.is_open)
)
"""Made once: every request of somebody who is signed in asks it, and to make it takes longer than to ask it."""


class AccountRows:
    """Who may sign in, and who is signed in, inside one unit of work."""

    def __init__(self, connection: Connection) -> None:
        """Work on a connection whose transaction has begun."""
        self._connection = connection

    def add(self, account: Account, name_key: str, secret: str | None) -> None:
        """Add one; ConflictError where the name is taken, in whatever region."""
        who = account.principal
        row = insert(accounts).values(
            id=account.id, region=who.region, name=account.name, name_key=name_key, role=who.role.value, unit=who.unit,
            site=who.site, team=who.team, volunteer=who.volunteer, secret=secret, is_open=account.is_open,
            created_at=account.created_at,
        )  # fmt: skip
        if not new_rows.written(self._connection, row):
            raise ConflictError(f"there is an account named {account.name!r} already; choose another name")

    def get(self, account_id: str, region: str) -> Account:
        """Find an account of a region; NotFoundError where there is none."""
        row = self._one(select(accounts).where(accounts.c.id == account_id, accounts.c.region == region))
        if row is None:
            raise NotFoundError(f"there is no account {account_id!r} in region {region!r}")
        return _account(row)

    def of_volunteers(self, region: str, volunteers: Collection[str]) -> tuple[Account, ...]:
        """List the accounts of volunteers."""
        mine = (accounts.c.region == region) & accounts.c.volunteer.in_(volunteers)
        with faults.told():
            return tuple(map(_account, self._connection.execute(select(accounts).where(mine).order_by(accounts.c.id))))

    def by_name(self, name_key: str) -> tuple[Account, str | None] | None:
        """Find an account and its secret by what is typed to sign in."""
        row = self._one(select(accounts).where(accounts.c.name_key == name_key))
        return None if row is None else (_account(row), row.secret)

    def page(self, region: str, *, limit: int, offset: int) -> tuple[int, tuple[Account, ...]]:
        """Count the accounts of a region and list some, by name."""
        mine = accounts.c.region == region
        rows = select(accounts).where(mine).order_by(accounts.c.name_key).limit(limit).offset(offset)
        with faults.told():
            matched = int(self._connection.execute(select(func.count()).where(mine)).scalar_one())
            return matched, tuple(_account(row) for row in self._connection.execute(rows))

    def volunteer_of(self, account_id: str, region: str) -> str | None:
        """Say which volunteer an account is; None where it is none, or there is no such account."""
        mine = select(accounts.c.volunteer).where(accounts.c.id == account_id, accounts.c.region == region)
        with faults.told():
            return self._connection.execute(mine).scalar_one_or_none()

    def of_roles(self, region: str, roles: Iterable[Role], **area: str) -> tuple[str, ...]:
        """List the ids of a region's open accounts of some roles, in an area where one is given (unit, site, team)."""
        mine = select(accounts.c.id).where(
            accounts.c.region == region, accounts.c.is_open, accounts.c.role.in_([role.value for role in roles])
        )
        for name, value in area.items():
            mine = mine.where(accounts.c[name] == value)
        with faults.told():
            return tuple(self._connection.execute(mine.order_by(accounts.c.id)).scalars())

    def set_secret(self, account_id: str, secret: str) -> None:
        """Write another secret."""
        self._run(update(accounts).where(accounts.c.id == account_id).values(secret=secret))

    def close(self, account_id: str) -> None:
        """Let nobody sign in as it any more, and end its sessions and tokens."""
        self._run(update(accounts).where(accounts.c.id == account_id).values(is_open=False))
        self.end_sessions(account_id)
        self._run(delete(tokens).where(tokens.c.account == account_id))

    def start_session(self, key: str, account_id: str, started_at: datetime, ends_at: datetime) -> None:
        """Write that somebody signed in, and forget sessions that are over."""
        self._run(delete(sessions).where(sessions.c.ends_at < started_at))
        self._run(insert(sessions).values(hash=key, account=account_id, started_at=started_at, ends_at=ends_at))

    def end_session(self, key: str) -> None:
        """Sign one session out."""
        self._run(delete(sessions).where(sessions.c.hash == key))

    def end_sessions(self, account_id: str, *, but: str | None = None) -> None:
        """Sign every session of an account out, but for one."""
        self._run(delete(sessions).where(sessions.c.account == account_id, sessions.c.hash != (but or "")))

    def of_session(self, key: str, now: datetime) -> Account | None:
        """Find whose session it is; None where it is over, or the account was closed."""
        with faults.told():
            row = self._connection.execute(_OF_SESSION, {"key": key, "now": now}).one_or_none()
        return None if row is None else _account(row)

    def add_token(self, token: Token, key: str) -> None:
        """Write a token by its hash."""
        self._run(
            insert(tokens).values(
                id=token.id, hash=key, account=token.account, name=token.name, scopes=sorted(token.scopes),
                created_at=token.created_at, ends_at=token.ends_at, revoked_at=None,
            )
        )  # fmt: skip

    def revoke_token(self, token_id: str, account_id: str, at: datetime) -> None:
        """Take a token back; NotFoundError where the account has none of that id."""
        mine = (tokens.c.id == token_id) & (tokens.c.account == account_id)
        with faults.told():
            changed = self._connection.execute(update(tokens).where(mine).values(revoked_at=at)).rowcount
        if not changed:
            raise NotFoundError(f"there is no token {token_id!r} of this account")

    def tokens_of(self, account_id: str) -> tuple[Token, ...]:
        """List the tokens of an account, the newest first."""
        rows = select(tokens).where(tokens.c.account == account_id).order_by(tokens.c.created_at.desc())
        with faults.told():
            return tuple(_token(row) for row in self._connection.execute(rows))

    def of_token(self, key: str, now: datetime) -> tuple[Account, Token] | None:
        """Find whose token it is; None where it ended, was taken back, or the account was closed."""
        token = self._one(
            select(tokens).where(tokens.c.hash == key, tokens.c.ends_at > now, tokens.c.revoked_at.is_(None))
        )
        if token is None:
            return None
        row = self._one(select(accounts).where(accounts.c.id == token.account, accounts.c.is_open))
        return None if row is None else (_account(row), _token(token))

    def note_failure(self, failure_id: str, name_key: str, at: datetime, *, forget_before: datetime) -> None:
        """Write that somebody failed to sign in by a name, and forget old failures of all names."""
        self._run(delete(failures).where(failures.c.at < forget_before))
        self._run(insert(failures).values(id=failure_id, name_key=name_key, at=at))

    def failures(self, name_key: str, since: datetime) -> tuple[datetime, ...]:
        """List when signing in by a name failed, the earliest first."""
        mine = select(failures.c.at).where(failures.c.name_key == name_key, failures.c.at >= since)
        with faults.told():
            return tuple(self._connection.execute(mine.order_by(failures.c.at)).scalars())

    def forget_failures(self, name_key: str) -> None:
        """Start a name anew."""
        self._run(delete(failures).where(failures.c.name_key == name_key))

    def _one(self, query: Select[Any]) -> Row[Any] | None:
        with faults.told():
            return self._connection.execute(query).one_or_none()

    def _run(self, statement: Any) -> None:
        with faults.told():
            self._connection.execute(statement)


def _account(row: Row[Any]) -> Account:
    who = Principal(row.id, Role(row.role), row.region, row.unit, row.site, row.team, row.volunteer)
    return Account(row.id, row.name, who, row.is_open, row.created_at)


def _token(row: Row[Any]) -> Token:
    return Token(
        row.id, row.account, row.name, frozenset(row.scopes), row.created_at, row.ends_at, row.revoked_at
    )  # fmt: skip
