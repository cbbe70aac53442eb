"""Who is the same person, told without showing who it is: by a keyed hash of what only one person has.

A hash without a key would be no shelter: there are few enough telephone and identity numbers to try them all.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from datetime import date

_CARD = re.compile(r"\d{17}[\dX]")
_OTHER = re.compile(r"[A-Z0-9]{5,20}")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_MOBILE_DIGITS = 11


def plain_name(text: str) -> str:
    """Give a name as it is compared: width, case, blanks and dots in it do not count."""
    return re.sub(r"[\s·•.・]", "", unicodedata.normalize("NFKC", text)).casefold()


def plain_phone(text: str) -> str:
    """Give a telephone number as it is compared: digits, without China's +86 before a mobile number."""
    digits = re.sub(r"[^\d+]", "", unicodedata.normalize("NFKC", text))
    for prefix in ("+86", "0086", "86"):
        if digits.startswith(prefix) and len(digits) == len(prefix) + _MOBILE_DIGITS:
            return digits.removeprefix(prefix)
    return digits


def person(name: str, phone: str) -> str:
    """Give what two entries of one person have in common: name and telephone, as they are compared."""
    return f"{plain_name(name)}/{plain_phone(phone)}"


def document(text: str) -> str:
    """Give an identity number as it is compared; one of 18 digits must be an identity card's, whose last one checks.

    Raises:
        ValueError: it is none; the message does not repeat it.
    """
    plain = re.sub(r"[\s()-]", "", unicodedata.normalize("NFKC", text)).upper()
    if not _OTHER.fullmatch(plain):
        raise ValueError("is no identity number: 5 to 20 letters and digits")
    if _CARD.fullmatch(plain):
        total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, plain, strict=False))
        if _CHECKS[total % 11] != plain[-1]:
            raise ValueError("is no identity card's number: its last sign does not check")
        if born(plain) is None:
            raise ValueError("is no identity card's number: it holds no day of birth")
    return plain


def born(plain: str) -> date | None:
    """Read the day of birth in an identity card's number; None where it is another document's."""
    if not _CARD.fullmatch(plain):
        return None
    try:
        return date(int(plain[6:10]), int(plain[10:12]), int(plain[12:14]))
    except ValueError:
        return None


def key(secret: bytes, region: str, plain: str) -> str:
    """Give the key under which a region knows an identity: the same text has another key in another region."""
    return hmac.new(secret, f"{region}\n{plain}".encode(), hashlib.sha256).hexdigest()
