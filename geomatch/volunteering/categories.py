"""The eight statutory categories of service, and a district's own beside them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from geomatch.errors import InputError

OWN_PREFIX = "x-"
_OWN = re.compile(r"x-[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST = 40


class Category(StrEnum):
    """A statutory category; the value is what files and URLs say."""

    THEORY = "theory"
    ARTS = "arts"
    SCHOOLING = "schooling"
    ENVIRONMENT = "environment"
    HEALTH = "health"
    SCIENCE = "science"
    NEEDY = "needy"
    LAW = "law"


NAMES: dict[Category, tuple[str, str]] = {
    Category.THEORY: ("理论政策宣讲", "Theory and policy talks"),
    Category.ARTS: ("文艺", "Arts"),
    Category.SCHOOLING: ("助学支教", "Schooling help"),
    Category.ENVIRONMENT: ("生态环保", "Environment"),
    Category.HEALTH: ("医疗健身", "Health and fitness"),
    Category.SCIENCE: ("科普技能", "Science and skills"),
    Category.NEEDY: ("扶贫帮困", "Help for the needy"),
    Category.LAW: ("法律法规", "Law"),
}
"""Chinese and English name of each category."""


@dataclass(frozen=True, slots=True)
class OwnCategory:
    """A category that a district has beside the eight.

    Attributes:
        code: unique in its region; starts with OWN_PREFIX.
        name: as people call it.
        name_en: in English, or empty.
    """

    code: str
    name: str
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class Skill:
    """Something that a volunteer can do.

    Attributes:
        code: unique in its region.
        name: as people call it.
        category: a statutory category's value, or a district's own, which starts with "x-".
        needs_certificate: True where only a valid certificate proves it (nursing, law, first aid).
    """

    code: str
    name: str
    category: str
    needs_certificate: bool = False


def check_category(given: str, where: str) -> str:
    """Give a category as it is stored.

    Raises:
        InputError: neither one of the eight, by value or Chinese name, nor a district's own.
    """
    text = given.strip()
    for category, (name, _) in NAMES.items():
        if text in {category.value, name}:
            return category.value
    if _OWN.fullmatch(text) and len(text) <= _LONGEST:
        return text
    known = ", ".join(f"{category.value} {name}" for category, (name, _) in NAMES.items())
    told = f"must be one of {known}; or a district's own, such as {OWN_PREFIX}tea-house"
    raise InputError.of(where, told, value=given)


def check_own(given: str) -> str:
    """Give the code of a district's own category.

    Raises:
        InputError: it is not spelled as one.
    """
    text = given.strip()
    if _OWN.fullmatch(text) and len(text) <= _LONGEST:
        return text
    told = f"must be {OWN_PREFIX} and small letters, digits and hyphens, such as {OWN_PREFIX}tea-house"
    raise InputError.of("code", f"{told}; at most {_LONGEST} characters", value=given)
