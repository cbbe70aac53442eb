// The card of a gap: how many people, why they have no site within reach, and what would win most of them.

import { el } from "./dom.js";
import { count, metres, people, say } from "./words.js";

const MOST_CAUSES = 2, MOST_REMEDIES = 3;

export function gapCard(gap, { siteName, told, limitM, addressOf }) {
  const { unit, people: number } = gap.properties;
  return el("div", { className: "card gap-card" },
    el("h2", {}, people(number)), el("p", {}, unit ?? ""),
    ...(told ? causeLines(told, limitM, addressOf) : [el("p", { className: "note" }, nearestLine(gap.properties, siteName)), el("p", { className: "note" }, say("causesLoading"))]),
  );
}

function nearestLine({ nearest_site: site, nearest_walk_m: walkM, reason }, siteName) {
  if (site === null) return say(reason === "off_network" ? "gapOffNetwork" : "gapCutOff");
  return say("gapNearest", { site: siteName(site), metres: metres(walkM) });
}

function causeLines({ causes, remedies }, limitM, addressOf) {
  const others = causes.slice(MOST_CAUSES).reduce((sum, cause) => sum + cause.people, 0);
  return [
    el("h3", {}, say("why")),
    el("ul", { className: "causes" }, ...causes.slice(0, MOST_CAUSES).map((cause) => el("li", {}, el("b", {}, people(cause.people)), " ", causeWords(cause, limitM)))),
    others ? el("p", { className: "note" }, say("moreReasons", { n: count(others) })) : null,
    el("h3", {}, say("whatHelps")),
    remedies.length ? el("ol", { className: "remedies" }, ...chosenRemedies(remedies).map((remedy) => remedyRow(remedy, addressOf))) : el("p", {}, say("nothingHelps")),
  ];
}

/** The best of each kind first, so that the card does not tell of three new sites. */
export function chosenRemedies(remedies) {
  const first = remedies.filter(({ kind }, at) => remedies.findIndex((one) => one.kind === kind) === at);
  return [...first, ...remedies.filter((one) => !first.includes(one))].slice(0, MOST_REMEDIES);
}

function remedyRow(remedy, addressOf) {
  const { people_won: won, people_here: here } = remedy;
  const gain = say("remedyWins", { n: count(won) }) + (here < won ? say("remedyHere", { n: count(here) }) : "");
  const link = addressOf && el("a", { href: addressOf(remedy.body), className: "try-it", "aria-label": `${say("tryIt")}: ${remedyWords(remedy)}` }, say("tryIt"));
  return el("li", {}, el("span", {}, remedyWords(remedy)), el("span", { className: "gain" }, el("b", {}, gain), link || null));
}

export function causeWords(cause, limitM) {
  const { kind, site_name: site, straight_m: straight, walk_m: walk, obstacle } = cause;
  const known = (length) => (length === null ? "–" : metres(length));
  return say(`cause_${kind}`, {
    limit: metres(limitM), site: site ?? say("nearestOne"), straight: known(straight), walk: known(walk), obstacle: obstacle ? obstacleWords(obstacle) : "",
  });
}

export function remedyWords({ kind, site, spots, streets, crosses, length_m: length }) {
  return say(`remedy_${kind}`, {
    site: site ? site.name || site.id : "", place: placeWords(streets, spots[0]), between: length === null ? "" : betweenWords(streets, spots),
    crosses: crosses.map(obstacleWords).join(say("obstacleAnd")), length: length === null ? "" : metres(length),
  });
}

function obstacleWords({ kind, name }) {
  return name || say(`obstacle_${kind}`);
}

function degrees([lon, lat]) {
  return `${lon.toFixed(5)}, ${lat.toFixed(5)}`;
}

function betweenWords(streets, spots) {
  const [a, b] = streets.map((name, at) => name || degrees(spots[at]));
  return a === b ? say("aroundOne", { a }) : say("betweenTwo", { a, b });
}

function placeWords(streets, spot) {
  const [a = degrees(spot), b] = streets;
  return b ? say("crossing", { a, b }) : say("byStreet", { a });
}

export function placesOf(remedies) {
  return remedies.flatMap(({ spots }) => spots.map(([lon, lat]) => [lat, lon]));
}

/** Draw where remedies are, with their numbers on the card. */
export function drawRemedies(remedies, group) {
  group.clearLayers();
  remedies.forEach((remedy, at) => {
    const places = placesOf([remedy]);
    if (places.length > 1) {
      L.polyline(places, { pane: "route", color: "#fff", weight: 9, interactive: false }).addTo(group);
      L.polyline(places, { pane: "route", color: "#1a5fb4", weight: 5, interactive: false }).addTo(group);
    }
    const icon = L.divIcon({ className: "remedy-icon", html: el("span", {}, String(at + 1)), iconSize: [24, 24] });
    L.marker(L.latLngBounds(places).getCenter(), { icon, interactive: false, keyboard: false, zIndexOffset: 1000 }).addTo(group);
  });
}
