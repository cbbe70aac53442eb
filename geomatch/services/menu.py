"""Use case: what can be ordered in a region, what a text means on that menu, and what a district adds to it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from geomatch.errors import ConflictError, InputError
from geomatch.volunteering import menu as menu_room
from geomatch.volunteering.categories import check_category
from geomatch.volunteering.statutory_menu import MENU

if TYPE_CHECKING:
    from datetime import datetime

    from geomatch.store.unit_of_work import UnitOfWork
    from geomatch.volunteering.menu import Guess, Service

MOST_OWN = 200
_STATUTORY = {service.code: service for service in MENU}


def menu(work: UnitOfWork, region: str) -> tuple[Service, ...]:
    """List what can be ordered: the statutory menu, and then a district's own services by code."""
    with work:
        return (*MENU, *work.menu.all(region))


def guess(work: UnitOfWork, region: str, text: str) -> tuple[Guess, ...]:
    """Give the three services that a resident's words most likely mean; fewer where fewer fit."""
    return menu_room.guess(text, menu(work, region))


def put(work: UnitOfWork, region: str, service: Service, *, at: datetime) -> Service:
    """Add a service of the district's own, or write it over; gives it as it is kept.

    Raises:
        InputError: the category is none, or what must be certified is no skill.
        ConflictError: the code is the statutory menu's, or there are MOST_OWN services.
    """
    kept = replace(service, category=check_category(service.category, "category"))
    if not set(service.certified) <= set(service.skills):
        raise InputError.of("certified", "must be among the skills")
    if service.code in _STATUTORY:
        raise ConflictError(f"{service.code!r} is on the statutory menu, which is the same everywhere")
    with work:
        own = {each.code for each in work.menu.all(region)}
        if service.code not in own and len(own) >= MOST_OWN:
            raise ConflictError(f"a region has {MOST_OWN} services of its own at most; take one off first")
        work.menu.put(region, kept, at)
        work.commit()
    return kept


def drop(work: UnitOfWork, region: str, code: str) -> None:
    """Take a service of the district's own off the menu; NotFoundError where there is none."""
    with work:
        work.menu.drop(region, code)
        work.commit()
