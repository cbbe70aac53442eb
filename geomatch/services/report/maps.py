"""Maps of a report: which layers each shows, and what its legend counts."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from geomatch.drawing import tokens
from geomatch.planning.sites import SiteKind
from geomatch.reporting.language import day
from geomatch.reporting.pictures import Area, Map, Spot
from geomatch.reporting.words import say
from geomatch.services import circles as circles_service
from geomatch.services.build import BASE_MAP
from geomatch.services.build_report import OSM_CREDIT
from geomatch.services.layers import made_at

if TYPE_CHECKING:
    from typing import Any

    from geomatch.reporting.language import Language
    from geomatch.services.region import Region
    from geomatch.services.report.findings import Asked, Findings

NUMBERED_GAPS = 20
"""Gaps whose rank stands on the map: those that the printed table shows."""


def coverage(found: Findings) -> Map:
    """Show the covered ground, darker where two sites reach, with borders and sites."""
    asked, region = found.asked, found.region
    language = asked.language
    circles = circles_service.circles(region, (found.limit,), kinds=asked.kinds)
    legend = [("covered", say("l_covered", language)), ("covered-twice", say("l_twice", language))]
    return _map(
        found,
        "coverage",
        borders=_borders(found),
        covered=tuple(circle.geometry for circle in circles),
        sites=_sites(found),
        legend=(*legend, *_border_legend(found), *_kind_legend(found)),
    )


def shares(found: Findings) -> Map:
    """Shade the townships by the share of their people within reach."""
    language = found.asked.language
    classes = [
        (f"share-{step}", say("share_class", language, low=f"{100 * low:g}", high=f"{100 * high:g}"))
        for step, (low, high) in enumerate(pairwise(tokens.SHARE_STEPS))
    ]
    share_of = {row.id: row.share for row in found.coverage.units}
    borders = tuple(Area(unit.geometry, unit.name, share_of[unit.id]) for unit in found.region.units)
    return _map(found, "shares", borders=borders, legend=tuple(reversed(classes)))


def gaps(found: Findings) -> Map:
    """Hatch the gaps by people; those of the printed table have their rank."""
    language = found.asked.language
    drawn = tuple(
        Area(told.gap.geometry, str(told.gap.rank) if told.gap.rank <= NUMBERED_GAPS else "", told.gap.people)
        for told in found.gaps
    )
    few, many = (f"{step:,}" for step in tokens.GAP_STEPS)
    legend = (
        ("gap-0", say("l_gap_few", language, n=few)),
        ("gap-1", say("l_gap_some", language, a=few, b=many)),
        ("gap-2", say("l_gap_many", language, n=many)),
        ("rank", say("l_rank", language)),
        *_border_legend(found),
    )
    return _map(found, "gaps", borders=_borders(found), gaps=drawn, legend=legend)


def siting(found: Findings) -> Map:
    """Show the chosen places by their order, over the covered ground of today and its gaps."""
    language, places = found.asked.language, found.asked.siting.chosen if found.asked.siting else ()
    marks = tuple(Spot(place.lon, place.lat, label=str(order)) for order, place in enumerate(places, start=1))
    drawn = tuple(Area(told.gap.geometry, "", told.gap.people) for told in found.gaps)
    legend = (("chosen", say("l_chosen", language)), ("gap-1", say("s_gaps_short", language)), *_border_legend(found))
    return _map(found, "siting", borders=_borders(found), gaps=drawn, marks=marks, legend=legend)


def question_text(asked: Asked, *, with_standard: bool = True) -> str:
    """Say how far counts as near, for whom, by which standard."""
    language, limit = asked.language, asked.limit
    standard = say("custom", language) if limit.standard == "custom" else limit.standard
    told = say(
        "question_text",
        language,
        standard=standard,
        profile=say(f"profile_{limit.profile}", language),
        minutes=minutes_text(asked),
        metres=f"{limit.limit_m:,.10g}",
    )
    return told if with_standard else told.partition(" · ")[2]


def minutes_text(asked: Asked) -> str:
    """Write the limit's minutes: whole where they are, else with one decimal."""
    return f"{round(asked.limit.limit_s / 60, 1):g}"


def region_name(region: Region, language: Language) -> str:
    """Give a region's name in the language of the report."""
    return region.spec.name if language == "zh" else region.spec.name_en


def _map(found: Findings, key: str, **layers: Any) -> Map:
    region, language = found.region, found.asked.language
    name = region_name(region, language)
    caption = say("map_caption", language, question=question_text(found.asked), day=day(made_at(region), language))
    return Map(
        key=key,
        title=say(f"m_{key}", language, region=name, minutes=minutes_text(found.asked)),
        alt=say(f"m_{key}_alt", language, region=name),
        base=region.build_folder / BASE_MAP,
        bbox=region.summary().bbox,
        caption=caption,
        credit=OSM_CREDIT,
        **layers,
    )


def _borders(found: Findings) -> tuple[Area, ...]:
    return tuple(Area(unit.geometry, unit.name) for unit in found.region.units if found.region.townships.stated)


def _sites(found: Findings) -> tuple[Spot, ...]:
    """Give the sites that count, those of the larger marks last, so that they stand on top."""
    order = list(reversed(SiteKind))
    counted = sorted((row.site for row in found.critical), key=lambda site: (order.index(site.kind), site.id))
    return tuple(Spot(site.lon, site.lat, site.kind.value) for site in counted)


def _kind_legend(found: Findings) -> list[tuple[str, str]]:
    language = found.asked.language
    counted = [(kind, sum(row.site.kind is kind for row in found.critical)) for kind in SiteKind]
    return [
        (kind.value, say("l_kind", language, kind=say(f"kind_{kind.value}", language), n=f"{count:,}"))
        for kind, count in counted
        if count
    ]


def _border_legend(found: Findings) -> list[tuple[str, str]]:
    return [("border", say("l_border", found.asked.language))] if found.region.townships.stated else []
