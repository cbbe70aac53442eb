// A few figures side by side: bars from zero, the figure beside each; those that can be chosen are buttons.

import { el } from "./dom.js";

function fill(share, className) {
  const track = el("span", { className: `bar ${className}` });
  const length = el("span", { className: "bar-fill" });
  length.style.width = `${Math.min(1, share ?? 0) * 100}%`;
  track.append(length);
  return track;
}

/** Rows of {id, name, share, text, className?}; where `onChoose` is given, `chosen` is the id of the pressed one. */
export function barList(rows, { label, chosen, onChoose } = {}) {
  const parts = ({ name, share, text, className = "share-bar" }) => [el("span", { className: "bar-name" }, name), fill(share, className), el("span", { className: "bar-text" }, text)];
  const lines = rows.map((row) => {
    if (!onChoose) return el("li", { className: "bar-row" }, ...parts(row));
    const button = el("button", { type: "button", className: "bar-row", "aria-pressed": String(row.id === chosen) }, ...parts(row));
    button.dataset.keep = `bar-${row.id}`;
    button.addEventListener("click", () => onChoose(row.id));
    return el("li", {}, button);
  });
  return el("ul", { className: "bar-list", "aria-label": label }, ...lines);
}
