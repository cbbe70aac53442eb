// A siting to take away: a table, a layer for a GIS, and the same sites opened on the what-if page.

import { csvOf, save } from "./download.js";
import { LONGEST_OPEN, packed } from "./open_link.js";
import { nameOfRow } from "./siting_result.js";
import { say } from "./words.js";

const COLUMNS = ["columnRank", "columnId", "columnName", "columnLon", "columnLat", "columnCost", "columnAdded", "columnCovered", "columnShare"];
export const MOST_OPENED = 500;

function fileName({ region, chosen }, ending) {
  return `${say("siteFile", { region, n: chosen.length })}.${ending}`;
}

export function saveTable(answer) {
  const rows = answer.chosen.map((row) => [
    row.rank, row.id, row.name, row.lon, row.lat, row.cost, row.people_added, row.covered, answer.population ? row.covered / answer.population : null,
  ]);
  save(fileName(answer, "csv"), "text/csv", csvOf(COLUMNS.map((key) => say(key)), rows));
}

export function saveLayer(answer) {
  const { chosen, curve, units, unmet, off_network: off, ...stated } = answer;
  const features = chosen.map(({ lon, lat, ...properties }) => ({ type: "Feature", id: properties.id, geometry: { type: "Point", coordinates: [lon, lat] }, properties }));
  save(fileName(answer, "geojson"), "application/geo+json", JSON.stringify({ type: "FeatureCollection", ...stated, features }));
}

/** The chosen sites as a what-if; null where they are too many to travel in an address. */
export function whatifAddress({ region, chosen, objective, profile, kind }, minutes) {
  if (chosen.length > MOST_OPENED) return null;
  const site = objective === "p_dispersion" ? "landscape" : "outpost";
  const body = (isNamed) => ({
    add: chosen.map((row) => ({ lon: Number(row.lon.toFixed(6)), lat: Number(row.lat.toFixed(6)), kind: site, ...(isNamed && { name: nameOfRow(row).slice(0, 200) }) })),
    profile, minutes, ...(kind.length && { kind }),
  });
  const texts = [true, false].map((isNamed) => packed(body(isNamed)));
  const text = texts.find((each) => each.length <= LONGEST_OPEN);
  return text === undefined ? null : `/map/${encodeURIComponent(region)}/whatif?profile=${profile}&minutes=${minutes}&open=${text}`;
}
