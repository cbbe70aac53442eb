"""The regions that this server answers for, as the pages see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import abort, current_app, request, url_for

from geomatch.errors import NotFoundError
from geomatch.services import setting as setting_service
from geomatch.web.pages import language

if TYPE_CHECKING:
    from geomatch.services.region import Region
    from geomatch.web.served import Served


def served() -> Served:
    """Give the open regions."""
    return cast("Served", current_app.extensions["geomatch.served"])


def region_named(region_id: str | None) -> Region:
    """Give a region, the first where none is named; 404 where it is not served."""
    regions = served()
    if region_id is None and regions.regions:
        return regions.regions[0]
    try:
        return regions.named(region_id or "")
    except NotFoundError:
        abort(404)


def region_asked() -> Region:
    """Give the region of ?region=, the first where it names none."""
    return region_named(request.args.get("region") or None)


def choices() -> list[tuple[str, str]]:
    """Give the id and name of every region that is served, for a switch between them."""
    return [(region.spec.id, name_of(region)) for region in served().regions]


def name_of(region: Region) -> str:
    """Give a region's name in the reader's language."""
    return region.spec.name_en if language.language() == "en" and region.spec.name_en else region.spec.name


def stage_settings(region: Region) -> dict[str, object]:
    """Give what every map's programs need to know of a region."""
    return {
        "region": region.spec.id,
        "name": name_of(region),
        "base": url_for("ground.base_tiles", region_id=region.spec.id, build=region.build_folder.name),
        "builtAt": region.built_at,
        "synthetic": region.spec.synthetic,
        "rural": setting_service.ground(region).rural,
    }
