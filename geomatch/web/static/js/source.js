// The line under a chart or table: where its figures come from, by which standard and clause, of how many people.

import { el } from "./dom.js";
import { limitWords } from "./legend.js";
import { count, language, say } from "./words.js";

/** A clause as the reader writes it: 2.0.2, table 3.0.4. */
export function clauseWords(clause) {
  if (!clause) return "";
  return ` ${language() === "zh" ? `第 ${clause.replace(", table ", " 条、表 ")}` : clause}`;
}

export function sourceLine(answer, population, clause = null) {
  const standard = answer.standard === "custom" ? say("custom") : answer.standard + clauseWords(clause);
  return el("p", { className: "note source" }, say("source", { standard, limit: limitWords(answer), n: count(population) }));
}
