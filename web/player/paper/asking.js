/** What the student is asked: whether to hand in, and whose answers hold. */

import { ask } from "../../shared/dialog.js";
import { el } from "../../shared/element.js";
import { t } from "../../shared/texts.js";
import { summary } from "./summary.js";

/** Return whether to hand in; `unsaved`: the number of a question whose answer is being edited, or `null`. */
export async function askToSubmit(sections, sitting, unsaved) {
  const warning = el("p", { class: "notice warn" }, t("submit-unsaved", { number: unsaved }));
  const answer = await ask({
    title: t("submit-title"),
    wide: true,
    body: [unsaved && warning, summary(sections, sitting), el("p", { class: "soft" }, t("submit-final"))],
    actions: [
      { value: "", text: t("submit-back") },
      { value: "yes", text: t("submit-yes"), kind: "primary" },
    ],
  });
  return answer === "yes";
}

/** Return whether the answers of this device hold, of those to questions that another device answered otherwise. */
export async function askWhoseAnswers(numbers) {
  const answer = await ask({
    title: t("differs-title"),
    must: true,
    body: el("p", {}, t("differs", { numbers: numbers.join(", ") })),
    actions: [
      { value: "theirs", text: t("differs-theirs") },
      { value: "ours", text: t("differs-ours"), kind: "primary" },
    ],
  });
  return answer !== "theirs";
}
