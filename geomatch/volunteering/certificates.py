"""Certificates of hours: what one says, and how a file carries it with a signature over every byte of itself."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from geomatch.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

_SIGNED = re.compile(
    rb"\A(?P<signed>(?P<pdf>%PDF-.*startxref\n(?P<at>[0-9]{1,12})\n%%EOF\n)"
    rb"%geomatch statement (?P<statement>[A-Za-z0-9+/=]+)\n%geomatch key (?P<key>[0-9a-f]{64})\n)"
    rb"%geomatch signature (?P<signature>[0-9a-f]{128})\nstartxref\n(?P=at)\n%%EOF\n\Z",
    re.DOTALL,
)
"""The last lines repeat where readers begin, so that nothing can be put after them that they would show instead."""

_TAIL = re.compile(rb"startxref\s+(?P<at>[0-9]{1,12})\s+%%EOF\s*\Z")


@dataclass(frozen=True, slots=True)
class Statement:
    """What a certificate says.

    Attributes:
        region, region_name: of which district.
        volunteer, name: whose hours.
        minutes: that count.
        stars: 0 to 5.
        services: how many entries.
        first, last: days of the first and the last service, ISO, in the district's time; empty where there is none.
        grades: minutes by grade of evidence, "A 120, B 60".
        number, hash: of the newest entry of the chain then.
        issued: day, ISO.
        synthetic: True where the data of the district is invented.
    """

    region: str
    region_name: str
    volunteer: str
    name: str
    minutes: int
    stars: int
    services: int
    first: str
    last: str
    grades: str
    number: int
    hash: str
    issued: str
    synthetic: bool

    @property
    def text(self) -> str:
        """Give it as what is signed: JSON of one way of writing only."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @property
    def serial(self) -> str:
        """Name it by what it says."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16].upper()


def fingerprint(public: bytes) -> str:
    """Give a public key as it is printed and compared: 8 groups of 4 signs of its hash."""
    drawn = hashlib.sha256(public).hexdigest()[:32].upper()
    return " ".join(drawn[start : start + 4] for start in range(0, 32, 4))


def sealed(pdf: bytes, statement: Statement, public: bytes, sign: Callable[[bytes], bytes]) -> bytes:
    """Put statement, key and signature behind a PDF, as comments that readers pass over.

    Raises:
        ValueError: it does not end as a PDF does.
    """
    tail = _TAIL.search(pdf)
    if tail is None:
        raise ValueError("a PDF ends with startxref, a number and %%EOF")
    end = b"startxref\n%s\n%%%%EOF\n" % tail["at"]
    said = base64.b64encode(statement.text.encode())
    signed = pdf[: tail.start()] + end + b"%%geomatch statement %s\n%%geomatch key %s\n" % (said, public.hex().encode())
    return signed + b"%%geomatch signature %s\n" % sign(signed).hex().encode() + end


def opened(data: bytes, where: str) -> tuple[Statement, bytes, bytes, bytes]:
    """Take a certificate apart: what it says, the key that it names, the signature, and every byte that was signed.

    Raises:
        InputError: it is no certificate, or something was put before or after what was signed.
    """
    found = _SIGNED.match(data)
    if found is None:
        raise InputError.of(where, "is no certificate of hours, or is not as it was made")
    try:
        said = json.loads(base64.b64decode(found["statement"], validate=True))
        statement = Statement(**said)
    except (ValueError, TypeError, binascii.Error, RecursionError) as error:
        raise InputError.of(where, "says nothing that a certificate of hours says") from error
    return statement, bytes.fromhex(found["key"].decode()), bytes.fromhex(found["signature"].decode()), found["signed"]
