"""Use case: everything that is known of a region as one file for another program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geomatch.drawing import qgis_style
from geomatch.files import layers_out
from geomatch.planning import standards as standards_room
from geomatch.services import layers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from geomatch.files.geo_out import Layer
    from geomatch.network.profiles import Limit
    from geomatch.planning.sites import SiteKind
    from geomatch.services.region import Region


def write_one(region: Region, layer: Layer, out: Path, limit: Limit) -> None:
    """Write one layer with its style: .geojson, .gpkg or .shp.zip.

    Raises:
        InputError: the file cannot be written there.
    """
    layers_out.write_layer(out, layer, layers.imprint(region, limit, qgis_style.styles()))


def write_all(
    region: Region,
    out: Path,
    limit: Limit,
    kinds: Sequence[SiteKind] = (),
    *,
    target: float = standards_room.DEFAULT_TARGET_PERCENT,
) -> tuple[Layer, ...]:
    """Write townships, gaps, circles, sites and homes, with their styles: .gpkg .shp.zip .geojson.zip .csv.zip .xlsx.

    Returns:
        What was written.

    Raises:
        InputError: the target is no percentage, or the file cannot be written there.
    """
    found = (
        layers.townships(region, limit, kinds, target=target),
        layers.gaps(region, limit, kinds),
        layers.circles(region, limit, kinds),
        layers.sites(region, limit, kinds),
        layers.homes(region, limit, kinds),
    )
    layers_out.write_layers(out, found, layers.imprint(region, limit, qgis_style.styles()))
    return found
