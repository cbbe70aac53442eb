// Criticality: who would have no site left if one closed, all sites ranked.

import { el, withMark } from "./dom.js";
import { mark } from "./kinds.js";
import { barColumn, chartPart, factTable, headline, plainColumn } from "./section_parts.js";
import { sourceLine } from "./source.js";
import { count, percent, say } from "./words.js";

const MOST_ROWS = 300;

export const criticalSection = {
  async ask({ store, question }) {
    const [answer, coverage] = await Promise.all([store.criticality(question), store.coverage(question)]);
    return { answer, people: coverage.total.population };
  },
  view({ answer: { features, query }, people }, page) {
    const rows = features.map(({ properties }) => properties);
    const alone = rows.filter(({ lost }) => lost > 0);
    const [first] = rows;
    const most = Math.max(1, first?.lost ?? 1);
    const spots = features.slice(0, alone.length).map(({ id, geometry: { coordinates: [lon, lat] }, properties: { lost } }) => ({ id, lon, lat, size: lost / most }));
    const shown = rows.slice(0, MOST_ROWS);
    return {
      stated: query,
      parts: [
        headline(count(first?.lost ?? 0), say("criticalCaption", { name: first?.name ?? "" }), say("criticalMeans")),
        chartPart(say("criticalTitle"), factTable(null, [
          [say("criticalAlone"), say("sitesUnit", { n: count(alone.length) })],
          [say("criticalPeople"), say("peopleUnit", { n: count(alone.reduce((sum, { lost }) => sum + lost, 0)) })],
          [say("criticalSpare"), say("sitesUnit", { n: count(rows.length - alone.length) })],
        ]), rows.length > MOST_ROWS ? el("p", { className: "note" }, say("firstRows", { n: count(MOST_ROWS), all: count(rows.length) })) : null,
        sourceLine(query, people, page.clauseOf(query))),
      ],
      table: {
        rows: shown, caption: say("criticalTitle"), name: (row) => withMark(mark(row.kind, 0.8), `${row.rank}. ${row.name}`), id: (row) => row.id,
        columns: [
          { heading: "sites", key: (row) => -row.rank }, barColumn("lost", (row) => row.lost, count, shown, "gap-bar"),
          plainColumn("lostShare", (row) => row.lost_share, percent), plainColumn("nearestOf", (row) => row.nearest, count),
        ],
        onLook: (id) => page.board.light(id), onChoose: (id) => page.chooseSite(id),
      },
      legend: { title: say("criticalLegend"), swatches: [el("li", {}, el("span", { className: "swatch bubble" }), say("criticalBubble"))] },
      draw: (board) => board.circles(spots),
    };
  },
};
