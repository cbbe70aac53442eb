"""Use case: accounts that are opened and closed, people who sign in and out, and tokens of programs."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from geomatch.errors import InputError, NotAllowedError, NotSignedInError, TooManyError
from geomatch.services.scenarios import name_key
from geomatch.store import ids
from geomatch.volunteering import accounts as rules
from geomatch.volunteering.accounts import SCOPES, TOKEN_DAYS, Account, Token
from geomatch.volunteering.roles import Role

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from argon2 import PasswordHasher

    from geomatch.store.database import Database
    from geomatch.store.unit_of_work import UnitOfWork
    from geomatch.volunteering.roles import Principal

SESSION_LASTS = timedelta(hours=12)
MOST_FAILURES, LOCKED_FOR = 5, timedelta(minutes=15)
"""After so many failures in so long, a name is locked until the first of them is that long ago."""

_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody who has just signed in.

    Attributes:
        account: who.
        key: what the cookie is to hold; not kept anywhere.
        ends_at: until when.
    """

    account: Account
    key: str
    ends_at: datetime


def add(work: UnitOfWork, name: str, who: Principal, secret: str | None, *, at: datetime) -> Account:
    """Open an account; the id of `who` is given anew.

    Raises:
        InputError: the area does not fit the role, or the password is too weak; programs have none.
        ConflictError: the name is taken.
    """
    rules.check_area(who)
    if (secret is None) is not (who.role is Role.PROGRAM):
        raise InputError.of("password", "a program has none and everybody else needs one")
    if secret is not None:
        rules.check_secret(secret, name)
    hashed = None if secret is None else _hasher().hash(secret)
    identity = ids.fresh()
    account = Account(identity, name, replace(who, account=identity), is_open=True, created_at=at)
    with work:
        work.accounts.add(account, name_key(name), hashed)
        work.commit()
    return account


def listed(work: UnitOfWork, region: str, *, limit: int, offset: int) -> tuple[int, tuple[Account, ...]]:
    """Give how many accounts a region has, and one page of them by name."""
    with work:
        return work.accounts.page(region, limit=limit, offset=offset)


def found(work: UnitOfWork, account_id: str, *, region: str) -> Account:
    """Find an account of a region; NotFoundError where there is none."""
    with work:
        return work.accounts.get(account_id, region)


def close(work: UnitOfWork, account_id: str, *, region: str) -> None:
    """Close an account of a region: its sessions end and its tokens are gone. NotFoundError where there is none."""
    with work:
        work.accounts.get(account_id, region)
        work.accounts.close(account_id)
        work.commit()


def set_secret(work: UnitOfWork, account_id: str, secret: str, *, region: str) -> None:
    """Give an account another password, and sign it out everywhere.

    Raises:
        NotFoundError: the region has no such account.
        InputError: the password is too weak, or the account is a program's.
    """
    hashed = _hasher().hash(secret)
    with work:
        account = work.accounts.get(account_id, region)
        if account.principal.role is Role.PROGRAM:
            raise InputError.of("password", "a program has none; make a token")
        rules.check_secret(secret, account.name)
        work.accounts.set_secret(account_id, hashed)
        work.accounts.end_sessions(account_id)
        work.commit()


def sign_in(database: Database, name: str, secret: str, *, at: datetime) -> SignedIn:
    """Sign somebody in; the answer to a wrong name and to a wrong password is the same, and takes as long.

    The password is compared while no unit of work is open, since that takes long on purpose.

    Raises:
        NotSignedInError: name and password do not belong together, or the account is closed.
        TooManyError: the name is locked for a while, whether or not there is such an account.
    """
    key = name_key(name)
    with database.reading() as work:
        _check_lock(work, key, at)
        before = work.accounts.by_name(key)
    fits = _fits(None if before is None else before[1], secret)
    with database.writing() as work:
        _check_lock(work, key, at)  # of many who guess at once, no more are told than one after the other would be
        account = _still(work, key, before) if fits else None
        if account is None:
            _note_failure(work, key, at)
            raise NotSignedInError("name and password do not belong together")
        session = secrets.token_urlsafe(_KEY_BYTES)
        work.accounts.forget_failures(key)
        work.accounts.start_session(digest(session), account.id, at, at + SESSION_LASTS)
        work.commit()
    return SignedIn(account, session, at + SESSION_LASTS)


def change_own_secret(database: Database, who: Principal, old: str, new: str, session: str, *, at: datetime) -> None:
    """Give somebody another password who knows the one there is; every other session of the account ends.

    Raises:
        InputError: the old one is wrong, or the new one too weak.
        TooManyError: wrong ones were tried too often.
    """
    with database.reading() as work:
        account = work.accounts.get(who.account, who.region)
        key = name_key(account.name)
        _check_lock(work, key, at)
        before = work.accounts.by_name(key)
    rules.check_secret(new, account.name)
    fits = _fits(None if before is None else before[1], old)
    hashed = _hasher().hash(new)
    with database.writing() as work:
        _check_lock(work, key, at)
        if not fits or _still(work, key, before) is None:
            _note_failure(work, key, at)
            raise InputError.of("old", "is not the password there is")
        work.accounts.set_secret(account.id, hashed)
        work.accounts.end_sessions(account.id, but=digest(session))
        work.commit()


def _check_lock(work: UnitOfWork, key: str, at: datetime) -> None:
    failed = work.accounts.failures(key, at - LOCKED_FOR)
    if len(failed) >= MOST_FAILURES:
        wait = failed[-MOST_FAILURES] + LOCKED_FOR - at
        told = "signing in failed too often; try again later"
        raise TooManyError(told, retry_after_s=max(1, round(wait.total_seconds())))


def _note_failure(work: UnitOfWork, key: str, at: datetime) -> None:
    work.accounts.note_failure(ids.fresh(), key, at, forget_before=at - LOCKED_FOR)
    work.commit()


def _still(work: UnitOfWork, key: str, before: tuple[Account, str | None] | None) -> Account | None:
    """Give the account of a name where its password is still the one that was compared, and it is open."""
    now = work.accounts.by_name(key)
    return now[0] if now is not None and now == before and now[0].is_open else None


def sign_out(work: UnitOfWork, key: str) -> None:
    """End a session; one that is over already is over."""
    with work:
        work.accounts.end_session(digest(key))
        work.commit()


def by_session(work: UnitOfWork, key: str, *, at: datetime) -> Account:
    """Say whose session it is; NotSignedInError where it is over."""
    with work:
        account = work.accounts.of_session(digest(key), at)
    if account is None:
        raise NotSignedInError("the session is over; sign in again")
    return account


def add_token(
    work: UnitOfWork, account_id: str, name: str, scopes: Iterable[str], *, region: str, at: datetime, lasts: timedelta
) -> tuple[Token, str]:
    """Make a token for a program; the second of what is given is the token itself, told once and kept nowhere.

    Raises:
        NotFoundError: the region has no such account.
        NotAllowedError: the account is not a program's, or closed.
        InputError: no or unknown scopes, or it would last too long.
    """
    wanted = frozenset(scopes)
    if not wanted or wanted - SCOPES.keys():
        raise InputError.of("scopes", f"must be some of {', '.join(SCOPES)}", value=", ".join(sorted(wanted)))
    if not timedelta(0) < lasts <= timedelta(days=TOKEN_DAYS):
        raise InputError.of("days", f"must be from 1 to {TOKEN_DAYS}", value=lasts.days)
    key = secrets.token_urlsafe(_KEY_BYTES)
    with work:
        account = work.accounts.get(account_id, region)
        if account.principal.role is not Role.PROGRAM or not account.is_open:
            raise NotAllowedError("only an open account of a program has tokens")
        token = Token(ids.fresh(), account_id, name, wanted, at, at + lasts)
        work.accounts.add_token(token, digest(key))
        work.commit()
    return token, key


def tokens_of(work: UnitOfWork, account_id: str, *, region: str) -> tuple[Token, ...]:
    """List the tokens of an account of a region, the newest first; NotFoundError where there is no such account."""
    with work:
        work.accounts.get(account_id, region)
        return work.accounts.tokens_of(account_id)


def revoke_token(work: UnitOfWork, account_id: str, token_id: str, *, region: str, at: datetime) -> None:
    """Take a token back at once; NotFoundError where there is none."""
    with work:
        work.accounts.get(account_id, region)
        work.accounts.revoke_token(token_id, account_id, at)
        work.commit()


def by_token(work: UnitOfWork, key: str, *, at: datetime) -> Principal:
    """Say who shows a token, with its scopes; NotSignedInError where it is not, or no longer, one."""
    with work:
        found = work.accounts.of_token(digest(key), at)
    if found is None:
        raise NotSignedInError("the token is unknown, has ended or was taken back")
    account, token = found
    return replace(account.principal, scopes=token.scopes)


def digest(key: str) -> str:
    """Give what is kept of a key: it is long and random, so that a plain hash can't be turned back."""
    return hashlib.sha256(key.encode()).hexdigest()


def _fits(kept: str | None, secret: str) -> bool:
    """Compare a password with its hash; where there is none, with one that nothing fits, to take as long."""
    from argon2.exceptions import InvalidHashError, VerificationError  # noqa: PLC0415 - opened only to sign in

    try:
        return _hasher().verify(kept or _nothing_fits(), secret) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher  # noqa: PLC0415 - opened only to sign in

    return PasswordHasher()


@lru_cache(maxsize=1)
def _nothing_fits() -> str:
    return _hasher().hash(secrets.token_hex(_KEY_BYTES))
