// Sites on the map: a mark each by kind, stations gathered in clusters, centre and offices always seen.

import { mark, markSize } from "./kinds.js";
import { say } from "./words.js";

const ALWAYS = new Set(["centre", "office"]);

function icon(kind) {
  const size = markSize(kind);
  return L.divIcon({ className: "site-icon", html: mark(kind), iconSize: [size, size], iconAnchor: [size / 2, size / 2] });
}

function clusterIcon(cluster) {
  const sites = cluster.getChildCount();
  const size = sites < 10 ? 24 : sites < 50 ? 28 : 34;
  return L.divIcon({ className: "cluster-icon", html: `<span>${sites}</span>`, iconSize: [size, size] });
}

export class SiteLayer {
  constructor(map, cluster, onChoose) {
    this.cluster = cluster;
    this.cluster.options.iconCreateFunction = clusterIcon;
    this.free = L.layerGroup().addTo(map);
    this.onChoose = onChoose;
    this.markers = new Map();
  }

  setFeatures(features) {
    for (const feature of features) this.markers.set(feature.properties.id, this._marker(feature));
  }

  _marker(feature) {
    const { name, kind } = feature.properties;
    const [lon, lat] = feature.geometry.coordinates;
    const title = say("stationHere", { kind: say(kind), name });
    const marker = L.marker([lat, lon], { icon: icon(kind), title, alt: title, riseOnHover: true, zIndexOffset: kind === "centre" ? 1000 : 0 });
    marker.feature = feature;
    marker.on("keypress", ({ originalEvent }) => originalEvent.key === "Enter" && this.onChoose(feature)); // Leaflet clicks by mouse only
    return marker.on("click", () => this.onChoose(feature));
  }

  show(kinds) {
    const shown = [...this.markers.values()].filter((marker) => kinds.has(marker.feature.properties.kind));
    const isFree = (marker) => ALWAYS.has(marker.feature.properties.kind);
    this.free.clearLayers();
    shown.filter(isFree).forEach((marker) => this.free.addLayer(marker));
    this.cluster.clearLayers();
    this.cluster.addLayers(shown.filter((marker) => !isFree(marker)));
  }
}
