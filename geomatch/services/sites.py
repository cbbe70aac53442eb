"""Use case: the sites in a box, by the tree of boxes that follows live edits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from geomatch.planning.sites import Site
    from geomatch.services.region import Region

_BEND_M = 50.0  # a side of a box is a curve on the plane: between the points taken of it, it bends less than this


def in_box(region: Region, west: float, south: float, east: float, north: float) -> tuple[Site, ...]:
    """Give the sites in a WGS-84 box, its border included, in the region's order."""
    if not region.sites:
        return ()
    # only the part of the box where sites are is projected: no plane takes the whole globe
    low_lon, low_lat = max(west, float(region.site_lon.min())), max(south, float(region.site_lat.min()))
    high_lon, high_lat = min(east, float(region.site_lon.max())), min(north, float(region.site_lat.max()))
    if low_lon > high_lon or low_lat > high_lat:
        return ()
    lon, lat = np.meshgrid(np.linspace(low_lon, high_lon, 9), np.linspace(low_lat, high_lat, 9))
    x, y = region.graph.plane.to_xy(lon, lat)
    near = region.site_index.in_box(x.min() - _BEND_M, y.min() - _BEND_M, x.max() + _BEND_M, y.max() + _BEND_M)
    found = (region.sites[row] for row in sorted(region.site_row(site_id) for site_id in near))
    return tuple(site for site in found if west <= site.lon <= east and south <= site.lat <= north)
