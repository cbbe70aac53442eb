// What a click on a site offers: to move it, to close it, or to take back what was done to it.

import { changeName } from "./change_list.js";
import { el, withMark } from "./dom.js";
import { mark } from "./kinds.js";
import { say } from "./words.js";

function buttons(choices) {
  return el("div", { className: "card-buttons" }, ...choices.map(([key, onClick]) => {
    const button = el("button", { type: "button", className: "button small" }, say(key));
    button.addEventListener("click", onClick);
    return button;
  }));
}

export function whatifSiteCard(site, { onMove, onClose }) {
  const { name, kind, hours } = site.properties;
  return el("div", { className: "card" },
    el("h2", {}, withMark(mark(kind), name)),
    el("p", { className: "note" }, say(kind), " · ", hours ? `${say("hours")} ${hours}` : say("noHours")),
    el("p", { className: "note" }, say("dragIt")),
    buttons([["moveIt", onMove], ["closeIt", onClose]]),
  );
}

export function changeCard(change, site, { onMove, onDrop }) {
  const kind = change.kind ?? site?.properties.kind;
  const choices = [[change.part === "add" ? "removeIt" : "putBack", onDrop]];
  if (change.part !== "close") choices.unshift(["moveIt", onMove]);
  return el("div", { className: "card" },
    el("h2", {}, withMark(mark(kind), changeName(change, site))),
    buttons(choices),
  );
}
