// The legend says what is drawn, counts it, and switches kinds of site on and off.

import { GAP_STEPS } from "./area_layer.js";
import { el, withMark } from "./dom.js";
import { KINDS, mark } from "./kinds.js";
import { count, date, metres, minutes, say } from "./words.js";

const PROFILES = { standard: "profileStandard", adult: "profileAdult", elder: "profileElder", wheelchair: "profileWheelchair" };

export function swatch(className, words) {
  return el("li", {}, el("span", { className: `swatch ${className}` }), words);
}

export function coverageSwatches() {
  return [swatch("covered", say("covered")), swatch("covered-twice", say("coveredTwice"))];
}

export function gapSwatches(steps = GAP_STEPS) {
  const [few, many] = steps.map(count);
  return [
    swatch("gap-few", say("gapFew", { n: few })),
    swatch("gap-some", say("gapSome", { a: few, b: many })),
    swatch("gap-many", say("gapMany", { n: many })),
  ];
}

/** Who walks how long and how far; `answer` is any answer that states its limit. */
export function limitWords(answer) {
  return say("limit", {
    profile: say(PROFILES[answer.profile] ?? "profileStandard"), minutes: minutes(answer.limit_s), metres: metres(answer.limit_m),
  });
}

export function standardWords(answer) {
  return say("standard", { standard: answer.standard === "custom" ? say("custom") : answer.standard });
}

function kindRow(kind, ground, onToggle) {
  const box = el("input", { type: "checkbox", checked: ground.shown.has(kind) });
  box.addEventListener("change", () => {
    ground.showKind(kind, box.checked);
    onToggle();
  });
  const label = el("label", {}, box, withMark(mark(kind, 0.8), say(kind)), el("span", { className: "number" }, count(ground.counts[kind])));
  return el("li", {}, label);
}

/** Fill the legend: what is drawn, the kinds of site on the ground with their switches, and by which standard. */
export function showLegend(holder, { title, swatches, notes, ground, onToggle }) {
  const kinds = KINDS.filter((kind) => ground.counts[kind] > 0);
  const lines = [...notes, say("dated", { date: date(ground.settings.builtAt) })];
  holder.replaceChildren(
    el("p", { className: "legend-title" }, title),
    el("ul", { className: "swatches" }, ...swatches),
    el("ul", { className: "kinds", "aria-label": say("sites") }, ...kinds.map((kind) => kindRow(kind, ground, onToggle))),
    ...lines.map((line) => el("p", { className: "legend-note" }, line)),
  );
}
