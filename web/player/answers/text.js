/** Words: one line, or an essay. */

import { el } from "../../shared/element.js";
import { t } from "../../shared/texts.js";

const LONGEST = 4000;
const LONGEST_ESSAY = 50_000;

export function text(question, response, changed) {
  const input = el("input", {
    id: "words",
    autocomplete: "off",
    spellcheck: "false",
    maxlength: LONGEST,
    value: response?.text ?? "",
    on: { input: () => changed(said(input.value)) },
  });
  return el("div", { class: "field" }, el("label", { for: "words" }, t("your-answer")), input);
}

export function essay(question, response, changed) {
  const count = el("p", { class: "hint number", "aria-live": "off" });
  const tell = () => {
    count.textContent = t("words", { count: area.value.split(/\s+/).filter(Boolean).length });
  };
  const area = el("textarea", {
    id: "words",
    maxlength: LONGEST_ESSAY,
    rows: 14,
    value: response?.text ?? "",
    "aria-describedby": "essay-hint",
    on: {
      input: () => {
        tell();
        changed(said(area.value));
      },
    },
  });
  tell();
  return el(
    "div",
    { class: "field" },
    el("label", { for: "words" }, t("your-answer")),
    area,
    el("div", { class: "between" }, el("p", { class: "hint", id: "essay-hint" }, t("essay-hint")), count),
  );
}

function said(value) {
  return value.trim() === "" ? null : { text: value };
}
