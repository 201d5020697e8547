/** Short news at the edge of the page, read out by screen readers; it goes by itself, and nothing depends on it. */

import { el } from "./element.js";

const SECONDS = 6;

/** Show a text; `kind` is `""`, `warn` or `good`. */
export function toast(text, kind = "") {
  const shown = el("p", { class: `toast ${kind}` }, text);
  region().append(shown);
  setTimeout(() => shown.remove(), SECONDS * 1000);
}

function region() {
  const there = document.querySelector(".toasts");
  if (there) return there;
  const made = el("div", { class: "toasts", role: "status", "aria-live": "polite" });
  document.body.append(made);
  return made;
}
