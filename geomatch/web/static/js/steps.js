// Steps of a colour for a figure: light to dark, so that they hold for a colour-blind reader and in print.

import { el } from "./dom.js";
import { ticks } from "./svg.js";

export const RAMP = ["#d3ece7", "#9bd0ca", "#5fb0b0", "#2f8b93", "#14667a", "#0a4257"];

/** Bounds that some values lie on both sides of (`given`, or round ones), and the colour of a value; null has none. */
export function stepsOf(values, given = null) {
  const known = values.filter((value) => value !== null);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const wanted = given ?? (high > low ? ticks(low, high, RAMP.length) : []);
  const bounds = wanted.filter((bound) => bound > low && bound <= high).slice(0, RAMP.length - 1);
  const colours = [RAMP[0], ...bounds.map((_, at) => RAMP[Math.round(((at + 1) * (RAMP.length - 1)) / bounds.length)])];
  return { bounds, colours, colourOf: (value) => (value === null ? null : colours[bounds.filter((bound) => value >= bound).length]) };
}

function step(colour, words) {
  const box = el("span", { className: "swatch step" });
  box.style.background = colour;
  return el("li", {}, box, words);
}

/** The legend of steps; `tell` says a bound with its unit. */
export function stepSwatches({ bounds, colours }, tell) {
  if (!bounds.length) return [];
  return colours.map((colour, at) => {
    if (at === 0) return step(colour, `< ${tell(bounds[0])}`);
    return step(colour, at === bounds.length ? `≥ ${tell(bounds[at - 1])}` : `${tell(bounds[at - 1])} – ${tell(bounds[at])}`);
  });
}
