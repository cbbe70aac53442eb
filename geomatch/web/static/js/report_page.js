// A click on a figure shows where it comes from: its definition, the arithmetic, the inputs and the rows behind it.
// Without this program the same link leads to the definition in the appendix.

const SHOWN_ROWS = 100;
let report = null;
const told = (key, values = {}) => report.words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);

function el(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** Write a value as the report does. */
function shown(value, kind) {
  if (value === null || value === "") return "—";
  if (typeof value === "boolean") return report.language === "zh" ? (value ? "是" : "否") : value ? "yes" : "no";
  if (typeof value !== "number") return String(value);
  if (kind === "share") {
    const percent = Math.round(value * 1000) / 10;
    if (percent === 100 && value < 1) return "99.9 %";
    return `${(percent === 0 && value > 0 ? 0.1 : percent).toFixed(1)} %`;
  }
  if (kind === "number") return Math.abs(value) < 1 ? value.toFixed(3) : value.toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  if (kind === "minutes") return String(value);
  return value.toLocaleString("en", { maximumFractionDigits: kind === "metres" ? 1 : 0 });
}

const place = (table, key) => table.columns.findIndex((column) => column.key === key);

function cellOf(address) {
  const [tableKey, ...rest] = address.split("/");
  const columnKey = rest.pop(), rowId = rest.join("/");
  const table = report.tables[tableKey];
  const row = rowId === "total" ? table.total : table.rows[table.ids.indexOf(rowId)];
  const at = place(table, columnKey);
  return { tableKey, rowId, table, row, column: table.columns[at], value: row[at] };
}

const valueIn = (cell, key) => cell.row[place(cell.table, key)];
const titleOf = (cell, key) => cell.table.columns[place(cell.table, key)].title;

/** Name a row by its first text that is no id. */
function nameOf(table, row) {
  const at = table.columns.findIndex((column, i) => column.kind === "text" && column.key !== "id" && row[i]);
  return at < 0 ? "" : String(row[at]);
}

function step(cell, key) {
  const column = cell.table.columns[place(cell.table, key)];
  const words = `${column.title} ${shown(valueIn(cell, key), column.kind)}`;
  if (!column.term) return words;
  const button = el("button", "trace-step", words);
  button.type = "button";
  button.addEventListener("click", () => open(`${cell.tableKey}/${cell.rowId}/${key}`));
  return button;
}

/** Give the arithmetic of a cell with its own numbers, or null where there is none. */
function arithmetic(cell) {
  const { rule } = cell.column;
  const result = `= ${shown(cell.value, cell.column.kind)}`;
  if (!rule || (cell.rowId === "total" && cell.column.adds)) return null;
  if (rule.is === "ratio") return el("p", "", step(cell, rule.part), " ÷ ", step(cell, rule.whole), ` ${result}`);
  if (rule.is === "minus") return el("p", "", step(cell, rule.whole), " − ", step(cell, rule.part), ` ${result}`);
  if (rule.is === "short") {
    return el("p", "", "max(0, ⌈", step(cell, rule.population), ` × ${report.target} %⌉ − `, step(cell, rule.covered), `) ${result}`);
  }
  return null;
}

/** Find the rows that a sum or a count is made of. */
function rowsBehind(cell) {
  const { rule } = cell.column;
  if (cell.rowId === "total" && cell.column.adds) {
    const at = place(cell.table, cell.column.key);
    return { table: cell.table, rows: cell.table.rows.map((row) => row), at, extra: [] };
  }
  if (!rule || (rule.is !== "summed" && rule.is !== "counted")) return null;
  const table = report.tables[rule.table];
  const pairs = rule.match.map(([there, here]) => [place(table, there), valueIn(cell, here)]);
  const flag = rule.flag ? place(table, rule.flag) : -1;
  const rows = table.rows.filter((row) => pairs.every(([at, value]) => row[at] === value) && (flag < 0 || row[flag] === true));
  const from = flag >= 0 && table.columns[flag].rule ? [place(table, table.columns[flag].rule.column)] : [];
  return { table, rows, at: rule.is === "summed" ? place(table, rule.column) : -1, extra: from };
}

function rowsTable(behind) {
  const { table, rows, at, extra } = behind;
  const home = table === report.tables.homes;
  const label = table.columns.findIndex((column) => column.kind === "text" && (home || column.key !== "id"));
  const site = place(table, "site");
  const columns = [...new Set([label, ...extra, site, at])].filter((one) => one >= 0);
  const cells = (row) => columns.map((one) => el("td", table.columns[one].kind === "text" ? "" : "number", shown(row[one], table.columns[one].kind)));
  const sorted = at < 0 ? rows : [...rows].sort((one, other) => (other[at] ?? 0) - (one[at] ?? 0));
  const head = el("tr", "", ...columns.map((one) => el("th", table.columns[one].kind === "text" ? "" : "number", table.columns[one].title)));
  const body = sorted.slice(0, SHOWN_ROWS).map((row) => el("tr", "", ...cells(row)));
  return el("table", "", el("thead", "", head), el("tbody", "", ...body));
}

function rowsPart(cell) {
  const behind = rowsBehind(cell);
  if (!behind) return null;
  const { table, rows, at } = behind;
  const sheet = table.title;
  const part = el("section", "trace-rows", el("h3", "", `${told("trace_rows")} · ${sheet}`));
  if (table.count > table.rows.length) {
    part.append(el("p", "", told("trace_first", { n: "0", sheet })));
    return part;
  }
  const sum = at < 0 ? rows.length : rows.reduce((total, row) => total + (row[at] ?? 0), 0);
  part.append(el("p", "trace-sum", told("trace_sum", { n: rows.length.toLocaleString("en"), sum: shown(sum, "people") })));
  if (rows.length > SHOWN_ROWS) part.append(el("p", "", told("trace_first", { n: SHOWN_ROWS, sheet })));
  if (rows.length) part.append(rowsTable(behind));
  return part;
}

function definitionPart(term) {
  const entry = document.getElementById(`ref-${term}`);
  if (!entry) return null;
  const part = el("section", "", el("h3", "", told("trace_definition")), el("p", "", entry.querySelector(".meaning").textContent));
  for (const pair of entry.querySelectorAll("dl > div")) {
    part.append(el("h3", "", pair.querySelector("dt").textContent), el("p", "", pair.querySelector("dd").textContent));
  }
  return part;
}

function inputsPart() {
  const part = el("section", "trace-inputs", el("h3", "", told("trace_inputs")));
  for (const [label, words] of report.question) part.append(el("p", "", `${label}：${words}`));
  part.append(el("p", "", `${report.built} · ${told("number")} ${report.number}`));
  const sources = document.querySelector("#sources table");
  if (sources) part.append(sources.cloneNode(true));
  return part;
}

const panel = el("dialog", "trace-panel");
let opener = null;

function open(address) {
  const cell = cellOf(address);
  const whole = cell.tableKey === "units" && cell.rowId === "total";
  const who = whole ? report.region : nameOf(cell.table, cell.row);
  const close = el("button", "trace-close", "×");
  close.type = "button";
  close.setAttribute("aria-label", told("trace_close"));
  close.addEventListener("click", () => panel.close());
  const title = el("p", "trace-figure", `${who ? `${who} · ` : ""}${cell.column.title} ${shown(cell.value, cell.column.kind)}`);
  title.id = "trace-title";
  const parts = [definitionPart(cell.column.term), arithmetic(cell), rowsPart(cell), inputsPart()].filter(Boolean);
  panel.setAttribute("aria-labelledby", "trace-title");
  panel.replaceChildren(el("header", "", el("div", "", el("h2", "", told("trace")), title), close), el("div", "trace-body", ...parts));
  panel.scrollTop = 0;
  if (!panel.open) panel.showModal();
}

/** Make the figures of the document that stands in the page answer to a click. */
function start() {
  report = JSON.parse(document.getElementById("trace").textContent);
  document.body.append(panel);
  panel.addEventListener("click", (event) => { if (event.target === panel) panel.close(); });
  panel.addEventListener("close", () => opener?.focus());
  document.addEventListener("click", (event) => {
    const figure = event.target.closest?.("a.figure[data-figure]");
    if (!figure || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    opener = figure;
    open(figure.dataset.figure);
  });
  document.body.dataset.ready = "yes";
}

/** Fetch the document of a page that came without it; say so where that fails. */
async function fill(stand) {
  try {
    const response = await fetch(stand.dataset.article);
    if (!response.ok) throw new Error(String(response.status));
    stand.innerHTML = await response.text();
    start();
  } catch {
    stand.querySelector("[data-state=waiting]")?.remove();
    const failed = stand.querySelector("[data-state=failed]");
    if (failed) failed.hidden = false;
    document.body.dataset.ready = "failed";
  }
}

/** Another question, or another region, is another page. */
function watchQuestion(form) {
  form.addEventListener("change", ({ target }) => {
    const address = new URL(window.location.href);
    if (target.name === "region") address.pathname = `/map/${encodeURIComponent(target.value)}/report`;
    else address.searchParams.set(target.name, target.value);
    window.location.assign(address);
  });
}

const stand = document.getElementById("report");
const question = document.getElementById("question");
if (question) watchQuestion(question);
if (stand) fill(stand);
else start();
