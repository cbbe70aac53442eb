// Sites on the map: a mark each by kind, stations gathered in clusters, centre and offices always seen.

import { mark, markSize } from "./kinds.js";
import { say } from "./words.js";

const FAINT = 0.4;
const ALWAYS = new Set(["centre", "office"]);

/** A site's mark as a marker's icon; `className` says what is special about it. */
export function siteIcon(kind, className = "") {
  const size = markSize(kind);
  return L.divIcon({ className: `site-icon ${className}`, html: mark(kind), iconSize: [size, size], iconAnchor: [size / 2, size / 2] });
}

function clusterIcon(cluster) {
  const sites = cluster.getChildCount();
  const size = sites < 10 ? 24 : sites < 50 ? 28 : 34;
  return L.divIcon({ className: "cluster-icon", html: `<span>${sites}</span>`, iconSize: [size, size] });
}

/** Sites that can be chosen and, where `onDrop` is given, dragged: `onDrag` and `onDrop` tell of which site and where to. */
export class SiteLayer {
  constructor(map, cluster, onChoose, { onDrag, onDrop } = {}) {
    this.cluster = cluster;
    this.cluster.options.iconCreateFunction = clusterIcon;
    this.free = L.layerGroup().addTo(map);
    Object.assign(this, { onChoose, onDrag, onDrop, markers: new Map(), hidden: new Set() });
  }

  setFeatures(features) {
    for (const feature of features) this.markers.set(feature.properties.id, this._marker(feature));
  }

  _marker(feature) {
    const { name, kind } = feature.properties;
    const [lon, lat] = feature.geometry.coordinates;
    const title = say("stationHere", { kind: say(kind), name });
    const draggable = Boolean(this.onDrop);
    const marker = L.marker([lat, lon], { icon: siteIcon(kind), title, alt: title, draggable, autoPan: draggable, riseOnHover: true, zIndexOffset: kind === "centre" ? 1000 : 0 });
    marker.feature = feature;
    if (draggable) this._follow(marker);
    marker.on("keypress", ({ originalEvent }) => originalEvent.key === "Enter" && this.onChoose(feature)); // Leaflet clicks by mouse only
    return marker.on("click", () => this.onChoose(feature));
  }

  /** A dropped marker goes back where it stood: what the drop means is for the page to say. */
  _follow(marker) {
    const home = marker.getLatLng();
    marker.on("drag", () => this.onDrag(marker.feature, marker.getLatLng()));
    marker.on("dragend", () => {
      const dropped = marker.getLatLng();
      marker.setLatLng(home);
      window.queueMicrotask(() => this.onDrop(marker.feature, dropped)); // the cluster ends its own drag first
    });
  }

  show(kinds) {
    this.kinds = kinds;
    this.free.clearLayers();
    this.cluster.clearLayers();
    this._put([...this.markers.values()]);
  }

  /** Take some sites off the map, and put back those that were off before. */
  hide(ids) {
    const markersOf = (some) => some.map((id) => this.markers.get(id)).filter(Boolean);
    const back = markersOf([...this.hidden].filter((id) => !ids.has(id)));
    const away = markersOf([...ids].filter((id) => !this.hidden.has(id)));
    this.hidden = ids;
    this._put(back);
    away.forEach((marker) => this.free.removeLayer(marker));
    this.cluster.removeLayers(away);
  }

  /** Show some sites faintly: they do not count. */
  dim(ids) {
    for (const [id, marker] of this.markers) marker.setOpacity(ids.has(id) ? FAINT : 1);
  }

  _put(markers) {
    const shown = markers.filter(({ feature }) => this.kinds.has(feature.properties.kind) && !this.hidden.has(feature.properties.id));
    const isFree = (marker) => ALWAYS.has(marker.feature.properties.kind);
    shown.filter(isFree).forEach((marker) => this.free.addLayer(marker));
    this.cluster.addLayers(shown.filter((marker) => !isFree(marker)));
  }
}
