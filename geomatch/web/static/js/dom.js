// Elements from plain text: whatever a file or a person wrote is shown as letters, never run.

import { say } from "./words.js";

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

/** An answer that is not the one asked for: `status` 0 where no service answered, `problem` as RFC 9457 has it. */
export class Refusal extends Error {
  constructor(status, problem, words) {
    super(words ?? problem?.detail ?? problem?.title ?? `HTTP ${status}`);
    Object.assign(this, { status, problem });
  }
}

async function request(url, options) {
  let answer;
  try {
    answer = await fetch(url, options);
  } catch (error) {
    throw error.name === "AbortError" ? error : new Refusal(0, null, say("unreachable"));
  }
  const body = await answer.json().catch(() => null);
  if (!answer.ok) throw new Refusal(answer.status, body);
  return body;
}

export function getJson(url, { signal } = {}) {
  return request(url, { signal, headers: { Accept: "application/json, application/geo+json" } });
}

export function sendJson(url, body, { method = "POST", headers = {}, signal } = {}) {
  return request(url, { method, signal, headers: { "Content-Type": "application/json", Accept: "application/json", ...headers }, body: JSON.stringify(body) });
}

export function sendFile(url, file) {
  return request(url, { method: "POST", headers: { "Content-Type": "application/octet-stream", Accept: "application/json" }, body: file });
}
