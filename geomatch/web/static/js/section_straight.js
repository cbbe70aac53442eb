// Straight-line over-claim: how many people a circle drawn with a compass counts who walk further than the limit.

import { barList } from "./bars.js";
import { barColumn, chartPart, headline, plainColumn, townTable } from "./section_parts.js";
import { sourceLine } from "./source.js";
import { stepsOf, stepSwatches } from "./steps.js";
import { count, percent, say } from "./words.js";

export const straightSection = {
  ask: ({ store, question }) => store.fairness(question),
  view(answer, page) {
    const { total, units } = answer;
    const straight = total.population ? total.straight_line / total.population : null;
    const steps = stepsOf(units.map((row) => row.over_claim_share));
    return {
      stated: answer,
      parts: [
        headline([((total.over_claim_share ?? 0) * 100).toFixed(1), say("points")], say("overClaim", { n: count(total.over_claim) }), say("overClaimWhy")),
        chartPart(say("overClaimTitle"), barList([
          { name: say("asCrowFlies"), share: straight, text: percent(straight), className: "gap-bar" },
          { name: say("onFoot"), share: total.share, text: percent(total.share) },
        ], { label: say("overClaimTitle") }), sourceLine(answer, total.population, page.clauseOf(answer))),
      ],
      table: townTable(units, [
        barColumn("overClaimed", (row) => row.over_claim, count, units, "gap-bar"),
        plainColumn("overClaimedShare", (row) => row.over_claim_share, percent),
        plainColumn("share", (row) => row.share, percent),
      ], total),
      legend: { title: say("overClaimedShare"), swatches: stepSwatches(steps, percent) },
      draw: (board) => board.townships(units, (row) => steps.colourOf(row.over_claim_share), (row) => percent(row.over_claim_share)),
    };
  },
};
