// Candidates as small rings, the chosen ones as numbered marks that can be reached by keyboard.

import { PolygonLayer } from "./area_layer.js";
import { isDark } from "./basemap.js";
import { count, say } from "./words.js";

/** Smaller marks where there are many. */
function markPx(many) {
  return many <= 40 ? 28 : many <= 120 ? 24 : 20;
}

function numbered(rank, px) {
  return L.divIcon({ className: `chosen-icon px-${px}`, html: `<span>${Number(rank)}</span>`, iconSize: [px, px] });
}

export class ChosenLayer {
  constructor(map, onChoose) {
    Object.assign(this, { map, onChoose, markers: new Map() });
    this.renderer = L.canvas({ pane: "rings", padding: 0.2 });
    this.spots = L.layerGroup().addTo(map);
    this.marks = L.layerGroup().addTo(map);
    const [blue, red] = isDark() ? ["#7fb2f0", "#ff8a80"] : ["#1a5fb4", "#b3261e"];
    this.quiet = { fill: `${blue}55`, stroke: blue, width: 1.5 };
    this.loud = { fill: `${red}40`, stroke: red, width: 3 };
    this.ground = new PolygonLayer({ className: "new-ground", styleOf: ({ of }) => (of === this.lit ? this.loud : this.quiet) }).addTo(map);
  }

  showCandidates(features) {
    this.spots.clearLayers();
    for (const { geometry: { coordinates: [lon, lat] } } of features ?? []) {
      L.circleMarker([lat, lon], { renderer: this.renderer, interactive: false, radius: 3.5, weight: 1.5, color: "#1a5fb4", fillColor: "#fff", fillOpacity: 1 }).addTo(this.spots);
    }
  }

  showChosen(rows, nameOf) {
    this.marks.clearLayers();
    this.markers.clear();
    this.ground.setFeatures([]);
    const px = markPx(rows.length);
    for (const row of rows) {
      const title = say("chosenMark", { rank: row.rank, name: nameOf(row), n: count(row.people_added) });
      const marker = L.marker([row.lat, row.lon], { icon: numbered(row.rank, px), title, alt: title, riseOnHover: true, zIndexOffset: 2000 - row.rank });
      marker.on("click", () => this.onChoose(row)).on("keypress", ({ originalEvent }) => originalEvent.key === "Enter" && this.onChoose(row));
      marker.rank = row.rank;
      this.markers.set(row.id, marker.addTo(this.marks));
    }
  }

  /** Circles, each with `of`: the id of the chosen site that it is of. */
  showGround(circles) {
    this.ground.setFeatures(circles);
  }

  light(id) {
    if (this.lit === id) return;
    this._turn(this.lit, false);
    this._turn(id, true);
    this.lit = id;
    this.ground.repaint();
  }

  _turn(id, isLit) {
    const marker = this.markers.get(id);
    marker?.getElement().classList.toggle("lit", isLit);
    marker?.setZIndexOffset(isLit ? 9000 : 2000 - marker.rank);
  }
}
