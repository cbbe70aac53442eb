// Standards by clause and one's own target: who passes, who falls short and by how many people.

import { SHORT_STEPS } from "./board.js";
import { el } from "./dom.js";
import { gapSwatches, limitWords, swatch } from "./legend.js";
import { minutesChart } from "./minutes_chart.js";
import { figureCell } from "./panel.js";
import { chartPart, headline, townTable } from "./section_parts.js";
import { clauseWords, sourceLine } from "./source.js";
import { RAMP } from "./steps.js";
import { count, language, percent, say } from "./words.js";

const USUAL = 85;

function verdict({ passes, shortfall }) {
  if (passes === null) return say("nobodyLives");
  return passes ? `✓ ${say("passes")}` : `✗ ${say("shortOf", { n: count(shortfall) })}`;
}

function shortCell({ passes, shortfall }) {
  const words = passes === null ? "–" : passes ? `✓ ${say("passes")}` : `✗ ${count(shortfall)}`;
  return el("td", { className: passes ? "pass" : "fail" }, words);
}

/** The target, by typing or by what cities have promised. */
function targetForm(page, target, cities) {
  const field = el("input", { type: "number", name: "target", min: 1, max: 100, step: "any", value: target, inputMode: "decimal" });
  const ask = (value) => value > 0 && value <= 100 && page.turn({ target: value });
  field.dataset.keep = "target";
  field.addEventListener("change", () => ask(Number(field.value)));
  const promised = cities.map((city) => {
    const button = el("button", { type: "button", className: "plain" }, say("cityTarget", { place: city.place.split(" ").at(language() === "zh" ? 0 : -1), year: city.year, target: city.target }));
    button.dataset.keep = `city-${city.year}`;
    button.addEventListener("click", () => ask(city.target));
    return button;
  });
  return el("div", { className: "target-form" }, el("label", { className: "row" }, say("targetLabel"), el("span", {}, field, " %")), el("div", { className: "row" }, ...promised));
}

function presetRows(page, rows, chosen) {
  const heads = ["presetStandard", "share", "presetVerdict", "unitsPassed"].map((key) => el("th", { scope: "col" }, say(key)));
  const lines = rows.map((row) => {
    const button = el("button", { type: "button", className: "row-name", "aria-pressed": String(row.id === chosen) }, row.name);
    button.dataset.keep = `preset-${row.id}`;
    button.addEventListener("click", () => page.turn({ preset: row.id }));
    return el("tr", { className: row.id === chosen ? "lit" : "" }, el("th", { scope: "row" }, button, el("span", { className: "note" }, row.note)),
      el("td", {}, percent(row.total.share)), shortCell(row.total), el("td", {}, `${row.units_passed} / ${row.units.length}`));
  });
  return el("table", { className: "facts presets" }, el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...lines));
}

function rowsOf(answer) {
  const asked = { ...answer, id: "asked", name: say("asAsked"), note: `${answer.standard === "custom" ? say("custom") : answer.standard} · ${limitWords(answer)}` };
  const presets = answer.presets.map((preset) => ({
    ...preset, name: say("presetName", { standard: preset.standard, minutes: preset.minutes }),
    note: `${clauseWords(preset.clause).trim() || say("noClause")} · ${limitWords(preset)}`,
  }));
  return [asked, ...presets];
}

const columns = [
  { heading: "share", key: (row) => row.share ?? -1, cell: (row) => figureCell(percent(row.share), row.share, "share-bar") },
  { heading: "presetVerdict", key: (row) => row.shortfall, cell: shortCell },
];

export const targetSection = {
  ask: ({ store, question, state }) => store.standards(question, state.target ?? USUAL),
  view(answer, page) {
    const rows = rowsOf(answer);
    const chosen = rows.find(({ id }) => id === page.state.preset) ?? rows[0];
    const { total } = chosen;
    const clause = chosen.clause ?? (chosen.id === "asked" ? page.clauseOf(answer) : null);
    const missing = total.passes ? say("regionPasses", { share: percent(total.share) }) : say("regionShort", { share: percent(total.share), n: count(total.shortfall) });
    return {
      stated: chosen,
      parts: [
        headline(`${chosen.units_passed} / ${chosen.units.length}`, say("unitsPass", { target: answer.target }), missing,
          chosen.units_shortfall ? say("unitsShort", { n: count(chosen.units_shortfall) }) : null, targetForm(page, answer.target, answer.city_targets)),
        answer.rural.caveat ? chartPart("", minutesChart({ ...answer.total, median_minutes: null })) : null,
        chartPart(say("presetsTitle"), presetRows(page, rows, chosen.id), sourceLine(chosen, total.population, clause)),
      ],
      table: { ...townTable(chosen.units, columns, total), order: { column: 2, falling: true } },
      legend: { title: say("targetsLegend", { target: answer.target }), swatches: [swatch("passed", say("passes")), ...gapSwatches(SHORT_STEPS)] },
      draw(board) {
        board.townships(chosen.units, ({ passes }) => (passes ? RAMP[1] : null), (row) => `${percent(row.share)} ${verdict(row)}`);
        board.short(new Map(chosen.units.map(({ id, shortfall }) => [id, shortfall])));
      },
    };
  },
};
