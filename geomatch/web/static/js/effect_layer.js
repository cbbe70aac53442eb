// What changes do: circles that come (a full line) and go (a broken one), homes won (a disc) and lost (a ring).

import { AreaLayer, hatch, trace } from "./area_layer.js";
import { isDark } from "./basemap.js";

const CIRCUMFERENCE_PX = 256; // of the world at zoom 0

function colours() {
  return isDark() ? { won: "#4fc3c9", lost: "#ff9a4d", edge: "#12171a" } : { won: "#0b7f86", lost: "#c04f00", edge: "#ffffff" };
}

/** Outlines of circles; `properties.turned` says which come and which go. */
export const RingLayer = AreaLayer.extend({
  options: { pane: "rings" },

  _paint(context, scale, corner, size) {
    const colour = colours();
    for (const area of this._inView(scale, corner, size)) {
      const { turned } = area.feature.properties;
      trace(context, area, scale, corner.x, corner.y);
      context.setLineDash(turned === "lost" ? [7, 5] : []);
      for (const [stroke, width] of [[colour.edge, 5], [colour[turned], 2.5]]) {
        context.strokeStyle = stroke;
        context.lineWidth = width;
        context.stroke();
      }
    }
  },
});

function worldPoint({ geometry, properties }) {
  const [lon, lat] = geometry.coordinates;
  const sine = Math.sin((lat * Math.PI) / 180);
  const y = CIRCUMFERENCE_PX * (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI));
  return { x: CIRCUMFERENCE_PX * (lon / 360 + 0.5), y, ...properties };
}

/** Homes that come within the limit or fall out of it; larger with more people. */
export const TurnedLayer = AreaLayer.extend({
  options: { pane: "rings" },

  setFeatures(features) {
    this._homes = features.map(worldPoint);
    if (this._map) this._update();
    return this;
  },

  _paint(context, scale, corner) {
    const colour = colours();
    for (const home of this._homes ?? []) {
      const radius = Math.min(9, 2.5 + Math.sqrt(home.people) / 6);
      context.beginPath();
      context.arc(home.x * scale - corner.x, home.y * scale - corner.y, radius, 0, 2 * Math.PI);
      context.lineWidth = home.turned === "won" ? 1.5 : 3;
      context.fillStyle = home.turned === "won" ? colour.won : colour.edge;
      context.strokeStyle = home.turned === "won" ? colour.edge : colour.lost;
      context.fill();
      context.stroke();
    }
  },
});

/** Ground that only one of two scenarios covers: won plain, lost hatched. */
export const DifferenceLayer = AreaLayer.extend({
  _paint(context, scale, corner, size) {
    const colour = colours();
    const fills = { won: isDark() ? "rgb(79 195 201 / 0.6)" : "rgb(11 127 134 / 0.6)", lost: hatch(context, 1) };
    for (const area of this._inView(scale, corner, size)) {
      const { change } = area.feature.properties;
      trace(context, area, scale, corner.x, corner.y);
      context.fillStyle = fills[change];
      context.fill("evenodd");
      context.strokeStyle = colour[change];
      context.lineWidth = 1.5;
      context.stroke();
    }
  },
});
