// What a section draws on the map: filled or hatched townships, ground, areas, bubbles. One section at a time.

import { HatchLayer, OverlapLayer, PolygonLayer } from "./area_layer.js";
import { isDark } from "./basemap.js";

/** People missing in a township, where the hatch grows stronger. */
export const SHORT_STEPS = [5000, 20000];

export class Board {
  constructor(ground, { onBubble, onArea }) {
    Object.assign(this, { ground, map: ground.map, onBubble, lit: null });
    this.covered = new OverlapLayer({ className: "covered-ground" });
    this.hatched = new HatchLayer({ className: "gap-ground", steps: SHORT_STEPS });
    this.areas = new PolygonLayer({ className: "area-ground", styleOf: (feature) => this._styleOf(feature) });
    this.surest = new PolygonLayer({ className: "sure-ground", styleOf: ({ isSure }) => ({ fill: isSure ? "#0b7f86" : "#e3a008", stroke: "none", width: 0 }) });
    this.renderer = L.canvas({ pane: "rings", padding: 0.2 });
    this.bubbles = L.layerGroup().addTo(this.map);
    this.byId = new Map();
    this.map.on("click", ({ latlng }) => {
      const area = this.map.hasLayer(this.areas) && onArea ? this.areas.featureAt(latlng) : null;
      if (area) onArea(area, latlng);
    });
  }

  clear() {
    for (const layer of [this.covered, this.hatched, this.areas, this.surest]) layer.remove();
    this.bubbles.clearLayers();
    this.byId.clear();
    this.lit = null;
    this.ground.townships.paint(new Map(), null);
    this.sites(true);
  }

  sites(isShown) {
    this.ground.siteLayer.show(isShown ? this.ground.shown : new Set());
  }

  /** Colours of townships by `colourOf` their rows, and what the one under the mouse says beside its name. */
  townships(rows, colourOf, tell) {
    this.sites(false);
    const figures = new Map(rows.map((row) => [row.id, tell(row)]));
    this.ground.townships.paint(new Map(rows.map((row) => [row.id, colourOf(row)])), (id) => figures.get(id) ?? "");
  }

  /** Townships hatched like gaps, stronger with more people: `people` by id, those with none left clear. */
  short(people) {
    const features = this.ground.townships.features.filter(({ properties: { id } }) => people.get(id) > 0);
    this.hatched.addTo(this.map).setFeatures(features.map((feature) => ({ ...feature, properties: { people: people.get(feature.properties.id) } })));
  }

  /** Ground within reach of the sites that count, those of `isOpen` only where it is given. */
  reach(circles, isOpen = () => true) {
    const { shown, sites } = this.ground;
    const counts = ({ properties: { site } }) => shown.has(sites.get(site)?.properties.kind) && isOpen(site);
    this.covered.addTo(this.map).setFeatures(circles.features.filter(counts));
  }

  /** Ground that is reached slowly, over ground that is reached only fast. */
  sure(slow, fast) {
    this.sites(false);
    const { shown, sites } = this.ground;
    const counted = ({ features }, isSure) => features.filter(({ properties: { site } }) => shown.has(sites.get(site)?.properties.kind)).map((feature) => ({ ...feature, isSure }));
    this.surest.addTo(this.map).setFeatures([...counted(fast, false), ...counted(slow, true)]);
  }

  /** Areas, filled by `colourOf` their properties. */
  parcels(features, colourOf) {
    this.sites(false);
    this.colourOf = colourOf;
    this.areas.addTo(this.map).setFeatures(features);
  }

  _styleOf({ properties }) {
    const isLit = this.lit === properties.site;
    return { fill: `${this.colourOf(properties)}c8`, stroke: isLit ? "#b3261e" : isDark() ? "#1c2125" : "#ffffff", width: isLit ? 4 : 1 };
  }

  /** Circles as large as a figure: rows of {id, lon, lat, size} with size up to 1. */
  circles(rows) {
    this.sites(false);
    for (const { id, lon, lat, size } of [...rows].reverse()) {
      const bubble = L.circleMarker([lat, lon], { renderer: this.renderer, radius: 3 + 19 * Math.sqrt(size), weight: 1.2, color: "#7a3200", fillColor: "#d95f02", fillOpacity: 0.5 });
      bubble.on("click", () => this.onBubble(id)).addTo(this.bubbles);
      this.byId.set(id, bubble);
    }
  }

  light(id) {
    if (this.lit === id) return;
    this.byId.get(this.lit)?.setStyle({ weight: 1.2, color: "#7a3200", fillColor: "#d95f02", fillOpacity: 0.5 });
    this.byId.get(id)?.setStyle({ weight: 4, color: "#b3261e", fillColor: "#b3261e", fillOpacity: 0.6 }).bringToFront();
    this.lit = id;
    if (this.map.hasLayer(this.areas)) this.areas.repaint();
  }
}
