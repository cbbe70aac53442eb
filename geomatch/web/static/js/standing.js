// The page of standing: one panel of sections by an index, the map showing what the open section is about.

import { Board } from "./board.js";
import { Callout } from "./callout.js";
import { el } from "./dom.js";
import { Ground } from "./ground.js";
import { limitWords, showLegend, standardWords } from "./legend.js";
import { Table } from "./panel.js";
import { watchQuestion } from "./question.js";
import { areaSection } from "./section_areas.js";
import { bandSection } from "./section_band.js";
import { criticalSection } from "./section_critical.js";
import { fairnessSection } from "./section_fairness.js";
import { profileSection } from "./section_profiles.js";
import { straightSection } from "./section_straight.js";
import { supplySection } from "./section_supply.js";
import { targetSection } from "./section_targets.js";
import { weekSection } from "./section_week.js";
import { people, say } from "./words.js";

const SECTIONS = {
  targets: targetSection, profiles: profileSection, straight: straightSection, fairness: fairnessSection, supply: supplySection,
  critical: criticalSection, areas: areaSection, week: weekSection, band: bandSection,
};

const byId = (id) => document.getElementById(id);

export class StandingPage {
  constructor(parts) {
    const { map, settings, store } = parts;
    Object.assign(this, { map, settings, store, holder: byId("section"), asked: 0, state: {} });
    this.ground = new Ground(parts, { onSite: (site) => this.chooseSite(site.properties.id), onTownship: (id) => this.isOfTowns && this.table?.light(id) });
    this.question = watchQuestion(settings, (question) => this._ask(question));
    this.board = new Board(this.ground, { onBubble: (id) => this.chooseSite(id), onArea: (area, latlng) => this._chooseArea(area, latlng) });
    this.callout = new Callout(map, store);
    this.links = [...document.querySelectorAll("#index a")];
    for (const link of this.links) {
      link.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        this._open(link.dataset.section);
      });
    }
    this.section = this._known(new URLSearchParams(window.location.search).get("section"));
  }

  async start() {
    try {
      await this.ground.load();
      this.presets = (await this.store.standards(this._asked(), 85)).presets;
      await this._show();
    } catch (error) {
      this._fail(error);
    }
  }

  /** The clause behind an answer's standard and limit, where one of the presets is just that. */
  clauseOf({ standard, limit_m: limitM, limit_s: limitS, profile }) {
    const is = (preset) => preset.standard === standard && preset.limit_m === limitM && preset.limit_s === limitS && preset.profile === profile;
    return this.presets.find(is)?.clause ?? null;
  }

  /** Change something of the open section, and show it again with the focus where it was. */
  turn(change) {
    Object.assign(this.state, change);
    return this._show();
  }

  chooseSite(id) {
    const site = this.ground.sites.get(id);
    const [lon, lat] = site.geometry.coordinates;
    this.board.light(id);
    this.table?.light(id);
    if (!this.map.getBounds().contains([lat, lon])) this.map.panTo([lat, lon]);
    return this.callout.site(site, this._asked());
  }

  _chooseArea({ properties }, latlng) {
    this.board.light(properties.site);
    this.table?.light(properties.site);
    this.callout.say(latlng, el("div", { className: "card" }, el("h2", {}, this.ground.siteName(properties.site)), el("p", {}, say("areaServes", { people: people(properties.population) }))));
  }

  _known(section) {
    return section in SECTIONS ? section : "targets";
  }

  _asked() {
    return { ...this.question, kinds: this.ground.askedKinds() };
  }

  _ask(question) {
    this.question = question;
    this.state.profile = undefined;
    this.map.closePopup();
    this._show();
  }

  _open(section) {
    this.section = this._known(section);
    const address = new URL(window.location.href);
    address.searchParams.set("section", this.section);
    window.history.replaceState(null, "", address);
    this.map.closePopup();
    this._show().then(() => this.holder.scrollIntoView({ block: "nearest" }));
  }

  async _show() {
    const turn = ++this.asked;
    const section = SECTIONS[this.section];
    for (const link of this.links) {
      if (link.dataset.section === this.section) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    if (!this.ground.shown.size) return;
    this.holder.setAttribute("aria-busy", "true");
    try {
      const answer = await section.ask({ store: this.store, question: this._asked(), state: this.state });
      if (turn !== this.asked) return;
      this._fill(section.view(answer, this));
      this.holder.dataset.shown = this.section;
      document.body.dataset.ready = "yes";
    } catch (error) {
      if (turn === this.asked) this._fail(error);
    } finally {
      if (turn === this.asked) this.holder.removeAttribute("aria-busy");
    }
  }

  _fill({ stated, parts, table, legend, draw }) {
    const kept = document.activeElement?.dataset?.keep;
    this.holder.replaceChildren(...parts.filter(Boolean), ...(table ? [this._tableOf(table)] : []));
    if (kept) this.holder.querySelector(`[data-keep="${CSS.escape(kept)}"]`)?.focus();
    this.board.clear();
    draw(this.board);
    showLegend(byId("legend"), { ...legend, notes: [`${limitWords(stated)} · ${standardWords(stated)}`], ground: this.ground, onToggle: () => this._show() });
  }

  _tableOf({ columns, rows, onLook, onChoose, ...rest }) {
    const { townships } = this.ground;
    const table = el("table", { className: "figures" });
    this.isOfTowns = !onLook;
    this.table = new Table(table, { onLook: onLook ?? ((id) => townships.light(id)), onChoose: onChoose ?? ((id) => townships.zoomTo(id)) });
    this.table.show(columns, rows, rest);
    return el("div", { className: "table-holder", tabIndex: 0, role: "region", "aria-label": rest.caption }, table);
  }

  _fail(error) {
    const again = el("button", { type: "button", className: "button" }, say("retry"));
    again.addEventListener("click", () => (this.presets ? this._show() : this.start()));
    this.holder.replaceChildren(el("p", { role: "alert", className: "problem" }, say("failed", { reason: error.message })), again);
    document.body.dataset.ready = "failed";
  }
}
