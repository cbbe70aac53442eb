// Coverage by the hour of a week, and on the map the ground of the sites that are open at the hour looked at.

import { el } from "./dom.js";
import { coverageSwatches } from "./legend.js";
import { chartPart, factTable, headline } from "./section_parts.js";
import { sourceLine } from "./source.js";
import { count, percent, say } from "./words.js";
import { dayWords, weekChart } from "./week_chart.js";

const SPANS = [["weekdayDay", [0, 5], [9, 17]], ["weekdayEvening", [0, 5], [18, 22]], ["weekendDay", [5, 7], [9, 17]], ["weekendEvening", [5, 7], [18, 22]]];

function mean(share, [firstDay, endDay], [firstHour, endHour]) {
  const hours = share.slice(firstDay, endDay).flatMap((row) => row.slice(firstHour, endHour));
  return hours.reduce((sum, figure) => sum + (figure ?? 0), 0) / hours.length;
}

function choice(page, name, label, value, options) {
  const select = el("select", { name, "aria-label": label }, ...options.map((words, at) => el("option", { value: at, selected: at === value }, words)));
  select.dataset.keep = name;
  select.addEventListener("change", () => page.turn({ [name]: Number(select.value) }));
  return select;
}

function figures(share) {
  const heads = [say("hour"), ...share.map((_, day) => dayWords(day))];
  const rows = Array.from({ length: 24 }, (_, hour) => [say("oClock", { hour }), ...share.map((row) => percent(row[hour]))]);
  return el("details", { className: "table-part" }, el("summary", {}, say("weekFigures")), factTable(heads, rows));
}

export const weekSection = {
  async ask({ store, question }) {
    const [answer, opening, circles] = await Promise.all([store.week(question), store.opening(), store.circles(question)]);
    return { answer, opening, circles };
  },
  view({ answer, opening, circles }, page) {
    const { share, covered, at_most: atMost, hours_unknown: unknown } = answer;
    const { day = 0, hour = 10 } = page.state;
    const isOpen = (site) => opening.patterns[opening.sites[site]]?.[day * 24 + hour] === "1";
    const evening = mean(share, ...SPANS[1].slice(1));
    return {
      stated: answer,
      parts: [
        headline(percent(evening), say("weekCaption"), unknown ? say("weekUnknown", { n: count(unknown), most: count(Math.max(...atMost.flat())) }) : null),
        chartPart(say("weekTitle"),
          weekChart(share, { day, hour }, (toDay, toHour) => page.turn({ day: toDay, hour: toHour })),
          el("div", { className: "row hour-choice" },
            choice(page, "day", say("weekday"), day, share.map((_, at) => dayWords(at))),
            choice(page, "hour", say("hour"), hour, share[0].map((_, at) => say("oClock", { hour: at }))),
            el("strong", { "aria-live": "polite" }, say("hourCovered", { share: percent(share[day][hour]), n: count(covered[day][hour]) }))),
          factTable(null, SPANS.map(([key, days, hours]) => [say(key), percent(mean(share, days, hours))])),
          figures(share),
          sourceLine(answer, answer.population, page.clauseOf(answer)), el("p", { className: "note" }, say("weekOrdinary"))),
      ],
      legend: { title: say("weekLegend", { day: dayWords(day), hour }), swatches: coverageSwatches() },
      draw: (board) => board.reach(circles, isOpen),
    };
  },
};
