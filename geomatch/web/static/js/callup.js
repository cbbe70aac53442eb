// The board of a call-up: who is signed in sees the posts of their own area fill, in figures and on the map.

import { barList } from "./bars.js";
import { CallupLayer } from "./callup_layer.js";
import { el, getJson, Refusal, sendJson } from "./dom.js";
import { figureCell, Table } from "./panel.js";
import { headline } from "./section_parts.js";
import { openStage } from "./stage.js";
import { count, date, language, moment, percent, say } from "./words.js";

const LOOK_S = 5;
const SEES = new Set(["station", "office", "centre", "auditor"]);
const byId = (id) => document.getElementById(id);

function clock(when) {
  return when.toLocaleTimeString(language() === "zh" ? "zh-CN" : "en-GB", { hour12: false });
}

function sum(rows) {
  const total = { places: 0, held: 0, standby: 0, asked: 0 };
  for (const row of rows) for (const name of Object.keys(total)) total[name] += row[name];
  return total;
}

export class CallupPage {
  constructor({ map, settings }) {
    openStage(map, settings.base, settings);
    Object.assign(this, { map, settings, form: byId("sign-in"), holder: byId("board"), unit: null, order: 0 });
    this.layer = new CallupLayer(map);
    this.at = `/api/v1/regions/${encodeURIComponent(settings.region)}/callups`;
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this._signIn();
    });
    for (const name of ["profile", "minutes"]) document.querySelector(`select[name=${name}]`)?.closest("label").remove();
    document.querySelector("select[name=region]").addEventListener("change", ({ target }) => {
      window.location.assign(`/map/${encodeURIComponent(target.value)}/callup${window.location.search}`);
    });
  }

  async start() {
    this._legend();
    try {
      this._enter(await getJson("/api/v1/session"));
    } catch (error) {
      if (error instanceof Refusal && error.status === 401) this._askWho();
      else this._tell(error.message);
    }
  }

  async _signIn() {
    const told = this.form.querySelector(".problem");
    told.hidden = true;
    const { name, password } = Object.fromEntries(new FormData(this.form));
    try {
      const session = await sendJson("/api/v1/session", { name, password });
      this.form.reset();
      this._enter(session);
      this.holder.focus();
    } catch (error) {
      const words = { 401: say("wrongSecret"), 429: say("triedTooOften") };
      told.textContent = words[error.status] ?? error.message;
      told.hidden = false;
    }
  }

  _askWho() {
    clearTimeout(this.timer);
    this.form.hidden = false;
    this.holder.replaceChildren();
    this.layer.show([]);
    document.body.dataset.ready = "sign-in";
  }

  async _enter({ account, csrf }) {
    Object.assign(this, { account, csrf });
    this.form.hidden = true;
    if (account.region !== this.settings.region) return this._tell(say("otherRegion"));
    if (!SEES.has(account.role)) return this._tell(say("notForRole"));
    const { callups } = await getJson(this.at);
    this.calls = callups;
    const wanted = new URLSearchParams(window.location.search).get("call");
    this.call = callups.find(({ id }) => id === wanted) ?? callups[0];
    if (!this.call) return this._tell(say("noCalls"));
    return this._look();
  }

  async _signOut() {
    await fetch("/api/v1/session", { method: "DELETE", headers: { "X-CSRF-Token": this.csrf } });
    this._askWho();
  }

  /** Ask how far it is, again and again; the service says so only where something changed. */
  async _look() {
    clearTimeout(this.timer);
    const asked = this.call;
    try {
      const board = await getJson(`${this.at}/${asked.id}/board`);
      if (asked !== this.call) return;
      this.seen = new Date();
      this.stale = false;
      const words = JSON.stringify(board);
      if (words !== this.words) this._show(board);
      this.words = words;
    } catch (error) {
      if (error instanceof Refusal && error.status === 401) return this._askWho();
      if (!this.board) return this._tell(error.message);
      this.stale = true;
    }
    this._stamp();
    this.timer = setTimeout(() => this._look(), LOOK_S * 1000);
  }

  _show(board) {
    const isFirst = this.board?.callup.id !== board.callup.id;
    this.board = board;
    this.layer.show(board.stations);
    if (isFirst) this.layer.fit(board.stations);
    const scroll = this.holder.querySelector(".table-holder")?.scrollTop ?? 0;
    const kept = document.activeElement?.dataset?.keep;
    this.holder.replaceChildren(this._who(), this._headline(board), this._bars(say("byShift"), board.shifts, (row) => this._shiftWords(row)), this._bars(say("bySkill"), board.skills, ({ skill }) => skill ?? say("anySkill")), ...this._table(board));
    this.holder.querySelector(".table-holder").scrollTop = scroll;
    if (kept) this.holder.querySelector(`[data-keep="${CSS.escape(kept)}"]`)?.focus();
    document.body.dataset.ready = "yes";
  }

  _who() {
    const out = el("button", { type: "button", className: "button small" }, say("signOut"));
    out.dataset.keep = "sign-out";
    out.addEventListener("click", () => this._signOut());
    const name = el("span", {}, say("signedAs", { name: this.account.name, role: say(`role_${this.account.role}`) }));
    if (!this.calls?.length) return el("div", { className: "who" }, name, out);
    const choice = el("select", { "aria-label": say("callChoice") }, ...this.calls.map((call) => el("option", { value: call.id, selected: call === this.call }, `${call.name} · ${date(call.opened_at)}`)));
    choice.dataset.keep = "call";
    choice.addEventListener("change", () => this._choose(choice.value));
    return el("div", { className: "who" }, choice, name, out);
  }

  _choose(id) {
    this.call = this.calls.find((call) => call.id === id);
    this.unit = null;
    const address = new URL(window.location.href);
    address.searchParams.set("call", id);
    window.history.replaceState(null, "", address);
    this._look();
  }

  _headline({ total, callup }) {
    const missing = total.places - total.held;
    const facts = [say("standby", { n: count(total.standby) }), say("awaited", { n: count(total.asked) }), say("waves", { n: callup.waves })];
    this.stamp = el("p", { className: "note" });
    const state = callup.closed_at ? say("closed", { at: moment(callup.closed_at) }) : missing ? say("missing", { n: count(missing) }) : say("allFilled");
    return headline(percent(total.places ? total.held / total.places : null), `${count(total.held)} ${say("filled", { n: count(total.places) })}`, el("p", { className: missing ? "outside" : "" }, state), facts.join(" · "), this.stamp);
  }

  _stamp() {
    if (this.stamp) this.stamp.textContent = say(this.stale ? "outOfReach" : "updated", { at: clock(this.seen), n: LOOK_S });
  }

  _bars(title, rows, nameOf) {
    const bars = rows.map((row, at) => ({ id: at, name: nameOf(row), share: row.places ? row.held / row.places : 0, text: say("ofPlaces", { held: count(row.held), places: count(row.places) }) }));
    return el("section", { className: "chart-part" }, el("h3", {}, title), barList(bars, { label: title }));
  }

  _shiftWords({ starts_at: starts, ends_at: ends }) {
    const from = new Date(starts);
    return `${from.getMonth() + 1}/${from.getDate()} ${moment(starts).slice(-5)}–${moment(ends).slice(-5)}`;
  }

  _table({ stations }) {
    const isInside = this.unit !== null || this.account.role === "station" || this.account.role === "office";
    const shown = this.unit === null ? stations : stations.filter(({ unit }) => (unit ?? say("noUnit")) === this.unit);
    const rows = isInside ? shown.map((row) => ({ ...row, id: row.site })) : this._units(stations);
    const table = el("table", { className: "figures" });
    const caption = isInside && this.unit !== null ? say("ofUnit", { unit: this.unit }) : say(isInside ? "station" : "byUnit");
    const back = el("button", { type: "button", className: "plain" }, say("backToUnits"));
    back.dataset.keep = "back";
    back.addEventListener("click", () => this._inside(null));
    const made = new Table(table, { onLook: () => {}, onChoose: (id) => (isInside ? this.layer.choose(id) : this._inside(id)) });
    const share = (row) => row.held / Math.max(1, row.places);
    made.show(
      [
        { key: (row) => row.name, heading: isInside ? "station" : "unit" },
        { key: share, heading: "held", cell: (row) => figureCell(`${count(row.held)} / ${count(row.places)}`, share(row), "share-bar") },
        { key: (row) => row.places - row.held, heading: "stillMissing", cell: (row) => el("td", {}, count(row.places - row.held)) },
        { key: (row) => row.standby, heading: "waits", cell: (row) => el("td", {}, count(row.standby)) },
      ],
      rows, { caption, name: (row) => row.name ?? say("total"), id: (row) => row.id, total: { name: null, ...sum(rows) } },
    );
    const heading = el("div", { className: "caption-row" }, el("h3", {}, caption), this.unit === null ? null : back);
    return [heading, el("div", { className: "table-holder", tabIndex: 0, role: "region", "aria-label": caption }, table)];
  }

  _units(stations) {
    const groups = new Map();
    for (const station of stations) {
      const unit = station.unit ?? say("noUnit");
      groups.set(unit, [...(groups.get(unit) ?? []), station]);
    }
    return [...groups].map(([unit, rows]) => ({ id: unit, name: unit, ...sum(rows) }));
  }

  _inside(unit) {
    this.unit = unit;
    this._show(this.board);
    this._stamp();
    this.layer.fit(unit === null ? this.board.stations : this.board.stations.filter((row) => (row.unit ?? say("noUnit")) === unit));
  }

  _legend() {
    const steps = ["full", "most", "few", "none"].map((step) => el("li", {}, el("span", { className: `dot ${step}` }), say(step)));
    byId("legend").replaceChildren(el("p", { className: "legend-title" }, say("legendTitle")), el("ul", { className: "swatches" }, ...steps), el("p", { className: "legend-note" }, say("larger")));
  }

  _tell(words) {
    this.holder.replaceChildren(...(this.account ? [this._who()] : []), el("p", { className: "note work", role: "status" }, words));
    document.body.dataset.ready = "told";
  }
}
