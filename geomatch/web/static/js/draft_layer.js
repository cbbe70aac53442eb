// The changes themselves on the map: new and moved sites that can be dragged on, closed ones crossed out, bridges and gates.

import { siteIcon } from "./site_layer.js";
import { changeName } from "./change_list.js";

const GONE = { color: "#5b6770", weight: 2, dashArray: "2 6", interactive: false, pane: "route" };

function linkLines({ from, to, kind }) {
  const line = [from, to].map(([lon, lat]) => [lat, lon]);
  const dashArray = kind === "gate" ? "3 4" : null;
  return [
    L.polyline(line, { color: "#ffffff", weight: 9, interactive: false, pane: "route" }),
    L.polyline(line, { color: "#1a5fb4", weight: 5, dashArray, interactive: false, pane: "route" }),
  ];
}

export class DraftLayer {
  constructor(map, { onDrag, onDrop, onChoose }) {
    Object.assign(this, { map, onDrag, onDrop, onChoose, drawn: L.layerGroup().addTo(map), byKey: new Map() });
  }

  /** Draw the changes; `sites` are those of the region by id, `faults` the changes that do not count. */
  show(list, sites, faults, { isFixed = false } = {}) {
    this.isFixed = isFixed;
    this.drawn.clearLayers();
    this.byKey.clear();
    for (const change of list) this._draw(change, sites.get(change.id), faults.has(change.key));
  }

  /** Show where a change is. */
  goTo(key) {
    const layer = this.byKey.get(key);
    if (layer) this.map.setView(layer.getLatLng?.() ?? layer.getCenter(), Math.max(this.map.getZoom(), 15));
  }

  /** Show all changes at once; a link that brings changes opens on them. */
  showAll() {
    if (!this.byKey.size) return;
    const bounds = L.latLngBounds([]);
    for (const layer of this.byKey.values()) bounds.extend(layer.getBounds?.() ?? layer.getLatLng());
    this.map.fitBounds(bounds, { maxZoom: 15, padding: [60, 60], animate: false });
  }

  _draw(change, site, isAtFault) {
    if (change.part === "links") this._put(change, linkLines(change));
    else if (change.part === "add") this._put(change, [this._marker(change, change.kind, "added", isAtFault, [change.lat, change.lon])]);
    else if (site) {
      const [lon, lat] = site.geometry.coordinates;
      const { kind } = site.properties;
      if (change.part !== "move") {
        const look = change.part === "open" ? "opened" : "closed";
        return this._put(change, [this._marker(change, kind, look, isAtFault, [lat, lon], site)]);
      }
      const moved = this._marker(change, kind, "moved", isAtFault, [change.lat, change.lon], site);
      this._put(change, [L.circleMarker([lat, lon], { ...GONE, radius: 7, fill: false }), L.polyline([[lat, lon], [change.lat, change.lon]], GONE), moved]);
    }
  }

  _put(change, layers) {
    layers.forEach((layer) => this.drawn.addLayer(layer));
    this.byKey.set(change.key, layers.at(-1));
  }

  _marker(change, kind, look, isAtFault, latlng, site) {
    const title = changeName(change, site);
    const draggable = !this.isFixed && (look === "added" || look === "moved");
    const marker = L.marker(latlng, {
      icon: siteIcon(kind, `draft ${look}${isAtFault ? " at-fault" : ""}`), title, alt: title, draggable, autoPan: draggable, zIndexOffset: 2000, riseOnHover: true,
    });
    if (this.isFixed) return marker;
    marker.on("click", () => this.onChoose(change, marker.getLatLng()));
    marker.on("keypress", ({ originalEvent }) => originalEvent.key === "Enter" && this.onChoose(change, marker.getLatLng()));
    marker.on("drag", () => this.onDrag(change, marker.getLatLng()));
    return marker.on("dragend", () => this.onDrop(change, marker.getLatLng()));
  }
}
