// Township borders, dotted; the one that is looked at in the table lights up here, and the other way round.

import { el } from "./dom.js";

const QUIET = { color: "#5b6770", weight: 1.2, dashArray: "2 5", fill: true, fillOpacity: 0 };
const LIT = { color: "#b3261e", weight: 3, dashArray: null, fill: true, fillColor: "#b3261e", fillOpacity: 0.08 };

export class TownshipLayer {
  constructor(map, onLook) {
    Object.assign(this, { map, onLook, byId: new Map(), fills: new Map() });
    this.renderer = L.canvas({ pane: "townships", padding: 0.2 });
  }

  setFeatures(features) {
    this.features = features;
    this.drawn?.remove();
    this.drawn = L.geoJSON({ type: "FeatureCollection", features }, {
      pane: "townships", renderer: this.renderer, style: QUIET,
      onEachFeature: (feature, layer) => {
        this.byId.set(feature.properties.id, layer);
        layer.on("mouseover", () => this._look(feature.properties.id)).on("mouseout", () => this._look(null));
      },
    }).addTo(this.map);
  }

  /** Fill townships: a colour by id, those without one stay clear; `tell` gives the figure under the mouse, or is null. */
  paint(fills, tell) {
    this.fills = fills;
    for (const [id, layer] of this.byId) {
      layer.setStyle(this._quiet(id)).unbindTooltip();
      if (tell) layer.bindTooltip(() => el("span", {}, `${layer.feature.properties.name} ${tell(id)}`), { sticky: true });
    }
  }

  _quiet(id) {
    const fillColor = this.fills.get(id);
    return fillColor ? { ...QUIET, fillColor, fillOpacity: 0.8 } : QUIET;
  }

  light(id) {
    if (this.lit === id) return;
    this.byId.get(this.lit)?.setStyle(this._quiet(this.lit));
    this.byId.get(id)?.setStyle(this.fills.has(id) ? { ...LIT, fillColor: this.fills.get(id), fillOpacity: 0.9 } : LIT).bringToFront();
    this.lit = id;
  }

  zoomTo(id) {
    const layer = this.byId.get(id);
    if (layer) this.map.fitBounds(layer.getBounds(), { padding: [24, 24] });
  }

  _look(id) {
    this.light(id);
    this.onLook(id);
  }
}
