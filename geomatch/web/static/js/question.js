// The question that all of the planner's pages keep: who walks and how long. It stays in the address and goes along to the other pages.

import { say } from "./words.js";

const KEPT_IN_ADDRESS = ["profile", "minutes"];

function questionOf(form) {
  return { profile: form.elements.profile.value, minutes: Number(form.elements.minutes.value) };
}

/** The same page of another region; what was said of this region's sites stays behind. */
function pageOf(region) {
  const [, map, , ...page] = window.location.pathname.split("/");
  const layer = new URLSearchParams(window.location.search).get("layer");
  return `/${[map, encodeURIComponent(region), ...page].join("/")}${layer ? `?layer=${encodeURIComponent(layer)}` : ""}`;
}

function withQuestion(question, address) {
  const kept = new URL(address, window.location.href);
  for (const name of KEPT_IN_ADDRESS) kept.searchParams.set(name, question[name]);
  return kept;
}

/** Keep choices in the address, so that a link, a reload and the other language show the same; null takes one out. */
export function keepInAddress(choices) {
  const address = new URL(window.location.href);
  for (const [name, value] of Object.entries(choices)) {
    if (value === null) address.searchParams.delete(name);
    else address.searchParams.set(name, value);
  }
  window.history.replaceState(null, "", address);
  for (const link of document.querySelectorAll(".language a")) {
    address.searchParams.set("lang", link.lang);
    link.href = address;
  }
}

/** Put a question of the API into the page's form, beside what it offers; gives it as the form says it, null where it cannot. */
export function offerQuestion({ profile = "standard", minutes, metres }, speedsMps) {
  const { elements } = document.getElementById("question");
  const figure = metres === undefined || metres === null ? minutes ?? 15 : metres / speedsMps[profile] / 60;
  if (!(profile in speedsMps) || typeof figure !== "number" || !(figure >= 0.1 && figure <= 120)) return null;
  const value = String(figure);
  const isOffered = [...elements.minutes.options].some((option) => option.value === value);
  if (!isOffered) elements.minutes.add(new Option(say("minutesUnit", { n: Number(figure.toFixed(1)) }), value));
  elements.profile.value = profile;
  elements.minutes.value = value;
  return { profile, minutes: figure };
}

/** Give the question of the page's form and tell of each change; a map from disk has no form, and its settings ask. */
export function watchQuestion(settings, onChange) {
  const form = document.getElementById("question");
  if (!form) return { profile: settings.profile, minutes: settings.minutes };
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", ({ target }) => {
    if (target.name === "region") {
      window.location.assign(withQuestion(questionOf(form), pageOf(target.value)));
      return;
    }
    const question = questionOf(form);
    keepInAddress(question);
    for (const link of form.querySelectorAll("a[data-tab]")) link.href = withQuestion(question, link.href);
    onChange(question);
  });
  return questionOf(form);
}
