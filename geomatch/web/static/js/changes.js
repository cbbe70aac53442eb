// What a planner has changed, step by step; every step can be taken back, and the whole is the body of POST /whatif.

import { KINDS } from "./kinds.js";

const DECIMALS = 6; // a tenth of a metre
const QUESTION = ["coordsys", "profile", "minutes", "metres", "kind", "open_at", "homes", "all_units"];
const PARTS = ["add", "close", "move", "links", "open"];
const LINK_KINDS = ["footbridge", "gate"];

export function spotOf({ lng, lat }) {
  return { lon: Number(lng.toFixed(DECIMALS)), lat: Number(lat.toFixed(DECIMALS)) };
}

/** Lists of changes that follow one another. A list is never altered: a step makes a new one. */
export class History {
  constructor() {
    this.open([]);
  }

  open(list) {
    Object.assign(this, { list, past: [], future: [] });
  }

  step(list) {
    this.past.push(this.list);
    this.future = [];
    this.list = list;
  }

  undo() {
    if (!this.past.length) return;
    this.future.push(this.list);
    this.list = this.past.pop();
  }

  redo() {
    if (!this.future.length) return;
    this.past.push(this.list);
    this.list = this.future.pop();
  }
}

function numbered(list, change) {
  const number = 1 + Math.max(0, ...list.filter(({ part }) => part === change.part).map((one) => one.number));
  return { ...change, number, key: `${change.part}-${number}` };
}

export function withSite(list, spot, kind) {
  return [...list, numbered(list, { part: "add", kind, ...spot })];
}

export function withLink(list, from, to, kind) {
  return [...list, numbered(list, { part: "links", kind, from: [from.lon, from.lat], to: [to.lon, to.lat] })];
}

export function withClosed(list, id) {
  return [...list.filter((change) => change.id !== id || change.part === "add"), { part: "close", id, key: `close-${id}` }];
}

/** Keep a site of the region open at the hour that is asked about. */
export function withOpened(list, id) {
  return [...list, { part: "open", id, key: `open-${id}` }];
}

/** Put a site of the region elsewhere; it is one change however often it is moved. */
export function withMoved(list, id, spot) {
  const key = `move-${id}`;
  const moved = { part: "move", id, key, ...spot };
  return list.some((change) => change.key === key) ? list.map((change) => (change.key === key ? moved : change)) : [...list, moved];
}

/** Put a new site elsewhere. */
export function withPut(list, key, spot) {
  return list.map((change) => (change.key === key ? { ...change, ...spot } : change));
}

export function without(list, key) {
  return list.filter((change) => change.key !== key);
}

/** The sites of the region that do not stand where they stood. */
export function goneFrom(list) {
  return new Set(list.filter(({ part }) => part === "close" || part === "move").map(({ id }) => id));
}

/** The changes as POST /whatif takes them. */
export function bodyOf(list) {
  const of = (part) => list.filter((change) => change.part === part);
  return {
    add: of("add").map(({ id, name, lon, lat, kind }) => ({ ...(id && { id }), ...(name && { name }), lon, lat, kind })),
    close: of("close").map(({ id }) => id),
    move: of("move").map(({ id, lon, lat }) => ({ id, lon, lat })),
    links: of("links").map(({ from, to, kind }) => ({ from, to, kind })),
    open: of("open").map(({ id }) => id),
  };
}

/** Find the change that a fault of the service is about: ["body", "close.0"], or ["body", "add", 0, "lon"]. */
export function changeAt(list, loc) {
  const [part, row] = loc.slice(1).join(".").split(".");
  return list.filter((change) => change.part === part)[Number(row)];
}

/** The name by which the service tells of a new or moved site. */
export function toldAs(list, change) {
  return change.id ?? `new-${1 + list.filter(({ part }) => part === "add").indexOf(change)}`;
}

const isText = (value, most = 200) => typeof value === "string" && value.length <= most;
const isPlace = (lon, lat) => Number.isFinite(lon) && Number.isFinite(lat) && Math.abs(lon) <= 180 && Math.abs(lat) <= 90;
const isEnd = (end) => Array.isArray(end) && end.length === 2 && isPlace(...end);

const READERS = {
  add: ({ id, name = "", lon, lat, kind = "outpost" }) => isPlace(lon, lat) && KINDS.includes(kind) && isText(name)
    && (id == null || isText(id)) && { id: id ?? undefined, name, lon, lat, kind },
  close: (id) => isText(id) && id !== "" && { id },
  move: ({ id, lon, lat }) => isText(id) && isPlace(lon, lat) && { id, lon, lat },
  open: (id) => isText(id) && id !== "" && { id },
  links: ({ from, to, kind = "footbridge" }) => isEnd(from) && isEnd(to) && LINK_KINDS.includes(kind) && { from, to, kind },
};

/** Tell whether no site is named twice among these parts. */
function isOnce(list, parts) {
  const ids = list.filter(({ part }) => parts.includes(part)).map(({ id }) => id);
  return new Set(ids).size === ids.length;
}

/** Read the changes of a body of POST /whatif that may come from anywhere; null where it is no such body. */
export function changesOf(body) {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return null;
  if (!Object.keys(body).every((name) => PARTS.includes(name) || QUESTION.includes(name))) return null;
  const { kind = [], open_at: openAt, open = [] } = body;
  if (!Array.isArray(kind) || !kind.every((one) => KINDS.includes(one))) return null;
  if (openAt == null ? open.length > 0 : !isText(openAt, 40) || Number.isNaN(Date.parse(openAt))) return null;
  let list = [];
  for (const part of PARTS) {
    const given = body[part] ?? [];
    if (!Array.isArray(given)) return null;
    for (const one of given) {
      const change = one !== null && READERS[part](one);
      if (!change) return null;
      const isNumbered = part === "add" || part === "links";
      list = [...list, isNumbered ? numbered(list, { part, ...change }) : { part, ...change, key: `${part}-${change.id}` }];
    }
  }
  return isOnce(list, ["close", "move"]) && isOnce(list, ["close", "open"]) ? list : null;
}
