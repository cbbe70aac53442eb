"""How personal data looks to those who need not know it: 王*, 138****5678, a street without its number.

The only place that masks. What is too short to mask is hidden whole: a mask must not give away what it hides.
"""

from __future__ import annotations

import re

_SURNAME_PAIRS = (
    "欧阳太史端木上官司马东方独孤南宫万俟闻人夏侯诸葛尉迟公羊赫连澹台皇甫"
    "宗政濮阳公冶太叔申屠公孙慕容仲孙钟离长孙宇文司徒鲜于司空令狐完颜呼延"
)
_COMPOUND_SURNAMES = frozenset(_SURNAME_PAIRS[at : at + 2] for at in range(0, len(_SURNAME_PAIRS), 2))
_MOBILE_DIGITS, _HEAD, _TAIL = 11, 3, 4
_SHORTEST_PHONE = 7
_HOUSE = re.compile(r"\d|[一二三四五六七八九十百零〇]+(?:号|弄|栋|幢|座|楼|层|单元|室|户|院)")
"""Where the number of a house begins."""
_DATE = r"(?<!\d)(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?!\d)"
_NUMBER = re.compile(rf"{_DATE}|(?<!\d)\+?\d(?:[ \-\u2010-\u2015\u3000]?\d){{6,}}[Xx]?(?!\d)")
"""Seven digits or more in a row, a blank or a dash between them at most; or a date, which is left as it is."""
_IDENTITY_DIGITS = 15


def name(full: str) -> str:
    """Keep the surname: 王小明 is 王*, 欧阳娜 is 欧阳*, Anna Smith is A*."""
    text = full.strip()
    if not text:
        return ""
    compound = len(text) > 2 and text[:2] in _COMPOUND_SURNAMES  # noqa: PLR2004 - a name of two has one of surname
    return f"{text[:2] if compound else text[0]}*"


def phone(number: str) -> str:
    """Keep the first three and the last four of a mobile number, the last two of any other."""
    digits = re.sub(r"\D", "", number)
    if len(digits) > _MOBILE_DIGITS:
        digits = digits[-_MOBILE_DIGITS:]  # +86 before it
    if len(digits) == _MOBILE_DIGITS:
        return f"{digits[:_HEAD]}****{digits[-_TAIL:]}"
    return f"****{digits[-2:]}" if len(digits) >= _SHORTEST_PHONE else "****"


def address(full: str) -> str:
    """Keep the street or estate: from the first number of a house on, all is gone."""
    text = full.strip()
    house = _HOUSE.search(text)
    return f"{text[: house.start()].rstrip()}*" if house else text


def document(number: str) -> str:
    """Hide an identity number but for its last two characters, from which nobody is told."""
    text = number.strip()
    return f"****{text[-2:]}" if len(text) >= _SHORTEST_PHONE else "****"


def words(text: str) -> str:
    """Mask what is a phone or identity number within a text, also where its digits are spaced."""
    return _NUMBER.sub(lambda found: _number(found.group()), text)


def _number(found: str) -> str:
    if re.fullmatch(_DATE, found):
        return found
    is_identity = sum(sign.isdigit() for sign in found) >= _IDENTITY_DIGITS
    return document(found) if is_identity else phone(found)
