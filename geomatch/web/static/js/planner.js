// The planner's page: one question (who walks, how long, which sites count), two views of the answer, one table.

import { HatchLayer, OverlapLayer } from "./area_layer.js";
import { drawRings, drawRoute, gapCard, siteCard, walkCard } from "./detail.js";
import { el } from "./dom.js";
import { KINDS } from "./kinds.js";
import { showLegend } from "./legend.js";
import { minutesChart } from "./minutes_chart.js";
import { coverageColumns, gapColumns, showCoverage, showGaps, Table } from "./panel.js";
import { watchQuestion } from "./question.js";
import { SiteLayer } from "./site_layer.js";
import { openStage } from "./stage.js";
import { TownshipLayer } from "./township_layer.js";
import { say } from "./words.js";

const MOST_GAP_ROWS = 200;

export class Planner {
  constructor({ map, cluster, settings, source, store }) {
    Object.assign(this, { map: openStage(map, source, settings), settings, store, sites: new Map(), asked: 0 });
    this.question = { layer: settings.layer, shown: new Set(KINDS), ...watchQuestion(settings, (changed) => this._changed(changed)) };
    this.holder = document.getElementById("headline");
    this.legend = document.getElementById("legend");
    this.covered = new OverlapLayer({ className: "covered-ground" }).addTo(map);
    this.hatched = new HatchLayer({ className: "gap-ground" });
    this.rings = L.layerGroup().addTo(map);
    this.route = L.layerGroup().addTo(map);
    this.siteLayer = new SiteLayer(map, cluster, (site) => this._chooseSite(site));
    this.table = new Table(document.getElementById("table"), {
      onLook: (id) => this._look(id), onChoose: (id) => this._choose(id),
    });
    this.townships = new TownshipLayer(map, (id) => this.table.light(id));
    if (window.matchMedia("(max-width: 799px)").matches) document.getElementById("legend-box").open = false;
    this._wire();
  }

  async start() {
    const early = this._ask(); // the slowest answers are asked for first
    early.catch(() => {}); // refresh tells of it
    let sites, units;
    try {
      [sites, units] = await Promise.all([this.store.sites(), this.store.units()]);
    } catch (error) {
      this._fail(error);
      return;
    }
    sites.features.forEach((site) => this.sites.set(site.properties.id, site));
    this.counts = Object.fromEntries(KINDS.map((kind) => [kind, sites.features.filter((site) => site.properties.kind === kind).length]));
    this.siteLayer.setFeatures(sites.features);
    this.siteLayer.show(this.question.shown);
    this.townships.setFeatures(units.features);
    if (!sites.features.length) this.holder.replaceChildren(el("p", {}, say("noSites")));
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
      const [answer, ground, minutes] = await asked;
      if (turn !== this.asked) return;
      this.answer = answer;
      if (layer === "gaps") this._drawGaps(answer, ground);
      else this._drawCoverage(answer, ground, minutes);
      this._drawLegend();
    } catch (error) {
      if (turn === this.asked) this._fail(error);
    } finally {
      this.holder.removeAttribute("aria-busy");
    }
  }

  _ask() {
    const asked = this._asked();
    const ground = this.question.layer === "gaps" ? this.store.gaps(asked) : this.store.circles(asked);
    const minutes = this.settings.rural && this.question.layer === "coverage" ? this.store.minutes(asked) : null;
    return Promise.all([this.store.coverage(asked), ground, minutes]);
  }

  _drawCoverage(answer, circles, minutes) {
    const counted = (circle) => this.question.shown.has(this.sites.get(circle.properties.site)?.properties.kind);
    this.hatched.remove();
    this.covered.addTo(this.map).setFeatures(circles.features.filter(counted));
    this.gaps = null;
    showCoverage(this.holder, answer);
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
    this.table.show(gapColumns(rows, (id) => this._siteName(id)), rows, {
      name: (row) => `${row.rank}. ${row.unit ?? this.settings.name}`, id: (row) => `gap-${row.rank}`, caption: say("gapsLegend"),
    });
  }

  _drawLegend() {
    const { layer, shown } = this.question;
    showLegend(this.legend, {
      layer, shown, answer: this.answer, counts: this.counts, builtAt: this.settings.builtAt,
      onToggle: (kind, on) => {
        if (on) shown.add(kind);
        else shown.delete(kind);
        this.siteLayer.show(shown);
        if (this.store.isLive && shown.size) this.refresh();
      },
    });
  }

  _look(id) {
    if (this.gaps) this.hatched.choose(this.gaps.get(id) ?? null);
    else this.townships.light(id);
  }

  _choose(id) {
    const gap = this.gaps?.get(id);
    if (!gap) return this.townships.zoomTo(id);
    const ground = L.geoJSON(gap).getBounds();
    this.map.fitBounds(ground, { maxZoom: 15, padding: [40, 40] });
    return this._say(ground.getCenter(), gapCard(gap, (site) => this._siteName(site)));
  }

  async _chooseSite(site) {
    const [lon, lat] = site.geometry.coordinates;
    const popup = this._say([lat, lon], siteCard(site, null));
    try {
      const rings = await this.store.rings(site.properties.id, this._asked());
      if (!popup.isOpen()) return;
      drawRings(rings, this.rings);
      popup.setContent(siteCard(site, rings));
    } catch (error) {
      popup.setContent(el("p", {}, say("failed", { reason: error.message })));
    }
  }

  async _clickGround(latlng) {
    const gap = this.gaps && this.hatched.featureAt(latlng);
    if (gap) {
      this.hatched.choose(gap);
      this.table.light(`gap-${gap.properties.rank}`);
      this._say(latlng, gapCard(gap, (id) => this._siteName(id)));
    } else if (this.store.nearest) {
      const popup = this._say(latlng, el("p", { className: "note" }, say("loading")));
      try {
        const answer = await this.store.nearest(latlng, this._asked());
        if (!popup.isOpen()) return;
        drawRoute(answer, this.route);
        popup.setContent(walkCard(answer));
      } catch (error) {
        popup.setContent(el("p", {}, say("failed", { reason: error.message })));
      }
    }
  }

  _say(latlng, content) {
    this.rings.clearLayers();
    this.route.clearLayers();
    return L.popup({ maxWidth: 300, autoPanPadding: [24, 24] }).setLatLng(latlng).setContent(content).openOn(this.map);
  }

  _siteName(id) {
    return this.sites.get(id)?.properties.name ?? id;
  }

  _asked() {
    const { profile, minutes, shown } = this.question;
    const kinds = KINDS.filter((kind) => !this.counts || this.counts[kind] > 0);
    return { profile, minutes, kinds: kinds.every((kind) => shown.has(kind)) ? [] : kinds.filter((kind) => shown.has(kind)) };
  }

  _wire() {
    this.map.on("click", ({ latlng }) => this._clickGround(latlng));
    this.map.on("popupclose", () => [this.rings, this.route].forEach((group) => group.clearLayers()));
  }

  _changed(question) {
    Object.assign(this.question, question);
    this.map.closePopup();
    this.refresh();
  }

  _fail(error) {
    const again = el("button", { type: "button", className: "button" }, say("retry"));
    again.addEventListener("click", () => (this.counts ? this.refresh() : this.start()));
    this.holder.replaceChildren(el("p", { role: "alert" }, say("failed", { reason: error.message })), again);
    document.body.dataset.ready = "failed";
  }
}
