// The office's list of candidates: chosen or dropped, read by the service, its faults shown row by row.

import { csvOf, save } from "./download.js";
import { el } from "./dom.js";
import { amount, count, say } from "./words.js";

const MOST_BYTES = 16e6;
const COLUMNS = ["columnId", "columnName", "columnLon", "columnLat", "columnCost", "columnCapacity"];

function faultTable(name, { faults, count: all }) {
  const shown = (value) => (value === null ? "" : String(value));
  const rows = faults.map(({ row, column, value, reason }) => el("tr", {},
    el("th", { scope: "row" }, shown(row)), el("td", {}, shown(column)), el("td", { className: "given" }, shown(value)), el("td", {}, reason)));
  const heads = ["faultRow", "faultColumn", "faultValue", "faultReason"].map((key) => el("th", { scope: "col" }, say(key)));
  return el("div", { className: "problem", role: "alert" },
    el("p", {}, say("listFaults", { name, n: count(all) })),
    el("div", { className: "fault-holder", tabIndex: 0, role: "region", "aria-label": say("listFaults", { name, n: count(all) }) },
      el("table", { className: "faults" }, el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...rows))),
    all > faults.length ? el("p", { className: "note" }, say("listFaultsMore", { n: count(faults.length) })) : null);
}

export class CandidateList {
  /** `onChange` is told of the features, in WGS-84, or null. */
  constructor({ drop, input, coordsys, told, store, onChange }) {
    Object.assign(this, { input, coordsys, told, store, onChange, file: null, turn: 0 });
    input.addEventListener("change", () => input.files[0] && this.read(input.files[0]));
    coordsys.addEventListener("change", () => this.file && this.read(this.file));
    for (const [name, over] of Object.entries({ dragenter: true, dragover: true, dragleave: false, drop: false })) {
      drop.addEventListener(name, (event) => {
        event.preventDefault();
        drop.classList.toggle("over", over);
      });
    }
    drop.addEventListener("drop", ({ dataTransfer }) => dataTransfer.files[0] && this.read(dataTransfer.files[0]));
    this._empty();
  }

  async read(file) {
    const turn = ++this.turn;
    const { name } = file;
    if (file.size > MOST_BYTES) return this._fail(el("p", { className: "problem", role: "alert" }, say("listTooLarge", { size: count(file.size / 1e6) })));
    this.told.replaceChildren(el("p", { className: "note" }, say("reading", { name })));
    try {
      const { features } = await this.store.readList(file, this.coordsys.value);
      if (turn !== this.turn) return;
      this.file = file;
      this._tell(features);
      this.onChange(features);
    } catch (error) {
      if (turn !== this.turn) return;
      const { faults } = error.problem ?? {};
      this._fail(faults ? faultTable(name, error.problem) : el("p", { className: "problem", role: "alert" }, say("listFailed", { reason: error.message })));
    }
  }

  _tell(features) {
    const costs = features.map(({ properties }) => properties.cost);
    const priced = costs.some((cost) => cost !== 1) ? say("listPriced", { cost: amount(costs.reduce((sum, cost) => sum + cost, 0)) }) : null;
    const remove = el("button", { type: "button", className: "plain" }, say("listRemove"));
    remove.addEventListener("click", () => {
      this._empty();
      this.input.focus();
    });
    this.told.replaceChildren(el("p", { className: "list-read" },
      el("strong", {}, say("listRead", { name: this.file.name, n: count(features.length) })), priced ? el("span", { className: "note" }, priced) : null, remove));
  }

  _fail(words) {
    this._empty();
    this.told.replaceChildren(words);
  }

  _empty() {
    const template = el("button", { type: "button", className: "plain" }, say("template"));
    template.addEventListener("click", () => save(say("templateName"), "text/csv", csvOf(COLUMNS.map((key) => say(key)), [])));
    this.turn += 1;
    this.file = null;
    this.input.value = ""; // the same file, mended, can be chosen again
    this.told.replaceChildren(template);
    this.onChange(null);
  }
}
