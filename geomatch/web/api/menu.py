"""The service menu over HTTP: what can be ordered, what a text means on it, and a district's own services."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, Field

from geomatch.services import menu as menu_service
from geomatch.volunteering.menu import GUESSES
from geomatch.volunteering.menu import Service as MenuService
from geomatch.volunteering.roles import Role
from geomatch.web.api.answers import Answer
from geomatch.web.api.operation import Operation
from geomatch.web.api.questions import Given
from geomatch.web.api.replies import Reply
from geomatch.web.api.texts import one_line
from geomatch.web.guard import ANYBODY

if TYPE_CHECKING:
    from geomatch.services.region import Region
    from geomatch.volunteering.roles import Principal
    from geomatch.web.served import Served

    Json = dict[str, Any]

_CENTRE: frozenset[Role | None] = frozenset({Role.CENTRE})
Line = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(one_line)]
Lines = Annotated[list[Line], Field(max_length=50)]
Code = Annotated[str, Field(pattern="^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]


class MenuQuestion(Given):
    """Which part of the menu."""

    category: str | None = Field(
        None, pattern="^[a-z0-9-]{1,40}$", description="Of this category only: one of the eight, or a district's own."
    )


class GuessQuestion(Given):
    """What a resident said."""

    words: str = Field(min_length=1, max_length=1000, description="In their own words.")


class ServiceDraft(Given):
    """A service of the district's own."""

    code: Code = Field(description="Unique in its region, and not on the statutory menu.")
    category: Line = Field(description="A statutory category, or a district's own, such as x-tea-house.")
    name: Line
    name_en: Line
    words: Lines = Field([], description="In which residents ask for it.")
    skills: Lines = Field([], description="What whoever helps must be able to do.")
    certified: Lines = Field([], description="Those of the skills that a certificate must prove.")


class ServiceEnd(Given):
    """Which service is taken off."""

    code: Code


class Service(Answer):
    """Something that can be ordered."""

    code: str
    category: str
    name: str
    name_en: str
    words: list[str]
    skills: list[str]
    certified: list[str]


class Menu(Answer):
    """What can be ordered."""

    services: list[Service]


class Guessed(Answer):
    """A service that the words may mean."""

    service: Service
    score: float
    because: list[str] = Field(description="The words of the menu that were found, or nearly found.")


class Guesses(Answer):
    """The best first; fewer where fewer fit, and none where no word is known."""

    guesses: list[Guessed] = Field(max_length=GUESSES)


def menu(served: Served, region: Region, asked: MenuQuestion) -> Json:
    """List what can be ordered: the statutory menu, then the district's own."""
    found = menu_service.menu(served.database.reading(), region.spec.id)
    return {"services": [asdict(each) for each in found if asked.category in {None, each.category}]}


def guess(served: Served, region: Region, asked: GuessQuestion) -> Json:
    """Give the three services that a resident's own words most likely mean."""
    found = menu_service.guess(served.database.reading(), region.spec.id, asked.words)
    return {"guesses": [asdict(each) for each in found]}


def put(served: Served, region: Region, asked: ServiceDraft, *, who: Principal) -> Json:  # noqa: ARG001 - the gate asks who
    """Add a service of the district's own, or write it over."""
    service = MenuService(
        asked.code, asked.category, asked.name, asked.name_en, tuple(asked.words), tuple(asked.skills),
        tuple(asked.certified),
    )  # fmt: skip
    return asdict(menu_service.put(served.database.writing(), region.spec.id, service, at=datetime.now(UTC)))


def drop(served: Served, region: Region, asked: ServiceEnd, *, who: Principal) -> Reply:  # noqa: ARG001 - as above
    """Take a service of the district's own off the menu."""
    menu_service.drop(served.database.writing(), region.spec.id, asked.code)
    return Reply(None)


_MENU = "/regions/<region_id>/menu"

OPEN = tuple(
    replace(operation, stored=True, allowed=ANYBODY)
    for operation in (
        Operation("menu", _MENU, menu, MenuQuestion, Menu, "What can be ordered"),
        Operation(
            "menu_guess", f"{_MENU}/guess", guess, GuessQuestion, Guesses, "What a resident's own words may mean"
        ),
    )
)
"""Everybody may read the menu."""

OPERATIONS = tuple(
    replace(operation, stored=True, allowed=_CENTRE)
    for operation in (
        Operation(
            "menu_put", _MENU, put, ServiceDraft, Service, "Add a service of the district's own, or write it over",
            method="PUT",
        ),
        Operation(
            "menu_drop", _MENU, drop, ServiceEnd, None, "Take a service of the district's own off",
            method="DELETE", status=204,
        ),
    )
)  # fmt: skip
