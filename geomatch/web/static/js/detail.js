// What a click tells: a site with its rings, or the walk from any point.

import { el, withMark } from "./dom.js";
import { mark } from "./kinds.js";
import { count, metres, people, say } from "./words.js";
import { walkWords } from "./panel.js";

/** Five, ten and fifteen minutes: viridis-like, and light to dark in black and white. */
export const RING_COLOURS = ["#440154", "#2a788e", "#7ad151"];

export function drawRings(rings, group) {
  group.clearLayers();
  const sorted = [...rings.features].sort((a, b) => b.properties.limit_m - a.properties.limit_m);
  sorted.forEach((ring, at) => {
    const colour = RING_COLOURS[sorted.length - 1 - at];
    L.geoJSON(ring, { pane: "rings", interactive: false, style: { color: colour, weight: 2.5, fillColor: colour, fillOpacity: 0.18, dashArray: at === 0 ? null : "5 4" } }).addTo(group);
  });
}

/** What hangs on a site: people who would have no other within reach, and people to whom it is the nearest. */
function lossLine({ lost, nearest }) {
  const words = lost ? say("lostWithout", { n: count(lost) }) : say("lostNobody");
  return el("p", { className: "loss" }, words, el("br"), el("span", { className: "note" }, say("nearestTo", { n: count(nearest) })));
}

export function siteCard(feature, { rings, loss }) {
  const { name, kind, hours } = feature.properties;
  const rows = (rings?.features ?? []).map(({ properties }) => el(
    "li", {}, say("rings", { minutes: Math.round(properties.limit_s / 60), people: people(properties.population) }),
  ));
  return el("div", { className: "card" },
    el("h2", {}, withMark(mark(kind), name)),
    el("p", { className: "note" }, say(kind), " · ", hours ? `${say("hours")} ${hours}` : say("noHours")),
    rings ? el("ul", {}, ...rows) : el("p", { className: "note" }, say("loading")),
    loss ? lossLine(loss) : null,
  );
}

export function walkCard(answer) {
  const { query, features } = answer;
  if (!query.on_network) return el("div", { className: "card" }, el("p", {}, say("notOnStreets", { metres: metres(250) })));
  if (!features.length) return el("div", { className: "card" }, el("p", {}, say("noneReachable")));
  const rows = features.map(({ properties }) => el("li", {},
    withMark(mark(properties.kind, 0.8), properties.name), el("br"),
    el("span", { className: "note" }, `${walkWords(properties)} · ${say(properties.within ? "within" : "notWithin")}`),
  ));
  return el("div", { className: "card" }, el("h2", {}, say("walkFrom")), el("ol", {}, ...rows));
}

export function drawRoute(answer, group) {
  group.clearLayers();
  answer.features.forEach(({ route }, at) => {
    if (!route) return;
    const line = route.coordinates.map(([lon, lat]) => [lat, lon]);
    L.polyline(line, { pane: "route", color: "#fff", weight: at ? 5 : 8, interactive: false }).addTo(group);
    L.polyline(line, { pane: "route", color: "#1a5fb4", weight: at ? 2.5 : 4.5, dashArray: at ? "4 5" : null, interactive: false }).addTo(group);
  });
}

