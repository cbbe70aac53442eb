// How sure the headline is: what it would be with other speeds and other ways from door to street.

import { bandChart, variedWords } from "./band_chart.js";
import { swatch } from "./legend.js";
import { chartPart, factTable, headline } from "./section_parts.js";
import { sourceLine } from "./source.js";
import { count, percent, say } from "./words.js";

const SLOWER = 0.9, FASTER = 1.1;

export const bandSection = {
  async ask({ store, question }) {
    const at = (factor) => store.circles({ ...question, minutes: Number((question.minutes * factor).toFixed(3)) });
    const [answer, slow, fast] = await Promise.all([store.sensitivity(question), at(SLOWER), at(FASTER)]);
    return { answer, slow, fast };
  },
  view({ answer, slow, fast }, page) {
    const { bands, headline: told, population } = answer;
    const both = bands.find(({ varied }) => varied === "both");
    const chart = told.share === null ? null : bandChart(answer);
    return {
      stated: answer,
      parts: [
        headline(`${percent(both.low.share).replace("%", "")}–${percent(both.high.share)}`, say("bandCaption", { share: percent(told.share) }), say("bandMeans")),
        chartPart(say("bandTitle"), chart,
          factTable(["", say("bandLow"), say("bandHigh")], bands.map(({ varied, low, high }) => [variedWords(varied), count(low.covered), count(high.covered)])),
          sourceLine(answer, population, page.clauseOf(answer))),
      ],
      legend: { title: say("bandLegend"), swatches: [swatch("sure", say("bandSure")), swatch("doubt", say("bandDoubt"))] },
      draw: (board) => board.sure(slow, fast),
    };
  },
};
