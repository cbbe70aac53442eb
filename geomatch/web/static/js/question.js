// The question that all of the planner's pages keep: who walks and how long. It stays in the address and goes along to the other pages.

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
    window.history.replaceState(null, "", withQuestion(question, window.location.href));
    for (const link of form.querySelectorAll("a[data-tab]")) link.href = withQuestion(question, link.href);
    onChange(question);
  });
  return questionOf(form);
}
