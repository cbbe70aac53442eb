// What lies under every page of the planner: streets, townships, and the sites that there are by kind.

import { KINDS } from "./kinds.js";
import { SiteLayer } from "./site_layer.js";
import { openStage } from "./stage.js";
import { TownshipLayer } from "./township_layer.js";

export class Ground {
  constructor({ map, cluster, settings, source, store }, { onSite, onTownship, onDrag, onDrop }) {
    Object.assign(this, { map: openStage(map, source, settings), settings, store, sites: new Map(), shown: new Set(KINDS) });
    this.siteLayer = new SiteLayer(map, cluster, onSite, { onDrag, onDrop });
    this.townships = new TownshipLayer(map, onTownship);
    if (window.matchMedia("(max-width: 799px)").matches) document.getElementById("legend-box").open = false;
  }

  /** Fetch and draw sites and townships; throws what the store throws. */
  async load() {
    const [sites, units] = await Promise.all([this.store.sites(), this.store.units()]);
    sites.features.forEach((site) => this.sites.set(site.properties.id, site));
    this.counts = Object.fromEntries(KINDS.map((kind) => [kind, sites.features.filter((site) => site.properties.kind === kind).length]));
    this.siteLayer.setFeatures(sites.features);
    this.siteLayer.show(this.shown);
    this.townships.setFeatures(units.features);
  }

  showKind(kind, on) {
    if (on) this.shown.add(kind);
    else this.shown.delete(kind);
    this.siteLayer.show(this.shown);
  }

  /** Let these kinds count and no others. */
  showOnly(kinds) {
    this.shown = new Set(kinds);
    if (this.counts) this.siteLayer.show(this.shown);
  }

  /** The kinds that a question names: none where all count. */
  askedKinds() {
    const kinds = KINDS.filter((kind) => !this.counts || this.counts[kind] > 0);
    return kinds.every((kind) => this.shown.has(kind)) ? [] : kinds.filter((kind) => this.shown.has(kind));
  }

  siteName(id) {
    return this.sites.get(id)?.properties.name ?? id;
  }
}
