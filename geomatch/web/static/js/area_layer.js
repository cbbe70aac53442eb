// Thousands of polygons on one canvas: covered ground, darker where circles overlap, and hatched gaps.

import { isDark } from "./basemap.js";

const flatOnce = new WeakMap();

/** An area's rings, flattened when it is first seen: most areas are drawn again and again. */
function flatOf(feature) {
  if (!flatOnce.has(feature)) flatOnce.set(feature, flatten(feature));
  return flatOnce.get(feature);
}

/** Flatten a MultiPolygon into rings on the world of zoom 0; a view is then one multiplication away. */
function flatten(feature) {
  const parts = feature.geometry.type === "Polygon" ? [feature.geometry.coordinates] : feature.geometry.coordinates;
  const rings = [];
  let west = Infinity, north = Infinity, east = -Infinity, south = -Infinity;
  for (const ring of parts.flat()) {
    const flat = new Float64Array(ring.length * 2);
    ring.forEach(([lon, lat], i) => {
      const sine = Math.sin((lat * Math.PI) / 180);
      const x = 256 * (lon / 360 + 0.5), y = 256 * (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI));
      flat[2 * i] = x;
      flat[2 * i + 1] = y;
      west = Math.min(west, x); east = Math.max(east, x);
      north = Math.min(north, y); south = Math.max(south, y);
    });
    rings.push(flat);
  }
  return { rings, west, north, east, south, feature };
}

/** Trace an area's rings, leaving out points that fall within a pixel of the last one. */
export function trace(context, area, scale, left, top) {
  context.beginPath();
  for (const ring of area.rings) {
    let lastX = Infinity, lastY = Infinity;
    for (let i = 0; i < ring.length; i += 2) {
      const x = ring[i] * scale - left, y = ring[i + 1] * scale - top;
      if (i === 0) context.moveTo(x, y);
      else if (Math.abs(x - lastX) + Math.abs(y - lastY) < 1.2) continue;
      else context.lineTo(x, y);
      lastX = x;
      lastY = y;
    }
    context.closePath();
  }
}

/** The canvas and the areas; those who extend it say how they are painted. */
export const AreaLayer = L.Renderer.extend({
  options: { padding: 0.2, pane: "areas" },

  initialize(options) {
    L.Renderer.prototype.initialize.call(this, options);
    this._areas = [];
  },

  setFeatures(features) {
    this._areas = features.filter((feature) => feature.geometry).map(flatOf);
    if (this._map) this._update();
    return this;
  },

  /** Find the topmost feature whose ground holds a place. */
  featureAt(latlng) {
    const { x, y } = this._map.project(latlng, 0);
    return this._areas.find((area) => this._holds(area, x, y))?.feature ?? null;
  },

  _holds(area, x, y) {
    if (x < area.west || x > area.east || y < area.north || y > area.south) return false;
    let inside = false;
    for (const ring of area.rings) {
      for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
        const crosses = ring[i + 1] > y !== ring[j + 1] > y;
        if (crosses && x < ((ring[j] - ring[i]) * (y - ring[i + 1])) / (ring[j + 1] - ring[i + 1]) + ring[i]) inside = !inside;
      }
    }
    return inside;
  },

  _initContainer() {
    this._container = document.createElement("canvas");
    this._container.className = `areas ${this.options.className ?? ""}`;
    this._context = this._container.getContext("2d");
  },

  _destroyContainer() {
    L.DomUtil.remove(this._container);
  },

  _update() {
    if (this._map._animatingZoom && this._bounds) return;
    L.Renderer.prototype._update.call(this);
    const size = this._bounds.getSize();
    const ratio = Math.min(window.devicePixelRatio, 2);
    const canvas = this._container;
    L.DomUtil.setPosition(canvas, this._bounds.min);
    canvas.width = size.x * ratio;
    canvas.height = size.y * ratio;
    canvas.style.width = `${size.x}px`;
    canvas.style.height = `${size.y}px`;
    this._context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const corner = this._map.getPixelOrigin().add(this._bounds.min);
    this._paint(this._context, this._map.getZoomScale(this._map.getZoom(), 0), corner, size);
  },

  *_inView(scale, corner, size) {
    for (const area of this._areas) {
      const seen = area.east * scale > corner.x && area.west * scale < corner.x + size.x
        && area.south * scale > corner.y && area.north * scale < corner.y + size.y;
      if (seen) yield area;
    }
  },
});

/** Covered ground. Alpha adds up to 0.7 for one circle and 1 for two or more; the style sheet halves it: 35 and 50 %. */
export const OverlapLayer = AreaLayer.extend({
  _paint(context, scale, corner, size) {
    context.globalCompositeOperation = "lighter";
    context.fillStyle = "rgb(0 0 0 / 0.7)";
    for (const area of this._inView(scale, corner, size)) {
      trace(context, area, scale, corner.x, corner.y);
      context.fill("evenodd");
    }
    context.globalCompositeOperation = "source-in";
    context.fillStyle = isDark() ? "#4fc3c9" : "#0b7f86";
    context.fillRect(0, 0, size.x, size.y);
  },
});

export const GAP_STEPS = [1000, 5000];

/** Orange hatching, denser by step: 0, 1 or 2. */
export function hatch(context, step) {
  const tile = document.createElement("canvas");
  const side = 10;
  tile.width = tile.height = side;
  const pen = tile.getContext("2d");
  pen.fillStyle = `rgb(217 95 2 / ${[0.1, 0.2, 0.34][step]})`;
  pen.fillRect(0, 0, side, side);
  pen.strokeStyle = "#c04f00";
  pen.lineWidth = [1.2, 2.2, 3.6][step];
  pen.beginPath();
  for (const shift of [-side, 0, side]) {
    pen.moveTo(shift - 1, side + 1);
    pen.lineTo(shift + side + 1, -1);
  }
  pen.stroke();
  return context.createPattern(tile, "repeat");
}

/** Gaps: orange hatch, stronger with more people, by `steps` of them; the chosen one with a heavy outline. */
export const HatchLayer = AreaLayer.extend({
  options: { steps: GAP_STEPS },

  choose(feature) {
    this._chosen = feature;
    this._update();
  },

  _paint(context, scale, corner, size) {
    const patterns = [0, 1, 2].map((step) => hatch(context, step));
    context.strokeStyle = "#a04000";
    for (const area of this._inView(scale, corner, size)) {
      trace(context, area, scale, corner.x, corner.y);
      context.fillStyle = patterns[this.options.steps.filter((bound) => area.feature.properties.people >= bound).length];
      context.fill("evenodd");
      context.lineWidth = area.feature === this._chosen ? 4 : 1;
      context.stroke();
    }
  },
});

/** Areas with borders; `styleOf` gives fill, stroke and width of a feature whenever it is painted. */
export const PolygonLayer = AreaLayer.extend({
  repaint() {
    if (this._map) this._update();
  },

  _paint(context, scale, corner, size) {
    for (const area of this._inView(scale, corner, size)) {
      const { fill, stroke, width } = this.options.styleOf(area.feature);
      trace(context, area, scale, corner.x, corner.y);
      context.fillStyle = fill;
      context.fill("evenodd");
      context.strokeStyle = stroke;
      context.lineWidth = width;
      if (width) context.stroke();
    }
  },
});
