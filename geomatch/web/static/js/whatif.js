// The what-if page: what a planner changes, and at once what it does to people, townships and circles.

import { OverlapLayer } from "./area_layer.js";
import { Callout } from "./callout.js";
import { changeName, showChanges } from "./change_list.js";
import { ChangedCircles } from "./changed_circles.js";
import { bodyOf, changesOf, goneFrom, History, spotOf, withClosed, withLink, withMoved, without, withPut, withSite } from "./changes.js";
import { DraftLayer } from "./draft_layer.js";
import { el } from "./dom.js";
import { RingLayer, TurnedLayer } from "./effect_layer.js";
import { Ground } from "./ground.js";
import { coverageSwatches, limitWords, showLegend, standardWords, swatch } from "./legend.js";
import { LONGEST_OPEN, packed, unpacked } from "./open_link.js";
import { Table } from "./panel.js";
import { keepInAddress, offerQuestion, watchQuestion } from "./question.js";
import { reckon } from "./reckoner.js";
import { Tools } from "./tools.js";
import { changeCard, whatifSiteCard } from "./whatif_cards.js";
import { showChanged, showPresent, totalRow, unitRows, whatifColumns } from "./whatif_panel.js";
import { say } from "./words.js";

const WAIT_MS = 150; // for new circles, before the ground is drawn without them
const byId = (id) => document.getElementById(id);

export class WhatIf {
  constructor(parts) {
    const { map, settings, store } = parts;
    Object.assign(this, { map, settings, store, turn: 0, history: new History(), holder: byId("headline") });
    this.ground = new Ground(parts, {
      onSite: (site) => this._chooseSite(site),
      onTownship: (id) => this.table.light(id),
      onDrag: (site, latlng) => this._preview(this._put(site.properties, latlng)),
      onDrop: (site, latlng) => this._step(this._put(site.properties, latlng)),
    });
    this.covered = new OverlapLayer({ className: "covered-ground" }).addTo(map);
    this.rings = new RingLayer().addTo(map);
    this.turned = new TurnedLayer().addTo(map);
    this.circles = new ChangedCircles(store);
    this.callout = new Callout(map, store);
    this.draft = new DraftLayer(map, {
      onDrag: (change, latlng) => this._preview(this._put(change, latlng)),
      onDrop: (change, latlng) => this._step(this._put(change, latlng)),
      onChoose: (change, latlng) => this._chooseChange(change, latlng),
    });
    this.tools = new Tools(map, { onPlaces: (...taken) => this._placed(...taken) });
    this.table = new Table(byId("table"), { onLook: (id) => this.ground.townships.light(id), onChoose: (id) => this.ground.townships.zoomTo(id) });
    this._openLink();
    this.question = watchQuestion(settings, (question) => this._asks(question));
    this._wire();
  }

  async start() {
    this._askPresent(); // the slowest answers are asked for first
    try {
      await this.ground.load();
    } catch (error) {
      this._fail(error, () => this.start());
      return;
    }
    this._drawChanges(new Map());
    this.draft.showAll();
    await this._update();
    performance.mark("ready");
  }

  /** Ask how it stands without any change: the figures and the circles of all sites. */
  _askPresent() {
    const asked = this._asked();
    this.present = Promise.all([this.store.coverage(asked), this.store.circles(asked)]);
    this.present.catch(() => {}); // _update tells of it
    this.store.whatif(this._askedOf(asked)).catch(() => {}); // makes the lists ready that every later answer is quick by
  }

  /** Draw what the changes do: the figures as soon as they are there, then the ground. Newer changes overtake older ones. */
  async _update(list = this.history.list) {
    const turn = ++this.turn;
    const began = performance.now();
    const question = this._asked();
    const come = this.circles.come(list.filter((change) => (change.part === "add" || change.part === "move") && this._counts(change)), question);
    this.holder.setAttribute("aria-busy", "true");
    try {
      const present = await this.present;
      const { told, faults, links } = await reckon(this.store, list, this._askedOf(question));
      if (turn !== this.turn) return;
      this._showFigures(present[0], told, faults);
      performance.measure("figures", { start: began });
      const won = Promise.all([come, this.circles.beyond(links, told?.links ?? [], question)]);
      await this._showGround(present[1].features, won, list, turn);
    } catch (error) {
      if (turn === this.turn) this._fail(error, () => this._again());
    } finally {
      if (turn === this.turn) this._settled(list);
    }
  }

  /** After an answer: the next place of a marker that is still being dragged. */
  _settled(list) {
    this.holder.removeAttribute("aria-busy");
    this.isAsking = false;
    if (this.previewed && this.previewed !== list) this._preview(this.previewed);
  }

  /** While a marker is dragged: one question at a time, always about where it is now. */
  _preview(list) {
    this.previewed = list;
    if (this.isAsking) return;
    this.isAsking = true;
    this._update(list);
  }

  _again() {
    this._askPresent();
    this._update();
  }

  _showFigures(present, told, faults) {
    this.holder.removeAttribute("aria-busy");
    if (told) showChanged(this.holder, told);
    else showPresent(this.holder, present);
    if (!this.previewed) this._drawChanges(faults);
    const rows = unitRows(present.units, told?.units ?? []);
    this.table.show(whatifColumns(rows), rows, {
      name: (row) => row.name ?? say("total"), id: (row) => row.id, caption: say("unit"),
      total: totalRow(told ?? { before: present.total, after: present.total, delta: { covered: 0 } }),
    });
    this.turned.setFeatures(told?.homes.features ?? []);
    if (this.answer !== present) this._drawLegend(present);
    document.body.dataset.ready = "yes";
  }

  /** Draw the circles with those that come; without them first where they are many. */
  async _showGround(circles, won, list, turn) {
    const counted = circles.filter(({ properties }) => this._counts({ id: properties.site }));
    const { stay, lost } = this.circles.split(counted, list);
    const draw = (come) => {
      if (turn !== this.turn) return;
      this.covered.setFeatures([...stay, ...come]);
      this.rings.setFeatures([...lost, ...come]);
    };
    const early = setTimeout(() => draw([]), WAIT_MS);
    const come = (await won).flat();
    clearTimeout(early);
    draw(come);
  }

  /** Tell whether a site or a change of one is of a kind that counts. */
  _counts(one) {
    return this.ground.shown.has(one.kind ?? this.ground.sites.get(one.id)?.properties.kind);
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

  _drawLegend(answer) {
    this.answer = answer;
    showLegend(byId("legend"), {
      title: limitWords(answer), notes: [standardWords(answer)], ground: this.ground,
      swatches: [...coverageSwatches(), swatch("turned-won", say("turnedWon")), swatch("turned-lost", say("turnedLost"))],
      onToggle: () => {
        this._keep();
        if (this.ground.shown.size) this._again();
      },
    });
  }

  /** Take a step: draw it, keep it in the address, and ask what it does. */
  _step(list) {
    this.history.step(list);
    this._stepped();
  }

  _stepped() {
    this.previewed = null;
    this.map.closePopup();
    this._drawChanges(new Map());
    this._keep();
    this._update();
  }

  _keep() {
    const { list } = this.history;
    const { profile, minutes, kinds } = this._asked();
    const parts = Object.entries({ ...bodyOf(list), kind: kinds }).filter(([, part]) => part.length);
    const open = packed({ ...Object.fromEntries(parts), profile, minutes });
    keepInAddress({ open: list.length && open.length <= LONGEST_OPEN ? open : null });
  }

  /** Take the changes that came with the address, and the question that they were asked with. */
  _openLink() {
    const open = new URLSearchParams(window.location.search).get("open");
    if (open === null) return;
    const body = unpacked(open);
    const list = changesOf(body);
    const isOurs = list && ["wgs84", "cgcs2000"].includes(body.coordsys ?? "wgs84") && offerQuestion(body, JSON.parse(byId("tools").dataset.speeds));
    if (!isOurs) {
      this._tell(say("linkUnread"));
      keepInAddress({ open: null });
      return;
    }
    this.history.open(list);
    if (body.kind?.length) this.ground.shown = new Set(body.kind);
  }

  _tell(words) {
    byId("notice").replaceChildren(el("p", {}, words));
  }

  _asked() {
    return { ...this.question, kinds: this.ground.askedKinds() };
  }

  /** The question as POST /whatif takes it. */
  _askedOf({ profile, minutes, kinds }) {
    return { profile, minutes, kind: kinds };
  }

  _asks(question) {
    Object.assign(this.question, question);
    this.map.closePopup();
    this._keep();
    this._again();
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
    const close = () => this._step(withClosed(this.history.list, site.properties.id));
    if (this.tools.tool === "close") close();
    else if (!this.tools.take(L.latLng(lat, lon))) {
      this._offer([lat, lon], whatifSiteCard(site, { onMove: () => this.tools.start("move", site.properties), onClose: close }));
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

  _fail(error, again) {
    const button = el("button", { type: "button", className: "button" }, say("retry"));
    button.addEventListener("click", again);
    this.holder.replaceChildren(el("p", { role: "alert" }, say("failed", { reason: error.message })), button);
    document.body.dataset.ready ??= "failed";
  }
}
