"""Commands for accounts: the first ones are opened here, since nobody could sign in to open them."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from getpass import getpass
from typing import TYPE_CHECKING

from geomatch.config import Settings
from geomatch.errors import InputError
from geomatch.files import region_file
from geomatch.services import accounts as account_service
from geomatch.volunteering.roles import ROLE_NAMES, Principal, Role

if TYPE_CHECKING:
    import argparse

    from geomatch.services.identity import Keys
    from geomatch.store.database import Database

_MOST = 100_000


def add(options: argparse.Namespace) -> None:
    """Open an account; the password is asked for, or read from a pipe, and never given on the command line."""
    role = Role(options.role)
    region = region_file.load_spec(options.region).id
    who = Principal("", role, region, options.unit, options.site, options.team, options.volunteer)
    secret = None if role is Role.PROGRAM else _ask_secret()
    store = database()
    account = account_service.add(store.writing(), options.name, who, secret, at=datetime.now(UTC))
    print(f"{account.name}: {role.value} {ROLE_NAMES[role][0]}, region {region}, id {account.id}")


def listed(options: argparse.Namespace) -> None:
    """List the accounts of a region by name, one a line."""
    region = region_file.load_spec(options.region).id
    store = database()
    _, accounts = account_service.listed(store.reading(), region, limit=_MOST, offset=0)
    for account in accounts:
        who = account.principal
        area = ", ".join(filter(None, (who.unit, who.site, who.team))) or "-"
        state = "" if account.is_open else "  closed 已停用"
        print(f"{account.id}  {who.role.value} {ROLE_NAMES[who.role][0]}  {area}  {account.name}{state}")


def close(options: argparse.Namespace) -> None:
    """Close an account: its sessions and tokens end at once."""
    region = region_file.load_spec(options.region).id
    store = database()
    account_service.close(store.writing(), options.account, region=region)
    print(f"{options.account}: closed 已停用")


def database() -> Database:
    """Give the database of the settings."""
    from geomatch import bootstrap  # noqa: PLC0415 - what streets answer opens no database

    return bootstrap.database(Settings.from_env())


def identity_keys() -> Keys:
    """Give what tells identities apart, by the settings."""
    from geomatch import bootstrap  # noqa: PLC0415 - as above

    return bootstrap.identity_keys(Settings.from_env())


def _ask_secret() -> str:
    """Ask twice at a terminal; from a pipe the first line counts."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first, again = getpass("password 密码: "), getpass("again 再输一次: ")
    if first != again:
        raise InputError.of("password", "the two are not alike")
    return first
