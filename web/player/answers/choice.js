/** One option, or a set of them. */

import { el } from "../../shared/element.js";
import { t } from "../../shared/texts.js";
import { written } from "../../shared/written.js";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

export function single(question, response, changed) {
  return choices(question, response, "radio", (id) => changed({ optionIds: [id] }));
}

export function multiple(question, response, changed) {
  const chosen = new Set(response?.optionIds ?? []);
  return choices(question, response, "checkbox", (id, checked) => {
    if (checked) chosen.add(id);
    else chosen.delete(id);
    changed(chosen.size ? { optionIds: [...chosen] } : null);
  });
}

function choices(question, response, type, choose) {
  const chosen = new Set(response?.optionIds ?? []);
  const options = question.options.map((option, place) => {
    const input = el("input", {
      type,
      name: question.id,
      value: option.id,
      checked: chosen.has(option.id),
      on: { change: (event) => choose(option.id, event.target.checked) },
    });
    const letter = el("span", { class: "letter", "aria-hidden": "true" }, LETTERS[place] ?? String(place + 1));
    return el("label", { class: "choice" }, input, letter, written(option, "span"));
  });
  const legend = t(type === "radio" ? "choose-one" : "choose-all");
  return el("fieldset", { class: "choices" }, el("legend", {}, legend), options);
}
