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

/** What can be done with a site; `onOpen` where it is shut at the hour that is asked about. */
export function whatifSiteCard(site, { onMove, onClose, onOpen }) {
  const { name, kind, hours } = site.properties;
  const choices = onOpen ? [["openIt", onOpen]] : [["moveIt", onMove], ["closeIt", onClose]];
  return el("div", { className: "card" },
    el("h2", {}, withMark(mark(kind), name)),
    el("p", { className: "note" }, say(kind), " · ", hours ? `${say("hours")} ${hours}` : say("noHours")),
    el("p", { className: "note" }, say(onOpen ? "shutThen" : "dragIt")),
    buttons(choices),
  );
}

export function changeCard(change, site, { onMove, onDrop }) {
  const kind = change.kind ?? site?.properties.kind;
  const choices = [[change.part === "add" ? "removeIt" : "putBack", onDrop]];
  if (change.part === "add" || change.part === "move") choices.unshift(["moveIt", onMove]);
  return el("div", { className: "card" },
    el("h2", {}, withMark(mark(kind), changeName(change, site))),
    buttons(choices),
  );
}
