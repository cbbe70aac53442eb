// Coverage by the hour of a week as a heat map: a row a day, a column an hour.

import { RAMP } from "./steps.js";
import { picture, svg } from "./svg.js";
import { percent, say } from "./words.js";

const CELL = { width: 13.6, height: 24 }, LEFT = 34, TOP = 18, HOURS = 24;
const WIDTH = LEFT + HOURS * CELL.width + 2, HEIGHT = TOP + 7 * CELL.height + 24;
const DAYS = ["dayMo", "dayTu", "dayWe", "dayTh", "dayFr", "daySa", "daySu"];

export function dayWords(day) {
  return say(DAYS[day]);
}

function colourOf(share) {
  return share ? RAMP[Math.min(RAMP.length - 1, Math.floor(share * RAMP.length))] : "none";
}

function scale() {
  const width = 26;
  return RAMP.flatMap((colour, at) => [
    svg("rect", { x: LEFT + at * width, y: HEIGHT - 14, width, height: 10, fill: colour }),
    at === 0 ? svg("text", { x: LEFT - 4, y: HEIGHT - 5, "text-anchor": "end" }, "0%") : null,
    at === RAMP.length - 1 ? svg("text", { x: LEFT + RAMP.length * width + 5, y: HEIGHT - 5 }, "100%") : null,
  ]);
}

/** Draw the shares of a week; `onChoose` is told of a day and hour that is clicked, `chosen` has a heavy border. */
export function weekChart(share, chosen, onChoose) {
  const cells = share.flatMap((row, day) => row.map((figure, hour) => {
    const cell = svg("rect", {
      class: "hour", x: LEFT + hour * CELL.width, y: TOP + day * CELL.height, width: CELL.width - 1, height: CELL.height - 1, fill: colourOf(figure),
    }, svg("title", {}, say("hourShare", { day: dayWords(day), hour, share: percent(figure) })));
    cell.addEventListener("click", () => onChoose(day, hour));
    return cell;
  }));
  const days = share.map((_, day) => svg("text", { x: LEFT - 6, y: TOP + day * CELL.height + 16, "text-anchor": "end" }, dayWords(day)));
  const hours = [0, 3, 6, 9, 12, 15, 18, 21].map((hour) => svg("text", { x: LEFT + hour * CELL.width, y: 12 }, say("oClock", { hour })));
  const mark = svg("rect", {
    class: "chosen-hour", x: LEFT + chosen.hour * CELL.width - 0.5, y: TOP + chosen.day * CELL.height - 0.5, width: CELL.width, height: CELL.height,
  });
  const best = share.flat().reduce((most, figure) => Math.max(most, figure ?? 0), 0);
  return picture({ width: WIDTH, height: HEIGHT, words: say("weekWords", { share: percent(best) }), className: "week" }, ...days, ...hours, ...cells, mark, ...scale());
}
