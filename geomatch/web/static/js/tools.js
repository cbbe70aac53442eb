// The planner's tools, and what the next place means: by a click, by the cross-hair and Enter, or by typed coordinates.

import { el } from "./dom.js";
import { KINDS } from "./kinds.js";
import { say } from "./words.js";

/** How many places a tool wants, and whether it stays in hand afterwards. */
const WANTED = { add: { places: 1, stays: true }, close: { places: 0, stays: true }, footbridge: { places: 2 }, gate: { places: 2 }, move: { places: 1 } };
const HINTS = {
  add: ["hintAdd"], close: ["hintClose"], footbridge: ["hintBridge", "hintBridgeEnd"], gate: ["hintGate", "hintGateEnd"], move: ["hintMove"],
};
const CHINA = { lon: [73, 135], lat: [18, 54] };

/** Read "116.31, 39.98"; gives the key of what is wrong instead of a place where it is none. */
export function placeTyped(text) {
  const numbers = text.trim().split(/[\s,，;；]+/).map(Number);
  if (numbers.length !== 2 || !numbers.every(Number.isFinite)) return { fault: "typedNotTwo" };
  const [lon, lat] = numbers;
  if (lon >= CHINA.lat[0] && lon <= CHINA.lat[1] && lat >= CHINA.lon[0] && lat <= CHINA.lon[1]) return { fault: "typedSwapped" };
  if (Math.abs(lon) > 180 || Math.abs(lat) > 90) return { fault: "typedNotTwo" };
  return { place: L.latLng(lat, lon) };
}

export class Tools {
  /** `onPlaces(tool, places, subject, kind)` is called once a tool has the places that it wants. */
  constructor(map, { onPlaces }) {
    Object.assign(this, { map, onPlaces, tool: null, places: [] });
    this.buttons = [...document.querySelectorAll("[data-tool]")];
    this.strip = document.getElementById("placing");
    this.hint = document.getElementById("hint");
    this.kind = document.getElementById("new-kind");
    this.typed = document.getElementById("typed");
    this.rubber = L.polyline([], { color: "#1a5fb4", weight: 3, dashArray: "4 6", interactive: false, pane: "route" }).addTo(map);
    this.cross = el("div", { className: "cross", "aria-hidden": "true", hidden: true });
    map.getContainer().append(this.cross);
    this._wire();
    this._show();
  }

  /** Take a tool in hand; `subject` is the site, or the change of one, that is to be moved. */
  start(tool, subject = null) {
    Object.assign(this, { tool, subject, places: [] });
    this.map.closePopup();
    this._show();
  }

  stop() {
    Object.assign(this, { tool: null, subject: null, places: [] });
    this._show();
  }

  /** Use a place if the tool in hand wants one; tells whether it did. */
  take(latlng) {
    if (!this.tool || WANTED[this.tool].places === 0) return false;
    this.places = [...this.places, latlng];
    const { tool, places, subject } = this;
    if (places.length === WANTED[tool].places) {
      if (WANTED[tool].stays) this.places = [];
      else this.stop();
      this.onPlaces(tool, places, subject, this.kind.value);
    }
    this._show();
    return true;
  }

  _wire() {
    const { map } = this;
    this.kind.append(...KINDS.map((kind) => el("option", { value: kind, selected: kind === "outpost" }, say(kind))));
    for (const button of this.buttons) {
      button.addEventListener("click", () => (this.tool === button.dataset.tool ? this.stop() : this.start(button.dataset.tool)));
    }
    document.getElementById("place-here").addEventListener("click", () => this.take(map.getCenter()));
    document.getElementById("tool-done").addEventListener("click", () => this._leave());
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.tool && this._leave());
    map.getContainer().addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target === map.getContainer() && this.take(map.getCenter())) event.preventDefault();
    });
    new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(map.getContainer()); // the strip takes room
    map.on("mousemove", ({ latlng }) => this.places.length && this.rubber.setLatLngs([this.places[0], latlng]));
    map.on("move", () => this.places.length && this.rubber.setLatLngs([this.places[0], map.getCenter()]));
    this.typed.addEventListener("submit", (event) => {
      event.preventDefault();
      this._takeTyped();
    });
  }

  _takeTyped() {
    const input = this.typed.elements.place;
    const { place, fault } = placeTyped(input.value);
    const told = document.getElementById("typed-fault");
    told.textContent = fault ? say(fault) : "";
    input.setAttribute("aria-invalid", String(Boolean(fault)));
    if (fault) return;
    input.value = "";
    this.map.panTo(place);
    this.take(place);
  }

  /** Put the tool down; who works by keyboard goes on at its button. */
  _leave() {
    const button = this.buttons.find(({ dataset }) => dataset.tool === this.tool);
    const isInStrip = this.strip.contains(document.activeElement);
    this.stop();
    if (isInStrip) (button ?? this.map.getContainer()).focus();
  }

  _show() {
    const { tool, places, subject } = this;
    this.rubber.setLatLngs([]);
    for (const button of this.buttons) button.setAttribute("aria-pressed", String(button.dataset.tool === tool));
    const wantsPlace = Boolean(tool) && WANTED[tool].places > 0;
    this.strip.classList.toggle("idle", !tool);
    document.getElementById("tool-done").hidden = !tool;
    this.cross.hidden = !wantsPlace;
    this.kind.parentElement.hidden = tool !== "add";
    document.getElementById("place-here").hidden = !wantsPlace;
    document.getElementById("typed-fold").hidden = !wantsPlace;
    this.map.getContainer().classList.toggle("placing-here", wantsPlace);
    this.hint.textContent = say(tool ? HINTS[tool][places.length] : "hintIdle", { name: subject?.name ?? "" });
  }
}
