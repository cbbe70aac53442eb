"""The frame that the planner's pages share: which pages there are, and the question that all of them keep."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flask import render_template, request, url_for

from geomatch.drawing import folium_map
from geomatch.network.profiles import PROFILES
from geomatch.web.pages import served

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geomatch.services.region import Region

MINUTES = (5, 10, 15, 20, 30)


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the planner's pages.

    Attributes:
        key: what the page calls itself; its title stands in the frame's template.
        endpoint: Flask's name of the route, which takes region_id.
        options: what the address says beside the question.
    """

    key: str
    endpoint: str
    options: Mapping[str, Any] = field(default_factory=dict)


TABS = (
    Tab("coverage", "planner.planner", {"layer": "coverage"}),
    Tab("gaps", "planner.planner", {"layer": "gaps"}),
    Tab("siting", "siting.siting"),
    Tab("whatif", "whatif.whatif"),
    Tab("standing", "standing.standing"),
    Tab("callup", "callup.callup"),
    Tab("report", "report.report"),
)


def page(template: str, region: Region, tab: str, **words: object) -> str:
    """Fill one of the planner's pages: the frame, its map, the program that sets the map up, and the page's words."""
    script = url_for("planner.map_script", tab=tab, region_id=region.spec.id, lang=request.args.get("lang"))
    return render_template(template, **_words_of(region, tab), map=stage(region, tab), map_script=script, **words)


def page_without_map(template: str, region: Region, tab: str, **words: object) -> str:
    """Fill one of the planner's pages that shows no map: the frame and the page's words."""
    return render_template(template, **_words_of(region, tab), **words)


def stage(region: Region, tab: str) -> folium_map.MapParts:
    """Set up the map of a page; its programs find the tab under `layer`."""
    return folium_map.draw_stage(region.summary().bbox, served.stage_settings(region) | {"layer": tab})


def _words_of(region: Region, tab: str) -> dict[str, object]:
    """Give what the frame's template shows: the regions, the tabs and the question as it was asked."""
    question: dict[str, Any] = {"profile": profile(), "minutes": str(minutes())}
    tabs = [(each.key, url_for(each.endpoint, region_id=region.spec.id, **each.options, **question)) for each in TABS]
    return {
        "region": region,
        "name": served.name_of(region),
        "regions": served.choices(),
        "tab": tab,
        "tabs": tabs,
        "minutes": minutes(),
        "profile": question["profile"],
        "all_minutes": MINUTES,
    }


def profile() -> str:
    """Give the profile that the address asks for, the standard's where it asks for none that there is."""
    return choice("profile", tuple(PROFILES), "standard")


def minutes() -> int:
    """Give the minutes of walking that the address asks for, 15 where it asks for none that are offered."""
    return int(choice("minutes", tuple(map(str, MINUTES)), "15"))


def choice(name: str, known: tuple[str, ...], usual: str) -> str:
    """Give a choice of the address, the usual one where it is not known."""
    given = request.args.get(name, usual)
    return given if given in known else usual
