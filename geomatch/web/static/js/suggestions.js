// Place names while one types: a list box under the address box, by arrow keys or by finger.

import { el, getJson } from "./dom.js";

const PAUSE_MS = 180;

export class Suggestions {
  constructor(input, list, onChoose) {
    Object.assign(this, { input, list, onChoose, places: [], active: -1, turn: 0 });
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) input.setAttribute(name, value);
    input.addEventListener("input", () => this._later());
    input.addEventListener("keydown", (event) => this._key(event));
    input.addEventListener("blur", () => window.setTimeout(() => this.close(), 150));
  }

  close() {
    this.turn += 1;
    window.clearTimeout(this.timer);
    this._show([]);
  }

  _later() {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this._ask(), PAUSE_MS);
  }

  async _ask() {
    const text = this.input.value.trim();
    const turn = ++this.turn;
    const places = text ? await getJson(`/places?q=${encodeURIComponent(text)}`).catch(() => []) : [];
    if (turn === this.turn) this._show(places);
  }

  _show(places) {
    this.places = places;
    this.active = -1;
    this.list.replaceChildren(...places.map((place, at) => this._option(place, at)));
    this.list.hidden = !places.length;
    this.input.setAttribute("aria-expanded", String(places.length > 0));
    this.input.removeAttribute("aria-activedescendant");
  }

  _option(place, at) {
    const option = el("li", { id: `place-${at}`, role: "option", "aria-selected": "false" }, place.name, " ", el("span", { className: "note" }, place.unit ?? ""));
    option.addEventListener("mousedown", (event) => {
      event.preventDefault();
      this._choose(place);
    });
    return option;
  }

  _key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.places.length) {
      event.preventDefault();
      this._activate((this.active + step + this.places.length) % this.places.length);
    } else if (event.key === "Enter" && this.active >= 0 && !event.isComposing) {
      event.preventDefault();
      this._choose(this.places[this.active]);
    } else if (event.key === "Escape") {
      this.close();
    }
  }

  _activate(at) {
    this.active = at;
    [...this.list.children].forEach((option, index) => option.setAttribute("aria-selected", String(index === at)));
    this.input.setAttribute("aria-activedescendant", `place-${at}`);
    this.list.children[at].scrollIntoView({ block: "nearest" });
  }

  _choose(place) {
    this.input.value = place.name;
    this.close();
    this.onChoose(place);
  }
}
