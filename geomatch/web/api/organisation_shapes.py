"""Organisations, categories and skills over HTTP: what may be asked and what is answered."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from geomatch.volunteering.teams import OrganisationKind  # noqa: TC001 - pydantic reads annotations at run time
from geomatch.web.api.answers import Answer
from geomatch.web.api.questions import Given
from geomatch.web.api.texts import one_line

_MOST = 1000
Line = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(one_line)]
Code = Annotated[str, Field(pattern=r"^x-[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
SkillCode = Annotated[str, Field(pattern=r"^[^\s;；、，,|]+$", min_length=1, max_length=100), AfterValidator(one_line)]


class OrganisationDraft(Given):
    """An organisation, as it is to be."""

    id: Line = Field(description="The office's own; one that is there is written over.")
    name: Line
    kind: OrganisationKind
    unit: Line | None = Field(None, description="The township that it stands in.")
    sites: list[Line] = Field(default_factory=list, max_length=_MOST, description="Ids of the sites that it hosts.")


class Organisation(Answer):
    """A firm, school, unit or shop that hosts teams and sites."""

    id: str
    name: str
    kind: OrganisationKind
    unit: str | None
    sites: list[str]


class Organisations(Answer):
    """The organisations that this account may see, by id."""

    organisations: list[Organisation]


class OwnCategoryDraft(Given):
    """A category that a district has beside the eight."""

    code: Code
    name: Line
    name_en: str = Field("", max_length=200, pattern=r"^[ -~]*$")


class OwnCategories(Given):
    """All own categories of a district; one that is left out is gone."""

    categories: list[OwnCategoryDraft] = Field(max_length=200)


class Category(Answer):
    """A category of service."""

    code: str
    name: str
    name_en: str
    is_own: bool = Field(description="False for the eight that the statutes name.")


class Categories(Answer):
    """The eight, and the district's own after them."""

    categories: list[Category]


class SkillDraft(Given):
    """Something that a volunteer can do."""

    code: SkillCode
    name: Line
    category: Annotated[str, Field(min_length=1, max_length=40), AfterValidator(one_line)]
    needs_certificate: bool = Field(default=False, description="Only a valid certificate proves it.")


class SkillDrafts(Given):
    """All skills of a region; without any it has the common ones again."""

    skills: list[SkillDraft] = Field(max_length=_MOST)


class Skill(Answer):
    """Something that a volunteer can do."""

    code: str
    name: str
    category: str
    needs_certificate: bool


class Skills(Answer):
    """The skills of a region by code."""

    is_own: bool = Field(description="False where the region gave none, so that these are the common ones.")
    skills: list[Skill]
