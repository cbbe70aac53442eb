// How unevenly people walk: Gini and Lorenz, P90 to P40, the furthest tenth.

import { el } from "./dom.js";
import { lastTenth, lorenzChart } from "./lorenz_chart.js";
import { barColumn, chartPart, factTable, headline, plainColumn, townTable } from "./section_parts.js";
import { sourceLine } from "./source.js";
import { stepsOf, stepSwatches } from "./steps.js";
import { metres, percent, say } from "./words.js";

const orNone = (figure) => (figure === null ? "–" : metres(figure));
const three = (figure) => (figure === null ? "–" : figure.toFixed(3));

export const fairnessSection = {
  ask: ({ store, question }) => store.fairness(question),
  view(answer, page) {
    const { total, units, lorenz } = answer;
    const steps = stepsOf(units.map((row) => row.worst_decile_walk_m));
    const curve = total.gini === null ? el("p", { className: "note" }, say("noPeople")) : lorenzChart(lorenz, total.gini);
    return {
      stated: answer,
      parts: [
        headline(three(total.gini), say("giniCaption"), say("giniMeans")),
        chartPart(say("lorenzTitle"), curve,
          total.gini === null ? null : el("p", {}, say("lastTenth", { share: percent(lastTenth(lorenz)) })),
          factTable(null, [
            [say("factMedian"), orNone(total.median_walk_m)],
            [say("factP40"), orNone(total.p40_walk_m)],
            [say("factP90"), orNone(total.p90_walk_m)],
            [say("factRatio"), total.p90_p40 === null ? "–" : say("times", { n: total.p90_p40.toFixed(1) })],
            [say("factWorst"), orNone(total.worst_decile_walk_m)],
          ]),
          sourceLine(answer, total.population, page.clauseOf(answer))),
      ],
      table: townTable(units, [
        barColumn("worstTenth", (row) => row.worst_decile_walk_m, orNone, units, "gap-bar"),
        plainColumn("factRatio", (row) => row.p90_p40, (figure) => figure?.toFixed(1) ?? "–"),
        plainColumn("gini", (row) => row.gini, three),
      ], total),
      legend: { title: say("factWorst"), swatches: stepSwatches(steps, metres) },
      draw: (board) => board.townships(units, (row) => steps.colourOf(row.worst_decile_walk_m), (row) => orNone(row.worst_decile_walk_m)),
    };
  },
};
