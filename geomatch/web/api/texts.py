"""What texts of people may hold, as checks for pydantic."""

from __future__ import annotations

import unicodedata


def one_line(given: str) -> str:
    """Cut blanks at the ends and make one of each run of them; refuse what cannot be seen."""
    line = " ".join(given.split())
    if not line:
        raise ValueError("must not be empty")
    if any(unicodedata.category(sign) in {"Cc", "Cf", "Cs"} for sign in line):
        raise ValueError("must not hold signs that cannot be seen")
    return line


def no_nul(given: str) -> str:
    """Refuse the sign that PostgreSQL keeps in no text."""
    if "\0" in given:
        raise ValueError("must not hold the sign NUL")
    return given


def plain(given: str) -> str:
    """Cut blanks at the ends; refuse what cannot be seen, but for the end of a line and a tab."""
    text = printable(given.strip())
    if not text:
        raise ValueError("must not be empty")
    return text


def printable(given: str) -> str:
    """Refuse what cannot be seen, but for the end of a line and a tab; nothing at all is taken."""
    if any(unicodedata.category(sign) in {"Cc", "Cf", "Cs"} and sign not in "\n\r\t" for sign in given):
        raise ValueError("must not hold signs that cannot be seen")
    return given
