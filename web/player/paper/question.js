/** One question with its answer as it is being edited: the draft, which counts only once it is saved. */

import { el } from "../../shared/element.js";
import { t } from "../../shared/texts.js";
import { ANSWERS } from "../answers/kinds.js";
import { same } from "../sitting.js";
import { written } from "../../shared/written.js";

export class QuestionView {
  #saved;
  #changed;
  #hint = el("p", { class: "unsaved", role: "status" });
  draft;
  problem = "";

  /** `draft`: an answer that was being edited, `undefined` for none. `changed(view)` is called as the student edits. */
  constructor(question, saved, draft, passage, changed) {
    this.question = question;
    this.#saved = saved;
    this.#changed = changed;
    this.draft = draft === undefined ? (saved ?? null) : draft;
    this.heading = el(
      "h2",
      { class: "question-number", tabindex: "-1" },
      t("question-number", { number: question.number }),
    );
    const answer = ANSWERS[question.type](question, this.draft, (response, problem = "") =>
      this.#edit(response, problem),
    );
    const asked = el(
      "div",
      { class: "asked" },
      el(
        "div",
        { class: "question-head" },
        this.heading,
        el("span", { class: "tag" }, t(`type-${question.type}`)),
        marks(question.marking),
      ),
      written(question),
      el("div", { class: "answer" }, answer),
      this.#hint,
    );
    this.element = el(
      "article",
      { class: passage ? "question with-passage" : "question" },
      passage ? passageOf(passage) : null,
      asked,
    );
    this.#tell();
  }

  /** Tell whether the draft differs from what is saved. */
  get edited() {
    return !same(this.draft ?? undefined, this.#saved, this.question.type === "ORDER");
  }

  /** Take the draft for saved. */
  settle() {
    this.#saved = this.draft ?? undefined;
    this.#tell();
  }

  #edit(response, problem) {
    this.draft = response;
    this.problem = problem;
    this.#tell();
    this.#changed(this);
  }

  #tell() {
    const text = this.edited && this.question.type !== "ESSAY" ? t("not-saved-yet") : "";
    if (this.#hint.textContent !== text) this.#hint.textContent = text;
  }
}

function marks({ correct, wrong }) {
  const minus = wrong.replace("-", "−");
  return el(
    "span",
    { class: "marks number" },
    el("span", { class: "plus" }, `+${correct}`),
    wrong === "0" ? null : el("span", { class: "minus" }, minus),
  );
}

function passageOf(passage) {
  const title = passage.titleHtml ? written({ html: passage.titleHtml }, "h3") : el("h3", {}, t("passage"));
  return el("section", { class: "passage", "aria-label": title.textContent, tabindex: "0" }, title, written(passage));
}
