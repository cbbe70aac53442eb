// The question of siting: read from the form, checked before it is asked, in the reader's words.

import { el } from "./dom.js";
import { count, say } from "./words.js";

const OBJECTIVES = ["mclp", "lscp", "p_median", "p_center", "capacitated", "backup", "p_dispersion"];
const PRICED = new Set(["mclp", "backup", "capacitated"]);
const FLOORED = new Set(["mclp", "lscp"]);
const FIELDS = { p: "fieldP", budget: "fieldBudget", target: "fieldTarget", capacity: "fieldCapacity", floor: "fieldFloor" };
const WHOLE = new Set(["p", "capacity"]);
const MOST = 5000, MOST_APART = 2000;

/** Which parts of the form an objective needs. */
function partsOf(objective) {
  const parts = objective === "lscp" ? ["target"] : PRICED.has(objective) ? ["p", "budget"] : ["p"];
  if (objective === "capacitated") parts.push("capacity");
  if (FLOORED.has(objective)) parts.push("floor");
  return parts;
}

export class SitingForm {
  constructor(form, onAsk) {
    Object.assign(this, { form, fields: form.elements, wrong: form.querySelector("#wrong"), candidates: null });
    this.fields.objective.append(...OBJECTIVES.map((key) => el("option", { value: key }, say(`goal_${key}`))));
    form.addEventListener("change", () => this._fit());
    for (const name of ["p", "budget"]) this.fields[name].addEventListener("input", () => (this.fields.by.value = name));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const question = this._question();
      if (question) onAsk(question);
    });
    this._fit();
  }

  /** Candidates of a list, or null; without one, junctions are what there is. */
  setCandidates(features) {
    this.candidates = features;
    this.fields.grid.checked = !features;
    this._fit();
  }

  get objective() {
    return this.fields.objective.value;
  }

  refuse(words, field) {
    this.wrong.hidden = false;
    this.wrong.replaceChildren(words);
    this.wrong.scrollIntoView({ block: "nearest" });
    field?.setAttribute("aria-invalid", "true");
    field?.focus();
  }

  _fit() {
    const parts = partsOf(this.objective);
    for (const part of this.form.querySelectorAll("[data-for]")) part.hidden = !parts.includes(part.dataset.for);
    if (!parts.includes("budget")) this.fields.by.value = "p";
    for (const radio of this.fields.by) radio.closest("label").classList.toggle("only", !parts.includes("budget"));
    this.fields.grid_m.disabled = !this.fields.grid.checked;
    this.form.querySelector("#objective-help").textContent = say(`goalHelp_${this.objective}`);
  }

  _question() {
    this.wrong.hidden = true;
    for (const field of this.form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
    const { objective, candidates } = this;
    const grid = this.fields.grid.checked;
    if (!candidates && !grid) return this.refuse(say("needCandidates"), this.form.querySelector("#list"));
    const asked = { objective, ...(candidates && { candidates: { type: "FeatureCollection", features: candidates } }), ...(grid && { grid_m: Number(this.fields.grid_m.value) }) };
    const names = partsOf(objective).filter((name) => !["p", "budget"].includes(name) || objective === "lscp" || this.fields.by.value === name);
    for (const name of names) {
      const value = this._number(name);
      if (value === null) return null;
      if (name !== "floor" || value > 0) asked[name] = value;
    }
    return asked;
  }

  _number(name) {
    const field = this.fields[name];
    const value = field.value.trim() === "" ? NaN : Number(field.value);
    const [least, most] = [Number(field.min), field.max === "" ? Infinity : Number(field.max)];
    const isFit = value >= least && value <= most && (!WHOLE.has(name) || Number.isInteger(value)) && !(name === "budget" && value === 0);
    if (isFit) return value;
    this.refuse(say("needNumber", { field: say(FIELDS[name]), least, most: most === Infinity ? "1,000,000,000" : count(most) }), field);
    return null;
  }

  /** Say why the service refused, as far as we know it in the reader's language. */
  tell(error) {
    const told = error.problem?.detail ?? "";
    if (/stands on the walking network/.test(told)) this.refuse(say("noneOnNetwork"));
    else if (/at most [\d,]+/.test(told)) this.refuse(say("tooMany", { n: count(this.objective === "p_dispersion" ? MOST_APART : MOST) }));
    else this.refuse(say("refusedWords", { reason: error.message }));
  }
}
