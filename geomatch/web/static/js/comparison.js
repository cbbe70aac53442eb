// Two scenarios side by side, or one and the region as it is: the difference in people, by township, and as ground on the map.

import { changesOf } from "./changes.js";
import { DifferenceLayer } from "./effect_layer.js";
import { el } from "./dom.js";
import { limitWords, showLegend, standardWords, swatch } from "./legend.js";
import { keepInAddress } from "./question.js";
import { button } from "./scenario_form.js";
import { count, people, percent, say, signed } from "./words.js";
import { difference, turn } from "./whatif_panel.js";

function nameOf({ id, name }) {
  return id === null ? say("regionNow") : name;
}

/** What one makes and the other does not, in numbers. */
function onlyWords(name, only) {
  const parts = Object.entries({ add: "onlyAdd", close: "onlyClose", move: "onlyMove", links: "onlyLinks", open: "onlyOpen" })
    .filter(([part]) => only[part].length).map(([part, key]) => say(key, { n: count(only[part].length) }));
  return parts.length ? [el("p", { className: "note" }, say("onlyIn", { name, changes: parts.join(say("listComma")) }))] : [];
}

function side(mark, one) {
  return el("p", {}, el("strong", {}, `${mark} ${nameOf(one)}`), el("br"), people(one.total.covered), el("br"), percent(one.total.share), one.rebuilt ? el("span", { className: "note" }, ` ${say("countedNow")}`) : null);
}

function columns() {
  const share = (of) => (row) => el("td", {}, percent(row[of].share));
  return [
    { key: (row) => row.name ?? "", heading: "unit" },
    { key: (row) => Math.abs(row.delta.covered), heading: "aOverB", cell: (row) => el("td", {}, difference(row.delta.covered)) },
    { key: (row) => row.a.share ?? -1, heading: "shareA", cell: share("a") },
    { key: (row) => row.b.share ?? -1, heading: "shareB", cell: share("b") },
  ];
}

export class Comparison {
  /** `onLeave` is called when the reader goes back to the changes. */
  constructor({ map, ground, store, table, draft }, { onLeave }) {
    Object.assign(this, { map, ground, store, table, draft, onLeave, holder: document.getElementById("headline") });
    this.layer = new DifferenceLayer();
  }

  /** Show what `a` wins over `b`; throws what the store throws. */
  async show(a, b) {
    const [told, ground] = await Promise.all([this.store.compare(a, b), this.store.compareMap(a, b)]);
    document.body.classList.add("comparing");
    keepInAddress({ compare: `${a}~${b}`, scenario: null, open: null });
    this._drawHeadline(told, () => this._again(b, a));
    this.table.show(columns(), told.units, {
      name: (row) => row.name ?? say("total"), id: (row) => row.id, caption: say("unit"), total: { a: told.a.total, b: told.b.total, delta: told.delta },
    });
    this.layer.addTo(this.map).setFeatures(ground.features);
    this._drawSites(told);
    showLegend(document.getElementById("legend"), {
      title: limitWords(told), notes: [standardWords(told)], ground: this.ground, onToggle: () => {},
      swatches: [swatch("ground-won", say("onlyA")), swatch("ground-lost", say("onlyB"))],
    });
    if (ground.features.length) this.map.fitBounds(L.geoJSON(ground).getBounds(), { padding: [40, 40], maxZoom: 15, animate: false });
    document.body.dataset.ready = "yes";
  }

  get isOn() {
    return document.body.classList.contains("comparing");
  }

  leave() {
    document.body.classList.remove("comparing");
    keepInAddress({ compare: null });
    this.layer.remove();
    this.onLeave();
  }

  async _again(a, b) {
    try {
      await this.show(a, b);
    } catch (refusal) {
      this.holder.prepend(el("p", { className: "problem", role: "alert" }, say("notCompared", { reason: refusal.message })));
    }
  }

  _drawHeadline(told, onSwap) {
    const { a, b, delta } = told;
    const names = { a: nameOf(a), b: nameOf(b) };
    const parts = [
      el("p", { className: `figure ${turn(delta.covered)}` }, signed(delta.covered)),
      el("p", { className: "figure-caption" }, say({ won: "aboveB", lost: "belowB", same: "likeB" }[turn(delta.covered)])),
      el("div", { className: "sides" }, side("A", a), side("B", b)),
      el("p", { className: "note" }, say("wonLost", { won: people(told.won), lost: people(told.lost) })),
      ...onlyWords(`A ${names.a}`, told.only_a), ...onlyWords(`B ${names.b}`, told.only_b),
    ];
    if (!b.same_question) parts.push(el("p", { className: "caveat" }, say("otherQuestion", names)));
    const buttons = [button("backToEditing", () => this.leave(), "button small primary")];
    if (b.id !== null) buttons.push(button("swapThem", onSwap));
    this.holder.replaceChildren(...parts, el("div", { className: "row" }, ...buttons));
  }

  /** Mark what A does and B does not; these marks are to be looked at, not dragged. */
  _drawSites(told) {
    this.draft.show(changesOf(told.only_a) ?? [], this.ground.sites, new Map(), { isFixed: true });
  }
}
