"""Commands for certificates of hours: a district's key, a signed PDF, and whether a file is one."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from geomatch.cli.accounting import database
from geomatch.config import keys_folder
from geomatch.errors import InputError
from geomatch.files import region_file

if TYPE_CHECKING:
    import argparse

_MOST_BYTES = 50_000_000


def key(options: argparse.Namespace) -> None:
    """Print a region's public key and its fingerprint; the key is made where there is none."""
    from geomatch.services import signing  # noqa: PLC0415 - each command opens only its own rooms
    from geomatch.volunteering import certificates  # noqa: PLC0415 - as above

    region = region_file.load_spec(options.region).id
    public = signing.signer(keys_folder(os.environ), region).public
    print(f"{public.hex()}\n{certificates.fingerprint(public)}")


def certificate(options: argparse.Namespace) -> None:
    """Write a certificate of somebody's hours."""
    from geomatch.files import atomic  # noqa: PLC0415 - as above
    from geomatch.services import certificates, signing  # noqa: PLC0415 - as above
    from geomatch.volunteering.roles import Scope  # noqa: PLC0415 - as above

    spec, now = region_file.load_spec(options.region), datetime.now(UTC)
    told = certificates.state(database().reading(), spec, options.volunteer, Scope(spec.id), at=now)
    made = certificates.make(told, signing.signer(keys_folder(os.environ), spec.id), at=now)
    with atomic.write_beside(options.output) as path:
        path.write_bytes(made)
    print(f"{options.output}: {told.minutes / 60:g} hours, {told.stars} stars, No. {told.serial}")


def check(options: argparse.Namespace) -> None:
    """Say what a certificate says, if the district signed it as it is; needs neither network nor database."""
    from geomatch.services import certificates, signing  # noqa: PLC0415 - as above

    where, public = str(options.file), signing.public_key(_key_text(options.key), "--key")
    try:
        with options.file.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise InputError.of(where, f"cannot be read: {error.strerror}") from error
    told = certificates.check(data, public, where)
    mark = "  示范数据 synthetic" if told.synthetic else ""
    print(f"{where}: signed and as it was made 签名有效{mark}")
    print(f"{told.region_name}  {told.name}  {told.minutes / 60:g} 小时 hours  {told.stars} 星 stars")
    print(f"{told.first} - {told.last}  {told.services} 次 services  签发 issued {told.issued}  No. {told.serial}")


def _key_text(given: str) -> str:
    """Take a key as it is typed, or as the first word of a file."""
    path = Path(given)
    try:
        return path.read_text(encoding="utf-8").split()[0] if path.is_file() else given
    except (OSError, UnicodeDecodeError, ValueError, IndexError) as error:
        raise InputError.of("--key", "cannot be read as a public key", value=given) from error
