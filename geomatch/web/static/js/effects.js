// What changes do, asked of the service and drawn: the headline, the townships, the circles, the homes won and lost.

import { OverlapLayer } from "./area_layer.js";
import { ChangedCircles } from "./changed_circles.js";
import { el } from "./dom.js";
import { RingLayer, TurnedLayer } from "./effect_layer.js";
import { coverageSwatches, limitWords, showLegend, standardWords, swatch } from "./legend.js";
import { reckon } from "./reckoner.js";
import { showChanged, showPresent, totalRow, unitRows, whatifColumns } from "./whatif_panel.js";
import { say } from "./words.js";

const WAIT_MS = 150; // for new circles, before the ground is drawn without them

export class Effects {
  /** `onFaults` is told, by key, what is wrong with changes of a list; `onKinds` that other kinds of site count. */
  constructor({ map, ground, store, table }, { onFaults, onKinds }) {
    Object.assign(this, { ground, store, table, onFaults, onKinds, turn: 0, holder: document.getElementById("headline") });
    this.layers = { covered: new OverlapLayer({ className: "covered-ground" }), rings: new RingLayer(), turned: new TurnedLayer() };
    Object.values(this.layers).forEach((layer) => layer.addTo(map));
    this.circles = new ChangedCircles(store);
  }

  /** Ask how it stands without any change; `question` is what POST /whatif takes beside the changes. */
  ask(question) {
    const { profile, minutes } = question;
    this.question = question;
    // the first answer also makes the lists ready that every later one is quick by
    this.present = Promise.all([this.store.whatif({ ...question, all_units: true }), this.store.circles({ profile, minutes })]);
    this.present.catch(() => {}); // update tells of it
  }

  /** Draw what changes do: the figures as soon as they are there, then the ground. Newer changes overtake older ones. */
  async update(list) {
    const turn = ++this.turn;
    const began = performance.now();
    const places = list.filter((change) => (change.part === "add" || change.part === "move") && this._counts(change));
    const come = this.circles.come(places, this.question);
    this.holder.setAttribute("aria-busy", "true");
    try {
      const [present, circles] = await this.present;
      const { told, faults, links } = await reckon(this.store, list, this.question);
      if (turn !== this.turn) return;
      this._showFigures(present, told);
      this.onFaults(faults);
      performance.measure("figures", { start: began });
      const beyond = this.circles.beyond(links, told?.links ?? [], this.question);
      await this._showGround(this._standing(circles.features, present, list), Promise.all([come, beyond]), turn);
    } catch (error) {
      if (turn === this.turn) this.fail(error, () => this._again(list));
    } finally {
      if (turn === this.turn) this._settled(list);
    }
  }

  /** Tell whether a site does not count for not being open at the hour that is asked about. */
  isShut(id) {
    return this.shown?.shut.includes(id) ?? false;
  }

  /** While a marker is dragged: one question at a time, always about where it is now. */
  preview(list) {
    this.previewed = list;
    if (this.isAsking) return;
    this.isAsking = true;
    this.update(list);
  }

  /** Leave the headline, the table and the map to somebody else until the next update. */
  clear() {
    this.turn += 1;
    this.shown = null;
    Object.values(this.layers).forEach((layer) => layer.setFeatures([]));
  }

  fail(error, again) {
    const button = el("button", { type: "button", className: "button" }, say("retry"));
    button.addEventListener("click", again);
    this.holder.replaceChildren(el("p", { role: "alert" }, say("failed", { reason: error.message })), button);
    this.holder.removeAttribute("aria-busy");
    document.body.dataset.ready ??= "failed";
  }

  _again(list) {
    this.ask(this.question);
    this.update(list);
  }

  /** After an answer: the next place of a marker that is still being dragged. */
  _settled(list) {
    this.isAsking = false;
    if (this.previewed && this.previewed !== list) this.preview(this.previewed);
  }

  _showFigures(present, told) {
    const now = told ?? present;
    this.holder.removeAttribute("aria-busy");
    if (told) showChanged(this.holder, told);
    else showPresent(this.holder, present);
    const rows = unitRows(present.units, told?.units ?? []);
    this.table.show(whatifColumns(rows), rows, {
      name: (row) => row.name ?? say("total"), id: (row) => row.id, caption: say("unit"), total: totalRow(now),
    });
    this.layers.turned.setFeatures(told?.homes.features ?? []);
    if (this.shown !== present) this._showLegend(present);
    document.body.dataset.ready = "yes";
  }

  _showLegend(present) {
    this.shown = present;
    this.ground.siteLayer.dim(new Set(present.shut));
    showLegend(document.getElementById("legend"), {
      title: limitWords(present), notes: [standardWords(present)], ground: this.ground, onToggle: this.onKinds,
      swatches: [...coverageSwatches(), swatch("turned-won", say("turnedWon")), swatch("turned-lost", say("turnedLost"))],
    });
  }

  /** The circles of the region's sites that count: those that stay, those that go, those that are open longer. */
  _standing(circles, present, list) {
    const shut = new Set(present.shut);
    const opened = new Set(list.filter(({ part }) => part === "open").map(({ id }) => id));
    const counted = circles.filter(({ properties: { site } }) => this._counts({ id: site }));
    const { stay, lost } = this.circles.split(counted.filter(({ properties: { site } }) => !shut.has(site)), list);
    const won = counted.filter(({ properties: { site } }) => shut.has(site) && opened.has(site));
    return { stay, lost, won: this.circles.named(won, "won") };
  }

  /** Draw the circles with those that come; without them first where they are many. */
  async _showGround({ stay, lost, won }, asked, turn) {
    const draw = (come) => {
      if (turn !== this.turn) return;
      this.layers.covered.setFeatures([...stay, ...won, ...come]);
      this.layers.rings.setFeatures([...lost, ...won, ...come]);
    };
    const early = setTimeout(() => draw([]), WAIT_MS);
    const come = (await asked).flat();
    clearTimeout(early);
    draw(come);
  }

  /** Tell whether a site or a change of one is of a kind that counts. */
  _counts(one) {
    return this.ground.shown.has(one.kind ?? this.ground.sites.get(one.id)?.properties.kind);
  }
}
