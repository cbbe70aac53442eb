"""Use case: a district's key, and signatures by it that anybody verifies with no network (Ed25519, RFC 8032)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from geomatch.errors import InputError
from geomatch.files import secret_file

if TYPE_CHECKING:
    from pathlib import Path

_HEX = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Signer:
    """A district's key.

    Attributes:
        public: its public half, to be published.
    """

    public: bytes
    _private: Ed25519PrivateKey

    def sign(self, message: bytes) -> bytes:
        """Sign every byte of a message."""
        return self._private.sign(message)


def signer(folder: Path, region: str) -> Signer:
    """Open the key of a region in a folder, or make it at its first use.

    Raises:
        InputError: its file may be read by others, or cannot be used.
    """
    path = folder / f"{region}.ed25519"
    seed = _key(secret_file.read_or_make(path).decode("ascii", "replace"), str(path))
    private = Ed25519PrivateKey.from_private_bytes(seed)
    return Signer(private.public_key().public_bytes_raw(), private)


def public_key(given: str, where: str) -> bytes:
    """Read a public key as `geomatch hours key` prints it; InputError where it is none."""
    return _key(given, where)


def is_signed(public: bytes, signature: bytes, message: bytes) -> bool:
    """Tell whether a signature is that of a public key under a message."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def _key(text: str, where: str) -> bytes:
    told = text.strip().lower()
    if not _HEX.fullmatch(told):
        raise InputError.of(where, "holds no key: 64 hexadecimal figures")
    return bytes.fromhex(told)
