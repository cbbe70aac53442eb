// The page of siting: candidates and conditions in, sites in order of choice with a proof out, all on one map.

import { OverlapLayer } from "./area_layer.js";
import { Callout } from "./callout.js";
import { CandidateList } from "./candidate_list.js";
import { ChosenLayer } from "./chosen_layer.js";
import { el } from "./dom.js";
import { Ground } from "./ground.js";
import { coverageSwatches, limitWords, showLegend, standardWords, swatch } from "./legend.js";
import { Table } from "./panel.js";
import { watchQuestion } from "./question.js";
import { MOST_OPENED, saveLayer, saveTable, whatifAddress } from "./siting_files.js";
import { SitingForm } from "./siting_form.js";
import { chosenColumns, nameOfRow, summary, townshipColumns } from "./siting_result.js";
import { count, say } from "./words.js";

const STOP_AFTER_S = 2;
const AT_ONCE = 4;

const byId = (id) => document.getElementById(id);

export class SitingPage {
  constructor(parts) {
    const { map, settings, store } = parts;
    Object.assign(this, { map, settings, store, work: byId("work"), result: byId("result") });
    this.ground = new Ground(parts, { onSite: (site) => this.callout.site(site, this._asked()), onTownship: (id) => this.townTable?.light(id) });
    this.question = watchQuestion(settings, (question) => this._changed(question));
    this.covered = new OverlapLayer({ className: "covered-ground" }).addTo(map);
    this.callout = new Callout(map, store);
    this.layer = new ChosenLayer(map, (row) => this._choose(row));
    this.form = new SitingForm(byId("siting"), (asked) => this._run(asked));
    this.list = new CandidateList({
      drop: byId("drop"), input: byId("list"), coordsys: byId("siting").elements.coordsys, told: byId("list-told"), store,
      onChange: (features) => this._candidates(features),
    });
  }

  async start() {
    try {
      await this.ground.load();
      await this._drawGround();
      document.body.dataset.ready = "yes";
    } catch (error) {
      this.work.replaceChildren(el("p", { className: "problem", role: "alert" }, say("failed", { reason: error.message })));
      document.body.dataset.ready = "failed";
    }
  }

  _asked() {
    return { ...this.question, kinds: this.ground.askedKinds() };
  }

  async _drawGround() {
    const { shown, sites } = this.ground;
    const [circles, stated] = await Promise.all([this.store.circles(this._asked()), this.store.coverage(this._asked())]);
    this.covered.setFeatures(circles.features.filter((circle) => shown.has(sites.get(circle.properties.site)?.properties.kind)));
    showLegend(byId("legend"), {
      title: limitWords(stated), notes: [standardWords(stated)], ground: this.ground, onToggle: () => this._changed(this.question),
      swatches: [...coverageSwatches(), swatch("new-ground", say("newGround")), swatch("candidate", say("candidate")), swatch("chosen", say("chosen"))],
    });
  }

  /** Another question makes the last answer old; it stays to be compared with, and says so. */
  _changed(question) {
    this.question = question;
    this.map.closePopup();
    if (this.ground.shown.size) this._drawGround();
    if (this.answer) this.work.replaceChildren(el("p", { className: "caveat" }, say("stale")));
  }

  _candidates(features) {
    this.form?.setCandidates(features);
    this.layer.showCandidates(features);
    if (!features) return;
    const ground = L.latLngBounds(features.map(({ geometry: { coordinates: [lon, lat] } }) => [lat, lon]));
    if (!this.map.getBounds().contains(ground)) this.map.fitBounds(ground, { padding: [24, 24] });
  }

  async _run(asked) {
    if (!this.ground.shown.size) return this.form.refuse(say("needKinds"));
    const stopping = new AbortController();
    const started = performance.now();
    const waiting = this._wait(started, stopping);
    try {
      const { profile, minutes } = this.question;
      const answer = await this.store.siting({ ...asked, profile, minutes, kind: this.ground.askedKinds() }, { signal: stopping.signal });
      this.work.replaceChildren();
      this._show(answer, minutes);
    } catch (error) {
      this.work.replaceChildren(...(error.name === "AbortError" ? [el("p", { className: "note" }, say("stopped"))] : []));
      if (error.name !== "AbortError") this.form.tell(error);
    } finally {
      clearInterval(waiting);
      byId("siting").querySelector(".primary").disabled = false;
    }
  }

  /** Say that it is at work and for how long; what lasts can be stopped. */
  _wait(started, stopping) {
    byId("siting").querySelector(".primary").disabled = true;
    const told = el("p", {}, say("working", { s: 0 }));
    const stop = el("button", { type: "button", className: "button", hidden: true }, say("stop"));
    stop.addEventListener("click", () => stopping.abort());
    this.work.replaceChildren(el("progress", { "aria-label": say("loading") }), told, stop);
    return setInterval(() => {
      const seconds = Math.floor((performance.now() - started) / 1000);
      told.textContent = say("working", { s: seconds });
      stop.hidden = seconds < STOP_AFTER_S;
    }, 250);
  }

  _show(answer, minutes) {
    this.answer = answer;
    byId("asked").textContent = say("askedWords", { candidates: count(answer.candidates), objective: say(`goal_${answer.objective}`) });
    byId("conditions").open = false;
    this.result.hidden = false;
    this.result.replaceChildren(...summary(answer), this._takeAway(answer, minutes), ...this._tables(answer));
    this.layer.showChosen(answer.chosen, nameOfRow);
    this._drawNewGround(answer, minutes);
    this.result.focus({ preventScroll: true });
    this.result.scrollIntoView({ block: "start" });
  }

  _takeAway(answer, minutes) {
    const button = (key, save) => {
      const made = el("button", { type: "button", className: "button small" }, say(key));
      made.addEventListener("click", () => save(answer));
      return made;
    };
    const address = whatifAddress(answer, minutes);
    const open = address
      ? el("a", { className: "button small", href: address, id: "open-whatif" }, say("openWhatif"))
      : el("p", { className: "note" }, say("tooManyToOpen", { n: MOST_OPENED }));
    return el("div", { className: "take-away" }, button("csv", saveTable), button("geojson", saveLayer), open);
  }

  _tables(answer) {
    const part = (id, title, isOpen) => {
      const table = el("table", { className: "figures", id });
      const holder = el("div", { className: "table-holder", tabIndex: 0, role: "region", "aria-label": title }, table);
      return [table, el("details", { className: "table-part", open: isOpen }, el("summary", {}, title), holder)];
    };
    const [chosen, chosenPart] = part("chosen", say("chosenTitle", { n: count(answer.chosen.length) }), true);
    const byRow = new Map(answer.chosen.map((row) => [row.id, row]));
    this.chosenTable = new Table(chosen, { onLook: (id) => this.layer.light(id), onChoose: (id) => this._choose(byRow.get(id)) });
    this.chosenTable.show(chosenColumns(answer), answer.chosen, {
      name: (row) => `${row.rank}. ${nameOfRow(row)}`, id: (row) => row.id, caption: say("chosenTitle", { n: count(answer.chosen.length) }), order: { column: 0, falling: false },
    });
    const [towns, townPart] = part("townships", say("townshipsTitle"), answer.chosen.length < 8);
    const { townships } = this.ground;
    this.townTable = new Table(towns, { onLook: (id) => townships.light(id), onChoose: (id) => townships.zoomTo(id) });
    this.townTable.show(townshipColumns(answer), answer.units, { name: (row) => row.name, id: (row) => row.id, caption: say("townshipsTitle") });
    return [chosenPart, townPart];
  }

  /** Draw the circles of the chosen sites as they come, a few asked for at a time; a newer answer stops it. */
  async _drawNewGround(answer, minutes) {
    const circles = [], waiting = [...answer.chosen];
    const draw = async () => {
      while (waiting.length && this.answer === answer) {
        const row = waiting.shift();
        const { features } = await this.store.circleAt(row, { profile: answer.profile, minutes }).catch(() => ({ features: [] }));
        circles.push(...features.map((circle) => ({ ...circle, of: row.id })));
        if (this.answer === answer && (circles.length % 10 === 0 || !waiting.length)) this.layer.showGround(circles);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, draw));
    this.result.dataset.drawn = "yes";
  }

  _choose(row) {
    this.layer.light(row.id);
    this.chosenTable.light(row.id);
    this.callout.say([row.lat, row.lon], el("div", { className: "card" },
      el("h2", {}, `${row.rank}. ${nameOfRow(row)}`),
      el("p", {}, say("addedBy", { n: count(row.people_added), total: count(row.covered) })),
      el("p", { className: "note" }, `${say("columnId")} ${row.id}`)));
  }
}
