/** The question palette: five states, told by colour, shape and words. */

import { el, fill } from "../../shared/element.js";
import { t } from "../../shared/texts.js";
import { STATES } from "../sitting.js";

/** Return a sign of a state, as the legend shows it. */
export function stateSign(state, text) {
  return el("span", { class: "state", data: { state }, "aria-hidden": "true" }, el("span", {}, text));
}

/** Return the legend: each state with its sign. */
export function legend() {
  return el(
    "ul",
    { class: "legend" },
    STATES.map((state) => el("li", {}, stateSign(state, ""), el("span", {}, t(`state-${state}`)))),
  );
}

/** Return the legend with how many questions are in each state, and a function that shows other counts. */
export function countingLegend() {
  const entries = STATES.map((state) => {
    const sign = stateSign(state, "");
    const count = el("span", { class: "hidden-text" });
    return {
      state,
      shown: sign.firstChild,
      count,
      item: el("li", {}, sign, el("span", {}, t(`state-${state}`)), count),
    };
  });
  const update = (counts) => {
    for (const { state, shown, count } of entries) {
      shown.textContent = String(counts[state]);
      count.textContent = `: ${counts[state]}`;
    }
  };
  return {
    element: el(
      "ul",
      { class: "legend" },
      entries.map(({ item }) => item),
    ),
    update,
  };
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
      if (button.dataset.state !== state) {
        button.dataset.state = state;
        button.setAttribute("aria-label", t("question-in-state", { number, state: t(`state-${state}`) }));
      }
      if (id === sitting.current) button.setAttribute("aria-current", "true");
      else if (button.hasAttribute("aria-current")) button.removeAttribute("aria-current");
      const order = id === current ? 0 : -1;
      if (button.tabIndex !== order) button.tabIndex = order;
    }
  }

  #button(question) {
    return el(
      "button",
      { type: "button", class: "state", on: { click: () => this.#go(question) } },
      el("span", {}, String(question.number)),
    );
  }

  #move(event) {
    const buttons = [...this.#buttons.values()];
    const columns = getComputedStyle(this.element).gridTemplateColumns.split(" ").length;
    const steps = {
      ArrowRight: 1,
      ArrowLeft: -1,
      ArrowDown: columns,
      ArrowUp: -columns,
      Home: -Infinity,
      End: Infinity,
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const place = buttons.indexOf(document.activeElement) + step;
    const next = buttons[Math.min(Math.max(place, 0), buttons.length - 1)];
    for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
    next.focus();
  }
}
