// Elements from plain text: whatever a file or a person wrote is shown as letters, never run.

export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Put fixed markup of our own (a mark) before text. */
export function withMark(markup, ...children) {
  const holder = el("span", { className: "with-mark" });
  holder.insertAdjacentHTML("afterbegin", markup);
  holder.append(...children);
  return holder;
}

export async function getJson(url, { signal } = {}) {
  const answer = await fetch(url, { signal, headers: { Accept: "application/json, application/geo+json" } });
  const body = await answer.json().catch(() => null);
  if (!answer.ok) throw new Error(body?.detail ?? body?.title ?? `HTTP ${answer.status}`);
  return body;
}
