// What the map says where it is clicked: one popup at a time, with the circles or the ways that belong to it.

import { chosenRemedies, drawRemedies, gapCard, placesOf } from "./cause_card.js";
import { drawRings, drawRoute, siteCard, walkCard } from "./detail.js";
import { el } from "./dom.js";
import { say } from "./words.js";

function topOf(bounds) {
  return L.latLng(bounds.getNorth(), bounds.getCenter().lng);
}

export class Callout {
  constructor(map, store) {
    Object.assign(this, { map, store });
    this.rings = L.layerGroup().addTo(map);
    this.route = L.layerGroup().addTo(map);
    map.on("popupclose", () => this._clear());
  }

  say(latlng, content, options = {}) {
    this._clear();
    const maxHeight = this.map.getSize().y - 72; // on a phone a long card is rolled
    return L.popup({ maxWidth: 300, maxHeight, autoPanPadding: [24, 24], ...options }).setLatLng(latlng).setContent(content).openOn(this.map);
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

  /** Tell of a gap from above it: why it is there, and what would win its people; each remedy opens as a what-if. */
  async gap(gap, question, siteName) {
    const addressOf = this.store.whatifAddress && ((body) => this.store.whatifAddress(body, question));
    const ground = L.geoJSON(gap).getBounds();
    await this._answer(topOf(ground), gapCard(gap, { siteName }), async () => {
      const { gaps, limit_m: limitM } = await this.store.causes(question);
      const told = gaps.find(({ rank }) => rank === gap.properties.rank);
      const remedies = chosenRemedies(told.remedies);
      placesOf(remedies).forEach((place) => ground.extend(place));
      return [gapCard(gap, { siteName, told, limitM, addressOf }), () => drawRemedies(remedies, this.route), topOf(ground)];
    });
  }

  async _answer(latlng, waiting, ask) {
    const popup = this.say(latlng, waiting, { autoPan: false }); // a popup pans the map once: when all is said
    try {
      const [content, draw, place = latlng] = await ask();
      if (!popup.isOpen()) return;
      popup.setContent(content);
      popup.options.autoPan = true;
      popup.setLatLng(place);
      draw();
    } catch (error) {
      popup.setContent(el("p", {}, say("failed", { reason: error.message })));
    }
  }

  _clear() {
    this.rings.clearLayers();
    this.route.clearLayers();
  }
}
