/** The sections of a test: their titles and rules, and the questions in their order. */

import { el, fill } from "../../shared/element.js";
import { t } from "../../shared/texts.js";
import { field, menu, number, text } from "../parts/fields.js";
import { pick } from "../bank/picking.js";

const SNIPPET = 110;

/** Holds what the builder shows; `read()` gives it as the API takes it. `placements`: the questions of each section. */
export class Sections {
  constructor(app, test, placements, presets, open) {
    this.app = app;
    this.open = open;
    this.presets = presets;
    this.sections = test.sections.map((section, at) => ({ ...section, preset: section.marking?.name ?? "", questions: [...(placements[at] ?? [])] }));
    this.element = el("div", { class: "stack" });
    this.show();
  }

  read() {
    return this.sections.map(({ title, subject, answerAny, preset, questions }) => ({
      title,
      subject: subject || null,
      answerAny: answerAny || null,
      marking: preset ? { preset } : null,
      questions: questions.map(({ questionId, version, marks }) => ({ questionId, version, marks: marks || null })),
    }));
  }

  show() {
    const add = this.open ? el("button", { type: "button", on: { click: () => this.#add() } }, t("add-section")) : null;
    fill(this.element, this.sections.map((section, place) => this.#section(section, place)), add);
  }

  #add() {
    this.sections.push({ title: t("section-number", { number: this.sections.length + 1 }), subject: "", answerAny: null, preset: "", questions: [] });
    this.show();
    this.element.querySelector(".section:last-of-type input")?.focus();
  }

  #section(section, place) {
    const off = { disabled: !this.open };
    const set = (name, read = (control) => control.value) => ({ on: { change: (event) => { section[name] = read(event.target); } }, ...off });
    const presets = [["", t("as-test")], ...this.presets.map(({ name }) => [name, name])];
    return el("section", { class: "card section", "aria-label": section.title },
      el("div", { class: "grid" },
        field(t("section-title"), text(`section-${place}`, section.title, set("title"))),
        field(t("subject"), text(`subject-${place}`, section.subject ?? "", set("subject"))),
        field(t("marking"), menu(`preset-${place}`, presets, section.preset, set("preset"))),
        field(t("answer-any"), number(`any-${place}`, section.answerAny, { min: "1", ...set("answerAny", (control) => Number(control.value) || null) }), t("answer-any-hint"))),
      el("ol", { class: "placements" }, section.questions.map((placement, at) => this.#placement(section, placement, at))),
      this.open ? el("div", { class: "actions" },
        el("button", { type: "button", class: "quiet", on: { click: () => this.#drop(place) } }, t("remove-section")),
        el("button", { type: "button", on: { click: () => this.#pick(section) } }, t("add-questions"))) : null);
  }

  #placement(section, placement, at) {
    const { question } = placement;
    const said = question?.text.replaceAll(/\s+/g, " ") ?? t("question-missing");
    const move = (by, sign, key) => el("button", { type: "button", class: "quiet icon", title: t(key), "aria-label": t(key), disabled: !section.questions[at + by],
      on: { click: () => this.#move(section, at, by) } }, sign);
    return el("li", {}, el("span", { class: "placement" }, question ? el("span", { class: "tag" }, t(`type-${question.type}`)) : null,
      said.length > SNIPPET ? `${said.slice(0, SNIPPET)}…` : said),
    this.open ? el("span", { class: "moves" }, move(-1, "↑", "move-up"), move(1, "↓", "move-down"),
      el("button", { type: "button", class: "quiet icon", title: t("remove"), "aria-label": t("remove"), on: { click: () => {
        section.questions.splice(at, 1);
        this.show();
      } } }, "×")) : null);
  }

  #move(section, at, by) {
    const { questions } = section;
    [questions[at], questions[at + by]] = [questions[at + by], questions[at]];
    this.show();
  }

  #drop(place) {
    this.sections.splice(place, 1);
    this.show();
  }

  async #pick(section) {
    const there = new Set(this.sections.flatMap(({ questions }) => questions.map(({ questionId }) => questionId)));
    const picked = await pick(this.app, there, section.subject);
    section.questions.push(...picked.map((question) => ({ questionId: question.id, version: null, marks: null, question })));
    this.show();
  }
}
