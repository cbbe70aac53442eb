// The circles that change: of sites that go, of those that come, and the ground that new links open.

import { goneFrom } from "./changes.js";

const KEPT_CIRCLES = 1000;
const AT_ONCE = 4; // so that a question of the figures need not wait behind hundreds of circles

export class ChangedCircles {
  constructor(store) {
    Object.assign(this, { store, drawn: new Map(), running: 0, waiting: [] });
  }

  /** Say of circles whether they are won or lost. */
  named(features, turned) {
    return features.map((feature) => ({ ...feature, properties: { ...feature.properties, turned } }));
  }

  /** Split the circles of the region's sites into those that stay and those that go. */
  split(circles, list) {
    const gone = goneFrom(list);
    const stays = ({ properties }) => !gone.has(properties.site);
    return { stay: circles.filter(stays), lost: this.named(circles.filter((circle) => !stays(circle)), "lost") };
  }

  /** Ask for the circles around places: new and moved sites. */
  async come(places, { profile, minutes }) {
    return this.named((await Promise.all(places.map((place) => this._around(place, { profile, minutes })))).flat(), "won");
  }

  /** Ask for the ground that is won beyond the ends of links: what is left of the limit there, walked on. */
  async beyond(links, reaches, { profile }) {
    const ends = links.flatMap(({ from, to }, at) => [[from, reaches[at].from_left_m], [to, reaches[at].to_left_m]]);
    const reached = ends.filter(([, leftM]) => leftM !== null && leftM >= 1);
    const asked = reached.map(([[lon, lat], leftM]) => this._around({ lon, lat }, { profile, metres: leftM.toFixed(2) }));
    return this.named((await Promise.all(asked)).flat(), "won");
  }

  /** A circle that cannot be had, outside the region for one, is left out: the figures tell what counts. */
  _around({ lon, lat }, question) {
    const key = JSON.stringify([lon, lat, question]);
    if (this.drawn.size > KEPT_CIRCLES) this.drawn.clear();
    if (!this.drawn.has(key)) {
      const asked = this._inTurn(() => this.store.circleAt({ lon, lat }, question)).then(({ features }) => features);
      asked.catch(() => this.drawn.delete(key));
      this.drawn.set(key, asked);
    }
    return this.drawn.get(key).catch(() => []);
  }

  async _inTurn(ask) {
    if (this.running === AT_ONCE) await new Promise((go) => this.waiting.push(go));
    else this.running += 1;
    try {
      return await ask();
    } finally {
      if (this.waiting.length) this.waiting.shift()();
      else this.running -= 1;
    }
  }
}
