/** What is right for a question, as fields by its type, and back as `KeyInput`. */

import { el } from "../../shared/element.js";
import { t } from "../../shared/texts.js";
import { field, text, tick } from "../parts/fields.js";

const letter = (at) => String.fromCharCode(65 + at);

/** Return the fields; left empty, the key stays as it is. */
export function keyFields(question) {
  const { type, options, rows, columns } = question;
  if (type === "SINGLE_CHOICE" || type === "MULTIPLE_CHOICE") {
    return el("fieldset", {}, el("legend", {}, t(type === "SINGLE_CHOICE" ? "accepted-options" : "right-options")),
      options.map((option, at) => tick("correct", `${letter(at)}. ${option.text}`, false, null, { value: option.id })));
  }
  if (type === "NUMERIC") return el("div", { class: "grid" }, field(t("from-number"), text("low", "", { inputmode: "decimal" })), field(t("to-number"), text("high", "", { inputmode: "decimal" }), t("to-number-hint")));
  if (type === "TEXT") return field(t("accepted-texts"), text("texts"), t("accepted-texts-hint"));
  if (type === "ORDER") return field(t("right-order"), text("order"), t("right-order-hint", { letters: options.map((_, at) => letter(at)).join(" ") }));
  if (type === "MATRIX_MATCH") {
    return el("fieldset", {}, el("legend", {}, t("right-answer")), rows.map((row, place) => el("div", { class: "matrix-row" }, el("span", {}, `${letter(place)}. ${row.text}`),
      columns.map((column, at) => tick(`row-${row.id}`, letter(at), false, null, { value: column.id, title: column.text })))));
  }
  return el("p", { class: "soft" }, t("graded-by-hand"));
}

/** Return what the fields say, `null` for nothing. */
export function readKey(question, form) {
  const said = (name) => form.elements[name]?.value?.trim() ?? "";
  const ticked = (name) => [...form.querySelectorAll(`[name="${name}"]:checked`)].map(({ value }) => value);
  switch (question.type) {
    case "SINGLE_CHOICE":
    case "MULTIPLE_CHOICE":
      return ticked("correct").length ? { correct: ticked("correct") } : null;
    case "NUMERIC":
      return said("low") ? { numbers: [{ low: said("low"), high: said("high") || said("low") }] } : null;
    case "TEXT":
      return said("texts") ? { texts: said("texts").split("|").map((each) => ({ text: each.trim() })) } : null;
    case "ORDER":
      return said("order") ? { order: said("order").toUpperCase().match(/[A-Z]/g).map((sign) => question.options[sign.charCodeAt(0) - 65]?.id ?? sign) } : null;
    case "MATRIX_MATCH": {
      const rows = question.rows.map(({ id }) => ({ ref: id, columns: ticked(`row-${id}`) }));
      return rows.some(({ columns }) => columns.length) ? { rows } : null;
    }
    default:
      return null;
  }
}
