"""Colours and shapes of the house's maps and charts, for whatever is drawn outside a browser.

static/css/site.css, static/js/basemap.js and static/js/kinds.js say the same to browsers; a test keeps them together.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

INK, MUTED, PAPER, GROUND, LINE = "#1f2933", "#5b6770", "#ffffff", "#f5f6f4", "#dfe3e0"
ACCENT, ACTION, COVER, GAP, GAP_LINE, GOOD = "#b3261e", "#1a5fb4", "#0b7f86", "#d95f02", "#c04f00", "#1d6b3a"

BASE: Mapping[str, str] = MappingProxyType(
    {
        "ground": "#f2f1ec", "water": "#c9dde8", "green": "#dbe7d3", "casing": "#cfccc2", "road": "#ffffff",
        "rail": "#b5b2aa",
    }
)  # fmt: skip
"""The base map, by what is drawn."""

GAP_STEPS = (1_000, 5_000)
"""People from which a gap is hatched more strongly."""
GAP_FILLS = (0.10, 0.20, 0.34)
"""Opacity of the ground under the hatch, by step."""

SHARE_STEPS = (0.0, 0.5, 0.7, 0.85, 0.95, 1.0)
SHARE_COLOURS = ("#f6f0dc", "#c9e0d6", "#8ac3c0", "#459da2", "#0b6a70")
"""Classes of a share of people, each holding its lower end, and light to dark as they also print in black and white."""

MINUTES_COLOURS = ("#1f9e89", "#26828e", "#31688e", "#443983", "#440154", "#440154", "#440154", "#5b6770")
"""Bands of walking minutes in the order of planning.standards.BANDS."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How a kind of site is drawn: a path in a box of 24, its colour, and how large it stands beside the others."""

    colour: str
    size: int
    path: str


MARKS: Mapping[str, Mark] = MappingProxyType(
    {
        "centre": Mark(
            "#b3261e", 30, "M12 1.5l3.1 6.9 7.4.8-5.5 5 1.6 7.3L12 17.8l-6.6 3.7L7 14.2l-5.5-5 7.4-.8z"
        ),
        "office": Mark("#1a5fb4", 22, "M3.5 3.5h17v17h-17z"),
        "station": Mark("#4b2e83", 18, "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18z"),
        "outpost": Mark("#8a4b00", 18, "M12 1.8L22.2 12 12 22.2 1.8 12z"),
        "base": Mark("#0b5c3b", 20, "M12 2l10.2 7.4-3.9 12H5.7l-3.9-12z"),
        "landscape": Mark(
            "#a3195b",
            22,
            "M12 12m0-10a4 4 0 0 1 3.8 5.2 4 4 0 1 1 2 7.4 4 4 0 1 1-5.8 5 4 4 0 1 1-5.800-5 4 4 0 1 1 2-7.400"
            "A4 4 0 0 1 12 2z",
        ),
    }
)  # fmt: skip
"""Kinds of site: centre a star, office a square, station a circle, outpost a diamond, base a pentagon, landscape a
flower."""
