"""What a region's volunteers may do: its own categories beside the eight, and its skills, each in one category."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geomatch.volunteering.categories import NAMES, Category, OwnCategory, Skill

if TYPE_CHECKING:
    from collections.abc import Sequence

_COMMON: dict[Category, tuple[str, ...]] = {
    Category.THEORY: ("宣讲", "党史讲解"),
    Category.ARTS: ("合唱", "书法", "舞蹈"),
    Category.SCHOOLING: ("作业辅导", "英语", "数学"),
    Category.ENVIRONMENT: ("垃圾分类", "绿化"),
    Category.HEALTH: ("急救", "护理", "健身指导"),
    Category.SCIENCE: ("手机使用", "家电维修", "科普讲解"),
    Category.NEEDY: ("陪伴老人", "代买代办", "助餐"),
    Category.LAW: ("法律咨询", "调解"),
}
_CERTIFIED = frozenset({"急救", "护理", "法律咨询"})

COMMON_SKILLS = tuple(
    Skill(name, name, category.value, name in _CERTIFIED) for category, names in _COMMON.items() for name in names
)
"""The skills of a region that has not given its own; their codes are their names."""


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """The categories and skills of one region.

    Attributes:
        own: the district's own categories, beside the eight.
        skills: by code; where the region gave none, COMMON_SKILLS.
        is_own: True where the region gave its skills itself: then no others are taken.
    """

    own: tuple[OwnCategory, ...] = ()
    skills: tuple[Skill, ...] = COMMON_SKILLS
    is_own: bool = False

    def category(self, text: str) -> str:
        """Give the code of a category, named by its code or Chinese name.

        Raises:
            ValueError: the region has none of that name.
        """
        codes = [*Category, *(each.code for each in self.own)]
        known = {name: category.value for category, (name, _) in NAMES.items()}
        known |= {each.name: each.code for each in self.own}
        found = known.get(text.strip(), text.strip())
        if found not in codes:
            told = f"is no category of this region; it has {', '.join(codes)}"
            raise ValueError(f"{told}; import its own categories first")
        return found

    def unknown(self, skills: Sequence[str]) -> list[str]:
        """List what are no skills of the region; where it gave none of its own, everything is one."""
        codes = {skill.code for skill in self.skills}
        return [skill for skill in skills if self.is_own and skill not in codes]
