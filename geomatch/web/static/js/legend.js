// The legend says what is drawn, counts it, and switches kinds of site on and off.

import { GAP_STEPS } from "./area_layer.js";
import { el, withMark } from "./dom.js";
import { KINDS, mark } from "./kinds.js";
import { count, date, metres, minutes, say } from "./words.js";

const PROFILES = { standard: "profileStandard", adult: "profileAdult", elder: "profileElder", wheelchair: "profileWheelchair" };

function swatch(className, words) {
  return el("li", {}, el("span", { className: `swatch ${className}` }), words);
}

function coverageRows() {
  return [swatch("covered", say("covered")), swatch("covered-twice", say("coveredTwice"))];
}

function gapRows() {
  const [few, many] = GAP_STEPS.map(count);
  return [
    swatch("gap-few", say("gapFew", { n: few })),
    swatch("gap-some", say("gapSome", { a: few, b: many })),
    swatch("gap-many", say("gapMany", { n: many })),
  ];
}

function kindRow(kind, sites, shown, onToggle) {
  const box = el("input", { type: "checkbox", checked: shown.has(kind) });
  box.addEventListener("change", () => onToggle(kind, box.checked));
  const label = el("label", {}, box, withMark(mark(kind, 0.8), say(kind)), el("span", { className: "number" }, count(sites)));
  return el("li", {}, label);
}

/** Fill the legend; `answer` states standard, profile and limit, `counts` the sites of every kind. */
export function showLegend(holder, { layer, answer, counts, shown, builtAt, onToggle }) {
  const limit = say("limit", {
    profile: say(PROFILES[answer.profile] ?? "profileStandard"), minutes: minutes(answer.limit_s), metres: metres(answer.limit_m),
  });
  const standard = say("standard", { standard: answer.standard === "custom" ? say("custom") : answer.standard });
  const kinds = KINDS.filter((kind) => counts[kind] > 0);
  const rows = layer === "gaps" ? [...gapRows()] : coverageRows();
  holder.replaceChildren(
    el("p", { className: "legend-title" }, layer === "gaps" ? say("gapsLegend") : limit),
    el("ul", { className: "swatches" }, ...rows),
    el("ul", { className: "kinds", "aria-label": say("sites") }, ...kinds.map((kind) => kindRow(kind, counts[kind], shown, onToggle))),
    el("p", { className: "legend-note" }, layer === "gaps" ? `${limit} · ${standard}` : standard, el("br"), say("dated", { date: date(builtAt) })),
  );
}
