/** The question palette: five states, told by colour, shape and words. */

import { el, fill } from "../../shared/element.js";
import { t } from "../../shared/texts.js";
import { STATES } from "../sitting.js";

/** Return a sign of a state, as the legend shows it. */
export function stateSign(state, text) {
  return el("span", { class: "state", data: { state }, "aria-hidden": "true" }, el("span", {}, text));
}

/** Return the legend: each state with its sign and, where `counts` are given, how many are in it. */
export function legend(counts = null) {
  const entries = STATES.map((state) =>
    el("li", {}, stateSign(state, counts ? String(counts[state]) : ""), el("span", {}, t(`state-${state}`)),
      counts ? el("span", { class: "hidden-text" }, `: ${counts[state]}`) : null));
  return el("ul", { class: "legend" }, entries);
}

/** The buttons of a section's questions; arrow keys move among them. */
export class Palette {
  #go;
  #buttons = new Map();
  element = el("div", { class: "palette", role: "group" });

  /** `go(question)` is called for the one that is chosen. */
  constructor(go) {
    this.#go = go;
    this.element.addEventListener("keydown", (event) => this.#move(event));
  }

  /** Show a section's questions in their states. */
  show(section, sitting) {
    this.element.setAttribute("aria-label", t("palette-of", { section: section.title }));
    this.#buttons = new Map(section.questions.map((question) => [question.id, this.#button(question)]));
    fill(this.element, ...this.#buttons.values());
    this.update(section, sitting);
  }

  /** Colour the buttons as things stand. */
  update(section, sitting) {
    const current = this.#buttons.has(sitting.current) ? sitting.current : section.questions[0]?.id;
    for (const { id, number } of section.questions) {
      const button = this.#buttons.get(id);
      const state = sitting.state(id);
      button.dataset.state = state;
      button.setAttribute("aria-label", t("question-in-state", { number, state: t(`state-${state}`) }));
      if (id === sitting.current) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
      button.tabIndex = id === current ? 0 : -1;
    }
  }

  #button(question) {
    return el("button", { type: "button", class: "state", on: { click: () => this.#go(question) } }, el("span", {}, String(question.number)));
  }

  #move(event) {
    const buttons = [...this.#buttons.values()];
    const columns = getComputedStyle(this.element).gridTemplateColumns.split(" ").length;
    const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns, Home: -Infinity, End: Infinity };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const place = buttons.indexOf(document.activeElement) + step;
    const next = buttons[Math.min(Math.max(place, 0), buttons.length - 1)];
    for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
    next.focus();
  }
}
