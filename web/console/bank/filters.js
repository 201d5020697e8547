/** What the question bank is searched by. */

import { el } from "../../shared/element.js";
import { t } from "../../shared/texts.js";
import { field, menu, text } from "../parts/fields.js";

const TYPES = ["SINGLE_CHOICE", "MULTIPLE_CHOICE", "NUMERIC", "TEXT", "MATRIX_MATCH", "ORDER", "ESSAY"];
const PAUSE = 300;

/** Return the form; `changed` is called when it says something else, and typing has paused. */
export function filters(changed, subject = "") {
  let waiting = 0;
  const later = () => {
    clearTimeout(waiting);
    waiting = setTimeout(changed, PAUSE);
  };
  return el("form", { class: "filters", role: "search", on: { submit: (event) => { event.preventDefault(); changed(); }, input: later } },
    field(t("search"), text("search", "", { type: "search", placeholder: t("search-hint") })),
    field(t("subject"), text("subject", subject)),
    field(t("topic"), text("topic")),
    field(t("type"), menu("type", [["", t("all")], ...TYPES.map((type) => [type, t(`type-${type}`)])])));
}

/** Return what the form says as `QuestionFilter`. */
export function readFilter(form) {
  const said = Object.fromEntries(["search", "subject", "topic", "type"].map((name) => [name, form.elements[name].value.trim()]));
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value));
}
