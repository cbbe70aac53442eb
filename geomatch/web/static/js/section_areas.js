// Exclusive areas: each home to its nearest site, as areas that tile the ground within reach.

import { el } from "./dom.js";
import { barColumn, chartPart, factTable, headline, plainColumn } from "./section_parts.js";
import { sourceLine } from "./source.js";
import { stepsOf, stepSwatches } from "./steps.js";
import { count, people, say } from "./words.js";

const MOST_ROWS = 300;
const PEOPLE_STEPS = [500, 1000, 2000, 5000, 10000];
const hectares = (area) => count(area / 10000);

export const areaSection = {
  async ask({ store, question }) {
    const [areas, coverage] = await Promise.all([store.areas(question), store.coverage(question)]);
    return { areas, coverage };
  },
  view({ areas: { features }, coverage }, page) {
    const rows = features.map(({ properties }) => properties).sort((a, b) => b.population - a.population);
    const shown = rows.slice(0, MOST_ROWS);
    const served = rows.filter(({ population }) => population > 0);
    const median = served.length ? served[Math.floor(served.length / 2)].population : 0;
    const steps = stepsOf(rows.map(({ population }) => population), PEOPLE_STEPS);
    return {
      stated: coverage,
      parts: [
        headline(count(rows[0]?.population ?? 0), say("areasCaption", { name: rows[0] ? page.ground.siteName(rows[0].site) : "" }), say("areasMeans")),
        chartPart(say("areasTitle"), factTable(null, [
          [say("areasMedian"), people(median)],
          [say("areasEmpty"), say("sitesUnit", { n: count(rows.length - served.length) })],
          [say("areasCovered"), people(rows.reduce((sum, { population }) => sum + population, 0))],
        ]), rows.length > MOST_ROWS ? el("p", { className: "note" }, say("firstRows", { n: count(MOST_ROWS), all: count(rows.length) })) : null,
        sourceLine(coverage, coverage.total.population, page.clauseOf(coverage))),
      ],
      table: {
        rows: shown, caption: say("areasTitle"), name: (row) => page.ground.siteName(row.site), id: (row) => row.site,
        columns: [
          { heading: "sites", key: (row) => page.ground.siteName(row.site) }, barColumn("people", (row) => row.population, count, shown, "people-bar"),
          plainColumn("homes", (row) => row.homes, count), plainColumn("ground", (row) => row.area_m2, hectares),
        ],
        onLook: (id) => page.board.light(id), onChoose: (id) => page.chooseSite(id),
      },
      legend: { title: say("areasLegend"), swatches: stepSwatches(steps, count) },
      draw: (board) => board.parcels(features, ({ population }) => steps.colourOf(population)),
    };
  },
};
