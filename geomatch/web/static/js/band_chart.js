// How far the headline moves: a bar from the least to the most for each thing that is varied, the headline as a line.

import { picture, svg, ticks } from "./svg.js";
import { percent, say } from "./words.js";

const WIDTH = 364, ROW = 54, BOX = { left: 8, right: 8, top: 24, bottom: 24 };
const NAMES = { speed: "bandSpeed", access: "bandAccess", both: "bandBoth" };

export function variedWords(varied) {
  return say(NAMES[varied]);
}

export function bandChart({ headline, bands }) {
  const ends = bands.flatMap(({ low, high }) => [low.share, high.share]);
  const [least, most] = [Math.min(...ends), Math.max(...ends)];
  const room = Math.max(0.01, (most - least) * 0.22);
  const [from, to] = [Math.max(0, least - room), Math.min(1, most + room)];
  const x = (share) => BOX.left + ((share - from) / (to - from)) * (WIDTH - BOX.left - BOX.right);
  const height = BOX.top + bands.length * ROW + BOX.bottom;
  const grid = ticks(from, to, 4).map((share) => svg("g", {},
    svg("line", { class: "grid", x1: x(share), x2: x(share), y1: BOX.top, y2: height - BOX.bottom }),
    svg("text", { x: x(share), y: height - 6, "text-anchor": "middle" }, percent(share))));
  const rows = bands.map(({ varied, low, high }, at) => {
    const y = BOX.top + at * ROW;
    return svg("g", {},
      svg("text", { class: "row-label", x: BOX.left, y: y + 14 }, variedWords(varied)),
      svg("rect", { class: "range", x: x(low.share), y: y + 24, width: Math.max(2, x(high.share) - x(low.share)), height: 14, rx: 3 }),
      svg("text", { class: "label", x: x(low.share) - 5, y: y + 36, "text-anchor": "end" }, percent(low.share)),
      svg("text", { class: "label", x: x(high.share) + 5, y: y + 36 }, percent(high.share)));
  });
  const words = say("bandWords", { share: percent(headline.share), low: percent(least), high: percent(most) });
  return picture({ width: WIDTH, height, words, className: "band-chart" }, ...grid, ...rows,
    svg("line", { class: "headline-mark", x1: x(headline.share), x2: x(headline.share), y1: BOX.top - 4, y2: height - BOX.bottom }),
    svg("text", { class: "label", x: x(headline.share), y: 13, "text-anchor": "middle" }, percent(headline.share)));
}
