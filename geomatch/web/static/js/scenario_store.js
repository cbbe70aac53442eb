// Saved scenarios and what two of them differ by, asked of the service.

import { getJson, sendJson } from "./dom.js";

export function scenarioStore(region) {
  const all = `/api/v1/regions/${encodeURIComponent(region)}/scenarios`;
  const one = (id) => `/api/v1/scenarios/${encodeURIComponent(id)}`;
  const unless = (version) => ({ "If-Match": `"${version}"` });
  return {
    list: (offset = 0) => getJson(`${all}?${new URLSearchParams({ offset })}`),
    open: (id) => getJson(one(id)),
    save: (draft) => sendJson(all, draft),
    change: (id, version, draft) => sendJson(one(id), draft, { method: "PUT", headers: unless(version) }),
    remove: (id, version) => sendJson(one(id), undefined, { method: "DELETE", headers: unless(version) }),
    file: (id) => `${one(id)}/file`,
    places: (id) => `${one(id)}/geojson`,
    compare: (a, b) => getJson(`/api/v1/scenarios/compare?${new URLSearchParams({ a, b })}`),
    compareMap: (a, b) => getJson(`/api/v1/scenarios/compare/map?${new URLSearchParams({ a, b })}`),
  };
}
