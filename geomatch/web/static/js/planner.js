// The planner's page: one question (who walks, how long, which sites count), two views of the answer, one table.

import { HatchLayer, OverlapLayer } from "./area_layer.js";
import { Callout } from "./callout.js";
import { el } from "./dom.js";
import { Ground } from "./ground.js";
import { coverageSwatches, gapSwatches, limitWords, showLegend, standardWords } from "./legend.js";
import { minutesChart } from "./minutes_chart.js";
import { coverageColumns, gapColumns, showCoverage, showGaps, Table } from "./panel.js";
import { watchQuestion } from "./question.js";
import { say } from "./words.js";

const MOST_GAP_ROWS = 200;

export class Planner {
  constructor(parts) {
    const { map, settings, store } = parts;
    this.ground = new Ground(parts, { onSite: (site) => this.callout.site(site, this._asked()), onTownship: (id) => this.table.light(id) });
    Object.assign(this, { map, settings, store, asked: 0 });
    this.question = { layer: settings.layer, ...watchQuestion(settings, (changed) => this._changed(changed)) };
    this.holder = document.getElementById("headline");
    this.legend = document.getElementById("legend");
    this.covered = new OverlapLayer({ className: "covered-ground" }).addTo(map);
    this.hatched = new HatchLayer({ className: "gap-ground" });
    this.callout = new Callout(map, store);
    this.table = new Table(document.getElementById("table"), {
      onLook: (id) => this._look(id), onChoose: (id) => this._choose(id),
    });
    map.on("click", ({ latlng }) => this._clickGround(latlng));
  }

  async start() {
    const early = this._ask(); // pages/planner.py names the same answers in the page's head, so that they are on their way
    early.catch(() => {}); // refresh tells of it
    try {
      await this.ground.load();
    } catch (error) {
      this._fail(error);
      return;
    }
    if (!this.ground.sites.size) this.holder.replaceChildren(el("p", {}, say("noSites")));
    else await this.refresh(early);
    document.body.dataset.ready = "yes";
    performance.mark("ready");
  }

  /** Ask again and draw; an answer that a newer question has overtaken is dropped. */
  async refresh(asked = this._ask()) {
    const turn = ++this.asked;
    const { layer } = this.question;
    this.holder.setAttribute("aria-busy", "true");
    try {
      const [answer, ground, beside] = await asked;
      if (turn !== this.asked) return;
      this.answer = answer;
      if (layer === "gaps") this._drawGaps(answer, ground);
      else this._drawCoverage(answer, ground, beside);
      this._drawLegend();
    } catch (error) {
      if (turn === this.asked) this._fail(error);
    } finally {
      this.holder.removeAttribute("aria-busy");
    }
  }

  _ask() {
    const asked = this._asked();
    const { store } = this;
    if (this.question.layer === "gaps") return Promise.all([store.coverage(asked), store.gaps(asked)]);
    const beside = Promise.all([store.sensitivity(asked), this.settings.rural ? store.minutes(asked) : null]);
    return Promise.all([store.coverage(asked), store.circles(asked), beside]);
  }

  _drawCoverage(answer, circles, [sensitivity, minutes]) {
    const { shown, sites } = this.ground;
    const counted = (circle) => shown.has(sites.get(circle.properties.site)?.properties.kind);
    this.hatched.remove();
    this.covered.addTo(this.map).setFeatures(circles.features.filter(counted));
    this.gaps = null;
    showCoverage(this.holder, answer, sensitivity);
    if (minutes) this.holder.append(minutesChart(minutes.total));
    const rows = answer.units;
    this.table.show(coverageColumns(rows), rows, {
      name: (row) => row.name ?? say("total"), id: (row) => row.id, caption: say("unit"), total: answer.total,
    });
  }

  _drawGaps(answer, gaps) {
    this.covered.remove();
    this.hatched.addTo(this.map).setFeatures(gaps.features);
    this.gaps = new Map(gaps.features.map((gap) => [`gap-${gap.properties.rank}`, gap]));
    showGaps(this.holder, gaps, answer.limit_s);
    const rows = gaps.features.slice(0, MOST_GAP_ROWS).map((gap) => gap.properties);
    this.table.show(gapColumns(rows, (id) => this.ground.siteName(id)), rows, {
      name: (row) => `${row.rank}. ${row.unit ?? this.settings.name}`, id: (row) => `gap-${row.rank}`, caption: say("gapsLegend"),
    });
  }

  _drawLegend() {
    const { answer, ground } = this;
    const isGaps = this.question.layer === "gaps";
    const limit = limitWords(answer), standard = standardWords(answer);
    showLegend(this.legend, {
      title: isGaps ? say("gapsLegend") : limit, swatches: isGaps ? gapSwatches() : coverageSwatches(),
      notes: [isGaps ? `${limit} · ${standard}` : standard], ground,
      onToggle: () => this.store.isLive && ground.shown.size && this.refresh(),
    });
  }

  _look(id) {
    if (this.gaps) this.hatched.choose(this.gaps.get(id) ?? null);
    else this.ground.townships.light(id);
  }

  _choose(id) {
    const gap = this.gaps?.get(id);
    if (!gap) return this.ground.townships.zoomTo(id);
    this.map.getContainer().scrollIntoView({ block: "nearest" }); // on a phone the table lies below the map
    this.map.fitBounds(L.geoJSON(gap).getBounds(), { maxZoom: 15, padding: [40, 40], animate: false });
    return this._tellGap(gap);
  }

  _clickGround(latlng) {
    const gap = this.gaps && this.hatched.featureAt(latlng);
    if (gap) {
      this.hatched.choose(gap);
      this.table.light(`gap-${gap.properties.rank}`);
      this._tellGap(gap);
    } else if (this.store.nearest) this.callout.walk(latlng, this._asked());
  }

  _tellGap(gap) {
    return this.callout.gap(gap, this._asked(), (site) => this.ground.siteName(site));
  }

  _asked() {
    const { profile, minutes } = this.question;
    return { profile, minutes, kinds: this.ground.askedKinds() };
  }

  _changed(question) {
    Object.assign(this.question, question);
    this.map.closePopup();
    this.refresh();
  }

  _fail(error) {
    const again = el("button", { type: "button", className: "button" }, say("retry"));
    again.addEventListener("click", () => (this.ground.counts ? this.refresh() : this.start()));
    this.holder.replaceChildren(el("p", { role: "alert" }, say("failed", { reason: error.message })), again);
    document.body.dataset.ready = "failed";
  }
}
