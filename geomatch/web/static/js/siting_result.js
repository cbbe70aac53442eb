// What siting answers, in plain words: how many more, how near to the best, the curve, the order of choice, the townships.

import { curveChart } from "./curve_chart.js";
import { el } from "./dom.js";
import { figureCell } from "./panel.js";
import { sourceLine } from "./source.js";
import { amount, count, metres, percent, say } from "./words.js";

const SERVED = { capacitated: "servedHeadline", backup: "backupHeadline" };
const PEOPLE = new Set(["mclp", "capacitated"]);
const WALKS = { p_median: "medianHeadline", p_center: "centerHeadline", p_dispersion: "apartHeadline" };

export function nameOfRow(row) {
  return row.name || say("junction", { id: row.id });
}

const orNever = (figure) => (figure === null ? "–" : metres(figure));

/** The large figure and what it is, by objective. */
function headline(answer) {
  const { certificate: { before, value }, chosen, covered, population, limit_s: limitS, objective } = answer;
  const n = chosen.length;
  if (objective === "lscp") return [count(value), say("sitesHeadline")];
  if (objective in WALKS) return [orNever(value), say(WALKS[objective], { before: orNever(before) })];
  return [percent(population ? covered / population : null), say(SERVED[objective] ?? "chosenHeadline", { n, minutes: Math.round(limitS / 60) })];
}

function moved(answer) {
  const { covered_before: before, covered, population, objective, limit_s: limitS } = answer;
  const share = (people) => percent(population ? people / population : null);
  const values = { from: share(before), to: share(covered), n: count(covered - before), minutes: Math.round(limitS / 60) };
  return say(objective === "lscp" || objective in WALKS ? "reachFromTo" : "fromTo", values);
}

/** What is proven, as a sentence: how much better the best there can be is. */
export function provenWords({ certificate: { measure, value, bound, gap }, objective }) {
  if (bound === null) return say("provenNothing");
  if (gap === 0) return say("provenBest");
  const values = { gap: gap < 0.0001 ? say("tinyGap") : say("exactGap", { n: (gap * 100).toFixed(2) }) };
  if (measure === "people") return say("provenPeople", { ...values, n: count(bound - value) });
  if (measure === "sites") return say("provenSites", { ...values, n: count(bound) });
  if (objective === "p_dispersion") return say("provenApart", { ...values, n: metres(bound) });
  return say("provenLess", { ...values, n: metres(value - bound) });
}

const METHODS = { all: "methodAll", lagrangian: "methodLagrangian", linear: "methodLinear", cliques: "methodCliques" };

function proof(answer) {
  const { method, gap } = answer.certificate;
  const aside = [method ? say(METHODS[method]) : null, answer.floor > 0 && gap && answer.objective === "mclp" ? say("provenFloors") : null].filter(Boolean).join(" · ");
  return el("p", { className: `proof${gap === 0 ? " best" : ""}` }, provenWords(answer), aside ? el("span", { className: "note" }, aside) : null);
}

function unmet({ unmet: rows }) {
  if (!rows.length) return null;
  const heads = ["unit", "unmetShort", "unmetReachable", "unmetWanted"].map((key) => el("th", { scope: "col" }, say(key)));
  const lines = rows.map(({ name, short, wanted, reachable }) => el("tr", {}, el("th", { scope: "row" }, name ?? say("total")), ...[short, reachable, wanted].map((people) => el("td", {}, count(people)))));
  return el("div", { className: "problem" }, el("h3", {}, say("unmetTitle")),
    el("table", { className: "figures" }, el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...lines)));
}

function offNetwork({ off_network: rows }) {
  if (!rows.length) return null;
  const words = rows.map((row) => el("li", {}, row.access_m === null
    ? say("offRowFar", { name: nameOfRow(row) }) : say("offRow", { name: nameOfRow(row), metres: metres(row.access_m) })));
  return el("details", { className: "off" }, el("summary", {}, say("offTitle", { n: count(rows.length) })), el("ul", {}, ...words));
}

/** The words above the tables. */
export function summary(answer) {
  const [figure, caption] = headline(answer);
  const { p_dispersion: isApart } = { [answer.objective]: true };
  const idle = answer.chosen.filter(({ people_added: added }) => added === 0).length;
  const spare = idle && PEOPLE.has(answer.objective) ? say("addNobody", { n: count(idle) }) : null;
  const paid = answer.chosen.some(({ cost }) => cost !== 1) ? say("budgetSpent", { cost: amount(answer.curve.at(-1).cost) }) : null;
  return [
    el("div", { className: "headline" },
      el("p", { className: "figure" }, figure), el("p", { className: "figure-caption" }, caption),
      el("p", { className: "moved" }, moved(answer)), paid ? el("p", { className: "note" }, paid) : null,
      spare ? el("p", { className: "note" }, spare) : null, proof(answer)),
    unmet(answer),
    offNetwork(answer),
    isApart || answer.chosen.length < 2 ? null : el("section", { className: "chart-part" },
      el("h3", {}, say("curveTitle")), curveChart(answer), sourceLine(answer, answer.population)),
  ].filter(Boolean);
}

export function chosenColumns({ chosen, population }) {
  const most = Math.max(1, ...chosen.map((row) => row.people_added));
  const columns = [
    { key: (row) => row.rank, heading: "turn" },
    { key: (row) => row.people_added, heading: "added", cell: (row) => figureCell(count(row.people_added), row.people_added / most, "people-bar") },
    { key: (row) => row.covered, heading: "upTo", cell: (row) => figureCell(percent(population ? row.covered / population : null), population ? row.covered / population : 0, "share-bar") },
  ];
  if (chosen.some(({ cost }) => cost !== 1)) columns.push({ key: (row) => row.cost, heading: "cost", cell: (row) => el("td", {}, amount(row.cost)) });
  return columns;
}

export function townshipColumns({ units }) {
  const won = (row) => row.covered - row.covered_before;
  const most = Math.max(1, ...units.map(won));
  return [
    { key: (row) => row.name, heading: "unit" },
    { key: won, heading: "added", cell: (row) => figureCell(count(won(row)), won(row) / most, "people-bar") },
    { key: (row) => row.share_before ?? -1, heading: "before", cell: (row) => el("td", {}, percent(row.share_before)) },
    { key: (row) => row.share ?? -1, heading: "after", cell: (row) => figureCell(percent(row.share), row.share, "share-bar") },
  ];
}
