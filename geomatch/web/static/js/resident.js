// The resident's page works as plain links and a form; this makes it answer in place and draws the way on the map.

import { el } from "./dom.js";
import { mark, markSize } from "./kinds.js";
import { openStage } from "./stage.js";
import { Suggestions } from "./suggestions.js";
import { say } from "./words.js";

const PLACE_DECIMALS = 6;
const NOT_ALLOWED = 1;

const map = window.map_stage;
const settings = map.geomatch;
const answer = document.getElementById("answer");
const form = document.getElementById("find");
openStage(map, settings.base, settings);
const drawn = L.layerGroup().addTo(map);

function tell(words, className = "hint") {
  answer.replaceChildren(el("p", { className, role: className === "problem" ? "alert" : "status" }, words));
  drawn.clearLayers();
}

function pin(lat, lon, html, size, title) {
  const icon = L.divIcon({ className: "site-icon", html, iconSize: [size, size], iconAnchor: [size / 2, size / 2] });
  return L.marker([lat, lon], { icon, title, alt: title, keyboard: false }).addTo(drawn);
}

function drawWay(points, isFirst) {
  const line = points.map(([lon, lat]) => [lat, lon]);
  if (!line.length) return;
  L.polyline(line, { pane: "route", color: "#ffffff", weight: isFirst ? 9 : 6, interactive: false }).addTo(drawn);
  L.polyline(line, { pane: "route", color: "#1a5fb4", weight: isFirst ? 5 : 2.5, dashArray: isFirst ? null : "4 6", interactive: false }).addTo(drawn);
}

/** Draw what the answer carries: where you are, the sites, and the way to each. */
function drawMarks() {
  drawn.clearLayers();
  const holder = document.getElementById("marks");
  if (!holder) return;
  const { at, hits } = JSON.parse(holder.textContent);
  [...hits].reverse().forEach((hit, fromEnd) => drawWay(hit.route, fromEnd === hits.length - 1));
  for (const hit of hits) pin(hit.lat, hit.lon, mark(hit.kind, 1.5), markSize(hit.kind) * 1.5, hit.name).bindTooltip(el("span", {}, hit.name), { permanent: hit === hits[0], direction: "top", offset: [0, -12] });
  pin(at[1], at[0], '<span class="here"></span>', 22, say("youAreHere"));
  const first = hits[0] ? [...hits[0].route.map(([lon, lat]) => [lat, lon]), [hits[0].lat, hits[0].lon]] : [];
  map.fitBounds(L.latLngBounds([[at[1], at[0]], ...first]), { padding: [48, 48], maxZoom: 17, animate: false });
}

function markedRegion() {
  const holder = document.getElementById("marks");
  return holder ? JSON.parse(holder.textContent).region : null;
}

/** Ask the page itself, and put its answer in place; the address changes as if the page had been opened. */
async function show(address, { remember = true } = {}) {
  const url = new URL(address, window.location.href);
  url.hash = "";
  tell(say("searching"));
  answer.setAttribute("aria-busy", "true");
  const part = new URL(url);
  part.searchParams.set("part", "answer");
  try {
    const reply = await fetch(part);
    if (reply.status >= 500) throw new Error(String(reply.status));
    answer.innerHTML = await reply.text(); // our own template, which has escaped every name
    const region = markedRegion();
    if (region && region !== settings.region) return window.location.assign(url); // another region has another map
    if (remember) window.history.pushState(null, "", url);
    drawMarks();
  } catch {
    tell(say("unreachable"), "problem");
  } finally {
    answer.removeAttribute("aria-busy");
  }
}

function showPoint(lon, lat) {
  const url = new URL(form.action);
  url.searchParams.set("lon", lon.toFixed(PLACE_DECIMALS));
  url.searchParams.set("lat", lat.toFixed(PLACE_DECIMALS));
  return show(url);
}

function locate() {
  tell(say("locating"));
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => showPoint(coords.longitude, coords.latitude),
    (error) => tell(say(error.code === NOT_ALLOWED ? "refused" : "noPosition"), "problem"),
    { enableHighAccuracy: true, timeout: 10000, maximumAge: 60000 },
  );
}

const suggestions = new Suggestions(document.getElementById("q"), document.getElementById("suggestions"), (place) => {
  show(place.href).then(() => answer.focus());
});

if ("geolocation" in navigator) {
  const button = document.getElementById("locate");
  button.hidden = false;
  button.addEventListener("click", locate);
}
form.addEventListener("submit", (event) => {
  event.preventDefault();
  suggestions.close();
  const url = new URL(form.action);
  url.searchParams.set("q", form.elements.q.value);
  show(url).then(() => answer.focus());
});
answer.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link || link.hash === "#map") return;
  event.preventDefault();
  show(link.href).then(() => answer.focus());
});
map.on("click", ({ latlng }) => showPoint(latlng.lng, latlng.lat));
window.addEventListener("popstate", () => show(window.location.href, { remember: false }));
drawMarks();
document.body.dataset.ready = "yes";
