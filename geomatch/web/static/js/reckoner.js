// Asks the service what changes do. A change that it refuses is set aside with its reason, and the others are counted.

import { bodyOf, changeAt, toldAs } from "./changes.js";
import { say } from "./words.js";

const REFUSED = { add: "faultPlace", close: "faultGone", move: "faultGone", links: "faultLink", open: "faultGone" };

/** Give the service's figures, null where nothing is left to ask, and by key what is wrong with a change. */
export async function reckon(store, list, question) {
  const faults = new Map();
  let counted = list;
  let told = null;
  while (counted.length && !told) {
    try {
      told = await store.whatif({ ...bodyOf(counted), ...question, homes: true });
    } catch (refusal) {
      const refused = (refusal.problem?.errors ?? []).map(({ loc }) => changeAt(counted, loc)).filter(Boolean);
      if (!refused.length) throw refusal;
      refused.forEach((change) => faults.set(change.key, say(REFUSED[change.part])));
      counted = counted.filter((change) => !faults.has(change.key));
    }
  }
  const off = new Set(told?.off_network ?? []);
  const strays = counted.filter((change) => (change.part === "add" || change.part === "move") && off.has(toldAs(counted, change)));
  strays.forEach((change) => faults.set(change.key, say("faultOffNetwork")));
  return { told, faults, links: counted.filter(({ part }) => part === "links") };
}
