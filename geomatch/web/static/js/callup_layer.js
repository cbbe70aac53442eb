// The stations of a call-up as dots: hollow where nobody is there, darker the fuller, larger the more are missing.

import { el } from "./dom.js";
import { say } from "./words.js";

const LOOKS = {
  none: { color: "#b34700", weight: 3.5, fillColor: "#ffffff", fillOpacity: 1 },
  few: { color: "#33414d", weight: 1.2, fillColor: "#fdd49e", fillOpacity: 1 },
  most: { color: "#33414d", weight: 1.2, fillColor: "#4f9bd9", fillOpacity: 1 },
  full: { color: "#ffffff", weight: 1.2, fillColor: "#08306b", fillOpacity: 1 },
};

/** How full a station is, in four steps. */
export function fullness({ places, held }) {
  if (held >= places) return "full";
  if (held === 0) return "none";
  return held / places < 0.5 ? "few" : "most";
}

export class CallupLayer {
  constructor(map) {
    this.map = map;
    this.renderer = L.canvas({ pane: "rings", padding: 0.2, tolerance: 6 });
    this.dots = new Map();
    this.group = L.layerGroup().addTo(map);
  }

  /** Show rows of {site, name, lon, lat, places, held, standby, asked}; dots that are there already change. */
  show(stations) {
    const gone = new Set(this.dots.keys());
    const most = Math.max(1, ...stations.map(({ places, held }) => places - held));
    for (const station of stations) {
      gone.delete(station.site);
      const missing = Math.max(0, station.places - station.held);
      const look = { ...LOOKS[fullness(station)], radius: 4 + 5 * Math.sqrt(missing / most) };
      const dot = this.dots.get(station.site) ?? this._add(station);
      dot.setStyle(look).setRadius(look.radius);
      dot.station = station;
      if (dot.isPopupOpen()) dot.setPopupContent(this._card(station));
    }
    for (const site of gone) {
      this.group.removeLayer(this.dots.get(site));
      this.dots.delete(site);
    }
  }

  choose(site) {
    const dot = this.dots.get(site);
    if (!dot) return;
    if (!this.map.getBounds().contains(dot.getLatLng())) this.map.panTo(dot.getLatLng());
    dot.openPopup();
  }

  fit(stations) {
    if (stations.length) this.map.fitBounds(L.latLngBounds(stations.map(({ lon, lat }) => [lat, lon])).pad(0.1), { maxZoom: 15 });
  }

  _add(station) {
    const dot = L.circleMarker([station.lat, station.lon], { renderer: this.renderer }).addTo(this.group);
    dot.bindPopup(() => this._card(dot.station));
    this.dots.set(station.site, dot);
    return dot;
  }

  _card(station) {
    return el("div", { className: "card" }, el("h2", {}, station.name), el("p", {}, say(fullness(station))), el("p", {}, say("stationCard", station)));
  }
}
