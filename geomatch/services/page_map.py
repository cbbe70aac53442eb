"""Use case: a map of coverage or gaps as one file that opens from disk."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from geomatch.errors import InputError
from geomatch.files.atomic import write_beside
from geomatch.network.profiles import limit_for
from geomatch.services import cause_answer
from geomatch.services import causes as causes_service
from geomatch.services import circles as circles_service
from geomatch.services import coverage as coverage_service
from geomatch.services import fairness as fairness_service
from geomatch.services import gaps as gaps_service
from geomatch.services import minutes as minutes_service
from geomatch.services import sensitivity as sensitivity_service
from geomatch.services import setting as setting_service

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from geomatch.network.profiles import Limit
    from geomatch.planning.sites import SiteKind
    from geomatch.services.region import Region

LAYERS = ("coverage", "gaps")


def write_map(
    region: Region,
    out: Path,
    *,
    layer: str = "coverage",
    limit: Limit | None = None,
    kinds: Sequence[SiteKind] = (),
) -> None:
    """Write a self-contained page; the file appears whole or not at all.

    Args:
        region: an open region.
        out: the .html file.
        layer: "coverage" or "gaps".
        limit: the standard profile's 15 minutes where None.
        kinds: kinds of site that count; all where empty.

    Raises:
        InputError: an unknown layer, or the file cannot be written there.
    """
    from geomatch.drawing import disk_page  # noqa: PLC0415 - folium takes a second to open

    if layer not in LAYERS:
        raise InputError.of("layer", f"must be one of {', '.join(LAYERS)}", value=layer)
    asked = limit or limit_for()
    settings = {
        "region": region.spec.id,
        "name": region.spec.name,
        "builtAt": region.built_at,
        "synthetic": region.spec.synthetic,
        "rural": setting_service.ground(region).rural,
        "layer": layer,
        "profile": asked.profile,
        "minutes": round(asked.limit_s / 60),
    }
    page = disk_page.DiskMap(
        name=region.spec.name,
        layer=layer,
        synthetic=region.spec.synthetic,
        bbox=region.summary().bbox,
        settings=settings,
        answers=_answers(region, layer, asked, kinds),
        tiles=(region.build_folder / "base.pmtiles").read_bytes(),
    )
    html = disk_page.draw(page)
    with write_beside(out) as beside:
        beside.write_text(html, encoding="utf-8")


def _answers(region: Region, layer: str, limit: Limit, kinds: Sequence[SiteKind]) -> dict[str, Any]:
    from geomatch.drawing import answers  # noqa: PLC0415 - as above

    counted = [site for site in region.sites if not kinds or site.kind in kinds]
    found: dict[str, Any] = {
        "coverage": answers.coverage(coverage_service.coverage(region, limit, kinds)),
        "sensitivity": asdict(sensitivity_service.sensitivity(region, limit, kinds)),
        "losses": {
            row.site.id: {"lost": row.lost, "nearest": row.nearest}
            for row in fairness_service.criticality(region, limit, kinds)
        },
        "sites": answers.sites(counted),
        "units": answers.units(region.units if region.townships.stated else ()),
        "circles": answers.circles(circles_service.circles(region, [limit], kinds=kinds)),
    }
    if setting_service.ground(region).rural:
        told = minutes_service.minutes(region, limit.profile, kinds)
        found["minutes"] = {"total": answers.minutes(told.total)}
    if layer == "gaps":
        found["gaps"] = answers.gaps(gaps_service.gaps(region, limit, kinds=kinds))
        causes = causes_service.causes(region, limit, kinds=kinds)
        told_of = cause_answer.members(region, causes, limit, kinds, None)
        found["causes"] = {"limit_m": limit.limit_m, "gaps": told_of}
    return found
