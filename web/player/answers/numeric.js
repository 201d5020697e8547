/** A decimal number, typed or tapped on a keypad. */

import { el } from "../../shared/element.js";
import { t } from "../../shared/texts.js";

/** The server's rule: digits and a point, at most 40 characters, perhaps an exponent within 30. */
const NUMBER = /^[+\-\u2212]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?(?:\d|[12]\d|30))?$/;
const LONGEST = 40;
const KEYS = ["7", "8", "9", "4", "5", "6", "1", "2", "3", "-", "0", "."];

export function numeric(question, response, changed) {
  const hint = el("p", { class: "hint", id: "number-hint" }, t("number-hint"));
  const input = el("input", {
    id: "number",
    class: "number",
    inputmode: "decimal",
    autocomplete: "off",
    spellcheck: "false",
    maxlength: LONGEST,
    value: response?.text ?? "",
    "aria-describedby": "number-hint",
    on: { input: () => read() },
  });
  const read = () => {
    const text = input.value.trim();
    const wrong = text !== "" && !NUMBER.test(text);
    input.setAttribute("aria-invalid", String(wrong));
    hint.classList.toggle("error", wrong);
    changed(text === "" ? null : { text }, wrong ? t("number-hint") : "");
  };
  const type = (text) => {
    input.value = text;
    read();
  };
  const keys = KEYS.map((key) => {
    const tap = () => type(key === "-" ? signed(input.value) : input.value + key);
    return el(
      "button",
      {
        type: "button",
        "aria-label": key === "-" ? t("key-sign") : key === "." ? t("key-point") : key,
        on: { click: tap },
      },
      key === "-" ? "±" : key,
    );
  });
  const erase = el(
    "button",
    { type: "button", class: "erase", on: { click: () => type(input.value.slice(0, -1)) } },
    t("key-erase"),
  );
  const keypad = el(
    "details",
    { class: "keypad" },
    el("summary", {}, t("keypad")),
    el("div", { class: "keys", role: "group", "aria-label": t("keypad") }, keys, erase),
  );
  return el("div", { class: "field narrow" }, el("label", { for: "number" }, t("your-number")), input, hint, keypad);
}

function signed(text) {
  return /^[-\u2212]/.test(text) ? text.slice(1) : `-${text.replace(/^\+/, "")}`;
}
