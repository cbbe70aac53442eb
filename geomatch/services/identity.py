"""Who is the same person: keys of identities, by a secret that lies outside the database."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from geomatch.files import secret_file
from geomatch.volunteering import identity

if TYPE_CHECKING:
    from pathlib import Path


class Keys:
    """Gives keys of identities; the secret is read, or made, when the first is asked for."""

    def __init__(self, path: Path) -> None:
        """Take the file of the secret; it is not opened yet."""
        self._path = path

    def of_document(self, region: str, number: str) -> str:
        """Give the key of an identity number; ValueError where it is none."""
        return identity.key(self._secret, region, identity.document(number))

    def of_person(self, region: str, name: str, phone: str) -> str:
        """Give the key of a name and a telephone number."""
        return identity.key(self._secret, region, identity.person(name, phone))

    @cached_property
    def _secret(self) -> bytes:
        return secret_file.read_or_make(self._path)
