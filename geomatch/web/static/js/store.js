// Where the planner's figures come from: the service, or the page itself when it was opened from disk.

import { getJson, sendFile, sendJson } from "./dom.js";
import { packed } from "./open_link.js";

const MOST_GAPS = 10000;

function query({ profile, minutes, kinds }) {
  const parameters = new URLSearchParams({ ...(profile && { profile }), minutes });
  for (const kind of kinds ?? []) parameters.append("kind", kind);
  return parameters;
}

export function serviceStore(region) {
  const api = `/api/v1/regions/${encodeURIComponent(region)}`;
  const page = `/map/${encodeURIComponent(region)}`;
  return {
    isLive: true,
    coverage: (question) => getJson(`${api}/coverage?${query(question)}`),
    minutes: ({ profile, kinds }) => getJson(`${api}/minutes?${query({ profile, minutes: 15, kinds })}`),
    sensitivity: (question) => getJson(`${api}/sensitivity?${query(question)}`),
    loss: async (site, question) => {
      const { features } = await getJson(`${api}/criticality?${query(question)}`);
      return features.find(({ id }) => id === site)?.properties ?? null;
    },
    standards: (question, target) => getJson(`${api}/standards?${query(question)}&target=${target}`),
    profiles: ({ minutes, kinds }) => getJson(`${api}/profiles?${query({ minutes, kinds })}`),
    fairness: (question) => getJson(`${api}/fairness?${query(question)}`),
    criticality: (question) => getJson(`${api}/criticality?${query(question)}`),
    week: (question) => getJson(`${api}/week?${query(question)}`),
    opening: () => getJson(`${page}/opening.json`),
    areas: (question) => getJson(`${page}/areas.geojson?${query(question)}`),
    gaps: (question) => getJson(`${api}/gaps?${query(question)}`),
    causes: (question) => getJson(`${api}/causes?${query(question)}&limit=${MOST_GAPS}`),
    whatifAddress: (body, { profile, minutes }) => `${page}/whatif?${new URLSearchParams({ profile, minutes, open: packed(body) })}`,
    circles: ({ profile, minutes }) => getJson(`${page}/circles.geojson?${query({ profile, minutes })}`),
    sites: () => getJson(`${page}/sites.geojson`),
    units: () => getJson(`${page}/units.geojson`),
    rings: (site, { profile, minutes }) => {
      const parameters = query({ profile, minutes: minutes === 15 ? "5,10,15" : String(minutes) });
      parameters.append("site", site);
      return getJson(`${api}/circles?${parameters}`);
    },
    circleAt: ({ lon, lat }, { profile, ...limit }) => getJson(`${api}/circles?${new URLSearchParams({ lon, lat, profile, ...limit })}`),
    readList: (file, coordsys) => sendFile(`${page}/candidates?${new URLSearchParams({ name: file.name, coordsys })}`, file),
    whatif: (body) => sendJson(`${api}/whatif`, body),
    siting: (body, options) => sendJson(`${api}/siting`, body, options),
    nearest: ({ lng, lat }, question) => {
      const parameters = query(question);
      for (const [name, value] of Object.entries({ lon: lng.toFixed(6), lat: lat.toFixed(6), k: 3, route: "true" })) parameters.set(name, value);
      return getJson(`${api}/nearest?${parameters}`);
    },
  };
}

/** The same questions, answered by what was written into the page; nearest needs the service is absent. */
export function embeddedStore(data) {
  const only = (name) => async () => data[name];
  return {
    isLive: false,
    coverage: only("coverage"), sensitivity: only("sensitivity"), minutes: only("minutes"), gaps: only("gaps"), causes: only("causes"), circles: only("circles"), sites: only("sites"), units: only("units"),
    rings: async (site) => ({ features: data.circles.features.filter((circle) => circle.properties.site === site) }),
    loss: async (site) => data.losses[site] ?? null,
    nearest: null,
  };
}
