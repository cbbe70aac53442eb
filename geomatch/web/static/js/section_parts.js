// What the sections of standing share: a headline, a column of the township table, a definition list of figures.

import { el } from "./dom.js";
import { figureCell } from "./panel.js";
import { say } from "./words.js";

/** The large figure, alone or with its unit; what it is; and lines of text or elements. */
export function headline(figure, caption, ...notes) {
  const [number, unit] = Array.isArray(figure) ? figure : [figure, null];
  return el("div", { className: "headline" }, el("p", { className: "figure" }, number, unit ? el("span", { className: "unit" }, unit) : null), el("p", { className: "figure-caption" }, caption),
    ...notes.filter(Boolean).map((note) => (typeof note === "string" ? el("p", { className: "note" }, note) : note)));
}

export function chartPart(title, ...parts) {
  return el("section", { className: "chart-part" }, title ? el("h3", {}, title) : null, ...parts.filter(Boolean));
}

/** A column of figures with bars as long as the figure's share of the most. */
export function barColumn(heading, valueOf, tell, rows, className) {
  const most = Math.max(...rows.map((row) => valueOf(row) ?? 0), 0) || 1;
  return { heading, key: (row) => valueOf(row) ?? -1, cell: (row) => figureCell(tell(valueOf(row)), (valueOf(row) ?? 0) / most, className) };
}

export function plainColumn(heading, valueOf, tell) {
  return { heading, key: (row) => valueOf(row) ?? -1, cell: (row) => el("td", {}, tell(valueOf(row))) };
}

/** A table of townships, the one that is looked at lit on the map. */
export function townTable(rows, columns, total) {
  return {
    rows, total, caption: say("unit"), name: (row) => row.name ?? say("total"), id: (row) => row.id,
    columns: [{ key: (row) => row.name ?? "", heading: "unit" }, ...columns],
  };
}

/** A small table of figures that do not sort: rows of [name, ...texts]. */
export function factTable(heads, rows) {
  return el("div", { className: "fact-holder" }, el("table", { className: "facts" },
    heads ? el("thead", {}, el("tr", {}, ...heads.map((head, at) => el(at ? "th" : "td", at ? { scope: "col" } : {}, head)))) : null,
    el("tbody", {}, ...rows.map(([name, ...texts]) => el("tr", {}, el("th", { scope: "row" }, name), ...texts.map((text) => el("td", {}, text)))))));
}
