// How coverage grows with every site that is opened, up to the line that no choice can pass.

import { picture, svg, ticks } from "./svg.js";
import { count, percent, say } from "./words.js";

const WIDTH = 364, HEIGHT = 196;
const BOX = { left: 44, right: 12, top: 26, bottom: 34 };

function scalesOf(points, most) {
  const last = points.at(-1).count;
  const low = points[0].share, span = Math.max(most - low, 0.002);
  const x = (sites) => BOX.left + (sites / Math.max(1, last)) * (WIDTH - BOX.left - BOX.right);
  const y = (share) => HEIGHT - BOX.bottom - ((share - low) / span) * (HEIGHT - BOX.top - BOX.bottom);
  return { x, y, low, high: low + span, last };
}

function axes({ x, y, low, high, last }) {
  const across = ticks(low, high, 3).map((share) => svg("g", {},
    svg("line", { class: "grid", x1: BOX.left, x2: WIDTH - BOX.right, y1: y(share), y2: y(share) }),
    svg("text", { x: BOX.left - 6, y: y(share) + 4, "text-anchor": "end" }, percent(share))));
  const along = ticks(0, last, 5).filter(Number.isInteger).map((sites) => svg("text", { x: x(sites), y: HEIGHT - BOX.bottom + 18, "text-anchor": "middle" }, count(sites)));
  const title = svg("text", { x: WIDTH - BOX.right, y: HEIGHT - 2, "text-anchor": "end" }, say("curveAlong"));
  return [...across, ...along, title];
}

/** Draw the curve of an answer of POST /siting; `bound` people no choice can exceed, or null. */
export function curveChart({ curve, bound, population }) {
  const most = Math.max(curve.at(-1).share, bound === null ? 0 : bound / population);
  const scales = scalesOf(curve, most);
  const { x, y } = scales;
  const line = curve.map(({ count: sites, share }) => `${x(sites).toFixed(1)},${y(share).toFixed(1)}`);
  const end = curve.at(-1);
  const parts = [
    ...axes(scales),
    svg("polyline", { class: "line", points: line.join(" ") }),
    svg("circle", { class: "dot", cx: x(end.count), cy: y(end.share), r: 4 }),
    svg("text", { class: "label", x: x(end.count) - 4, y: y(end.share) + 30, "text-anchor": "end" }, percent(end.share)),
  ];
  if (bound !== null) {
    const at = y(bound / population);
    parts.push(svg("line", { class: "limit", x1: BOX.left, x2: WIDTH - BOX.right, y1: at, y2: at }));
    parts.push(svg("text", { class: "limit-label", x: BOX.left + 6, y: at - 7 }, say("curveBound", { share: percent(bound / population) })));
  }
  const words = say("curveWords", { from: percent(curve[0].share), to: percent(end.share), n: count(end.count) });
  return picture({ width: WIDTH, height: HEIGHT, words, className: "curve" }, ...parts);
}
