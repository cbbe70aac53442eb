// What the map says where it is clicked: one popup at a time, with the circles or the ways that belong to it.

import { drawRings, drawRoute, siteCard, walkCard } from "./detail.js";
import { el } from "./dom.js";
import { say } from "./words.js";

export class Callout {
  constructor(map, store) {
    Object.assign(this, { map, store });
    this.rings = L.layerGroup().addTo(map);
    this.route = L.layerGroup().addTo(map);
    map.on("popupclose", () => this._clear());
  }

  say(latlng, content) {
    this._clear();
    return L.popup({ maxWidth: 300, autoPanPadding: [24, 24] }).setLatLng(latlng).setContent(content).openOn(this.map);
  }

  /** Tell of a site: its circles, the people in them, and what would be lost without it. */
  async site(site, question) {
    const [lon, lat] = site.geometry.coordinates;
    const { id } = site.properties;
    await this._answer([lat, lon], siteCard(site, {}), async () => {
      const [rings, loss] = await Promise.all([this.store.rings(id, question), this.store.loss(id, question)]);
      return [siteCard(site, { rings, loss }), () => drawRings(rings, this.rings)];
    });
  }

  /** Tell how far it is from a place to the nearest sites. */
  async walk(latlng, question) {
    await this._answer(latlng, el("p", { className: "note" }, say("loading")), async () => {
      const answer = await this.store.nearest(latlng, question);
      return [walkCard(answer), () => drawRoute(answer, this.route)];
    });
  }

  async _answer(latlng, waiting, ask) {
    const popup = this.say(latlng, waiting);
    try {
      const [content, draw] = await ask();
      if (!popup.isOpen()) return;
      draw();
      popup.setContent(content);
    } catch (error) {
      popup.setContent(el("p", {}, say("failed", { reason: error.message })));
    }
  }

  _clear() {
    this.rings.clearLayers();
    this.route.clearLayers();
  }
}
