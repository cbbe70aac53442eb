// The form that saves a scenario under a name, and what is said where it cannot be saved.

import { el } from "./dom.js";
import { say } from "./words.js";

const LONGEST_NAME = 100, LONGEST_NOTE = 2000;
const NOT_FOUND = 404, CONFLICT = 409, CHANGED = 412, AT_FAULT = 422;

export function button(key, onClick, className = "button small") {
  const made = el("button", { type: "button", className }, say(key));
  made.addEventListener("click", onClick);
  return made;
}

/** Say why a scenario was not saved, with what can be done instead. */
export function refusalWords(refusal, { onOpen, onSaveAs }) {
  const holder = refusal.problem?.scenario;
  const choices = {
    [CONFLICT]: holder ? ["nameTaken", button("openThatOne", () => onOpen(holder))] : ["listFull"],
    [CHANGED]: ["changedMeanwhile", button("saveAs", onSaveAs), button("openTheirs", () => onOpen(null))],
    [NOT_FOUND]: ["deletedMeanwhile", button("saveAs", onSaveAs)],
    [AT_FAULT]: ["faultsFirst"],
  };
  const [key, ...buttons] = choices[refusal.status] ?? [];
  const words = key ? say(key) : say("notSaved", { reason: refusal.message });
  return el("div", { className: "problem", role: "alert" }, el("p", {}, words), el("div", { className: "row" }, ...buttons));
}

/** Ask for a name and a note; `onSave` gets both. */
export function scenarioForm({ title, name, note, onSave, onCancel }) {
  const nameBox = el("input", { name: "name", value: name, maxLength: LONGEST_NAME, required: true, autocomplete: "off" });
  const noteBox = el("textarea", { name: "note", value: note, maxLength: LONGEST_NOTE, rows: 2 });
  const save = el("button", { className: "button small primary" }, say("save"));
  const form = el("form", { className: "scenario-form", "aria-label": title },
    el("label", {}, say("scenarioName"), nameBox),
    el("label", {}, say("scenarioNote"), noteBox),
    el("div", { className: "row" }, save, button("cancel", onCancel)));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (nameBox.value.trim()) onSave({ name: nameBox.value.trim(), note: noteBox.value });
    else nameBox.focus();
  });
  return form;
}
