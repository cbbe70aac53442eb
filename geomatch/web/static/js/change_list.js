// The list of changes: what was done, in words, each with a button that takes it out again.

import { el, withMark } from "./dom.js";
import { mark } from "./kinds.js";
import { metres, say } from "./words.js";

const LINK_MARKS = {
  footbridge: '<svg class="mark" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" focusable="false"><path d="M2 17h20M4 17v-3a8 6 0 0 1 16 0v3M9 17v-8M15 17v-8" fill="none" stroke="currentColor" stroke-width="2"/></svg>',
  gate: '<svg class="mark" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" focusable="false"><path d="M5 21V4h14v17M2 21h20M15 12v2" fill="none" stroke="currentColor" stroke-width="2"/></svg>',
};

function straightM([lon, lat], [toLon, toLat]) {
  return L.latLng(lat, lon).distanceTo([toLat, toLon]);
}

/** Say a change; `site` is the one of the region that it is about, if any. */
export function changeName(change, site) {
  const name = site?.properties.name ?? change.id;
  if (change.part === "close") return say("changeClose", { name });
  if (change.part === "open") return say("changeOpen", { name });
  if (change.part === "links") return say(change.kind === "gate" ? "changeGate" : "changeBridge", { n: change.number, metres: metres(straightM(change.from, change.to)) });
  if (change.part === "add") return say("changeAdd", { name: change.name || `${say(change.kind)} ${change.number}` });
  const from = site?.geometry.coordinates;
  return from ? say("changeMove", { name, metres: metres(straightM(from, [change.lon, change.lat])) }) : say("changeMoveGone", { name });
}

function markOf(change, site) {
  return change.part === "links" ? LINK_MARKS[change.kind] : mark(change.kind ?? site?.properties.kind, 0.9);
}

/** Fill the list; `faults` holds, by key, what is wrong with a change. */
export function showChanges(holder, list, { sites, faults, onGo, onDrop, onClear }) {
  const row = (change) => {
    const site = sites.get(change.id);
    const name = changeName(change, site);
    const go = el("button", { type: "button", className: "change-name" }, withMark(markOf(change, site), name));
    const drop = el("button", { type: "button", className: "drop", title: say("dropChange"), "aria-label": `${say("dropChange")}: ${name}` }, "×");
    go.addEventListener("click", () => onGo(change));
    drop.addEventListener("click", () => onDrop(change));
    const fault = faults.has(change.key) ? el("p", { className: "fault" }, faults.get(change.key)) : null;
    const line = el("li", { className: `change ${change.part}` }, go, drop, fault);
    line.dataset.key = change.key;
    return line;
  };
  const clear = el("button", { type: "button", className: "plain" }, say("clearChanges"));
  clear.addEventListener("click", onClear);
  holder.hidden = !list.length;
  holder.replaceChildren(
    el("div", { className: "section-head" }, el("h2", {}, say("changesTitle", { n: list.length })), clear),
    el("ol", { className: "change-rows" }, ...list.map(row)),
  );
}
