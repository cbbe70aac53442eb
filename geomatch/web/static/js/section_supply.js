// Supply for so many people within the limit (2SFCA): what a site has to give is shared among those who can walk to it.

import { barColumn, chartPart, factTable, headline, plainColumn, townTable } from "./section_parts.js";
import { sourceLine } from "./source.js";
import { stepsOf, stepSwatches } from "./steps.js";
import { amount, count, percent, say } from "./words.js";

const two = (figure) => (figure === null ? "–" : amount(figure));

export const supplySection = {
  ask: ({ store, question }) => store.fairness(question),
  view(answer, page) {
    const { total, units, supply } = answer;
    const steps = stepsOf(units.map((row) => row.access_per_10k));
    return {
      stated: answer,
      parts: [
        headline(two(total.access_per_10k), say("supplyCaption"), say("supplyMeans"),
          supply.assumed ? say("supplyAssumed", { n: count(supply.assumed), each: amount(supply.each) }) : null),
        chartPart(say("supplyTitle"), factTable(null, [
          [say("supplyTotal"), amount(supply.total)],
          [say("supplyShared"), amount(supply.shared)],
          [say("supplyStated"), count(supply.stated)],
        ]), sourceLine(answer, total.population, page.clauseOf(answer))),
      ],
      table: townTable(units, [
        barColumn("supplyPer", (row) => row.access_per_10k, two, units, "share-bar"),
        plainColumn("share", (row) => row.share, percent),
        plainColumn("population", (row) => row.population, count),
      ], total),
      legend: { title: say("supplyCaption"), swatches: stepSwatches(steps, amount) },
      draw: (board) => board.townships(units, (row) => steps.colourOf(row.access_per_10k), (row) => two(row.access_per_10k)),
    };
  },
};
