// The list of saved scenarios: what each does, and what can be done with it.

import { el } from "./dom.js";
import { button } from "./scenario_form.js";
import { turn } from "./whatif_panel.js";
import { date, hourWords, moment, say, signed } from "./words.js";

/** Ask once more, in place, before a scenario is deleted for good. */
function deleting(scenario, { onDelete, onCancel }) {
  return el("div", { className: "problem", role: "group", "aria-label": say("deleteIt") },
    el("p", {}, say("deleteSure", { name: scenario.name })),
    el("div", { className: "row" }, button("deleteForGood", onDelete), button("cancel", onCancel)));
}

function factsOf({ counts, saved, updated_at: updatedAt, open_at: openAt, rebuilt }) {
  const changes = Object.values(counts).reduce((sum, number) => sum + number, 0);
  const facts = [say("changesCount", { n: changes }), moment(updatedAt)];
  if (openAt) facts.push(hourWords(openAt));
  if (rebuilt) facts.push(say("rebuiltSince", { date: date(saved.built_at) }));
  return facts.join(" · ");
}

function row(scenario, { chosen, asking, current, files, onOpen, onChoose, onAsk, onDelete }) {
  const { id, name, note, saved } = scenario;
  const box = el("input", { type: "checkbox", checked: chosen.includes(id), "aria-label": say("compareThis", { name }) });
  box.addEventListener("change", () => onChoose(id, box.checked));
  const open = el("button", { type: "button", className: "scenario-name", "aria-current": String(id === current) }, name);
  open.addEventListener("click", () => onOpen(id));
  const link = (key, href) => el("a", { href, download: "", className: "plain" }, say(key));
  const tools = el("div", { className: "row" }, link("takeFile", files.file(id)), link("takeGeojson", files.places(id)), button("deleteIt", () => onAsk(id), "plain"));
  const line = el("li", { className: "scenario" },
    el("label", { className: "pick" }, box), open,
    el("strong", { className: `difference ${turn(saved.delta.covered)}` }, say("peopleUnit", { n: signed(saved.delta.covered) })),
    el("div", { className: "facts note" }, el("p", {}, factsOf(scenario)), note ? el("p", {}, note) : null),
    asking === id ? deleting(scenario, { onDelete: () => onDelete(scenario), onCancel: () => onAsk(null) }) : tools);
  line.dataset.id = id;
  return line;
}

/** Draw the list; `state` says which are chosen to be compared, which is open, and which is about to be deleted. */
export function scenarioList({ rows, matched }, state) {
  if (!rows.length) return el("p", { className: "note" }, say("noScenarios"));
  const { chosen } = state;
  const compare = button("compareChosen", () => state.onCompare(chosen[0], chosen[1] ?? "now"));
  compare.disabled = !chosen.length;
  const more = rows.length < matched ? button("moreScenarios", () => state.onMore()) : null;
  return el("div", {},
    el("div", { className: "row compare-row" }, el("p", { className: "note" }, say("compareHow")), compare),
    el("ul", { className: "scenario-rows" }, ...rows.map((scenario) => row(scenario, state))),
    ...(more ? [more] : []));
}
