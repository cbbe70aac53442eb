// Every profile side by side: the same minutes, four ways of walking.

import { barList } from "./bars.js";
import { chartPart, factTable, headline, plainColumn, townTable } from "./section_parts.js";
import { coverageSwatches, limitWords } from "./legend.js";
import { sourceLine } from "./source.js";
import { count, metres, percent, say } from "./words.js";

const NAMES = { standard: "profileStandard", adult: "profileAdult", elder: "profileElder", wheelchair: "profileWheelchair" };
const SHORT = { standard: "shortStandard", adult: "profileAdult", elder: "profileElder", wheelchair: "profileWheelchair" };

const orNone = (figure) => (figure === null ? "–" : metres(figure));
const FACTS = [
  ["factSpeed", (row) => say("kmh", { n: (row.speed_mps * 3.6).toFixed(1) })],
  ["factLimit", (row) => metres(row.limit_m)],
  ["factCovered", (row) => count(row.total.covered)],
  ["twoOrMore", (row) => percent(row.total.backup_share)],
  ["factStraight", (row) => percent(row.total.straight_line_share)],
  ["factMedian", (row) => orNone(row.total.median_walk_m)],
  ["factP90", (row) => orNone(row.total.p90_walk_m)],
  ["factWorst", (row) => orNone(row.total.worst_decile_walk_m)],
  ["factGini", (row) => row.total.gini?.toFixed(3) ?? "–"],
];

export const profileSection = {
  async ask({ store, question, state }) {
    const answer = await store.profiles(question);
    const chosen = state.profile ?? question.profile;
    return { answer, circles: await store.circles({ ...question, profile: chosen }), chosen };
  },
  view({ answer: { profiles }, circles, chosen }, page) {
    const least = profiles.reduce((low, row) => ((row.total.share ?? 1) < (low.total.share ?? 1) ? row : low));
    const asked = profiles.find(({ profile }) => profile === chosen);
    const [standard] = profiles;
    const units = standard.units.map((unit, at) => ({ ...unit, shares: profiles.map((row) => row.units[at].share) }));
    const total = { name: null, shares: profiles.map((row) => row.total.share) };
    const lost = standard.total.covered - least.total.covered;
    return {
      stated: asked,
      parts: [
        headline(percent(least.total.share), say("profileWorst", { profile: say(NAMES[least.profile]), minutes: Math.round(least.limit_s / 60) }),
          lost > 0 ? say("profileLost", { n: count(lost), share: percent(standard.total.share) }) : null),
        chartPart(say("profilesTitle"),
          barList(profiles.map(({ profile, total: { share } }) => ({ id: profile, name: say(NAMES[profile]), share, text: percent(share) })),
            { label: say("profilesTitle"), chosen, onChoose: (profile) => page.turn({ profile }) }),
          factTable(["", ...profiles.map(({ profile }) => say(SHORT[profile]))], FACTS.map(([key, tell]) => [say(key), ...profiles.map(tell)])),
          sourceLine(asked, asked.total.population, page.clauseOf(asked))),
      ],
      table: townTable(units, profiles.map(({ profile }, at) => plainColumn(SHORT[profile], (row) => row.shares[at], percent)), total),
      legend: { title: limitWords(asked), swatches: coverageSwatches() },
      draw: (board) => board.reach(circles),
    };
  },
};
