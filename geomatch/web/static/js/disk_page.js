// Entry of a page that `geomatch map` wrote: everything is inside it, nothing is fetched.

import { Planner } from "./planner.js";
import { embeddedStore } from "./store.js";
import { language } from "./words.js";

const read = (id) => document.getElementById(id).textContent;

function embeddedTiles() {
  const bytes = Uint8Array.from(atob(read("base-tiles")), (letter) => letter.charCodeAt(0));
  const source = { getKey: () => "embedded", getBytes: async (offset, length) => ({ data: bytes.slice(offset, offset + length).buffer }) };
  return new pmtiles.PMTiles(source);
}

const planner = new Planner({
  map: window.map_stage, cluster: window.marker_cluster_sites, settings: window.map_stage.geomatch,
  source: embeddedTiles(), store: embeddedStore(JSON.parse(read("answers"))),
});
document.getElementById("language").addEventListener("click", () => {
  document.documentElement.lang = language() === "en" ? "zh-CN" : "en";
  planner.start();
});
planner.start();
