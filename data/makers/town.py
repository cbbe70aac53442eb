"""A built-up place: blocks, plots, sidewalks and what stands inside, grown on land that is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from makers import blocks, compounds, plots, sidewalks

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from makers.blocks import Joints
    from makers.compounds import Inside
    from makers.land import Land
    from makers.plots import Plot
    from makers.townships import Township
    from makers.ways import Way


@dataclass(frozen=True)
class Town:
    """A place as it has grown.

    Attributes:
        towns: the townships that it lies in.
        plots, insides: what each plot is and holds, in step.
        streets: frontages, through streets, crossings, streets of the blocks and dead ends, in this order.
        walks: sidewalks and marked crossings.
        kerbs: where those crossings meet their street, metres (n, 2).
        corners: the street corners.
    """

    towns: Sequence[Township]
    plots: list[Plot]
    insides: list[Inside]
    streets: list[Way]
    walks: list[Way]
    kerbs: NDArray[np.float64]
    corners: Joints

    @property
    def lanes(self) -> list[Way]:
        """The ways for walking inside the plots."""
        return [way for inside in self.insides for way in inside.ways if way.highway]

    @property
    def grounds(self) -> list[Way]:
        """Walls, fields and parks inside the plots."""
        return [way for inside in self.insides for way in inside.ways if not way.highway]


def grow(ground: Land, towns: Sequence[Township]) -> Town:
    """Grow streets and plots on land until every township has the streets that it shall have."""
    faces, through = blocks.first_blocks(ground)
    first = [*ground.frontages, *through, *ground.crossings]
    corners = blocks.joints_of(first)
    grown, streets = blocks.grow(faces, first, towns, corners)
    laid, lanes = plots.lay_out(grown, towns, [*first, *streets])
    every = [*first, *streets, *lanes]
    walks, kerbs = sidewalks.along(every)
    return Town(towns, laid, [compounds.furnish(plot) for plot in laid], every, walks, kerbs, corners)
