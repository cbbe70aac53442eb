from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geomatch.network import osm

if TYPE_CHECKING:
    from pathlib import Path


def test_a_real_extract_gives_segments_that_fit_together(helsinki_pbf: Path) -> None:
    """Every segment's polyline begins at its u and ends at its v."""
    segments, _ = osm.read(helsinki_pbf)
    first, last = segments.coord_start[:-1], segments.coord_start[1:] - 1
    assert np.array_equal(segments.coord_lon[first], segments.node_lon[segments.u])
    assert np.array_equal(segments.coord_lat[last], segments.node_lat[segments.v])
