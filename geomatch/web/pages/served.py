"""The regions that this server answers for, as the pages see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, current_app, url_for

from geomatch.web.pages import language

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geomatch.services.region import Region


def regions() -> Mapping[str, Region]:
    """Give the open regions by id, in the order in which they are served."""
    served: Mapping[str, Region] = current_app.extensions["geomatch_regions"]
    return served


def region_named(region_id: str | None) -> Region:
    """Give a region, the first where none is named; 404 where it is not served."""
    served = regions()
    if region_id is None and served:
        return next(iter(served.values()))
    if region_id not in served:
        abort(404)
    return served[region_id]


def name_of(region: Region) -> str:
    """Give a region's name in the reader's language."""
    return region.spec.name_en if language.language() == "en" and region.spec.name_en else region.spec.name


def stage_settings(region: Region) -> dict[str, object]:
    """Give what every map's programs need to know of a region."""
    return {
        "region": region.spec.id,
        "name": name_of(region),
        "base": url_for("ground.base_tiles", region_id=region.spec.id, _external=False),
        "builtAt": region.built_at,
    }
