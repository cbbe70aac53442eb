"""Folium maps as parts of our own pages: a stage without data, which the page fills from the API.

Law: one map a page, named `map_stage`; every asset local; nothing of the data in the script, so nothing to escape.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geomatch.drawing import assets
from geomatch.opening.absent import absent

with absent("pandas"):  # Folium would take tables from it, which no map here gives it; a tenth of every start
    import folium
from branca.element import CssLink, Figure, JavascriptLink, MacroElement
from folium.elements import JSCSSMixin
from folium.map import FitBounds, Layer
from folium.template import Template

if TYPE_CHECKING:
    from collections.abc import Mapping

STAGE = "map_stage"
CLUSTER = "marker_cluster_sites"
_MAX_ZOOM = 19
_MIN_ZOOM = 8


@dataclass(frozen=True)
class MapParts:
    """A Folium map, taken apart for a page whose policy allows no inline script.

    Attributes:
        styles: paths of style sheets under static/.
        scripts: paths of scripts under static/, in loading order.
        html: the map's element.
        script: the program that sets the map up; served as a file of its own.
    """

    styles: tuple[str, ...]
    scripts: tuple[str, ...]
    html: str
    script: str


class LocalFigure(Figure):
    """A Figure whose assets are all local and whose script stands apart."""

    def parts(self) -> MapParts:
        """Render and take apart.

        Raises:
            UnmappedAssetError: an element asks for a file that would come from another host.
        """
        for child in self._children.values():
            child.render()
        linked = [(name, element) for name, element in self.header._children.items() if hasattr(element, "url")]  # noqa: SLF001 - branca offers no public list
        styles = [assets.local_path(name, link.url) for name, link in linked if isinstance(link, CssLink)]
        scripts = [assets.local_path(name, link.url) for name, link in linked if isinstance(link, JavascriptLink)]
        return MapParts(
            styles=tuple(path for path in styles if path),
            scripts=tuple(path for path in scripts if path),
            html=self.html.render(),
            script=self.script.render(),
        )


class _BasePainter(JSCSSMixin, MacroElement):
    """The libraries that read and paint PMTiles."""

    _template = Template("")
    default_js = [("pmtiles", "npm:pmtiles"), ("protomaps", "npm:protomaps-leaflet")]  # noqa: RUF012 - as Folium declares it


class _Clusters(JSCSSMixin, Layer):
    """An empty group that draws near markers as one.

    Folium has one as well, among forty other plugins that it opens together: a tenth of every start.
    """

    _template = Template("""
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = L.markerClusterGroup({{ this.options|tojavascript }});
        {% endmacro %}""")
    default_js = [("clusters", "npm:leaflet.markercluster")]  # noqa: RUF012 - as above
    default_css = [("clusters_css", "npm:leaflet.markercluster")]  # noqa: RUF012 - as above
    options = {"max_cluster_radius": 52, "disable_clustering_at_zoom": 15, "show_coverage_on_hover": False}  # noqa: RUF012 - as above


class _Settings(MacroElement):
    """What the page's modules need to know of the map."""

    _template = Template(
        "{% macro script(this, kwargs) %}{{ this.stage }}.geomatch = {{ this.settings|tojson }};{% endmacro %}"
    )

    def __init__(self, settings: Mapping[str, object]) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # branca carries no types
        self._name = "Settings"
        self.stage = STAGE
        self.settings = dict(settings)


def draw_stage(
    bbox: tuple[float, float, float, float], settings: Mapping[str, object], *, clusters: bool = True
) -> MapParts:
    """Set up a map of a box: canvas, scale bar, base painter, and clusters for the sites.

    Args:
        bbox: west, south, east, north in degrees.
        settings: plain values for the page's modules, at `map_stage.geomatch`.
        clusters: also an empty cluster group, `marker_cluster_sites`.
    """
    west, south, east, north = bbox
    stage = folium.Map(
        location=[(south + north) / 2, (west + east) / 2],
        tiles=None,
        prefer_canvas=True,
        zoom_control=False,  # added by the page, whose titles are in the reader's language
        maxZoom=_MAX_ZOOM,
        minZoom=_MIN_ZOOM,
        zoomSnap=0.5,
    )
    _rename(stage, STAGE)
    figure = LocalFigure()
    figure.add_child(stage)
    stage.add_child(_BasePainter())  # type: ignore[no-untyped-call] # Folium carries no types
    fit = FitBounds([[south, west], [north, east]])
    fit.options["animate"] = False  # while Leaflet flies, it refuses the page's own first view
    stage.add_child(fit)
    if clusters:
        group = _Clusters(control=False)
        _rename(group, CLUSTER)
        stage.add_child(group)
    stage.add_child(_Settings(settings))
    return figure.parts()


def _rename(element: MacroElement, name: str) -> None:
    """Give an element a stable name, so that a page and its script agree and can be cached."""
    element._name, element._id = name.rsplit("_", 1)  # noqa: SLF001 - Folium draws names at random otherwise
