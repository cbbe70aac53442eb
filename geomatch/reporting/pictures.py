"""Pictures of a report as what they show; drawing decides how that looks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

    from geomatch.reporting.document import Paragraph


@dataclass(frozen=True, slots=True)
class Area:
    """A shape in WGS-84 degrees, what is written in it, and the figure that classes it (a share, people)."""

    geometry: BaseGeometry
    label: str = ""
    figure: float | None = None


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in WGS-84 degrees: a site of a kind, or a numbered mark."""

    lon: float
    lat: float
    kind: str = ""
    label: str = ""


@dataclass(frozen=True)
class Map:
    """A map of a region.

    Attributes:
        key, title: of the picture.
        alt: what it shows, in a sentence, for whoever cannot see it.
        base: the region's PMTiles.
        bbox: west, south, east, north in degrees.
        borders: townships; classed by share where they have a figure.
        covered: circles, in any order.
        gaps: hatched by people.
        sites: by kind.
        marks: numbered places on top.
        legend: (swatch, words) in order; swatch is a name that drawing knows, or the kind of a site.
        caption: question and date.
        credit: of the streets.
    """

    key: str
    title: str
    alt: str
    base: Path
    bbox: tuple[float, float, float, float]
    borders: tuple[Area, ...] = ()
    covered: tuple[BaseGeometry, ...] = ()
    gaps: tuple[Area, ...] = ()
    sites: tuple[Spot, ...] = ()
    marks: tuple[Spot, ...] = ()
    legend: tuple[tuple[str, str], ...] = ()
    caption: str = ""
    credit: str = ""


@dataclass(frozen=True, slots=True)
class Bars:
    """Shares side by side, with the words and the figure of each; `mark` draws a line at a share."""

    key: str
    title: str
    alt: str
    bars: tuple[tuple[str, float | None, str], ...]
    colours: str = "cover"
    mark: tuple[float, str] | None = None
    note: Paragraph | None = None


@dataclass(frozen=True, slots=True)
class Lorenz:
    """A Lorenz curve: shares of people and of metres."""

    key: str
    title: str
    alt: str
    points: tuple[tuple[float, float], ...]
    across: str
    up: str
    even: str
    note: Paragraph | None = None


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Shares by row and column."""

    key: str
    title: str
    alt: str
    rows: tuple[str, ...]
    shares: tuple[tuple[float, ...], ...]
    legend: tuple[str, str]
    note: Paragraph | None = None


@dataclass(frozen=True, slots=True)
class Curve:
    """Shares by count, and the bound that none of them passes."""

    key: str
    title: str
    alt: str
    points: tuple[tuple[int, float], ...]
    across: str
    up: str
    bound: tuple[float, str] | None = None
    note: Paragraph | None = None


Picture: TypeAlias = Map | Bars | Lorenz | HeatMap | Curve
