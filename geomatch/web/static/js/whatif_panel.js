// The what-if panel: people covered before and after with the difference, and the townships, the changed ones first.

import { el } from "./dom.js";
import { figureCell } from "./panel.js";
import { count, metres, people, percent, say, signed } from "./words.js";

/** The class of a difference: won, lost or the same. */
export function turn(number) {
  return number > 0 ? "won" : number < 0 ? "lost" : "same";
}

/** A difference with its sign, never by colour alone. */
export function difference(number) {
  return el("span", { className: `difference ${turn(number)}` }, number ? signed(number) : "–");
}

function points(delta) {
  return say("percentPoints", { n: signed(delta * 100, 2) });
}

/** Before anything is changed: how it stands, and what can be done here. */
export function showPresent(holder, { before, limit_s: limitS }) {
  const values = { minutes: Math.round(limitS / 60), share: percent(before.share) };
  holder.replaceChildren(
    el("p", { className: "figure" }, before.population > 0 ? count(before.covered) : "–"),
    el("p", { className: "figure-caption" }, before.population > 0 ? say("coveredNow", values) : say("noPeople")),
    el("p", { className: "invite" }, say("whatifInvite")),
  );
}

export function showChanged(holder, { before, after, delta, limit_s: limitS }) {
  const caption = delta.covered === 0 ? "changeNobody" : delta.covered > 0 ? "changeWon" : "changeLost";
  const lines = [
    el("p", { className: `figure ${turn(delta.covered)}` }, signed(delta.covered)),
    el("p", { className: "figure-caption" }, say(caption, { minutes: Math.round(limitS / 60) })),
    el("p", { className: "before-after" }, count(before.covered), el("span", { className: "arrow", "aria-hidden": "true" }, " → "),
      el("span", { className: "unseen" }, say("becomes")), el("strong", {}, people(after.covered))),
  ];
  if (before.share !== null) {
    lines.push(el("p", { className: "note" }, say("shareChange", { before: percent(before.share), after: percent(after.share), points: points(delta.share) })));
  }
  if (before.backup_share !== null) {
    lines.push(el("p", { className: "note" }, say("backupChange", { before: percent(before.backup_share), after: percent(after.backup_share) })));
  }
  if (before.median_walk_m !== null && after.median_walk_m !== null) {
    lines.push(el("p", { className: "note" }, say("medianChange", { before: metres(before.median_walk_m), after: metres(after.median_walk_m) })));
  }
  holder.replaceChildren(...lines);
}

/** Rows of all townships, those that change as they would be. */
export function unitRows(units, changed) {
  const byId = new Map(changed.map((unit) => [unit.id, unit]));
  return units.map((unit) => ({ id: unit.id, name: unit.name, ...totalRow(byId.get(unit.id) ?? unit) }));
}

const OUTSIDE_SCALE = 1e-9; // where two change alike, the one with more people outside stands first

export function whatifColumns(rows) {
  const mostOutside = Math.max(1, ...rows.map((row) => row.outside));
  const shares = ({ before, after }) => (before.share === after.share ? percent(after.share) : `${percent(before.share)} → ${percent(after.share)}`);
  return [
    { key: (row) => row.name ?? "", heading: "unit" },
    { key: (row) => Math.abs(row.change) + row.outside * OUTSIDE_SCALE, heading: "change", cell: (row) => el("td", {}, difference(row.change)) },
    { key: (row) => row.after.share ?? -1, heading: "share", cell: (row) => el("td", {}, shares(row)) },
    { key: (row) => row.outside, heading: "gap", cell: (row) => figureCell(count(row.outside), row.outside / mostOutside, "gap-bar") },
  ];
}

/** A row of the table without its name, as the one under it. */
export function totalRow({ before, after, delta }) {
  return { before, after, change: delta.covered, outside: after.population - after.covered };
}
