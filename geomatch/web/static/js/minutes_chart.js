// How long people walk to their nearest site: a bar for each span of minutes, the figure beside it.

import { el } from "./dom.js";
import { count, percent, say } from "./words.js";

const SPANS = [["0-5", "5-10", "10-15"], ["15-30"], ["30-60"], ["60-120"], ["120+"], ["unreachable"]];

function spanName(bands) {
  const [from, to] = [bands[0].split("-")[0], bands.at(-1).split("-")[1]];
  if (from === "unreachable") return say("minutesNever");
  return to === undefined ? say("minutesOver", { from: from.replace("+", "") }) : say("minutesBand", { from, to });
}

/** Draw the spread of minutes of `total`, with what it means for 1000 m on foot. */
export function minutesChart(total) {
  const people = SPANS.map((bands) => bands.reduce((sum, band) => sum + total.minutes[band], 0));
  const most = Math.max(1, ...people);
  const rows = SPANS.map((bands, at) => {
    const fill = el("span", { className: "bar-fill" });
    fill.style.width = `${(people[at] / most) * 100}%`;
    const share = total.population ? people[at] / total.population : 0;
    return el("tr", {},
      el("th", { scope: "row" }, spanName(bands)),
      el("td", { className: "minutes-bar" }, el("span", { className: `bar minutes-${at}` }, fill)),
      el("td", {}, say("peopleUnit", { n: count(people[at]) })),
      el("td", { className: "minutes-share" }, percent(share)));
  }).filter((row, at) => people[at] > 0 || at < 4); // the last two are shown where there is somebody
  const caption = el("caption", {}, say("minutesTitle"));
  const parts = [el("p", { className: "caveat" }, say("ruralCaveat")), el("table", { className: "minutes" }, caption, el("tbody", {}, ...rows))];
  if (total.median_minutes !== null) {
    const [half, upper] = [total.median_minutes, total.three_quarter_minutes].map(Math.ceil);
    parts.push(el("p", { className: "note" }, say("minutesHalf", { half, most: upper })));
  }
  return el("section", { className: "minutes-chart" }, ...parts);
}
