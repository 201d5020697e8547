/** What was done, by section, before it is handed in. */

import { el } from "../../shared/element.js";
import { t } from "../../shared/texts.js";
import { STATES } from "../sitting.js";
import { stateSign } from "./palette.js";

/** Return a table of the sections by the states of their questions. */
export function summary(sections, sitting) {
  const head = (text, state) => el("th", { scope: "col" }, state ? stateSign(state, "") : null, text);
  const rows = sections.map((section) => {
    const counts = sitting.counts(section.questions);
    return row(section.title, section.questions.length, counts);
  });
  const all = sections.flatMap(({ questions }) => questions);
  return el(
    "div",
    { class: "scrolls", role: "region", tabindex: "0", "aria-label": t("summary") },
    el(
      "table",
      { class: "summary number" },
      el("caption", { class: "hidden-text" }, t("summary")),
      el(
        "thead",
        {},
        el(
          "tr",
          {},
          head(t("section")),
          head(t("questions")),
          STATES.map((state) => head(t(`state-${state}`), state)),
        ),
      ),
      el("tbody", {}, rows),
      el("tfoot", {}, row(t("all"), all.length, sitting.counts(all))),
    ),
  );
}

function row(title, questions, counts) {
  return el(
    "tr",
    {},
    el("th", { scope: "row" }, title),
    el("td", {}, String(questions)),
    STATES.map((state) => el("td", {}, String(counts[state]))),
  );
}
