// The Lorenz curve: people from those who walk least, against the share of all walking that is theirs.

import { picture, svg } from "./svg.js";
import { percent, say } from "./words.js";

const WIDTH = 364, HEIGHT = 300;
const BOX = { left: 48, right: 16, top: 14, bottom: 40 };
const LAST_TENTH = 0.9;

const x = (share) => BOX.left + share * (WIDTH - BOX.left - BOX.right);
const y = (share) => HEIGHT - BOX.bottom - share * (HEIGHT - BOX.top - BOX.bottom);

function axes() {
  const marks = [0, 0.5, 1].flatMap((share) => [
    svg("line", { class: "grid", x1: x(0), x2: x(1), y1: y(share), y2: y(share) }),
    svg("text", { x: x(0) - 6, y: y(share) + 4, "text-anchor": "end" }, `${share * 100}%`),
    svg("text", { x: x(share), y: HEIGHT - BOX.bottom + 18, "text-anchor": share === 1 ? "end" : "middle" }, `${share * 100}%`),
  ]);
  return [...marks, svg("text", { x: x(1), y: HEIGHT - 4, "text-anchor": "end" }, say("lorenzAlong")),
    svg("text", { x: x(0) + 6, y: BOX.top + 10 }, say("lorenzUp"))];
}

/** The walking of those who walk furthest, a tenth of the people: a share of all. */
export function lastTenth(lorenz) {
  const at = lorenz.reduce((best, point) => (Math.abs(point[0] - LAST_TENTH) < Math.abs(best[0] - LAST_TENTH) ? point : best));
  return 1 - at[1];
}

export function lorenzChart(lorenz, gini) {
  const points = lorenz.map(([people, walking]) => `${x(people).toFixed(1)},${y(walking).toFixed(1)}`).join(" ");
  const tenth = lastTenth(lorenz);
  const words = say("lorenzWords", { gini: gini.toFixed(3), tenth: percent(tenth) });
  return picture({ width: WIDTH, height: HEIGHT, words, className: "lorenz" },
    ...axes(),
    svg("polygon", { class: "between", points: `${points} ${x(0)},${y(0)}` }),
    svg("line", { class: "even", x1: x(0), y1: y(0), x2: x(1), y2: y(1) }),
    svg("text", { x: x(0.47), y: y(0.53), "text-anchor": "end" }, say("lorenzEven")),
    svg("polyline", { class: "line", points }),
    svg("text", { class: "label", x: x(1), y: y(0.04), "text-anchor": "end" }, say("lorenzHere", { gini: gini.toFixed(3) })),
    svg("line", { class: "mark", x1: x(LAST_TENTH), x2: x(LAST_TENTH), y1: y(1 - tenth), y2: y(1) }),
    svg("text", { class: "label", x: x(LAST_TENTH) - 6, y: y(1 - tenth / 2) + 4, "text-anchor": "end" }, percent(tenth)));
}
