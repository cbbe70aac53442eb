// The planner's panel: one large figure, a few plain sentences, and the table beside the map.

import { el } from "./dom.js";
import { count, metres, minutes, percent, say } from "./words.js";

/** How far the headline moves when speed and access legs are a little different; beside the figure, never instead of it. */
function bandOf({ bands, population }) {
  const { low, high } = bands.find(({ varied }) => varied === "both");
  const outside = say("bandOutside", { low: count(population - high.covered), high: count(population - low.covered) });
  return { share: `${(low.share * 100).toFixed(1)}–${percent(high.share)}`, outside };
}

export function showCoverage(holder, answer, sensitivity) {
  const { total, limit_s: limitS } = answer;
  const band = total.population > 0 ? bandOf(sensitivity) : null;
  const outside = total.population - total.covered;
  const lines = [
    el("p", { className: "figure-caption" }, say("headline", { minutes: Math.round(limitS / 60) })),
    el("p", { className: "outside" }, say("outside", { n: count(outside) }), band ? el("span", { className: "band" }, band.outside) : null),
    el("p", { className: "note" }, say("ofPeople", { n: count(total.population) })),
  ];
  if (total.off_network > 0) lines.push(el("p", { className: "note" }, say("offNetwork", { n: count(total.off_network) })));
  if (total.straight_line_share !== null) {
    const over = ((total.straight_line_share - total.share) * 100).toFixed(1);
    lines.push(el("p", { className: "note" }, say("straight", { share: percent(total.straight_line_share), over })));
  }
  if (total.median_walk_m !== null) {
    const values = { median: metres(total.median_walk_m), worst: metres(total.worst_decile_walk_m) };
    lines.push(el("p", { className: "note" }, say("walkTimes", values)));
  }
  const figure = total.population > 0 ? percent(total.share) : "–";
  if (total.population === 0) lines.splice(1, lines.length, el("p", { className: "note" }, say("noPeople")));
  const beside = band ? el("span", { className: "band", title: say("bandNote") }, band.share) : null;
  if (band) lines.push(el("p", { className: "note" }, say("bandNote")));
  holder.replaceChildren(el("p", { className: "figure" }, figure, beside), ...lines);
}

export function showGaps(holder, gaps, limitS) {
  const outside = gaps.features.reduce((sum, gap) => sum + gap.properties.people, 0);
  const words = gaps.features.length ? say("gapsOutside", { people: count(outside), minutes: Math.round(limitS / 60) }) : say("noGaps");
  holder.replaceChildren(
    el("p", { className: "figure gaps-figure" }, count(gaps.features.length)),
    el("p", { className: "figure-caption" }, say("gapsHeadline")),
    el("p", { className: "outside" }, words),
  );
}

export function bar(share, className) {
  const track = el("span", { className: `bar ${className}` });
  const length = el("span", { className: "bar-fill" });
  length.style.width = `${(share ?? 0) * 100}%`;
  track.append(length);
  return track;
}

export function figureCell(text, share, className) {
  return share === undefined ? el("td", {}, text) : el("td", { className: "with-bar" }, el("span", {}, text), bar(share, className));
}

/** The township table's columns: key to sort by, heading, and how a row shows it. */
export function coverageColumns(rows) {
  const most = Math.max(1, ...rows.map((row) => row.population));
  const mostOutside = Math.max(1, ...rows.map((row) => row.population - row.covered));
  return [
    { key: (row) => row.name ?? "", heading: "unit" },
    { key: (row) => row.population, heading: "population", cell: (row) => figureCell(count(row.population), row.population / most, "people-bar") },
    { key: (row) => row.share ?? -1, heading: "share", cell: (row) => figureCell(percent(row.share), row.share, "share-bar") },
    {
      key: (row) => row.population - row.covered, heading: "gap",
      cell: (row) => figureCell(count(row.population - row.covered), (row.population - row.covered) / mostOutside, "gap-bar"),
    },
    { key: (row) => row.backup_share ?? -1, heading: "twoOrMore", cell: (row) => figureCell(percent(row.backup_share), row.backup_share, "share-bar") },
  ];
}

export function gapColumns(rows, siteName) {
  const most = Math.max(1, ...rows.map((row) => row.people));
  const nearest = (row) => {
    if (row.nearest_site !== null) return `${metres(row.nearest_walk_m)} · ${siteName(row.nearest_site)}`;
    return say(row.reason === "off_network" ? "nearestOffNetwork" : "nearestCutOff");
  };
  return [
    { key: (row) => -row.rank, heading: "unit" },
    { key: (row) => row.people, heading: "people", cell: (row) => figureCell(count(row.people), row.people / most, "gap-bar") },
    { key: (row) => row.nearest_walk_m ?? Infinity, heading: "nearest", className: "words", cell: (row) => el("td", { className: "words" }, nearest(row)) },
  ];
}

/** A sortable table whose rows can be looked at (hover, focus) and chosen (click, Enter). */
export class Table {
  constructor(table, { onLook, onChoose }) {
    Object.assign(this, { table, onLook, onChoose, order: { column: 1, falling: true } });
    table.addEventListener("mouseleave", () => onLook(null));
    table.addEventListener("focusout", () => onLook(null));
  }

  show(columns, rows, { name, id, caption, total, order }) {
    const isAsBefore = this.columns?.map(({ heading }) => heading).join() === columns.map(({ heading }) => heading).join();
    Object.assign(this, { columns, rows, name, id, caption, total });
    if (!isAsBefore) this.order = order ?? { column: Math.min(1, columns.length - 1), falling: true };
    this._render();
  }

  light(id) {
    for (const row of this.table.tBodies[0]?.rows ?? []) row.classList.toggle("lit", row.dataset.id === id && id !== null);
  }

  _render() {
    const { column, falling } = this.order;
    const { key } = this.columns[column];
    const sorted = [...this.rows].sort((a, b) => {
      const [first, second] = falling ? [key(b), key(a)] : [key(a), key(b)];
      return typeof first === "string" ? first.localeCompare(second, document.documentElement.lang) : first - second;
    });
    const body = el("tbody", {}, ...sorted.map((row) => this._row(row)));
    const parts = [el("caption", { className: "unseen" }, this.caption), el("thead", {}, this._head()), body];
    if (this.total) parts.push(el("tfoot", {}, this._row(this.total, say("total"))));
    this.table.replaceChildren(...parts);
  }

  _head() {
    return el("tr", {}, ...this.columns.map((column, at) => {
      const sorted = this.order.column === at;
      const button = el("button", { type: "button", className: "sort" }, say(column.heading));
      button.addEventListener("click", () => {
        this.order = { column: at, falling: sorted ? !this.order.falling : true };
        this._render();
        this.table.tHead.rows[0].cells[at].querySelector("button").focus();
      });
      return el("th", { scope: "col", className: column.className ?? "", "aria-sort": sorted ? (this.order.falling ? "descending" : "ascending") : "none" }, button);
    }));
  }

  _row(row, fixedName) {
    const line = el("tr");
    const head = el("th", { scope: "row" }, fixedName ?? this._button(row, line));
    line.append(head, ...this.columns.slice(1).map((column) => column.cell(row)));
    if (fixedName === undefined) {
      line.dataset.id = this.id(row);
      line.addEventListener("mouseenter", () => this.onLook(this.id(row)));
    }
    return line;
  }

  _button(row) {
    const button = el("button", { type: "button", className: "row-name" }, this.name(row));
    button.addEventListener("focus", () => this.onLook(this.id(row)));
    button.addEventListener("click", () => this.onChoose(this.id(row)));
    return button;
  }
}

export function walkWords({ walk_s: walkS, walk_m: walkM }) {
  return say("walkHit", { minutes: minutes(walkS), metres: metres(walkM) });
}
