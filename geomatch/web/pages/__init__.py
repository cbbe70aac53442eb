"""The pages people see: the resident's at /, the planner's at /map, and what their maps load.

Law: a page asks services and fills a template; it counts nothing itself. No inline script, no other host.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from geomatch.drawing import disk_page
from geomatch.web import problems
from geomatch.web.pages import (
    callup,
    ground,
    language,
    planner,
    report,
    resident,
    served,
    siting,
    standing,
    trouble,
    whatif,
)

if TYPE_CHECKING:
    from flask import Flask

__all__ = ["register_pages"]


def register_pages(app: Flask) -> None:
    """Add the pages to an app that serves regions."""
    language.init_app(app)
    app.register_blueprint(resident.pages)
    app.register_blueprint(planner.pages)
    app.register_blueprint(siting.pages)
    app.register_blueprint(whatif.pages)
    app.register_blueprint(standing.pages)
    app.register_blueprint(callup.pages)
    app.register_blueprint(report.pages)
    app.register_blueprint(ground.pages)
    app.context_processor(_words_of_every_page)
    app.extensions[problems.PAGE_FOR_PROBLEM] = trouble.page_for
    shown = (resident, planner, siting, whatif, standing, callup, report)
    for blueprint in (page.pages for page in shown):
        app.after_request_funcs.setdefault(blueprint.name, []).append(language.remember)


@lru_cache
def _modules_of(entry: str) -> tuple[str, ...]:
    """Name a program's modules, so that the browser asks for all of them at once."""
    return disk_page.modules_of(entry)


def _words_of_every_page() -> dict[str, object]:
    is_elder = language.is_elder()
    return {
        "language": language.language(),
        "is_elder": is_elder,
        "switch_address": lambda wanted: language.address_with(lang=wanted),
        "switch_elder": lambda: language.address_with(elder="0" if is_elder else "1"),
        "place_address": resident.place_address,
        "region_name": served.name_of,
        "modules_of": _modules_of,
    }
