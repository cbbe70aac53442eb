// The what-if page: what a planner changes, step by step; what it does is for Effects to say.

import { Callout } from "./callout.js";
import { Comparison } from "./comparison.js";
import { changeName, showChanges } from "./change_list.js";
import { bodyOf, changesOf, goneFrom, History, spotOf, withClosed, withLink, withMoved, withOpened, without, withPut, withSite } from "./changes.js";
import { DraftLayer } from "./draft_layer.js";
import { el } from "./dom.js";
import { Effects } from "./effects.js";
import { Ground } from "./ground.js";
import { KINDS } from "./kinds.js";
import { LONGEST_OPEN, packed, unpacked } from "./open_link.js";
import { Table } from "./panel.js";
import { keepInAddress, offerQuestion, watchQuestion } from "./question.js";
import { scenarioStore } from "./scenario_store.js";
import { Scenarios } from "./scenarios.js";
import { Tools } from "./tools.js";
import { changeCard, whatifSiteCard } from "./whatif_cards.js";
import { hourWords, say } from "./words.js";

const byId = (id) => document.getElementById(id);

export class WhatIf {
  constructor(parts) {
    const { map, settings, store } = parts;
    Object.assign(this, { map, settings, store, history: new History(), openAt: null });
    this.ground = new Ground(parts, {
      onSite: (site) => this._chooseSite(site),
      onTownship: (id) => this.table.light(id),
      onDrag: (site, latlng) => this.effects.preview(this._put(site.properties, latlng)),
      onDrop: (site, latlng) => this._step(this._put(site.properties, latlng)),
    });
    this.table = new Table(byId("table"), { onLook: (id) => this.ground.townships.light(id), onChoose: (id) => this.ground.townships.zoomTo(id) });
    this.effects = new Effects({ map, store, ground: this.ground, table: this.table }, {
      onFaults: (faults) => this.effects.previewed || this._drawChanges(faults),
      onKinds: () => this.ground.shown.size && this._asks(),
    });
    this.callout = new Callout(map, store);
    this.draft = new DraftLayer(map, {
      onDrag: (change, latlng) => this.effects.preview(this._put(change, latlng)),
      onDrop: (change, latlng) => this._step(this._put(change, latlng)),
      onChoose: (change, latlng) => this._chooseChange(change, latlng),
    });
    this.tools = new Tools(map, { onPlaces: (...taken) => this._placed(...taken) });
    this.question = watchQuestion(settings, (question) => this._asks(question));
    const scenarios = scenarioStore(settings.region);
    this.scenarios = new Scenarios(byId("scenarios"), {
      store: scenarios, body: () => this._body(), hasChanges: () => this.history.list.length > 0,
      onOpen: (scenario) => this._openScenario(scenario), onCompare: (a, b) => this._compare(a, b),
    });
    this.comparison = new Comparison({ map, store: scenarios, ground: this.ground, table: this.table, draft: this.draft }, { onLeave: () => this._leaveComparison() });
    this._wire();
  }

  async start() {
    const address = new URLSearchParams(window.location.search);
    const [scenario, open, compare] = ["scenario", "open", "compare"].map((name) => address.get(name));
    if (scenario !== null) await this.scenarios.openAt(scenario);
    if (open !== null) this._openLink(open);
    if (compare === null) this.effects.ask(this._asked()); // the slowest answers are asked for first
    this.scenarios.refresh();
    try {
      await this.ground.load();
    } catch (error) {
      this.effects.fail(error, () => this.start());
      return;
    }
    this.isLoaded = true;
    if (compare === null) await this._drawAll();
    else await this._compare(...compare.split("~"));
    performance.mark("ready");
  }

  /** Draw changes that were not made here one by one. */
  async _drawAll() {
    this._drawChanges(new Map());
    this.draft.showAll();
    this._drawHour();
    this.scenarios.edited();
    await this.effects.update(this.history.list);
  }

  /** Take a step: draw it, keep it in the address, and ask what it does. */
  _step(list) {
    this.history.step(list);
    this._stepped();
  }

  _stepped() {
    this.effects.previewed = null;
    this.map.closePopup();
    this._drawChanges(new Map());
    this._keep();
    this.scenarios.edited();
    this.effects.update(this.history.list);
  }

  /** Another question, or other kinds that count: the same changes asked anew. */
  _asks(question = {}) {
    Object.assign(this.question, question);
    if (this.comparison.isOn) return;
    this.map.closePopup();
    this._keep();
    this.scenarios.edited();
    this.effects.ask(this._asked());
    this.effects.update(this.history.list);
  }

  /** What POST /whatif takes beside the changes. */
  _asked() {
    const { profile, minutes } = this.question;
    return { profile, minutes, kind: this.ground.askedKinds(), ...(this.openAt && { open_at: this.openAt }) };
  }

  /** The whole question: what is shared, and what is saved. */
  _body() {
    const parts = Object.entries({ ...bodyOf(this.history.list), ...this._asked() });
    return Object.fromEntries(parts.filter(([, part]) => !Array.isArray(part) || part.length));
  }

  _keep() {
    const open = packed(this._body());
    const { scenario, isSaved } = this.scenarios.address;
    const hasSomething = !isSaved && (this.history.list.length > 0 || this.openAt || scenario);
    keepInAddress({ scenario, open: hasSomething && open.length <= LONGEST_OPEN ? open : null });
  }

  _openLink(open) {
    if (this._take(unpacked(open))) {
      this._keep();
      return;
    }
    this._tell(say("linkUnread"));
    keepInAddress({ open: null });
  }

  /** Take the changes of a saved scenario; one of another region is opened there. */
  _openScenario(scenario) {
    if (scenario.region !== this.settings.region) {
      window.location.assign(scenario.page);
      return true;
    }
    if (!this._take(scenario.question)) return false;
    if (this.comparison.isOn) this.comparison.leave();
    else if (this.isLoaded) this._redraw();
    return true;
  }

  _redraw() {
    this.effects.ask(this._asked());
    this._drawAll();
  }

  async _compare(a, b) {
    byId("notice").replaceChildren();
    try {
      await this.comparison.show(a, b);
      this.tools.stop();
      this.map.closePopup();
      this.effects.clear();
      this.ground.siteLayer.hide(new Set());
      byId("headline").scrollIntoView({ block: "nearest" });
    } catch (refusal) {
      this._tell(refusal.status === 404 || refusal.status === 422 ? say("compareGone") : say("notCompared", { reason: refusal.message }));
      keepInAddress({ compare: null });
      if (!this.effects.present) this._redraw();
    }
  }

  _leaveComparison() {
    this._keep();
    this._redraw();
  }

  /** Take changes that come from elsewhere, with the question that they were asked with; tells whether they make sense. */
  _take(body) {
    const list = changesOf(body);
    const isWgs84 = list && ["wgs84", "cgcs2000"].includes(body.coordsys ?? "wgs84");
    const question = isWgs84 && offerQuestion(body, JSON.parse(byId("tools").dataset.speeds));
    if (!question) return false;
    Object.assign(this.question, question);
    keepInAddress(question);
    this.history.open(list);
    this.openAt = body.open_at ?? null;
    this.ground.showOnly(body.kind?.length ? body.kind : KINDS);
    return true;
  }

  _tell(words) {
    byId("notice").replaceChildren(el("p", {}, words));
  }

  _drawChanges(faults) {
    const { list, past, future } = this.history;
    const { sites } = this.ground;
    this.ground.siteLayer.hide(goneFrom(list));
    this.draft.show(list, sites, faults);
    showChanges(byId("changes"), list, {
      sites, faults, onGo: (change) => this.draft.goTo(change.key), onDrop: (change) => this._step(without(list, change.key)), onClear: () => this._step([]),
    });
    byId("undo").disabled = !past.length;
    byId("redo").disabled = !future.length;
  }

  /** Say that only sites open at an hour count, where a link asks so; without the hour, staying open longer means nothing. */
  _drawHour() {
    const forget = el("button", { type: "button", className: "plain" }, say("hourForget"));
    forget.addEventListener("click", () => {
      this.openAt = null;
      this.history.open(this.history.list.filter(({ part }) => part !== "open"));
      this._drawHour();
      this._asks();
    });
    byId("hour").replaceChildren(...(this.openAt ? [el("p", {}, say("hourCounts", { when: hourWords(this.openAt) })), forget] : []));
  }

  /** The changes with a site, new or old, put elsewhere. */
  _put({ part, key, id }, latlng) {
    const { list } = this.history;
    return part === "add" ? withPut(list, key, spotOf(latlng)) : withMoved(list, id, spotOf(latlng));
  }

  _placed(tool, places, subject, kind) {
    const { list } = this.history;
    if (tool === "move") return this._step(this._put(subject, places[0]));
    const spots = places.map(spotOf);
    return this._step(tool === "add" ? withSite(list, spots[0], kind) : withLink(list, ...spots, tool));
  }

  _chooseSite(site) {
    const [lon, lat] = site.geometry.coordinates;
    const { id } = site.properties;
    const close = () => this._step(withClosed(this.history.list, id));
    if (this.tools.tool === "close") close();
    else if (!this.tools.take(L.latLng(lat, lon))) {
      const onOpen = this.effects.isShut(id) ? () => this._step(withOpened(this.history.list, id)) : null;
      this._offer([lat, lon], whatifSiteCard(site, { onMove: () => this.tools.start("move", site.properties), onClose: close, onOpen }));
    }
  }

  _chooseChange(change, latlng) {
    const { list } = this.history;
    const site = this.ground.sites.get(change.id);
    const drop = () => this._step(without(list, change.key));
    if (this.tools.tool === "close" && change.part === "add") drop();
    else if (this.tools.tool === "close" && change.part === "move") this._step(withClosed(list, change.id));
    else if (!this.tools.take(latlng)) {
      const onMove = () => this.tools.start("move", { ...change, name: changeName(change, site) });
      this._offer(latlng, changeCard(change, site, { onMove, onDrop: drop }));
    }
  }

  _offer(latlng, card) {
    this.callout.say(latlng, card);
    card.querySelector("button").focus({ preventScroll: true });
  }

  _wire() {
    this.map.on("click", ({ latlng }) => this.tools.take(latlng));
    const steps = { undo: () => this.history.undo(), redo: () => this.history.redo() };
    for (const [id, step] of Object.entries(steps)) {
      byId(id).addEventListener("click", () => {
        step();
        this._stepped();
      });
    }
    document.addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.target.closest("input, select, textarea")) return;
      const key = event.key.toLowerCase();
      const id = key === "y" || (key === "z" && event.shiftKey) ? "redo" : key === "z" ? "undo" : null;
      if (!id) return;
      event.preventDefault();
      byId(id).click();
    });
  }
}
