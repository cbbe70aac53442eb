"""Where the browser's files lie, and which of Folium's assets we serve, drop, or refuse.

Folium's pages name files on other hosts. An office network reaches none of them, so every name is mapped here.
"""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from geomatch.errors import GeomatchError

if TYPE_CHECKING:
    from collections.abc import Mapping

STATIC = Path(__file__).resolve().parents[1] / "web" / "static"

LOCAL: Mapping[str, str] = MappingProxyType(
    {
        "leaflet": "vendor/leaflet/leaflet.js",
        "leaflet_css": "vendor/leaflet/leaflet.css",
        "clusters": "vendor/leaflet.markercluster/leaflet.markercluster.js",
        "clusters_css": "vendor/leaflet.markercluster/MarkerCluster.css",
        "protomaps": "vendor/protomaps-leaflet/protomaps-leaflet.js",
        "pmtiles": "vendor/pmtiles/pmtiles.js",
    }
)
"""Asset name -> path under static/."""

DROPPED = frozenset(
    {
        "jquery",  # only for objects kept in front, which we do by panes
        "bootstrap",
        "bootstrap_css",
        "glyphicons_css",
        "awesome_markers",
        "awesome_markers_css",
        "awesome_markers_font_css",
        "awesome_rotate_css",
    }
)
"""What Folium would load and our maps do without: popups and markers are our own."""


class UnmappedAssetError(LookupError):
    """A Folium element asks for a file that is neither served nor dropped on purpose."""


def local_path(name: str, url: str) -> str | None:
    """Give the path under static/ of an asset, None where it is dropped on purpose.

    Raises:
        UnmappedAssetError: the asset is not known here, so a page would call another host.
    """
    if name in DROPPED:
        return None
    try:
        return LOCAL[name]
    except KeyError:
        raise UnmappedAssetError(f"{name} ({url}) must be added to LOCAL or DROPPED in {__name__}") from None


def text_of(path: str) -> str:
    """Read a file under static/.

    Raises:
        GeomatchError: it is not there, since the browser's packages were never fetched.
    """
    try:
        return (STATIC / path).read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise GeomatchError(f"{STATIC / path} is missing; run: make setup") from error
