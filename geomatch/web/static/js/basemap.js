// Paints our own streets: quiet colours, so that the data on top is never hidden.

const LIGHT = {
  ground: "#f2f1ec", water: "#c9dde8", green: "#dbe7d3", casing: "#cfccc2", road: "#ffffff", path: "#d8d2c2",
  rail: "#b5b2aa", text: "#5b6770", halo: "#ffffff", waterText: "#4f7387",
};
const DARK = {
  ground: "#1c2125", water: "#22343f", green: "#233029", casing: "#14181b", road: "#3a4248", path: "#343b40",
  rail: "#565d62", text: "#a9b4bc", halo: "#14181b", waterText: "#86a9bd",
};

const MINOR = new Set(["service", "footway", "path", "cycleway", "bridleway", "steps", "crossing", "corridor", "platform", "elevator", "square", "track"]);
const WIDTHS = { motorway: 5, trunk: 5, primary: 4.4, secondary: 3.6, tertiary: 3, unclassified: 2.4, residential: 2.2 };
const MAJOR = new Set(["motorway", "trunk", "primary", "secondary", "tertiary"]);

export function isDark() {
  return window.matchMedia("(prefers-color-scheme: dark)").matches;
}

function width(zoom, feature) {
  const base = WIDTHS[feature.props.kind] ?? 1.8;
  return base * Math.max(0.35, Math.min(3.2, 2 ** ((zoom - 15) / 1.6)));
}

function of(theme, test = () => true) {
  return (_zoom, feature) => feature.props.theme === theme && test(feature.props);
}

function fill(theme, colour) {
  return { dataLayer: "base", symbolizer: new protomapsL.PolygonSymbolizer({ fill: colour }), filter: (z, f) => f.geomType === 3 && of(theme)(z, f) };
}

function line(theme, options, { test, minzoom } = {}) {
  return { dataLayer: "base", symbolizer: new protomapsL.LineSymbolizer(options), filter: (z, f) => f.geomType === 2 && of(theme, test)(z, f), minzoom };
}

function paintRules(colour) {
  const minor = (p) => MINOR.has(p.kind);
  const street = (p) => !MINOR.has(p.kind);
  return [
    fill("green", colour.green),
    fill("water", colour.water),
    line("water", { color: colour.water, width: (z) => Math.max(1, (z - 10) * 0.9) }),
    line("road", { color: colour.path, width: (z) => (z >= 17 ? 2.2 : 1) }, { test: minor, minzoom: 14 }),
    line("road", { color: colour.casing, width: (z, f) => width(z, f) + 1.6 }, { test: street, minzoom: 12 }),
    line("rail", { color: colour.rail, width: 1.4, dash: [6, 4] }, { minzoom: 11 }),
    line("road", { color: colour.casing, width: (z, f) => width(z, f) + 0.4 }, { test: (p) => street(p) && !MAJOR.has(p.kind) }),
    line("road", { color: colour.road, width }, { test: street, minzoom: 12 }),
    line("road", { color: colour.casing, width: (z, f) => width(z, f) + 1.2 }, { test: (p) => MAJOR.has(p.kind) }),
    line("road", { color: colour.road, width }, { test: (p) => MAJOR.has(p.kind) }),
  ];
}

function labelRules(colour) {
  const font = '"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",system-ui,sans-serif';
  const words = { labelProps: ["name"], fontFamily: font, stroke: colour.halo, width: 3 };
  const place = new protomapsL.CenteredTextSymbolizer({ ...words, fontSize: 13, fontWeight: 600, fill: colour.text });
  const water = new protomapsL.CenteredTextSymbolizer({ ...words, fontSize: 12, fill: colour.waterText });
  const road = new protomapsL.LineLabelSymbolizer({ ...words, fontSize: 11, fill: colour.text });
  const named = (theme, test) => (z, f) => Boolean(f.props.name) && of(theme, test)(z, f);
  return [
    { dataLayer: "base", symbolizer: place, filter: named("place"), minzoom: 11 },
    { dataLayer: "base", symbolizer: water, filter: named("water"), minzoom: 14 },
    { dataLayer: "base", symbolizer: road, filter: named("road", (p) => MAJOR.has(p.kind)), minzoom: 14 },
    { dataLayer: "base", symbolizer: road, filter: named("road", (p) => !MINOR.has(p.kind)), minzoom: 16 },
  ];
}

/** Add the base map; `source` is a URL or an opened PMTiles. */
export function addBasemap(map, source) {
  const colour = isDark() ? DARK : LIGHT;
  map.getContainer().style.background = colour.ground;
  protomapsL.leafletLayer({
    url: source, maxDataZoom: 14, maxZoom: 19, attribution: "", backgroundColor: colour.ground,
    paintRules: paintRules(colour), labelRules: labelRules(colour), tileDelay: 0.1, lang: document.documentElement.lang,
  }).addTo(map);
}
